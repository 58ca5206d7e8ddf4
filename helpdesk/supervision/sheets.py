"""Figures as a workbook: the tables of the board, numbers as numbers, right to left in Arabic."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helpdesk.supervision.board import Board
from helpdesk.supervision.months import Month
from helpdesk.supervision.queue_lines import QueueLine
from helpdesk.supervision.use import Report

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\0")


def cell(value: object) -> object:
    """A value no spreadsheet takes for a formula (ASVS 1.2.10); a figure stays a number."""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    if isinstance(value, str) and value.startswith(_DANGEROUS):
        return f"'{value}"
    return value


def workbook(shown: Board) -> bytes:
    """The board as .xlsx: figures, what waits, who waits, queues, team."""
    book = _book()
    tiles = [
        [tile.label, tile.value, tile.unit, tile.count, tile.said, tile.target, tile.act.text]
        for tile in shown.tiles
    ]
    _sheet(
        book, _("Figures"),
        [_("Figure"), _("Value"), _("Unit"), _("Rows"), _("State"), _("Threshold"),
         _("What to do now")],
        [*tiles, [_("Time of the figures"), shown.at]],
    )  # fmt: skip
    _sheet(
        book, _("Waiting"), [_("Channel"), *shown.languages, _("Total"), _("Oldest since")],
        [[line.label, *(n for n, _url in line.cells), line.total[0], line.oldest]
         for line in shown.lines],
    )  # fmt: skip
    _sheet(
        book, _("Who waits"), [_("Request"), _("Subject"), _("Queue"), _("Waiting since")],
        [[row.ticket.reference, row.title, str(row.queue), row.since]
         for row in shown.first],
    )  # fmt: skip
    _sheet(
        book, _("Queues"), [_("Queue"), _("Waiting"), _("Oldest since"), _("State"), _("Until")],
        [[queue.name, queue.waiting, queue.oldest, _queue_state(queue), queue.turns_at]
         for queue in shown.queues],
    )  # fmt: skip
    _sheet(
        book, _("Team"), [_("Name"), _("State"), _("Since"), _("Queue of today")],
        [[one.user.shown_name, one.label, one.since, one.queue] for one in shown.team],
    )  # fmt: skip
    return _bytes(book)


def _queue_state(queue: QueueLine) -> str:
    if queue.is_paused:
        return _("paused")
    return _("it is open") if queue.is_open else _("it is closed")


def month_workbook(shown: Month) -> bytes:
    """Figures of one month without persons; what is too small to be told is told as on the page."""
    book, little = _book(), _("fewer than 5")
    total = little if shown.total is None else shown.total
    _sheet(
        book, _("Figures"), [_("Month"), _("Questions received")],
        [[f"{shown.start:%Y-%m}", total if not shown.is_empty else 0]],
    )  # fmt: skip
    for table in shown.tables:
        _sheet(
            book, table.title, [table.title, _("Number")],
            [[one.label, little if one.number is None else one.number] for one in table.cells],
        )  # fmt: skip
    return _bytes(book)


def use_workbook(shown: Report) -> bytes:
    """The use of the library as .xlsx: a line for each month, subject, language and province."""
    book = _book()
    heads = [_("Month"), _("Code"), _("Title"), _("Language"), _("Province"), *shown.heads]
    _sheet(
        book, _("Use of the library"), heads,
        [[f"{line.month:%Y-%m}", line.subject, line.title, line.language_name, line.province_name,
          *line.numbers] for line in shown.lines],
    )  # fmt: skip
    return _bytes(book)


Sheet = tuple[str, Sequence[str], Sequence[Sequence[Any]]]


def book_of(sheets: Sequence[Sheet], *, at: datetime | None = None) -> bytes:
    """A workbook of sheets, each with its title, head and rows; with `at` the same bytes every time."""
    book = _book()
    for sheet in sheets:
        _sheet(book, *sheet)
    return _bytes(book) if at is None else _dated(book, at)


def _dated(book: Any, at: datetime) -> bytes:
    """Nothing in the file but its content and one moment: neither the clock nor who packs it."""
    book.properties.creator = "Wasl"
    moment = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.properties.created = book.properties.modified = moment
    out = BytesIO()
    with ZipFile(BytesIO(_bytes(book))) as made, ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for name in made.namelist():
            entry = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            text = made.read(name)
            if name == "docProps/core.xml":  # the library writes the time of saving
                text = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*",
                    rb"\g<1>" + f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode(),
                    text,
                )
            packed.writestr(entry, text)
    return out.getvalue()


def _bytes(book: Any) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _book() -> Any:
    from openpyxl import Workbook  # takes its time to load, and few ask for a workbook

    book = Workbook()
    book.remove(book.active)
    return book


def _sheet(book: Any, title: str, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from openpyxl.styles import Font

    sheet = book.create_sheet(title[:31])
    sheet.sheet_view.rightToLeft = get_language() == "ar"
    sheet.append([cell(str(name)) for name in head])
    for row in rows:
        sheet.append([cell(value) for value in row])
    for top in sheet[1]:
        top.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for column in sheet.columns:
        longest = max(len(str(one.value or "")) for one in column)
        sheet.column_dimensions[column[0].column_letter].width = min(60, longest + 3)
