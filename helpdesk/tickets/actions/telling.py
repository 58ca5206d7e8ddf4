"""Telling the asker that something moved: a link, never the content."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from helpdesk.centre.face import address_of
from helpdesk.notices import addresses, webhooks
from helpdesk.notices.actions import write
from helpdesk.notices.subscriptions import Event
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import AnswerBy, Channel, Level

EVENTS = {
    "answer-given": Event.ANSWERED,
    "line-added": Event.MESSAGE,
    "ticket-closed": Event.CLOSED,
    "advice-changed": Event.ADVICE,
}
"""Of what organisations are told, by the kind of notice that their asker gets."""


def page_language(ticket: Ticket) -> str:
    """`ar` or `fr`: the language of the pages and mails of who asked."""
    return "fr" if ticket.language == "fr" else "ar"


def follow_link(ticket: Ticket) -> str:
    """Absolute address of the follow page with the reference only; the code is typed by hand."""
    with translation.override(page_language(ticket)):
        home = address_of(ticket.centre.host)
        return f"{home}{reverse('portal:follow')}?ref={quote(ticket.reference)}"


def reply_address(ticket: Ticket) -> str:
    """May add to the ticket, can never read it."""
    return addresses.reply_address(ticket.reply_token)


def tell_asker(
    ticket: Ticket, kind: str, *, at: datetime, key: str, more: Mapping[str, Any] | None = None
) -> None:
    """Write the notice the asker chose; who follows by the page alone gets none. `more`: what else its
    words need."""
    _tell_organisation(ticket, kind, at=at, key=key)
    channel, address = where(ticket)
    if not address:
        return
    write(
        key=key,
        channel=channel,
        kind=kind,
        address=address,
        language=page_language(ticket),
        context={
            "reference": ticket.reference,
            "link": follow_link(ticket),
            "private": ticket.level != Level.ORDINARY,
            **(more or {}),
        },
        at=at,
        subject_kind="ticket",
        subject_id=ticket.pk,
        reply_to=reply_address(ticket) if channel == "email" else "",
        held=ticket.centre.is_practice,
    )


def _tell_organisation(ticket: Ticket, kind: str, *, at: datetime, key: str) -> None:
    """The organisation whose program sent the request: number and link, and the stage of an ordinary one.
    No program hears of a practice."""
    event = EVENTS.get(kind)
    if event is None or ticket.organisation_id is None or ticket.centre.is_practice:
        return
    facts = {
        "reference": ticket.reference,
        "url": f"{settings.PUBLIC_URL}/api/v1/requests/{ticket.reference}/",
    }
    if ticket.level == Level.ORDINARY:
        facts["state"] = ticket.state
    webhooks.tell(
        ticket.organisation, event, key=key, at=at, facts=facts,
        subject_kind="ticket", subject_id=ticket.pk,
    )  # fmt: skip


def where(ticket: Ticket) -> tuple[str, str]:
    """(channel, address); an empty address means no notice is wanted or possible."""
    number = ticket.contact_number.for_storage() if ticket.contact_number else ""
    if ticket.answer_by == AnswerBy.EMAIL and ticket.contact_email:
        return "email", ticket.contact_email
    if ticket.answer_by in (AnswerBy.SMS, AnswerBy.PHONE) and number:
        return "whatsapp" if ticket.channel == Channel.WHATSAPP else "sms", number
    return "email", ticket.contact_email if ticket.channel == "mail" else ""
