"""Bars of a table, drawn by the server: the geometry of one SVG. No query, no style.

Labels read from the side the page begins at. `text-anchor` turns with the direction of the text, so all
text is set left to right and anchored by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, ROW, LABEL, NUMBER = 640, 26, 220, 64
ROOM = WIDTH - LABEL - NUMBER


@dataclass(frozen=True)
class Bar:
    label: str
    number: str
    label_x: int
    number_x: int
    x: int
    y: int
    width: int
    middle: int


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    height: int
    label_anchor: str
    number_anchor: str
    axis: int
    width: int = WIDTH


def chart(rows: Sequence[tuple[str, int | None, str]], *, right_to_left: bool) -> Chart | None:
    """Rows of label, told number and the number as it is written; None where nothing can be drawn."""
    most = max((number or 0 for _label, number, _text in rows), default=0)
    if not most:
        return None
    axis = WIDTH - LABEL if right_to_left else LABEL
    bars = []
    for place, (label, number, text) in enumerate(rows):
        long = round((number or 0) / most * ROOM)
        x = axis - long if right_to_left else axis
        tip = axis - long - 6 if right_to_left else axis + long + 6
        beside = axis + 8 if right_to_left else axis - 8
        y = place * ROW
        bars.append(Bar(_short(label), text, beside, tip, x, y + 4, long, y + ROW // 2 + 5))
    label_anchor, number_anchor = ("start", "end") if right_to_left else ("end", "start")
    return Chart(bars, len(rows) * ROW + 4, label_anchor, number_anchor, axis)


@dataclass(frozen=True)
class Line:
    """One row of a printed table with its bar: the printer shapes no Arabic inside a drawing."""

    label: str
    number: str
    x: int
    width: int


def lines(rows: Sequence[tuple[str, int | None, str]], *, right_to_left: bool) -> list[Line]:
    """Bars in a field of `ROOM` units, from the side the page begins at."""
    most = max((number or 0 for _label, number, _text in rows), default=0) or 1
    found = []
    for label, number, text in rows:
        long = round((number or 0) / most * ROOM)
        found.append(Line(label, text, ROOM - long if right_to_left else 0, long))
    return found


def _short(label: str, most: int = 32) -> str:
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"
