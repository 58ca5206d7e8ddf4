"""What the desk's pages show of an association or a person, ready for a template. Reads only."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from helpdesk.associations.clock import Progress, sentence
from helpdesk.associations.models import (
    Association,
    LegalDeadline,
    Mandate,
    Person,
    PersonMerge,
    Phone,
)
from helpdesk.centre.territory import commune_name, province_name
from helpdesk.centre.wording import date_text


@dataclass(frozen=True)
class Shown:
    """A number shown whole on this page: the phone's key and the digits as people write them."""

    phone: int
    number: str
    deadline: int = 0

    @property
    def dialled(self) -> str:
        """For a `tel:` link."""
        return "".join(c for c in self.number if c.isdigit() or c == "+")


@dataclass(frozen=True)
class Fact:
    label: str
    value: str
    isolate: bool = False


def facts(one: Association) -> list[Fact]:
    """Only what is known."""
    days = [
        (_("Founded on"), one.founded_on),
        (_("File deposited on"), one.filed_on),
        (_("Provisional receipt of"), one.provisional_on),
        (_("Final receipt of"), one.final_on),
        (_("Mandate of the board ends on"), one.mandate_ends_on),
    ]
    rows = [
        Fact(_("Name in Arabic"), one.name_ar),
        Fact(_("Name in French"), one.name_fr),
        Fact(_("Legal status"), str(one.get_legal_status_display())),
        Fact(_("Province"), province_name(one.province)),
        Fact(_("Commune"), commune_name(one.commune)),
        Fact(_("Seat"), one.seat),
        Fact(_("E-mail of the association"), one.email, isolate=True),
        *[Fact(label, date_text(day) if day else "") for label, day in days],
    ]
    return [row for row in rows if row.value]


@dataclass(frozen=True)
class Held:
    """An office as a line: whose, since and until when, and whether it is held today."""

    mandate: Mandate
    is_held: bool
    phones: list[Phone] = field(default_factory=list)


def mandates(one: Association, *, today: date) -> list[Held]:
    """Offices held today first, each with the holder's numbers (masked)."""
    rows = one.mandates.select_related("person").prefetch_related("person__phones")
    held = [Held(m, m.is_held(today), list(m.person.phones.all())) for m in rows]
    return sorted(held, key=lambda row: not row.is_held)


def offices(one: Person, *, today: date) -> list[Held]:
    rows = one.mandates.select_related("association")
    return sorted((Held(m, m.is_held(today)) for m in rows), key=lambda row: not row.is_held)


def phones(one: Person) -> list[Phone]:
    return list(one.phones.all())


@dataclass(frozen=True)
class Clock:
    deadline: LegalDeadline
    progress: Progress


def clocks(user: Any, one: Association, *, today: date) -> list[Clock]:
    """Running and passed clocks, the nearest end first."""
    rows = LegalDeadline.objects.visible_to(user).filter(association=one).open()
    return [Clock(d, d.progress(today=today)) for d in rows.order_by("due_on", "pk")]


@dataclass(frozen=True)
class Call:
    """One row of the day-61 list."""

    deadline: LegalDeadline
    sentence: str
    state: str
    holders: list[Held]

    @property
    def by_telephone(self) -> bool:
        """Somebody has a number; else they are told in another way."""
        return any(held.phones for held in self.holders)


def call(deadline: LegalDeadline, *, today: date) -> Call:
    """Expects `association__mandates__person__phones` fetched with the row."""
    held = [
        Held(m, True, list(m.person.phones.all()))
        for m in deadline.association.mandates.all()
        if m.is_held(today)
    ]
    return Call(
        deadline=deadline,
        sentence=sentence(deadline.rule, deadline.due_on, today=today),
        state="late" if deadline.due_on < today else "soon",
        holders=held,
    )


@dataclass(frozen=True)
class Side:
    """One of two persons who may be one, in what is known and how much hangs on them."""

    person: Person
    phones: list[Phone]
    offices: list[Held]
    consents: int
    requests: int


def side(one: Person, *, today: date) -> Side:
    requests: Any = one.tickets
    return Side(one, phones(one), offices(one, today=today), one.consents.count(), requests.count())


def merges(one: Person) -> list[PersonMerge]:
    """Those who turned out to be this person."""
    rows = one.came_by.filter(undone_at=None).select_related("source", "by")
    return list(rows.order_by("-at"))


def moved(row: PersonMerge) -> dict[str, int]:
    """How much would go back: `tickets`, `phones`, `mandates`, `consents`."""
    rows = row.moved["rows"]
    fields = {
        "tickets": "tickets.ticket.person", "phones": "associations.phone.person",
        "mandates": "associations.mandate.person", "consents": "associations.consent.person",
    }  # fmt: skip
    return {name: len(rows.get(field, [])) for name, field in fields.items()}
