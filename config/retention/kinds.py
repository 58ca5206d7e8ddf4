"""What is kept for how long: each kind of record, which rows are due, and how one of them goes.

A kind finds its due rows by a query of one moment, so that what a dry run listed is what a sweep with
the same moment deletes. Days are counted from the last thing that happened to the row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from config.retention import dropping
from helpdesk.associations.models import Mandate, Person, Phone
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import State
from telephony.models import CallPayload
from telephony.recordings import Recording

FIGURES = 430
"""Days that figures of the desk look back: requests are kept at least so long."""


@dataclass(frozen=True)
class Kind:
    """`proposal` and `least` in days. `due(centre, before)` are the rows that go."""

    code: str
    label: Any
    says: Any
    proposal: int
    least: int
    due: Callable[[Any, datetime], Any]
    drop: Callable[..., None]


def of_code(code: str) -> Kind | None:
    return next((kind for kind in KINDS if kind.code == code), None)


def due(kind: Kind, centre: Any, *, days: int, at: datetime) -> Any:
    return kind.due(centre, at - timedelta(days=days))


def _recordings(centre: Any, before: datetime) -> Any:
    return Recording.objects.filter(
        call__centre=centre, ended_at__lt=before, deleted_at=None
    ).exclude(file=None)


def _payloads(centre: Any, before: datetime) -> Any:
    """Calls that are over, each with an event, none of it later."""
    rows = CallPayload.objects.filter(call__centre=centre)
    late = rows.filter(call__events__received_at__gte=before).values("pk")
    return rows.filter(call__events__isnull=False).exclude(pk__in=late).distinct()


def _contacts(centre: Any, before: datetime) -> Any:
    """Who has an account keeps their own; of the rest, whose last request is older, or who was noted
    before and never asked."""
    asked = Ticket.objects.filter(person=OuterRef("pk"))
    recent = asked.filter(Q(moved_at__gte=before) | ~Q(state=State.CLOSED))
    told = ~Q(name="") | ~Q(other_name="") | ~Q(email="") | Exists(
        Phone.objects.filter(person=OuterRef("pk"))
    ) | Exists(Mandate.objects.filter(person=OuterRef("pk"))) | Exists(
        asked.filter(~Q(contact_email="") | ~Q(contact_number=""))
    )  # fmt: skip
    rows = Person.objects.filter(told, centre=centre, user=None, added_at__lt=before)
    return rows.exclude(Exists(recent))


def _addresses(centre: Any, before: datetime) -> Any:
    """Left by who gave no name: no person's row holds them."""
    told = ~Q(contact_email="") | ~Q(contact_number="")
    return Ticket.objects.filter(
        told, centre=centre, person=None, state=State.CLOSED, moved_at__lt=before
    )


def _tickets(centre: Any, before: datetime) -> Any:
    """Those merged into one go with it."""
    return Ticket.objects.unmerged().filter(
        centre=centre, state=State.CLOSED, closed_at__lt=before, moved_at__lt=before
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        "recordings", _("Sound: voice messages and recorded talks"),
        _("The file goes; its size and SHA-256 stay as proof."), 90, 1,
        _recordings, dropping.recording,
    ),
    Kind(
        "call-numbers", _("Who called: number, name and words of a call"),
        _("The call stays, without them."), 90, 1, _payloads, dropping.payload,
    ),
    Kind(
        "contacts", _("Contact data of persons"),
        _("After the last request: names, numbers, addresses, offices held, and the notices sent."
          " The person stays as an anonymous row; requests stay."), 365, 30,
        _contacts, dropping.contact,
    ),
    Kind(
        "addresses", _("Addresses left on requests without a person"),
        _("After the last entry of a closed request: number, e-mail address, and the notices sent."),
        365, 30, _addresses, dropping.address,
    ),
    Kind(
        "tickets", _("Closed requests"),
        _("After closing: the whole thread with files, answers and calls owed. What figures count"
          " stays, without persons."), 3 * 365, FIGURES, _tickets, dropping.ticket,
    ),
)  # fmt: skip
