"""Papers for the asker: the menu, and one click to a file filled with what the request tells."""

import re
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from helpdesk.tickets import access
from helpdesk.tickets import papers as filling
from helpdesk.tickets.actions import giving
from helpdesk.tickets.views.desk.page import Panel, open_panel
from knowledge.articles import delivering
from knowledge.articles.papers import texts

_KEY = re.compile(r"[0-9a-f]{32}")


@require_GET
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """All papers, those of the request's theme first."""
    ticket = access.handled_ticket(request.user, pk, at=timezone.now())
    return open_panel(request, pk, _menu(ticket))


@require_POST
def paper(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One paper as a file; that it was given is written into the thread."""
    now = timezone.now()
    ticket = access.handled_ticket(request.user, pk, at=now)
    wanted = filling.chosen(request.POST.get("file", ""))
    if texts.paper(code, "ar") is None:
        raise Http404
    if wanted is None:
        said = _("Choose a language and a kind of file.")
        return open_panel(request, pk, _menu(ticket), said=said)
    found = texts.paper(code, wanted.language)
    assert found is not None
    document = filling.filled(
        found, filling.of_ticket(ticket), user=request.user, on=timezone.localdate(now)
    )
    content, is_filled = delivering.made(document, wanted.form)
    giving.give_paper(
        ticket, code, language=wanted.language, form=wanted.form, is_filled=is_filled,
        by=request.user, at=now, key=key_of(request),
    )  # fmt: skip
    return delivering.attachment(content, found, wanted.form, about=ticket.reference)


def key_of(request: HttpRequest) -> str:
    """The click's key as the page made it; a new one where there is none."""
    key = request.POST.get("key", "")
    return key if _KEY.fullmatch(key) else uuid4().hex


def _menu(ticket: Any) -> Panel:
    language = "fr" if ticket.language == "fr" else "ar"
    return Panel(
        title=_("Papers to fill in and sign"), act="", submit="",
        template="tickets/panels/papers.html", extra=filling.menu(ticket.theme, language),
        lead=_("Filled with what we know; the rest stays a dotted blank. The asker signs, the centre never does."),
    )  # fmt: skip
