"""Sweep: tells people that a legal delay is about to end, or has ended; on a working morning.

Who hears it: the asker of the ticket that set the clock going, in the way they chose; without a
ticket those who hold an office today and agreed to be contacted, else the association's own
address. A clock with nobody to tell is stamped all the same: staff have it on the day-61 list.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone, translation

from helpdesk.associations.actions import note_told
from helpdesk.associations.models import LegalDeadline
from helpdesk.hours.timetables import next_working_morning
from helpdesk.notices.actions import write
from helpdesk.tickets.actions.telling import follow_link, page_language, reply_address, where
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Level

BATCH = 100
OFFICES = ("president", "secretary", "treasurer", "founder")


@dataclass(frozen=True)
class _Reader:
    channel: str
    address: str
    language: str
    name: str = ""


def remind_deadlines(*, at: datetime) -> int:
    """How many clocks were seen to. Harmless when repeated: a notice has the key of its clock."""
    rows = LegalDeadline.objects.reminders_due(at=at).select_related("association__centre")[:BATCH]
    return sum(_remind(deadline, at=at) for deadline in rows)


def _remind(deadline: LegalDeadline, *, at: datetime) -> bool:
    passed = deadline.state == LegalDeadline.State.PASSED
    kind = "deadline-passed" if passed else "deadline-reminder"
    ticket = Ticket.objects.filter(pk=deadline.ticket_id).first() if deadline.ticket_id else None
    today = timezone.localtime(at).date()
    readers = _asker(ticket) if ticket else _association(deadline, today=today)
    for n, reader in enumerate(readers):
        write(
            key=f"deadline:{deadline.pk}:{kind}:{n}", channel=reader.channel, kind=kind,
            address=reader.address, language=reader.language,
            context=_said(deadline, ticket, reader), at=at, due_at=next_working_morning(at=at),
            subject_kind="ticket" if ticket else "association",
            subject_id=ticket.pk if ticket else deadline.association_id,
            reply_to=reply_address(ticket) if ticket and reader.channel == "email" else "",
            held=deadline.association.centre.is_practice,
        )  # fmt: skip
    return note_told(deadline, at=at)


def _asker(ticket: Ticket) -> list[_Reader]:
    channel, address = where(ticket)
    return [_Reader(channel, address, page_language(ticket))] if address else []


def _association(deadline: LegalDeadline, *, today: date) -> list[_Reader]:
    mandates = deadline.association.mandates.held(on=today).filter(
        office__in=OFFICES,
        person__consents__purpose="contact",
        person__consents__withdrawn_at=None,
    )
    people = {m.person_id: m.person for m in mandates.select_related("person") if m.person.email}
    if people:
        return [
            _Reader("email", p.email, p.language, p.name or p.other_name) for p in people.values()
        ]
    email = deadline.association.email
    return [_Reader("email", email, "ar")] if email else []


def _said(deadline: LegalDeadline, ticket: Ticket | None, reader: _Reader) -> dict[str, Any]:
    """What the notice says: what, when, the text and how sure it is. Of a ticket that not everyone
    may read only the day and the link."""
    link = {"link": follow_link(ticket), "reference": ticket.reference} if ticket else {}
    if ticket and ticket.level != Level.ORDINARY:
        return {**link, "due": deadline.due_on, "private": True}
    with translation.override(reader.language):
        return {
            **link,
            "due": deadline.due_on,
            "name": reader.name,
            "what": deadline.label,
            "citation": f"{deadline.citation_text} ({deadline.mark_text})",
            "association": "" if deadline.association.in_formation else str(deadline.association),
        }
