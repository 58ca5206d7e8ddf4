"""The history of the set-up as people read it: who, when, what was before."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.asked.forms import FactForm, ThemeForm
from config.asked.lists import FACTS, THEMES, shape_names
from config.installation import steps
from config.installation.forms import LibraryForm, MailInForm, MailOutForm
from helpdesk.centre.forms import CentreForm, ContactForm, LookForm, OperatorForm, PrivacyForm
from helpdesk.centre.models import Change
from helpdesk.centre.territory import province_name
from helpdesk.centre.wording import weekday_name
from helpdesk.notices.mail_account import MailAccount
from helpdesk.queues.forms import ClosedForm, TargetsForm

_DAY = re.compile(r"(day|fast)([0-6])")
LISTS = {THEMES: gettext_lazy("Themes"), FACTS: gettext_lazy("Facts asked for")}
_MINUTES = {"answer_minutes": "answer_hours", "resolve_minutes": "resolve_hours"}


@dataclass(frozen=True)
class Line:
    """One field: its name in words, and its two values; empty = there was nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """One change; without lines it was looked at and saved as it stood."""

    at: Any
    by: Any
    title: str
    lines: list[Line]


def told(change: Change, names: Mapping[str, str]) -> Told:
    """`names` are what themes and facts are called, by their codes (`asked.lists.names`)."""
    step = steps.named(change.step)
    lines = [
        Line(_label(name, names), _shown(name, change.before.get(name)), _shown(name, value))
        for name, value in change.after.items()
    ]
    title = step.title if step else LISTS.get(change.step, _("Opening to the public"))
    return Told(change.at, change.by, str(title), lines)


def _label(name: str, names: Mapping[str, str]) -> str:
    """The label of the form's field; the name of a queue, a theme or a fact stands behind it."""
    field, _at, queue = name.partition("@")
    if day := _DAY.fullmatch(field):
        said = weekday_name(int(day[2]))
        return said if day[1] == "day" else _("%(day)s in Ramadan") % {"day": said}
    said = _labels().get(_MINUTES.get(field, field), field)
    return f"{said} · {names.get(queue, queue)}" if queue else str(said)


def _labels() -> dict[str, Any]:
    found: dict[str, Any] = {
        "logo": _("Logo"),
        "opened_at": _("Opened"),
        "practice_began": _("Practice begun"),
        "practice_wiped": _("Practice wiped"),
        "preset": _("Queues"),
        "brought": _("Rows kept of a spreadsheet"),
        "withdrawn": _("Withdrawn"),
        "place": _("Place in the list"),
    }
    for form in (
        CentreForm, PrivacyForm, ContactForm, LookForm, LibraryForm, TargetsForm, ClosedForm,
        ThemeForm, FactForm,
    ):  # fmt: skip
        found |= {name: field.label for name, field in form.base_fields.items()}
    for account in (MailOutForm, MailInForm):
        for name, field in account.base_fields.items():
            said = {"way": account.way.label, "what": field.label}
            found[f"{account.way}.{name}"] = _("%(way)s: %(what)s") % said
    for name, field in OperatorForm.base_fields.items():
        found[f"operator.{name}"] = _("Operator: %(what)s") % {"what": field.label}
    return found


def _shown(name: str, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if name.endswith(".password"):
        return _("a new one")
    if name.endswith(".security"):
        return str(MailAccount.Security(value).label)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "logo":
        return _("picture %(sign)s") % {"sign": value[:6]}
    if name.partition("@")[0] == "shape":
        return str(shape_names().get(value, value))
    if name == "served":
        return ", ".join(province_name(code) for code in value)
    if name.partition("@")[0] in _MINUTES:
        return str(-(-int(value) // 60))
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value)
