"""The shape of the code: modules are chapters, views know no models, nothing hides in a drawer."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("config", "helpdesk", "knowledge", "telephony")
DRAWERS = {"utils", "util", "helpers", "helper", "common", "base", "service", "services", "manager",
           "managers", "misc"}  # fmt: skip
ASKED_FOR = {"config/sqlite/base.py"}
"""Django looks for a database backend under this name."""
LONGEST = 300


def modules() -> list[Path]:
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return [path for path in found if not {"migrations", "vendor"} & set(path.parts)]


def views() -> list[Path]:
    return [path for path in modules() if "views" in path.parts or path.stem == "views"]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_module_is_longer_than_a_chapter():
    long = {named(p): n for p in modules() if (n := len(p.read_text().splitlines())) > LONGEST}
    assert long == {}


def test_no_module_is_a_drawer():
    drawers = {named(p) for p in modules() if DRAWERS & {p.stem, p.parent.name}}
    assert drawers == ASKED_FOR


def test_every_module_opens_by_saying_what_it_is_for():
    silent = [
        named(p)
        for p in modules()
        if p.name not in ("__init__.py", "apps.py") and not ast.get_docstring(_tree(p))
    ]
    assert silent == []


@pytest.mark.parametrize("path", views(), ids=named)
def test_views_go_through_doorways(path: Path):
    """No `.objects.` and no model in a view: rights and filters have one place."""
    wrong = []
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager"):
            wrong.append(f"line {node.lineno}: .{node.attr}")
        if isinstance(node, ast.ImportFrom):
            names = {name.name for name in node.names}
            if (node.module or "").endswith(".models") or "models" in names:
                wrong.append(f"line {node.lineno}: from {node.module}")
    assert wrong == []


def test_times_are_given_never_taken_below_the_views():
    """Acts, rules and querysets take `at`: time is a value, so that tests and repeats can set it."""
    asks = [
        f"{named(p)}:{node.lineno}"
        for p in modules()
        if "actions" in p.parts or p.stem in ("actions", "rules")
        for node in ast.walk(_tree(p))
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today")
        if isinstance(node.value, ast.Name) and node.value.id in ("timezone", "datetime", "date")
    ]
    assert asks == []


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))
