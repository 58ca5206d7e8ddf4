"""The list of articles for those who write, and one article in the editor."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from helpdesk.editing import access, actions, showing
from helpdesk.live import passes, streams
from knowledge.articles.actions import publishing


@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """Every article with the state of both languages and where they no longer say the same."""
    rows = showing.listed(access.desks(request.user))
    names, code = showing.view_names(), request.GET.get("view", "")
    if code not in names:
        code = "open" if any(showing.VIEWS["open"](row) for row in rows) else "all"
    context = {
        "rows": [row for row in rows if showing.VIEWS[code](row)],
        "views": [
            (name, label, sum(1 for row in rows if showing.VIEWS[name](row)), name == code)
            for name, label in names.items()
        ],
    }
    return render(request, "editing/articles.html", context)


@require_safe
def article(request: HttpRequest, topic: str) -> HttpResponse:
    """Arabic and French paired part by part."""
    user: Any = request.user
    desk, now = access.desk(user, topic), timezone.now()
    actions.see(desk.article, by=user, at=now)
    texts = access.instruments()
    known = publishing.known(texts.values())
    context = {
        "article": desk.article,
        "title": showing.title(desk),
        "rows": showing.rows(desk),
        "sides": showing.sides(desk, known, on=timezone.localdate()),
        "citable": access.citable(texts),
        "marks": access.marks(),
        "live": passes.listening(user, streams.article(desk.article.pk)),
        "reviews": user.has_perm(access.REVIEW),
    }
    return render(request, "editing/article.html", context)
