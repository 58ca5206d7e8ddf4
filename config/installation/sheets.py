"""A spreadsheet as somebody sends it, read into rows of plain text, whatever is wrong with it.

Its columns are known by their heading: the name of the field, or its label in Arabic or French.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import date, datetime
from typing import Any

import tablib
from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import load_workbook

from helpdesk.centre.lines import clean_line

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 8 * 1024 * 1024
"""Bytes of the whole workbook: a thousand rows of what is asked for have one or two millions."""
MOST_ROWS, MOST_COLUMNS = 1000, 60
Rows = list[dict[str, str]]


class BadSheet(ValueError):
    """Cannot be read; the message is for the person."""


def read(content: bytes, name: str, labels: Mapping[str, Any]) -> Rows:
    """Its rows by field; empty lines are left out. Raises BadSheet."""
    if len(content) > MOST_BYTES:
        raise BadSheet(_("The file is larger than 2 MB."))
    try:
        table = _xlsx(content) if content[:2] == b"PK" else _csv(content)
    except BadSheet:
        raise
    except Exception:  # the libraries raise what they like on a broken file
        raise BadSheet(_("This file cannot be read: send xlsx or csv (UTF-8).")) from None
    fields = [_field_of(heading, labels) for heading in (table.headers or [])[:MOST_COLUMNS]]
    if not any(fields):
        raise BadSheet(
            _("No column is known. The first line holds their names, as in the empty sheet.")
        )
    if len(table) > MOST_ROWS:
        raise BadSheet(_("More than %(n)s rows: send it in parts.") % {"n": MOST_ROWS})
    rows = [
        {field: _text(cell) for field, cell in zip(fields, line, strict=False) if field}
        for line in table
    ]
    return [row for row in rows if any(row.values())]


def heading(field: str, labels: Mapping[str, Any]) -> str:
    """What stands over the column in an empty sheet, in the reader's language."""
    return str(labels[field])


def known(typed: str, choices: Iterable[tuple[str, Any]]) -> str:
    """The code of a choice typed as code or by its name in either language; else what was typed."""
    for code, label in choices:
        if _folded(typed) in {_folded(code), *_both(label)}:
            return code
    return typed


def _field_of(heading: Any, labels: Mapping[str, Any]) -> str:
    said = _folded(str(heading or ""))
    return next((field for field, label in labels.items() if said in {field, *_both(label)}), "")


def _both(label: Any) -> set[str]:
    found = set()
    for language in ("ar", "fr"):
        with override(language):
            found.add(_folded(str(label)))
    return found


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("\ufeff", "").split())


def _xlsx(content: bytes) -> tablib.Dataset:
    """The first sheet; what unpacks to too much is refused before it is unpacked.

    Of what unpacks to a little no more cells are made than are looked at: each is fifty times its text.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            raise BadSheet(_("The file is larger than 2 MB."))
    with closing(load_workbook(io.BytesIO(content), read_only=True, data_only=True)) as book:
        lines = book.worksheets[0].iter_rows(
            max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True
        )
        headings = next(lines, ())
        return tablib.Dataset(*lines, headers=[str(one or "") for one in headings])


def _csv(content: bytes) -> tablib.Dataset:
    text = content.decode("utf-8-sig")
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    return tablib.Dataset().load(text, format="csv", delimiter=mark)


def _text(cell: Any) -> str:
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else clean_line(str(cell), limit=300)
