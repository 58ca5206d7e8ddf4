"""What one may choose over the programme report, and its copies as rows of a list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from helpdesk.accounts.models import Tongue
from helpdesk.centre.territory import province_name
from helpdesk.supervision.models import FrozenPeriod
from helpdesk.supervision.periods import period
from helpdesk.supervision.programme import wording
from helpdesk.supervision.programme.report import Asked, name_of, periods, provinces_of
from helpdesk.tickets.rules import Channel


@dataclass(frozen=True)
class Choice:
    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str


@dataclass(frozen=True)
class Listed:
    """One copy. `of`: its filters in words."""

    row: FrozenPeriod
    title: str
    of: str


def choices(user: Any, asked: Asked, *, at: datetime) -> list[Choice]:
    spans = [(name_of(one), wording.title_of(one)) for one in periods(at)]
    provinces = [(code, province_name(code)) for code in provinces_of(user, asked.centre)]
    return [
        Choice("period", _("Period"), spans, asked.name),
        Choice("province", _("Province"), [("", _("all provinces")), *provinces], asked.province),
        Choice("language", _("Language"), _all(_("all languages"), Tongue), asked.language),
        Choice("channel", _("Channel"), _all(_("all channels"), Channel), asked.channel),
    ]


def query_of(asked: Asked) -> dict[str, Any]:
    """As `report.asked_of` reads it."""
    return {
        "centre": asked.centre, "period": asked.name, "province": asked.province,
        "language": asked.language, "channel": asked.channel,
    }  # fmt: skip


def listed(rows: list[FrozenPeriod]) -> list[Listed]:
    return [
        Listed(row, wording.title_of(period(row.kind, row.first)), _filters(row)) for row in rows
    ]


def _filters(row: FrozenPeriod) -> str:
    parts = [
        province_name(row.province),
        str(Tongue(row.language).label) if row.language else "",
        str(Channel(row.channel).label) if row.channel else "",
    ]
    return " · ".join(filter(None, parts)) or _("everything")


def _all(every: str, of: Any) -> list[tuple[str, str]]:
    return [("", every), *((code, str(label)) for code, label in of.choices)]
