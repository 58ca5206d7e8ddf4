"""SMS and WhatsApp messages that come in: a reply joins its request, anything else is a new question.

A request is found by what we wrote to that number by that channel last, then by an open one that came so.
The number is the network's word and not a proof of who writes: a message adds to a request, and reads none.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext, override

from helpdesk.associations import actions as associations
from helpdesk.associations.numbers import Number
from helpdesk.centre.face import lines_held_back
from helpdesk.centre.templatetags.wasl import lang_of
from helpdesk.notices.models import Notice
from helpdesk.queues.actions import receive
from helpdesk.tickets.actions.telling import tell_asker
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import AnswerBy, Channel
from telephony.providers.twilio import correspondents, fields, holding
from telephony.providers.twilio.fields import Said
from telephony.providers.twilio.media import expect
from telephony.providers.twilio.models import Text

WHATSAPP = "whatsapp:"
REPLIES_WITHIN = timedelta(days=30)
"""What somebody writes so long after a text of ours belongs to its request."""
TOLD_AN_HOUR = 3
"""Texts to one number that say that a question came in; more would be two machines talking."""
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def came(said: Said) -> str:
    """A message. Told again it changes nothing; our answer to it goes out as any other notice.

    Before the opening nothing is taken in: the words that come back say so, once an hour to a number.
    """
    channel = Channel.WHATSAPP if said["From"].startswith(WHATSAPP) else Channel.SMS
    number = fields.number(said)
    _row, is_new = Text.objects.get_or_create(sid=said["MessageSid"])
    if number is None or not is_new:
        return ""
    words = CONTROLS.sub("", said["Body"]).strip()
    wants, at = correspondents.wish(words), said.received_at
    # Told late, it opens WhatsApp's day no later than it was written.
    correspondents.heard(number.for_storage(), channel, at=said.at, wants=wants)
    if wants:
        return ""
    if lines_held_back():
        return _opens_soon(number, words)
    _take_in(said, channel, number, words, at=at)
    return ""


def _opens_soon(number: Number, words: str) -> str:
    """Seldom: another machine at the other end would answer each of ours."""
    if not cache.add(f"opens-soon:{number.for_storage()}", True, 3600):
        return ""
    with override("fr" if lang_of(words) == "fr" else "ar"):
        return gettext("The centre has not opened yet. Write to us again after its opening.")


def _take_in(said: Said, channel: Channel, number: Number, words: str, *, at: datetime) -> None:
    centre = holding.centre(at=at)
    ticket = _ticket_of(number, channel, centre, at=at)
    language = ticket.language if ticket else lang_of(words)
    media = int(said["NumMedia"])
    opened: dict[str, Any] = {} if ticket else {
        "contact_number": number, "answer_by": AnswerBy.SMS, "person": _person(number, centre),
    }  # fmt: skip
    found = receive(
        channel, key=f"text:{said['MessageSid']}", at=at, centre=centre, ticket=ticket,
        words=words or _without_words(language), language=language,
        data={"by": str(channel), "media": media, "coming": min(media, fields.MOST_MEDIA)}, **opened,
    )  # fmt: skip
    expect(said, at=at)
    if found.created and not _is_told_enough(number, channel, at=at):
        key = f"text-received:{said['MessageSid']}"
        tell_asker(found.ticket, "question-received", at=at, key=key)


def _ticket_of(number: Number, channel: Channel, centre: Any, *, at: datetime) -> Ticket | None:
    """Which request it belongs to; none that is of another number by now, or practice and what is written
    is not."""
    ours = Ticket.objects.filter(contact_number=number, centre__practice_of=centre.practice_of_id)
    told = Notice.objects.filter(
        channel=str(channel), address=number.for_storage(), subject_kind="ticket",
        subject_id__in=ours.values("pk"), written_at__gte=at - REPLIES_WITHIN,
    ).order_by("-written_at", "-pk").values_list("subject_id", flat=True).first()  # fmt: skip
    by_notice = ours.filter(pk=told).first() if told else None
    return by_notice or ours.open().filter(channel=channel).order_by("-opened_at").first()


def _person(number: Number, centre: Any) -> Any:
    """The one person known by the number; nobody is guessed."""
    known = associations.by_number(number, centre=centre)
    return known[0] if len(known) == 1 else None


def _without_words(language: str) -> str:
    """A message that holds files only."""
    with override("fr" if language == "fr" else "ar"):
        return f"({gettext('file')})"


def _is_told_enough(number: Number, channel: Channel, *, at: datetime) -> bool:
    address, since = number.for_storage(), at - timedelta(hours=1)
    rows = Notice.objects.written_to(address, kind="question-received", since=since)
    return bool(rows.filter(channel=str(channel)).count() >= TOLD_AN_HOUR)
