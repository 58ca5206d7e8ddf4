"""What a spreadsheet brings in, row by row: colleagues, or associations. Good rows are kept, bad ones told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.installation.access import team_of
from config.installation.actions import invite
from config.installation.forms import NewcomerForm
from config.installation.sheets import Rows, known
from helpdesk.accounts.actions.people import first_link
from helpdesk.accounts.rules import NAMES
from helpdesk.associations.actions import add_association
from helpdesk.associations.actions.naming import folded
from helpdesk.associations.forms import AssociationForm
from helpdesk.associations.models import Association
from helpdesk.associations.rules import LegalStatus
from helpdesk.centre.actions import note
from helpdesk.centre.models import Centre
from helpdesk.centre.territory import PROVINCES

LANGUAGES = [("ar", "العربية"), ("fr", "Français")]
PLACES = [
    (code, typed)
    for code, (arabic, french) in PROVINCES.items()
    for typed in (
        arabic, french, arabic.partition(" ")[2], french.removeprefix("Préfecture de "),
    )
]  # fmt: skip
"""Provinces as people write them: with the word for province or prefecture, or without."""


@dataclass(frozen=True)
class Checked:
    """A row as it was typed, its form, and why it cannot be taken; empty = it can."""

    number: int
    typed: dict[str, str]
    form: Any
    problems: list[str]


@dataclass(frozen=True)
class Kind:
    """`take` keeps one good row and returns (name, link) to hand over; the link may be empty."""

    slug: str
    labels: dict[str, Any]
    form: Callable[[Centre, dict[str, str]], Any]
    names: Callable[[Centre], set[str]]
    name: Callable[[dict[str, Any]], str]
    take: Callable[[Centre, dict[str, Any], Any, datetime], tuple[str, str]]


def check(kind: Kind, centre: Centre, rows: Rows) -> list[Checked]:
    """Every row against its form, against what is there and against the rows before it."""
    taken, found = kind.names(centre), []
    for number, typed in enumerate(rows, start=2):
        form = kind.form(centre, typed)
        problems = [] if form.is_valid() else _problems(form)
        name = kind.name(form.cleaned_data)
        if not problems and name in taken:
            problems = [_("It is here already, or twice in the sheet.")]
        if not problems:
            taken.add(name)
        found.append(Checked(number, typed, form, problems))
    return found


@transaction.atomic
def take(
    kind: Kind, centre: Centre, rows: list[Checked], *, by: Any, at: datetime
) -> list[tuple[str, str]]:
    """Keep the good ones, all or none of them; (name, link) of each."""
    kept = [
        kind.take(centre, dict(row.form.cleaned_data), by, at) for row in rows if not row.problems
    ]
    note(centre, step=kind.slug, before={}, after={"brought": len(kept)}, by=by, at=at)
    return kept


def _problems(form: Any) -> list[str]:
    return [
        f"{form.fields[name].label}: {error}" if name in form.fields else str(error)
        for name, errors in form.errors.items()
        for error in errors
    ]


# --- colleagues -----------------------------------------------------------------------------------

_PERSON = NewcomerForm.base_fields
STAFF_LABELS = {
    "username": _PERSON["username"].label, "name_ar": _PERSON["name_ar"].label,
    "name_fr": _PERSON["name_fr"].label, "email": _PERSON["email"].label,
    "language": _PERSON["language"].label, "roles": gettext_lazy("Role"),
    "province": gettext_lazy("Province"),
}  # fmt: skip


def _person(centre: Centre, typed: dict[str, str]) -> NewcomerForm:
    data: dict[str, Any] = {name: typed.get(name, "") for name in STAFF_LABELS}
    data["language"] = known(data["language"], LANGUAGES) or "ar"
    data["roles"] = [
        known(one.strip(), NAMES.items()) for one in data["roles"].split("+") if one.strip()
    ]
    data["province"] = known(data["province"], PLACES)
    data["speaks"] = [data["language"]]
    return NewcomerForm(data, centre=centre)


def _invite(centre: Centre, said: dict[str, Any], by: Any, at: datetime) -> tuple[str, str]:
    user = invite(
        team=team_of(centre), province=said.pop("province"), starts_on=timezone.localdate(at),
        said=said, by=by, at=at,
    )  # fmt: skip
    return str(user), settings.PUBLIC_URL + first_link(user, by=by, at=at)


# --- associations ---------------------------------------------------------------------------------

_FACTS = (
    "name_ar", "name_fr", "legal_status", "province", "commune", "seat", "email", "founded_on",
    "mandate_ends_on",
)  # fmt: skip
ASSOCIATION_LABELS = {name: AssociationForm.base_fields[name].label for name in _FACTS}


def _association(centre: Centre, typed: dict[str, str]) -> AssociationForm:
    data = {name: typed.get(name, "") for name in _FACTS}
    data["legal_status"] = known(data["legal_status"], LegalStatus.choices) or LegalStatus.DECLARED
    data["province"] = known(data["province"], PLACES)
    return AssociationForm(data)


def _names(centre: Centre) -> set[str]:
    return set(Association.objects.filter(centre=centre).values_list("folded", flat=True))


def _folded(said: dict[str, Any]) -> str:
    return folded(said.get("name_ar") or "", said.get("name_fr") or "")


def _add(centre: Centre, said: dict[str, Any], by: Any, at: datetime) -> tuple[str, str]:
    return str(add_association(centre=centre, by=by, at=at, **said)), ""


KINDS = {
    "staff": Kind(
        "staff", STAFF_LABELS, _person, lambda centre: set(),
        lambda said: str(said.get("username", "")).casefold(), _invite,
    ),
    "associations": Kind(
        "associations", ASSOCIATION_LABELS, _association, _names, _folded, _add
    ),
}  # fmt: skip
