"""What is said of packages: all are listed, and none counts as checked that nobody was asked about."""

import importlib.util
import json
from datetime import date
from types import ModuleType

import pytest

from tests.server import ROOT


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("wasl_audit", ROOT / ".ci/audit.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_list_of_parts_is_that_of_the_lock_files(audit: ModuleType) -> None:
    """`python .ci/audit.py --parts` writes it anew after `make lock`."""
    written = (ROOT / "docs/sbom.cdx.json").read_text("utf-8")
    assert written == audit.parts()
    rows = json.loads(written)["components"]
    assert len(rows) == len({row["purl"] for row in rows}) > 100
    assert "pkg:pypi/django@" in "".join(row["purl"] for row in rows)


def test_every_package_has_a_hash_and_comes_by_its_name(audit: ModuleType) -> None:
    for lock in audit.LOCKS:
        text = (ROOT / lock).read_text("utf-8")
        assert text.count("==") >= len(audit.packages_of(lock)) > 0
        for block in text.split("\n\n")[0].split("\n    # via")[:-1]:
            assert "--hash=sha256:" in block
        assert "--extra-index-url" not in text
        assert " @ " not in text


def test_who_was_not_looked_up_is_not_checked(audit: ModuleType) -> None:
    lock = audit.LOCKS[0]
    own = sorted(audit.packages_of(lock))
    skipped = [{"name": one.name, "skip_reason": "not found"} for one in own]
    nobody = audit.outcome_of(lock, [("pypi", skipped, ""), ("osv", [], "osv: no answer")])
    assert (len(nobody.unchecked), nobody.holes) == (nobody.packages, ())
    assert "No service could be asked" in audit.report([nobody], date(2026, 11, 30))
    first, second, *others = own
    told = [
        {"name": first.name, "version": first.version, "vulns": []},
        {"name": second.name, "version": "0.0", "vulns": []},
        {"name": others[0].name, "version": others[0].version, "vulns": [{"id": "X-1", "fix_versions": []}]},
    ]  # fmt: skip
    some = audit.outcome_of(lock, [("pypi", told, "")])
    assert f"{first.name} {first.version}" not in some.unchecked
    assert f"{second.name} {second.version}" in some.unchecked
    assert some.holes == (f"{others[0].name} {others[0].version}: X-1, mended in none yet",)


def test_the_report_counts_all_packages(audit: ModuleType) -> None:
    text = (ROOT / "docs/audit.md").read_text("utf-8")
    for lock in audit.LOCKS:
        assert f"| `{lock}` | {len(audit.packages_of(lock))} |" in text
