"""The service as a workbook: every table of the page, numbers as numbers, small ones not told."""

from typing import Any

from django.utils.translation import gettext as _

from helpdesk.supervision.measure_figures import Figure
from helpdesk.supervision.measure_lines import Cell, Hour, Line
from helpdesk.supervision.measure_page import Shown
from helpdesk.supervision.sheets import book_of


def workbook(shown: Shown) -> bytes:
    """Figures with their formulas, hours with the staff they need, and one sheet a table."""
    figures = [
        [one.label, _figure(one), _unit(one.unit), one.part, one.whole, one.formula]
        if not one.is_small
        else [one.label, _little(), _unit(one.unit), _little(), _little(), one.formula]
        for one in shown.figures
    ]
    heads = [_("Figure"), _("Value"), _("Unit"), _("Counted"), _("Of"), _("Formula")]
    hours = [_("Hour"), *shown.heads, _("A mean day"), _("Advisors there"), _("Advisors needed")]
    return book_of(
        [
            (_("Figures"), heads, [*figures, [_("Period"), shown.title]]),
            (_("By hour"), hours, [_hour(one) for one in shown.hours]),
            *(
                (table.title, [table.title, *shown.heads], [_line(line) for line in table.lines])
                for table in shown.tables
            ),
        ]
    )


def _little() -> str:
    return _("fewer than 5")


def _figure(one: Figure) -> Any:
    return _number(one.number, one.unit)


def _number(number: float | None, unit: str) -> Any:
    """Per cent with one decimal, whole seconds, whole counts."""
    if number is None:
        return ""
    return round(number * 100, 1) if unit == "%" else round(number)


def _unit(unit: str) -> str:
    return {"%": "%", "s": _("seconds")}.get(unit, "")


def _cell(one: Cell) -> Any:
    return _little() if one.is_small else _number(one.number, one.unit)


def _line(line: Line) -> list[Any]:
    cells = [_little() for _one in line.cells] if line.is_hidden else map(_cell, line.cells)
    return [line.label, *cells]


def _hour(one: Hour) -> list[Any]:
    staff = ["", "", ""] if one.line.is_hidden else [
        round(one.calls, 1), round(one.there, 1), one.staff.advisors
    ]  # fmt: skip
    return [*_line(one.line), *staff]
