"""Figures as a workbook."""

import tablib
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.supervision.board import Board

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> object:
    """A value no spreadsheet takes for a formula (ASVS 1.2.10)."""
    if isinstance(value, str) and value.startswith(_DANGEROUS):
        return f"'{value}"
    return value


def workbook(shown: Board) -> bytes:
    """The board's figures as .xlsx: one sheet of tiles, one of what waits."""
    at = timezone.localtime(shown.at).strftime("%Y-%m-%d %H:%M")
    tiles = tablib.Dataset(title=_("Figures")[:31], headers=[_("Figure"), _("Value"), _("State")])
    for tile in shown.tiles:
        tiles.append([cell(tile.label), cell(tile.value), cell(tile.said)])
    tiles.append([_("Time of the figures"), at, ""])
    waiting = tablib.Dataset(
        title=_("Waiting")[:31],
        headers=[_("Channel"), *shown.languages, _("Total"), _("Oldest since")],
    )
    for line in shown.lines:
        since = timezone.localtime(line.oldest).strftime("%Y-%m-%d %H:%M") if line.oldest else ""
        numbers = [number for number, _url in line.cells]
        waiting.append([cell(line.label), *numbers, line.total[0], since])
    return tablib.Databook([tiles, waiting]).export("xlsx")
