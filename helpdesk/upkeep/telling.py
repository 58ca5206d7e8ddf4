"""The history of an article's upkeep in words: what was done, and from what to what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.centre.lines import isolated
from helpdesk.centre.templatetags.wasl import localdate
from helpdesk.centre.territory import province_name

NAMES = {
    "in_force_from": gettext_lazy("in force from"),
    "in_force_until": gettext_lazy("in force until"),
    "is_ended": gettext_lazy("over, day not established"),
    "ended_by": gettext_lazy("ended by"),
    "successor": gettext_lazy("read instead"),
    "territory": gettext_lazy("provinces"),
    "owner": gettext_lazy("owner"),
    "review_on": gettext_lazy("next review"),
}


@dataclass(frozen=True)
class Told:
    """One act; `changes` say what differs now, with what it was before."""

    row: Any
    changes: list[str]


def told(history: Iterable[Any]) -> list[Told]:
    return [Told(row, _changes(row)) for row in history]


def _changes(row: Any) -> list[str]:
    names = [name for name in NAMES if row.before.get(name) != row.after.get(name)]
    return [_change(name, row.before.get(name), row.after.get(name)) for name in names]


def _change(name: str, before: Any, after: Any) -> str:
    values = {"what": NAMES[name], "after": isolated(_said(after))}
    if before in (None, "", [], False):
        return _("%(what)s: %(after)s") % values
    values["before"] = isolated(_said(before))
    return _("%(what)s: %(after)s (before: %(before)s)") % values


def _said(value: Any) -> str:
    if value is True:
        return _("yes")
    if isinstance(value, list):
        return " · ".join(province_name(code) or code for code in value) or "–"
    try:
        return str(localdate(date.fromisoformat(value)))
    except (TypeError, ValueError):
        return str(value) if value else "–"
