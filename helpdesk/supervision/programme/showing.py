"""The report as it is read: words, numbers and charts together, for the page and for its files."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helpdesk.accounts.models import Tongue
from helpdesk.centre.territory import province_name
from helpdesk.centre.wording import duration_text, number_text, percent_text
from helpdesk.supervision.programme import drawing, wording
from helpdesk.supervision.programme.counting import Figure
from helpdesk.supervision.programme.report import Report
from helpdesk.tickets.rules import Channel


@dataclass(frozen=True)
class ShownFigure:
    key: str
    label: str
    value: str
    more: str
    """Of how many, or why there is no number."""
    rule: str
    number: int | None
    whole: int | None
    share: int | None
    is_told: bool


@dataclass(frozen=True)
class ShownTable:
    key: str
    title: str
    rule: str
    rows: list[tuple[str, int | None, str]]
    chart: drawing.Chart | None
    bars: list[drawing.Line]
    """For the printer."""
    room: int = drawing.ROOM


@dataclass(frozen=True)
class ShownSection:
    key: str
    name: str
    figures: list[ShownFigure]
    tables: list[ShownTable]
    missing: list[str]


@dataclass(frozen=True)
class Shown:
    title: str
    centre: str
    filters: list[tuple[str, str]]
    sections: list[ShownSection]
    missing: list[str]
    rules: list[str]
    at: datetime
    rules_version: str
    facts_digest: str
    digest: str

    @property
    def is_empty(self) -> bool:
        """Nothing came in: no table of contacts has a row."""
        return not any(table.rows for table in self.sections[0].tables)


def shown(report: Report, *, centre: Any) -> Shown:
    """In the language that is active."""
    rtl = get_language() == "ar"
    figures, tables, names = wording.figures(), wording.tables(), wording.namers()
    missing = wording.not_counted()
    sections = []
    for section in report.sections:
        rows = [
            (table, [(names[table.key](code), n, told_text(n)) for code, n in table.rows])
            for table in section.tables
        ]
        sections.append(
            ShownSection(
                section.key, wording.section_names()[section.key],
                [_figure(one, *figures[one.key]) for one in section.figures],
                [ShownTable(table.key, *tables[table.key], lines,
                            drawing.chart(lines, right_to_left=rtl),
                            drawing.lines(lines, right_to_left=rtl)) for table, lines in rows],
                missing[section.key],
            )
        )  # fmt: skip
    asked = report.asked
    filters = [
        (_("Province"), province_name(asked.province) or _("all provinces")),
        (_("Language"), str(Tongue(asked.language).label) if asked.language else _("all languages")),
        (_("Channel"), str(Channel(asked.channel).label) if asked.channel else _("all channels")),
    ]  # fmt: skip
    return Shown(
        wording.title_of(asked.period), str(centre), filters, sections, missing[""],
        wording.general_rules(), report.at, report.rules, report.facts_digest, report.digest,
    )  # fmt: skip


def told_text(number: int | None) -> str:
    """`1 250`; what is under five is said so."""
    return _("fewer than 5") if number is None else number_text(number)


def _figure(one: Figure, label: str, rule: str) -> ShownFigure:
    value, more, share = told_text(one.number), "", one.share
    if not one.is_counted:
        value, more = "–", _("not counted under these filters")
    elif one.unit == "s":
        value = "–" if one.number is None else duration_text(one.number)
        more = _("fewer than 5 contacts") if one.number is None else ""
    elif one.whole is not None:
        more = _("%(part)s of %(whole)s") % {
            "part": told_text(one.number), "whole": told_text(one.whole)
        }  # fmt: skip
        value = percent_text(share) if share is not None else "–"
    return ShownFigure(
        one.key, label, value, more, rule, one.number, one.whole, share, one.is_counted
    )
