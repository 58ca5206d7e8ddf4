"""Reads what an article may cite: the texts (instruments.toml) and the places where rules were read.

A damaged table is a SheetError with file, line and reason. No Django here.
"""

import json
import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date as Day
from pathlib import Path
from typing import Any

MARKS = ("seen", "secondary", "general", "unsure")
KINDS = (
    "constitution",
    "dahir",
    "dahir-law",
    "law",
    "organic-law",
    "decree",
    "circular",
    "order",
    "code",
)
ACTS = ("amends", "replaces", "applies", "promulgates")
SOURCE = re.compile(r"[A-Z]\d+")
INSTRUMENT = re.compile(r"(?P<code>[a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?: (?P<place>\S.*))?")


class SheetError(Exception):
    """A sheet that cannot be read: which file, which line, and why in plain words."""

    def __init__(self, reason: str, *, name: str, line: int) -> None:
        super().__init__(f"{name}, line {line}: {reason}")
        self.reason, self.name, self.line = reason, name, line


class Wrong(Exception):
    """A reason on its way up to the place that knows the line."""


@dataclass(frozen=True)
class Instrument:
    """A legal text that can be cited; date and bulletins are empty where nobody read them."""

    code: str
    kind: str
    number: str
    name_ar: str
    name_fr: str
    short_ar: str
    short_fr: str
    mark: str
    date: Day | None = None
    bulletin_ar: str = ""
    bulletin_fr: str = ""


@dataclass(frozen=True)
class Relation:
    """What one text does to another: law 75-00 amends the dahir."""

    by: str
    does: str
    to: str


@dataclass(frozen=True)
class Source:
    """Where a rule was read when it was not read in the text itself."""

    code: str
    title: str
    title_ar: str
    title_fr: str


def load_instruments(folder: Path) -> dict[str, Instrument]:
    """The texts of instruments.toml by code."""
    path = folder / "instruments.toml"
    found: dict[str, Instrument] = {}
    for code, table in _tables(path):
        try:
            if not INSTRUMENT.fullmatch(code) or " " in code:
                raise Wrong("a code is small letters, digits and hyphens")
            _strings(table, set(Instrument.__dataclass_fields__) - {"code", "date"})
            found[code] = Instrument(code=code, **table)
            if found[code].kind not in KINDS:
                raise Wrong(f"kind is one of {', '.join(KINDS)}")
            if found[code].mark not in MARKS:
                raise Wrong(f"mark is one of {', '.join(MARKS)}")
        except (Wrong, TypeError) as wrong:
            raise SheetError(f"[{code}] {wrong}", name=path.name, line=_at(path, code)) from wrong
    return found


def load_sources(folder: Path) -> dict[str, Source]:
    """The places of sources.toml by code; a title in one language serves both."""
    path = folder / "sources.toml"
    found: dict[str, Source] = {}
    for code, table in _tables(path):
        try:
            if not SOURCE.fullmatch(code):
                raise Wrong("a source code is a capital letter and a number")
            _strings(table, {"title", "title_ar", "title_fr"})
            title = table.get("title", "")
            found[code] = Source(code=code, **{"title_ar": title, "title_fr": title} | table)
        except (Wrong, TypeError) as wrong:
            raise SheetError(f"[{code}] {wrong}", name=path.name, line=_at(path, code)) from wrong
    return found


def load_relations(folder: Path, known: Collection[str]) -> list[Relation]:
    """What the texts do to each other (relations.toml); without the file, nothing is said."""
    path = folder / "relations.toml"
    if not path.exists():
        return []
    found = []
    for row in read_toml(read_text(path), name=path.name, offset=0).get("relation", []):
        line = _at(path, f"by = {json.dumps(row.get('by', ''))}")
        try:
            relation = Relation(**row)
        except TypeError as wrong:
            raise SheetError(
                f"a relation is by, does, to: {wrong}", name=path.name, line=line
            ) from wrong
        if relation.does not in ACTS:
            raise SheetError(f"does is one of {', '.join(ACTS)}", name=path.name, line=line)
        for code in (relation.by, relation.to):
            if code not in known:
                reason = f"{code} is not in instruments.toml"
                raise SheetError(reason, name=path.name, line=line)
        found.append(relation)
    return found


def _tables(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for code, table in read_toml(read_text(path), name=path.name, offset=0).items():
        if not isinstance(table, dict):
            raise SheetError(f"{code} stands outside a table", name=path.name, line=1)
        yield code, table


def _strings(table: dict[str, Any], keys: set[str]) -> None:
    for key, value in table.items():
        if key in keys and not (isinstance(value, str) and value.strip()):
            raise Wrong(f"{key} must be words between quotes")
        if key == "date" and type(value) is not Day:
            raise Wrong("date must be a day like 1958-11-15")


def read_toml(text: str, *, name: str, offset: int) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        line = offset + (int(at[1]) if at else text.count("\n") + 1)
        raise SheetError(f"not valid TOML: {error}", name=name, line=line) from error


def read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise SheetError("not UTF-8 text", name=path.name, line=line) from error
    except FileNotFoundError as error:
        raise SheetError("the file is missing", name=path.name, line=1) from error


def _at(path: Path, code: str) -> int:
    rows = read_text(path).splitlines()
    wanted = (code, f"[{code}]")
    return next((n for n, row in enumerate(rows, 1) if row.strip() in wanted), 1)
