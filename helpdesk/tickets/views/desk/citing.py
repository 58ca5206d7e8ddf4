"""Articles in an answer: search, choose whole or by statement, take out.

What is chosen is kept in the draft, so that it survives whatever happens to the page.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from helpdesk.live import streams, viewing
from helpdesk.live.actions import draft_of, save_draft
from helpdesk.live.announcing import announce
from helpdesk.tickets import access
from helpdesk.tickets.actions import suggesting
from helpdesk.tickets.cites import Quotes, chosen
from helpdesk.tickets.forms.composing import KEPT, kept_quotes, written_quotes
from helpdesk.tickets.querysets import draft_place
from helpdesk.tickets.suggestions import suggestions
from helpdesk.tickets.views.desk.page import Panel, show
from knowledge.articles import access as library
from knowledge.articles.reading import lay_out
from knowledge.articles.rules import Mark, Section
from knowledge.search.query import search


@require_GET
def articles(request: HttpRequest, pk: int) -> HttpResponse:
    """Suggestions for the words typed, with the passage that says why."""
    ticket = access.handled_ticket(request.user, pk, at=timezone.now())
    language = request.GET.get("language", "")
    language = language if language in ("ar", "fr") else "fr" if ticket.language == "fr" else "ar"
    text = request.GET.get("q", "").strip()[:400]
    found = search(text, lang=language, limit=8) if text else None
    context = {
        "ticket": ticket, "text": text, "language": language,
        "hits": [*found.hits, *found.also] if found else [],
        "degraded": bool(found and found.degraded),
    }  # fmt: skip
    name = "parts/hits.html" if request.htmx else "articles.html"  # type: ignore[attr-defined]
    return render(request, f"tickets/{name}", context)


@require_GET
def article(request: HttpRequest, pk: int, topic: str) -> HttpResponse:
    """One article, its statements to choose from."""
    ticket = access.shown_ticket(request.user, pk, at=timezone.now())
    language = "fr" if request.GET.get("language") == "fr" else "ar"
    version = library.current_version(topic, language=language)
    if version is None:
        raise Http404
    suggesting.opened(topic, version.edition.language, at=timezone.now())
    keys = kept_quotes(ticket.draft).get(version.pk, ())
    panel = Panel(
        title=version.title, act="", submit="", template="tickets/panels/article.html",
        extra={"version": version, "page": lay_out(version, unsure=False), "keys": keys},
    )  # fmt: skip
    return show(request, ticket, panel=panel)


@require_POST
def quotes(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an article into the answer being written: whole, or the statements ticked."""
    ticket = access.handled_ticket(request.user, pk, at=timezone.now())
    version = _version(request)
    sure = [s for s in version.statements.all() if s.mark != Mark.UNSURE]
    ticked = set(request.POST.getlist("statement"))
    keys = () if "whole" in request.POST else tuple(s.key for s in sure if s.key in ticked)
    texts = [s.text for s in sure if (s.key in keys if keys else s.section == Section.IN_SHORT)]
    draft = _draft(request.user, pk)
    kept = kept_quotes(draft)
    if version.pk not in kept:
        edition = version.edition
        suggesting.inserted(edition.article.topic, edition.language, at=timezone.now())
    kept[version.pk] = keys
    text = "\n".join(texts)
    _keep(request.user, pk, draft, kept, at=timezone.now(), more="" if _is_htmx(request) else text)
    if not _is_htmx(request):
        return redirect("tickets:ticket", pk)
    response = _cites(request, ticket, kept, oob=True)
    response["HX-Trigger"] = json.dumps({"wasl:insert": {"text": text}})
    return response


@require_POST
def refusal(request: HttpRequest, pk: int) -> HttpResponse:
    """An article suggested does not fit this request, or does after all."""
    ticket = access.handled_ticket(request.user, pk, at=timezone.now())
    topic = request.POST.get("topic", "")
    language = "fr" if request.POST.get("language") == "fr" else "ar"
    if "back" in request.POST:
        suggesting.take_back(ticket, topic)
    elif library.current_version(topic, language=language) is None:
        raise Http404
    else:
        suggesting.refuse(ticket, topic, language, at=timezone.now())
    if not _is_htmx(request):
        return redirect("tickets:ticket", pk)
    offered = suggestions(ticket, at=timezone.now())
    context = {"ticket": ticket, "hits": offered.hits, "suggestions": offered, "text": ""}
    return render(request, "tickets/parts/hits.html", context)


@require_POST
def unquote(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an article out again; the text stays as it is."""
    ticket = access.handled_ticket(request.user, pk, at=timezone.now())
    draft = _draft(request.user, pk)
    draft |= {name: request.POST[name] for name in KEPT if name in request.POST}
    kept = kept_quotes(draft)
    kept.pop(_number(request.POST.get("version", "")), None)
    _keep(request.user, pk, draft, kept, at=timezone.now())
    if not _is_htmx(request):
        return redirect("tickets:ticket", pk)
    return _cites(request, ticket, kept, oob=False)


@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """What is being typed, a moment after the last key."""
    user, now = request.user, timezone.now()
    pk = access.peeked_ticket(user, pk, at=now).pk
    kept = kept_quotes(_draft(user, pk))
    fields = {name: request.POST[name] for name in KEPT if name in request.POST}
    _keep(user, pk, fields, kept, at=now)
    viewing.write(viewing.place_of(pk), by=user, at=now)
    announce(streams.ticket(pk), kind="typing")
    return HttpResponse(status=204)


def _keep(
    user: Any, pk: int, draft: Mapping[str, str], kept: Quotes, *, at: datetime, more: str = ""
) -> None:
    fields = {name: str(value) for name, value in draft.items() if name in KEPT}
    if more:
        fields["body"] = "\n".join(filter(None, [fields.get("body", "").rstrip(), more]))
    if kept:
        fields["quotes"] = ";".join(written_quotes(kept))
    save_draft(place=draft_place(pk), fields=fields, at=at, user=user)


def _draft(user: Any, pk: int) -> dict[str, str]:
    return dict(draft_of(place=draft_place(pk), user=user))


def _cites(request: HttpRequest, ticket: Any, kept: Quotes, *, oob: bool) -> HttpResponse:
    context = {"ticket": ticket, "cites": chosen(request.user, kept), "oob": oob}
    return render(request, "tickets/parts/cites.html", context)


def _version(request: HttpRequest) -> Any:
    number = _number(request.POST.get("version", ""))
    version = access.versions_for(request.user, [number]).get(number)
    if version is None:
        raise Http404
    return version


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 13 else 0


def _is_htmx(request: HttpRequest) -> bool:
    return bool(request.htmx)  # type: ignore[attr-defined]
