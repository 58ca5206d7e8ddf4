"""Telling the asker that something moved: a link, never the content."""

from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from helpdesk.notices.actions import write
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import AnswerBy, Channel, Level


def page_language(ticket: Ticket) -> str:
    """`ar` or `fr`: the language of the pages and mails of who asked."""
    return "fr" if ticket.language == "fr" else "ar"


def follow_link(ticket: Ticket) -> str:
    """Absolute address of the follow page with the reference only; the code is typed by hand."""
    with translation.override(page_language(ticket)):
        return f"{settings.PUBLIC_URL}{reverse('portal:follow')}?ref={quote(ticket.reference)}"


def reply_address(ticket: Ticket) -> str:
    """May add to the ticket, can never read it."""
    return f"reply+{ticket.reply_token}@{settings.MAIL_DOMAIN}"


def tell_asker(ticket: Ticket, kind: str, *, at: datetime, key: str) -> None:
    """Write the notice the asker chose; who follows by the page alone gets none."""
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
        },
        at=at,
        subject_kind="ticket",
        subject_id=ticket.pk,
        reply_to=reply_address(ticket) if channel == "email" else "",
    )


def where(ticket: Ticket) -> tuple[str, str]:
    """(channel, address); an empty address means no notice is wanted or possible."""
    number = ticket.contact_number.for_storage() if ticket.contact_number else ""
    if ticket.answer_by == AnswerBy.EMAIL and ticket.contact_email:
        return "email", ticket.contact_email
    if ticket.answer_by in (AnswerBy.SMS, AnswerBy.PHONE) and number:
        return "whatsapp" if ticket.channel == Channel.WHATSAPP else "sms", number
    return "email", ticket.contact_email if ticket.channel == "mail" else ""
