"""The asker's doorways: by number and code, by one's own account. What is not open does not exist."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils import timezone

from helpdesk.associations.models import LegalDeadline, Mandate
from helpdesk.centre.face import centre_here
from helpdesk.centre.models import Centre
from helpdesk.centre.wording import reader_language
from helpdesk.live import pace
from helpdesk.live.visitors import visitor_of
from helpdesk.portal import door
from helpdesk.portal.asking import Asking
from helpdesk.portal.rules import UNKNOWN_THEME
from helpdesk.tickets import codes
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.querysets import TicketQuerySet
from knowledge.articles import access as library
from knowledge.articles.models import Theme, Version
from knowledge.articles.rules import Mark

OPEN_FOR = timedelta(minutes=30)
KEY = "followed"
_PLAIN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


@dataclass(frozen=True)
class Followed:
    """`ticket` is the one last opened in this browser; `is_open` while its time runs."""

    ticket: Ticket
    is_open: bool


def open_by_code(request: HttpRequest, *, reference: str, code: str, at: datetime) -> Ticket | None:
    """The ticket the pair opens, else None: the same answer in the same time for every wrong pair.

    Raises door.Busy, door.TooEarly.
    """
    visitor = visitor_of(request)
    caller = door.Caller(
        visitor.token, trusted=not visitor.is_new, address=pace.address_of(request)
    )
    number = _running_number(reference)
    ticket = Ticket.objects.with_reference(reference).first()
    with door.passing(caller, number):
        right = codes.matches(code, ticket.secret_hash if ticket else "")
    if ticket is None or not right:
        door.was_wrong(caller, number)
        return None
    door.was_right(caller)
    open_ticket(request, ticket, at=at)
    return ticket.merged_into or ticket


def _running_number(reference: str) -> str:
    """The last run of digits without its zeros: one count for all spellings of a number."""
    runs = re.findall(r"\d+", reference[:60].translate(_PLAIN))
    return runs[-1].lstrip("0") if runs else ""


def open_ticket(request: HttpRequest, ticket: Ticket, *, at: datetime) -> None:
    """From now on this browser may read the ticket, for half an hour after the last page.

    Of a merged one its own key is kept: should the merge be undone, its code opens no more than it."""
    request.session[KEY] = {"ticket": ticket.pk, "until": (at + OPEN_FOR).isoformat()}


def followed(request: HttpRequest, *, at: datetime, extend: bool = True) -> Followed | None:
    """The ticket this browser follows. `extend=False` for what the page asks by itself."""
    kept = request.session.get(KEY)
    if not isinstance(kept, dict):
        return None
    rows = Ticket.objects.select_related("theme", "association", "person", "centre", "result")
    named = rows.filter(pk=kept.get("ticket")).first()
    if named is None:
        return None
    is_open = datetime.fromisoformat(kept["until"]) > at
    if is_open and extend:
        open_ticket(request, named, at=at)
    goes_on = rows.get(pk=named.merged_into_id) if named.merged_into_id else named
    return Followed(goes_on, is_open)


def keep_open(request: HttpRequest, ticket: Ticket, *, at: datetime) -> None:
    """The same for a page that asks every few seconds: written only when half the time is over."""
    kept = request.session.get(KEY)
    if isinstance(kept, dict) and datetime.fromisoformat(kept["until"]) - at < OPEN_FOR / 2:
        open_ticket(request, ticket, at=at)


def open_followed(request: HttpRequest, *, extend: bool = True) -> Ticket | None:
    """The ticket that is open in this browser now, else None."""
    found = followed(request, at=timezone.now(), extend=extend)
    return found.ticket if found and found.is_open else None


def leave(request: HttpRequest) -> None:
    """Close the ticket in this browser."""
    request.session.pop(KEY, None)


def own_ticket(user: Any, pk: int) -> Ticket:
    """A signed-in person's own ticket, by whom it was asked."""
    goes_on = Q(merged_into=None) | Q(merged_into__person__user=user)
    rows = Ticket.objects.visible_to(user).filter(goes_on, person__user=user)
    ticket = rows.filter(pk=pk).first()
    if ticket is None:
        raise Http404
    return ticket


def own_tickets(user: Any) -> list[Ticket]:
    """What a signed-in person asked, the newest first."""
    found = Ticket.objects.visible_to(user).unmerged().filter(person__user=user)
    return list(found.select_related("theme").order_by("-moved_at")[:50])


def own_mandates(user: Any) -> list[Mandate]:
    """The offices a person holds today, with their associations."""
    found = Mandate.objects.filter(person__user=user).held(on=timezone.localdate())
    return list(found.select_related("association"))


def own_deadlines(user: Any) -> list[LegalDeadline]:
    """What is running in the person's own associations, the nearest first."""
    found = LegalDeadline.objects.running().filter(association__mandates__person__user=user)
    return list(found.exclude(mark=Mark.UNSURE).select_related("association").distinct()[:20])


def the_centre() -> Centre | None:
    """The centre whose public page is asked for: by its host, else the first."""
    return centre_here()


def theme_asked(asking: Asking) -> Theme | None:
    """The theme chosen, None for "I do not know"."""
    code = asking.fields.get("theme", "")
    return next((theme for theme in library.asked_themes() if theme.code == code), None)


def article(topic: str) -> Version | None:
    """What readers see of a topic today, in the reader's language or else in the other."""
    mine = reader_language()
    for language in (mine, "fr" if mine == "ar" else "ar"):
        found = library.shelf(language=language).filter(edition__article__topic=topic[:40]).first()
        if found:
            return found
    return None


def article_asked_about(asking: Asking) -> Version | None:
    """The article one came from, unless another theme was chosen since."""
    found = article(topic) if (topic := asking.fields.get("about", "")) else None
    if found is None:
        return None
    theme = asking.fields.get("theme") or UNKNOWN_THEME
    return found if theme in (UNKNOWN_THEME, found.edition.article.theme.code) else None


def requests_of(organisation: Any, *, state: str = "") -> TicketQuerySet:
    """What an organisation's programs sent; nothing sealed, nothing of others."""
    rows = Ticket.objects.sent_by(organisation).select_related("theme")
    return rows.filter(state=state) if state else rows


def request_of(organisation: Any, reference: str) -> Ticket | None:
    """One of them by its number, else None: unknown and forbidden are the same."""
    number = _running_number(reference)
    if not number or len(number) > 12:
        return None
    found = requests_of(organisation).filter(pk=int(number)).first()
    return found if found and found.reference == reference else None
