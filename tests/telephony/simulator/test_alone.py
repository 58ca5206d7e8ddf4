"""The simulator plays Twilio from outside: it imports nothing of the product, and nothing of the
product says `twilio` but the adapter."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3]
OURS = ("config", "helpdesk", "knowledge", "telephony")
MAY = (Path("telephony/simulator"), Path("telephony/providers/twilio"))


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {one.name for one in node.names}
        if isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_the_simulator_imports_nothing_of_the_product():
    foreign = {
        (path.name, name)
        for path in (ROOT / "telephony" / "simulator").rglob("*.py")
        for name in imported(path)
        if name.split(".")[0] in (*OURS, "django") and not name.startswith("telephony.simulator")
    }
    assert foreign == set()


def test_only_the_adapter_and_the_simulator_import_twilio():
    saying = {
        str(path.relative_to(ROOT))
        for package in OURS
        for path in (ROOT / package).rglob("*.py")
        if not any(path.is_relative_to(ROOT / one) for one in MAY)
        and any(name.split(".")[0] == "twilio" for name in imported(path))
    }
    assert saying == set()
