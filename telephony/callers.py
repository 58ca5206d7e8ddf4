"""Who may be calling: each person who used the number, with their association, earlier contacts and signs
of a conflict. Three questions for any number of persons, and one for each sign looked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.associations.actions import by_number
from helpdesk.associations.rules import Standing
from helpdesk.centre.wording import date_text
from helpdesk.tickets import conflicts
from helpdesk.tickets.models import Ticket


@dataclass(frozen=True)
class Candidate:
    """One person as the ring shows them."""

    person: Any
    about: str = ""
    """Office and association."""
    history: str = ""
    open_ticket: Any = None
    warnings: list[str] = field(default_factory=list)

    @property
    def pk(self) -> int:
        return int(self.person.pk)


def persons_of(call: Any) -> list[Any]:
    """Who was reached at the number of a call, the latest first; asked once for each row in memory."""
    known: list[Any] | None = getattr(call, "persons_known", None)
    if known is None:
        known = by_number(call.number, centre=call.centre) if call.number else []
        call.persons_known = known
    return known


def candidates(persons: Sequence[Any], *, ticket: Any, user: Any) -> list[Candidate]:
    """In the order given; contacts that the reader may not open are counted with nobody."""
    if not persons:
        return []
    prefetch_related_objects(list(persons), "mandates__association")
    rows = (
        Ticket.objects.visible_to(user)
        .unmerged()
        .filter(person__in=persons)
        .exclude(pk=ticket.pk if ticket else None)
        .select_related("association", "dispute_side__dispute")
        .order_by("-moved_at")[:60]
    )
    by_person: dict[int, list[Any]] = {}
    for row in rows:
        by_person.setdefault(row.person_id, []).append(row)
    return [_candidate(person, by_person.get(person.pk, []), user) for person in persons]


def signs(ticket: Any, user: Any) -> list[str]:
    """Of a conflict around a request, in words."""
    return [warned.text for warned in conflicts.warnings(ticket, user)] if ticket else []


def told(call: Any) -> dict[str, str]:
    """What the caller chose and wrote before calling, as the card's form takes it; nothing where the
    call came in on an older request, of which the facts are known already."""
    ticket, payload = call.ticket, getattr(call, "payload", None)
    if ticket is None:
        return {}
    return {
        "words": payload.words if payload else "",
        "theme": ticket.theme.code if ticket.theme else "",
        "province": ticket.province,
    }


def _candidate(person: Any, tickets: list[Any], user: Any) -> Candidate:
    mandates = list(person.mandates.all())
    mandate = mandates[0] if mandates else None
    open_ = next((one for one in tickets if not one.is_closed), None)
    about = ""
    if mandate:
        about = f"{mandate.get_office_display()} · {mandate.association.shown_name}"
    probe = open_ if open_ and open_.association_id else _probe(person, mandate)
    return Candidate(
        person, about, _history(tickets, open_), open_, signs(probe, user) if probe else []
    )


def _probe(person: Any, mandate: Any) -> Any:
    """What a request of theirs would be, so that a conflict shows before there is one."""
    if mandate is None:
        return None
    held = mandate.is_held(timezone.localdate())
    standing = Standing.OFFICE_HOLDER if held else Standing.FORMER
    return Ticket(association=mandate.association, person=person, standing=standing)


def _history(tickets: list[Any], open_: Any) -> str:
    if not tickets:
        return _("no earlier contact")
    n = len(tickets)
    told = ngettext(
        "%(n)s earlier request, the last on %(day)s",
        "%(n)s earlier requests, the last on %(day)s",
        n,
    ) % {"n": n, "day": date_text(tickets[0].moved_at, "short")}
    return f"{told} · {_('one is open') if open_ else _('all closed')}"
