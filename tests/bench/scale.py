"""`make bench scale`: a centre with a million tickets (trust.md, F16, F17; G12, G13).

Laid in steps: each call goes on for at most twenty minutes, keeps its database, and says where it stands. Once all is
there the same call measures: the desk's pages against a thousand tickets, a backup, its restore into another place
with the proof that it is equal, and a migration while twenty clients write. Figures of a month are made of the
requests of that month, thirty in the small centre and tens of thousands in the large one: they are held
against a third centre, which has the large one's last two months and nothing before.

TICKETS=100000 for a smaller try. The databases lie in DATA_DIR (~/.cache/wasl/scale); with DATABASE_URL the large one
is that PostgreSQL's, the others beside it.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.bench import desk
from tests.bench.scale_worker import INDEXED, UNFINISHED
from tests.bench.worker import PAGES, SUPERVISED

TICKETS, SMALL = int(os.environ.get("TICKETS", "1000000")), 1_000
STEP = float(os.environ.get("STEP_SECONDS", "1200"))
FOLDER = Path(os.environ.get("DATA_DIR") or Path.home() / ".cache" / "wasl" / "scale")
GROWTH, BACKUP, RESTORE, WAIT = 1.5, 600.0, 1800.0, 2.0
"""Times a page may take; seconds of a backup, of a restore, and of the longest write meanwhile."""
MONTHLY = ("figures", "programme")
"""Pages whose work is that of one month."""


def main() -> int:
    """Lay on, or measure; 1 when a target is missed."""
    large, small, young = _given("large"), _given("small"), _given("young")
    if _lay(small, SMALL) or _lay(young, TICKETS, "months") or _lay(large, TICKETS):
        print("Not all of it yet: the same command again goes on from here.")
        return 0
    return measure(large, small, young)


def measure(large: dict[str, str], small: dict[str, str], young: dict[str, str]) -> int:
    missed = _grown(small, large, [page for page in [*PAGES, *SUPERVISED] if page not in MONTHLY])
    missed += _grown(young, large, MONTHLY)
    missed += _backed_up(large)
    missed += _migrated(large)
    print("\n".join(f"MISSED {line}" for line in missed) or "all targets kept")
    return int(bool(missed))


def _grown(one: dict[str, str], other: dict[str, str], pages: Iterable[str]) -> list[str]:
    """These pages of two centres, the smaller first."""
    workers = [desk.Worker(Path(given["DATA_DIR"]), **given) for given in (one, other)]
    rows = desk.compare(workers, pages, naive=False)
    sizes = [int((Path(given["DATA_DIR"]) / INDEXED).read_text()) for given in (one, other)]
    print(desk.table(rows, (sizes[0], sizes[1])), flush=True)
    over = [row for row in rows if row.growth > GROWTH]
    return [f"{row.page}: grows {row.growth:.2f}x, at most {GROWTH}x" for row in over]


# --- where it lies --------------------------------------------------------------------------------


def _given(name: str) -> dict[str, str]:
    """The environment of one of the three installations."""
    given = {
        "DATA_DIR": str(FOLDER / name), "BACKUP_DIR": str(FOLDER / "backups"),
        "TOTP_REQUIRED_GROUPS": "", "PROFILE": "centre",
    }  # fmt: skip
    url = os.environ.get("DATABASE_URL", "")
    if url and name != "large":
        base, _, database = url.rpartition("/")
        with psycopg.connect(url, autocommit=True) as server:
            known = server.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [f"{database}_{name}"]
            ).fetchone()
            if not known:
                beside = sql.Identifier(f"{database}_{name}")
                server.execute(sql.SQL("CREATE DATABASE {}").format(beside))
        url = f"{base}/{database}_{name}"
    Path(given["DATA_DIR"]).mkdir(parents=True, exist_ok=True)
    Path(given["BACKUP_DIR"]).mkdir(exist_ok=True)
    return {**given, **({"DATABASE_URL": url} if url else {})}


def _lay(given: dict[str, str], count: int, what: str = "lay") -> bool:
    """Whether some of it is still missing."""
    laying = subprocess.run(
        [sys.executable, "-m", "tests.bench.scale_worker", what, str(count), str(STEP)],
        cwd=desk.ROOT, env=_environment(given), check=False,
    )  # fmt: skip
    if laying.returncode not in (0, UNFINISHED):
        raise RuntimeError(f"laying {count} tickets failed")
    return laying.returncode == UNFINISHED


def _environment(given: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DEBUG")}  # fmt: skip
    return {**kept, **given}


def _manage(given: dict[str, str], *command: str, **more: str) -> tuple[str, float]:
    """What it printed, and its seconds."""
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=desk.ROOT, check=False,
        env={**_environment(given), **more}, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"manage.py {command[0]}: {done.stderr[-2000:]}")
    return done.stdout, time.monotonic() - begun


# --- what is measured beside the pages --------------------------------------------------------------


def _backed_up(given: dict[str, str]) -> list[str]:
    """A backup, and its restore by the very command of a real one, which proves it equal to its manifest."""
    key = FOLDER / "key"
    said, _ = _manage(given, "backup_key", "--replace")
    key.touch(mode=0o600)
    key.write_text(next(x for x in said.split() if x.startswith("AGE-SECRET-KEY-1")))
    said, backup = _manage(given, "backup")
    print(f"backup in {backup:.0f} s: {said.strip()}", flush=True)
    said, restore = _manage(given, "restore_drill", "--identity", str(key))
    print(f"restore in {restore:.0f} s: {said.strip()}", flush=True)
    for file in Path(given["BACKUP_DIR"]).glob("wasl-*.age"):
        file.unlink()
    found = {"backup": (backup, BACKUP), "restore": (restore, RESTORE)}
    return [f"{k}: {took:.0f} s, at most {most:.0f}" for k, (took, most) in found.items() if took > most]  # fmt: skip


def _migrated(given: dict[str, str]) -> list[str]:
    """A column, its rows filled in batches, an index: made and taken back while twenty clients write."""
    changing = {"DJANGO_SETTINGS_MODULE": "tests.bench.changing.settings"}
    writing = desk.run(Path(given["DATA_DIR"]), "write", of="scale_worker", **given)
    time.sleep(5)
    _told(writing)
    time.sleep(10)
    calm = _told(writing)
    _said, took = _manage(given, "migrate", "changing", "--no-input", **changing)
    during = _told(writing)
    writing.communicate()
    _manage(given, "migrate", "changing", "zero", "--no-input", **changing)
    print(
        f"migration in {took:.0f} s: {during['writes']} writes meanwhile, the longest {during['longest']:.2f} s"
        f" (in peace {calm['longest']:.2f} s)"
    )
    if during["longest"] > WAIT or not during["writes"]:
        return [f"a write waited {during['longest']:.2f} s, at most {WAIT} ({during['writes']})"]
    return []


def _told(writing: "subprocess.Popen[str]") -> dict[str, Any]:
    assert writing.stdin is not None
    assert writing.stdout is not None
    writing.stdin.write("\n")
    writing.stdin.flush()
    told: dict[str, Any] = json.loads(writing.stdout.readline())
    return told


if __name__ == "__main__":
    raise SystemExit(main())
