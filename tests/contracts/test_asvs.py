"""`docs/asvs.md` answers every line it claims, once, and names only tests that exist."""

import ast
import re
import tomllib
from collections import Counter
from functools import cache

from tests.server import ROOT

TEXT = (ROOT / "docs/asvs.md").read_text("utf-8")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (\d) \| (.+?) \| (.+?) \| (.+) \|$", re.M)
TEST = re.compile(r"`([\w/]+\.py)::([\w:]+)`")
STATES = ("met", "set up", "does not apply", "open")
WHOLE = {"8", "14", "16"}
"""Chapters of which level 3 is claimed too."""


def levels() -> dict[str, int]:
    """Level of each line of the standard, by its number."""
    told = tomllib.loads((ROOT / "tests/contracts/asvs.toml").read_text("utf-8"))
    return {
        f"{section}.{n}": int(level)
        for section, all_of_it in told.items()
        for n, level in enumerate(all_of_it, 1)
    }


def rows() -> list[tuple[str, str, str, str, str]]:
    """Number, level, what it asks, state, by what."""
    return ROW.findall(TEXT)


@cache
def written_in(path: str) -> frozenset[str]:
    """Names of the tests of a file, `Class::test` where they stand in one; read, not run."""
    file = ROOT / "tests" / path
    if not file.exists():
        return frozenset()
    found = set()
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            inside = (
                one for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
            )
            found |= {f"{node.name}::{one.name}" for one in inside}
    return frozenset(found)


def test_the_standard_is_whole() -> None:
    assert Counter(levels().values()) == {1: 70, 2: 183, 3: 92}


def test_every_claimed_line_is_answered_once_with_its_level() -> None:
    known = levels()
    claimed = {
        number
        for number, level in known.items()
        if level < 3 or number.split(".")[0] in WHOLE or number == "1.2.10"
    }
    told = Counter(number for number, *_ in rows())
    assert {number for number, times in told.items() if times > 1} == set()
    assert set(told) == claimed
    assert {number for number, level, *_ in rows() if known[number] != int(level)} == set()
    # Nothing that looks like a row escapes the pattern.
    assert len(re.findall(r"^\| \d+\.\d+", TEXT, re.M)) == len(rows())


def test_every_named_test_exists() -> None:
    named = TEST.findall(TEXT)
    assert len(named) > 200
    assert [one for one in named if one[1] not in written_in(one[0])] == []
    assert [one for one in named if not one[1].rsplit("::", 1)[-1].startswith("test_")] == []
    assert TEXT.count(".py::") == len(named)


def test_a_state_has_what_it_needs() -> None:
    for number, _, _, state, by in rows():
        assert state in STATES, number
        if state == "met":
            assert TEST.sub("", by).strip(" ·") == "", (
                f"{number}: a line that is met names tests alone"
            )
            assert TEST.search(by), number
        if state == "open":
            assert by.startswith("no test yet: "), number


def test_the_figures_are_those_of_the_rows() -> None:
    found = Counter(state for _, _, _, state, _ in rows())
    told = dict(re.findall(r"^\| (met|set up|does not apply|open|all) \| (\d+) \|$", TEXT, re.M))
    assert told == {**{state: str(found[state]) for state in STATES}, "all": str(len(rows()))}
