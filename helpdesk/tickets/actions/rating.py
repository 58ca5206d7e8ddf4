"""What the asker thinks of a contact, and what came of the request a month later."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.tickets import contacts
from helpdesk.tickets.actions.telling import tell_asker
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.errors import Refusal
from helpdesk.tickets.models import Entry, Ticket
from helpdesk.tickets.opinion_models import Rating, Result
from helpdesk.tickets.rules import Kind, reasons_for

CHANGED_FOR = timedelta(days=7)
"""How long a rating and a result may be changed after they were given."""
ASKED_AFTER = timedelta(days=30)
"""After the end of the request the result is asked."""
TOO_LATE = timedelta(days=90)
"""What ended before is not asked about any more."""


class TooSoon(Refusal):
    def __init__(self) -> None:
        super().__init__(_("There is no answer yet to give your opinion of."))


class Fixed(Refusal):
    """The days in which it could be changed are over."""

    def __init__(self) -> None:
        super().__init__(_("This could be changed for 7 days; it is kept as you gave it."))


def may_change(given_at: datetime, *, at: datetime) -> bool:
    return at <= given_at + CHANGED_FOR


@transaction.atomic
def rate(
    ticket: Ticket, *, score: int, at: datetime, reason: str = "", words: str | None = None
) -> Rating:
    """1 to 5 for the last contact that is settled. Raises TooSoon, Fixed.

    The same contact again changes what was given, for 7 days; a reason that does not go with the
    score is left out. `words=None` keeps the words given before.
    """
    # One at a time, or two taps at once would both be the first.
    Ticket.objects.select_for_update().get(pk=ticket.pk)
    rateable = contacts.of(ticket)
    if not rateable:
        raise TooSoon
    contact = rateable[-1]
    reason = reason if reason in reasons_for(score) else ""
    given = Rating.objects.filter(ticket=ticket, contact=contact).first()
    if given is None:
        given = Rating(ticket=ticket, contact=contact, at=at)
    elif not may_change(given.at, at=at):
        raise Fixed
    given.score, given.reason = score, reason
    given.words = given.words if words is None else words[:500]
    given.save()
    data = {"score": score, "reason": reason}
    key = f"rating:{ticket.pk}:{contact}"
    written = entry(ticket, Kind.RATING, at=at, from_asker=True, data=data, key=key)
    if written.data != data:
        # Their own opinion, within its days: the thread tells the one that stands.
        Entry.objects.filter(pk=written.pk).update(data=data)
    return given


@transaction.atomic
def ask_result(ticket: Ticket, *, at: datetime) -> bool:
    """Ask once what came of it: by a notice where there is an address, else on the follow page."""
    _asked, created = Result.objects.get_or_create(ticket=ticket, defaults={"asked_at": at})
    if created:
        tell_asker(ticket, "result-asked", at=at, key=f"result:{ticket.pk}")
    return created


@transaction.atomic
def tell_result(ticket: Ticket, code: str, *, at: datetime) -> Result:
    """The asker says what came of it; may be changed for 7 days. Raises TooSoon, Fixed."""
    asked = Result.objects.select_for_update().filter(ticket=ticket).first()
    if asked is None:
        raise TooSoon
    if asked.said_at and not may_change(asked.said_at, at=at):
        raise Fixed
    asked.code, asked.said_at = code, asked.said_at or at
    asked.save(update_fields=["code", "said_at"])
    data, key = {"result": code}, f"came:{ticket.pk}"
    written = entry(ticket, Kind.RATING, at=at, from_asker=True, data=data, key=key)
    if written.data != data:
        Entry.objects.filter(pk=written.pk).update(data=data)
    return asked
