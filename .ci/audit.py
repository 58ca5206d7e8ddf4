"""Known holes in the packages of the lock files, and the list of all parts.

`make audit` asks pip-audit, which asks the Python index and then OSV. A package that neither could be asked about is NOT
CHECKED: pip-audit itself ends with "no known vulnerabilities found" when it was told of none. Writes docs/audit.md and
docs/sbom.cdx.json (CycloneDX 1.5, from the lock files alone); `--parts` writes the list only. Ends with 1 when a hole is known.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-semantic.txt", "requirements-dev.txt")
SERVICES = ("pypi", "osv")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.M)
PATIENCE = 240
"""Seconds for one service and one lock file."""


@dataclass(frozen=True, order=True)
class Package:
    name: str
    version: str

    @property
    def url(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"


@dataclass(frozen=True)
class Outcome:
    """Of one lock file: how many packages, which could not be looked up, and what is known of the others."""

    lock: str
    packages: int
    unchecked: tuple[str, ...]
    holes: tuple[str, ...]
    said: tuple[str, ...] = ()


def packages_of(lock: str) -> set[Package]:
    text = (ROOT / lock).read_text("utf-8")
    return {Package(_plain(name), version) for name, version in PINNED.findall(text)}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def asked(lock: str, service: str) -> tuple[list[dict], str]:
    """What pip-audit tells of each package, and why it tells nothing."""
    command = [
        sys.executable, "-m", "pip_audit", "-r", str(ROOT / lock), "-s", service, "-f", "json",
        "--disable-pip", "--require-hashes", "--progress-spinner", "off", "--timeout", "10",
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return [], f"{service}: no answer within {PATIENCE} s"
    try:
        return json.loads(done.stdout)["dependencies"], ""
    except ValueError:
        last = (done.stderr.strip() or "no answer").splitlines()[-1]
        return [], f"{service}: not reached ({last.split(':')[0].rsplit('.', 1)[-1][:60]})"


def outcome_of(lock: str, told: Iterable[tuple[str, list[dict], str]]) -> Outcome:
    """`told` is, for each service, its name, what it told and why it told nothing."""
    known: dict[str, str] = {}
    holes: set[str] = set()
    said: list[str] = []
    for service, answers, reason in told:
        skipped = [one for one in answers if "skip_reason" in one]
        if reason:
            said.append(reason)
        elif skipped:
            said.append(f"{service}: {len(skipped)} of {len(answers)} could not be looked up")
        for one in answers:
            if "skip_reason" in one:
                continue
            known[_plain(one["name"])] = one["version"]
            for hole in one.get("vulns", ()):
                better = ", ".join(hole.get("fix_versions") or ()) or "none yet"
                holes.add(f"{one['name']} {one['version']}: {hole['id']}, mended in {better}")
    own = packages_of(lock)
    left = tuple(
        sorted(f"{one.name} {one.version}" for one in own if known.get(one.name) != one.version)
    )
    return Outcome(lock, len(own), left, tuple(sorted(holes)), tuple(said))


def looked_up(lock: str) -> Outcome:
    """The second service is asked only when the first left something open."""
    told = []
    for service in SERVICES:
        answers, reason = asked(lock, service)
        told.append((service, answers, reason))
        found = outcome_of(lock, told)
        if not found.unchecked:
            break
    return found


def report(outcomes: list[Outcome], day: date) -> str:
    """docs/audit.md."""
    lines = [
        "# Known holes in packages", "",
        f"Written by `make audit` on {day.isoformat()}; do not edit. How soon a hole is mended stands in",
        "[security.md](security.md), all parts in [sbom.cdx.json](sbom.cdx.json). A package counts as checked only when a",
        "service answered about that very version; « no known hole » is said of those alone.", "",
        "| Lock file | Packages | Checked | NOT CHECKED | Known holes |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for one in outcomes:
        open_ = len(one.unchecked)
        lines.append(
            f"| `{one.lock}` | {one.packages} | {one.packages - open_} | {open_} | {len(one.holes)} |"
        )
    if all(len(one.unchecked) == one.packages for one in outcomes):
        lines += [
            "",
            "**No service could be asked: nothing here says that the packages are free of holes.**",
        ]
        lines += ["Run `make audit` where the Python index or api.osv.dev can be reached."]
    for one in outcomes:
        lines += ["", f"## {one.lock}", ""]
        lines += [f"- {hole}" for hole in one.holes]
        lines += [f"- {reason}" for reason in one.said]
        if one.unchecked:
            lines += ["", f"Not checked: {', '.join(one.unchecked)}."]
        elif not one.holes:
            lines += ["All checked, no known hole."]
    return "\n".join(lines) + "\n"


def parts() -> str:
    """docs/sbom.cdx.json: every package of every lock file; what only tests need is marked `excluded`."""
    runs = packages_of(LOCKS[0]) | packages_of(LOCKS[1])
    rows = [
        {
            "type": "library", "name": one.name, "version": one.version, "purl": one.url,
            "bom-ref": one.url, "scope": "required" if one in runs else "excluded",
        }
        for one in sorted(runs | packages_of(LOCKS[2]))
    ]  # fmt: skip
    told = ",\n".join(f"    {json.dumps(row)}" for row in rows)
    return (
        '{\n  "bomFormat": "CycloneDX",\n  "specVersion": "1.5",\n  "version": 1,\n'
        '  "metadata": {"component": {"type": "application", "name": "wasl"}},\n'
        f'  "components": [\n{told}\n  ]\n}}\n'
    )


def main() -> None:
    (ROOT / "docs/sbom.cdx.json").write_text(parts(), "utf-8")
    if "--parts" in sys.argv:
        return
    outcomes = [looked_up(lock) for lock in LOCKS]
    text = report(outcomes, date.today())
    (ROOT / "docs/audit.md").write_text(text, "utf-8")
    sys.stdout.write(text)
    sys.exit(1 if any(one.holes for one in outcomes) else 0)


if __name__ == "__main__":
    main()
