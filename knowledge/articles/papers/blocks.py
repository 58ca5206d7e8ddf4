"""The small language in which a paper is written: one block a line, told by its first sign.

`#` title, `##` heading, `§` article (numbered by itself), `-` item, `1.` numbered item, `@` whom it is
addressed to, `=` what it is about, `~` place and day, `>` a note of choice, `%%` who signs, `|` a row of
a table; anything else is a paragraph. `{seat}` is a field, `{_}` to `{____}` a blank to fill by hand.
A column that a list fills names its fact: `| Nom {name} | Fonction {office}`, then `|: board 9` for at
least nine rows; `|: 8` are eight empty rows. No Django here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge.articles.citable import SheetError, Wrong

FIELDS = {
    "association_name": 40, "seat": 50, "commune": 22, "province": 26, "mandate_ends_on": 18,
    "person_name": 34, "person_office": 24, "deposit_date": 18, "receipt_date": 18,
    "deposit_proof": 40, "refusal_reason": 60, "assembly_date": 18, "statutes_say": 50,
    "activity": 50, "founders_number": 8, "accounting_period": 26,
}  # fmt: skip
"""What a paper may ask for, and how many dots stand for it while it is not known."""
LISTS = {"board": ("name", "office", "since")}
"""Rows a table can be filled with, and the facts of each."""
BLANKS = {"_": 14, "__": 36, "___": 70, "____": 110}

SIGNS = {
    "##": "heading", "#": "title", "§": "article", "-": "item", "@": "addressee", "=": "subject",
    "~": "place", ">": "note", "%%": "signatures",
}  # fmt: skip
NAME = re.compile(r"\{([^{}]*)\}")
_NUMBERED = re.compile(r"\d+\. ")
_COLUMN = re.compile(r"(?P<words>[^{}]*?)\s*(?:\{(?P<fact>\w+)\})?")
_FILLER = re.compile(r"\|: (?:(?P<list>[a-z]+) )?(?P<least>\d+)")


@dataclass(frozen=True)
class Column:
    """A table's column: its words, and the fact that fills it from a list."""

    words: str
    fact: str = ""


@dataclass(frozen=True)
class Block:
    """One block as written. A table has columns and rows of text; `least` empty rows fill it up."""

    kind: str
    text: str = ""
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    list: str = ""
    least: int = 0

    @property
    def names(self) -> set[str]:
        """The fields it asks for."""
        texts = [self.text, *(cell for row in self.rows for cell in row)]
        return {n for text in texts for n in NAME.findall(text)} - set(BLANKS)


@dataclass
class _Table:
    columns: tuple[Column, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    list: str = ""
    least: int = 0

    def done(self) -> Block:
        return Block("table", columns=self.columns, rows=tuple(self.rows), list=self.list,
                     least=self.least)  # fmt: skip


def parse(rows: list[str], *, name: str, start: int = 0) -> tuple[Block, ...]:
    """The blocks of a file's rows; `start` is how many rows stood before. Raises SheetError."""
    return tuple(_blocks(rows, name=name, start=start))


def _blocks(rows: list[str], *, name: str, start: int) -> Iterator[Block]:
    table: _Table | None = None
    for number, row in enumerate(rows, start + 1):
        row = row.strip()
        try:
            if row.startswith("|"):
                table = _row(row, table)
                continue
            if table is not None:
                yield table.done()
                table = None
            if row:
                yield _block(row)
        except Wrong as wrong:
            raise SheetError(str(wrong), name=name, line=number) from wrong
    if table is not None:
        yield table.done()


def _block(row: str) -> Block:
    if _NUMBERED.match(row):
        kind, text = "numbered", row.partition(" ")[2]
    else:
        sign = row.partition(" ")[0]
        kind = SIGNS.get(sign, "paragraph")
        text = row if kind == "paragraph" else row[len(sign) :]
    block = Block(kind, text=text.strip())
    if not block.text:
        raise Wrong(f"a {kind} without words")
    if strange := block.names - set(FIELDS):
        raise Wrong(f"unknown field {sorted(strange)[0]!r}")
    return block


def _row(row: str, table: _Table | None) -> _Table:
    if filler := _FILLER.fullmatch(row):
        if table is None:
            raise Wrong("a table opens with its columns")
        table.list, table.least = filler["list"] or "", int(filler["least"])
        if table.list:
            _check_list(table)
        return table
    cells = [cell.strip() for cell in row[1:].split("|")]
    if table is None:
        return _Table(tuple(_column(cell) for cell in cells))
    if len(cells) != len(table.columns):
        raise Wrong(f"{len(cells)} cells under {len(table.columns)} columns")
    if strange := {n for cell in cells for n in NAME.findall(cell)} - set(FIELDS) - set(BLANKS):
        raise Wrong(f"unknown field {sorted(strange)[0]!r}")
    table.rows.append(tuple(cells))
    return table


def _check_list(table: _Table) -> None:
    if table.list not in LISTS:
        raise Wrong(f"unknown list {table.list!r}")
    for column in table.columns:
        if column.fact and column.fact not in LISTS[table.list]:
            raise Wrong(f"{table.list} has no {column.fact!r}")


def _column(cell: str) -> Column:
    match = _COLUMN.fullmatch(cell)
    if match is None or not match["words"]:
        raise Wrong(f"a column without words: {cell!r}")
    return Column(words=match["words"], fact=match["fact"] or "")
