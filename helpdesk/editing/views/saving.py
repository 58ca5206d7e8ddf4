"""What is typed, kept at once; who else writes; second texts settled; two languages said to be alike."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from helpdesk.centre.wording import clock_text
from helpdesk.editing import access, actions, showing
from helpdesk.live import passes, streams, viewing
from knowledge.articles import parts
from knowledge.articles.actions import drafting
from knowledge.articles.actions.reviewing import Refused


@require_POST
def part(request: HttpRequest, topic: str, language: str) -> HttpResponse:
    """Keep one part of one language; the answer says whether somebody else was first."""
    user: Any = request.user
    article = access.article(user, topic)
    access.known_language(language)
    name, now = request.POST.get("name", ""), timezone.now()
    if name not in parts.NAMES:
        return _answer(request, topic, {"error": _("There is no such part.")}, status=400)
    saved = actions.save_part(
        article, language, name, request.POST.get("text", ""),
        seen=request.POST.get("seen", ""), by=user, at=now,
    )  # fmt: skip
    if saved.beside is None:
        said = {"state": "saved", "time": clock_text(now), "stamp": _stamp(saved)}
        return _answer(request, topic, said, name=name)
    pane = _pane(article, language, name)
    html = render_to_string("editing/besides.html", {"pane": pane, "article": article}, request)
    said = {"state": "review" if saved.is_in_review else "beside", "html": html}
    return _answer(request, topic, said, name=name)


@require_POST
def beside(request: HttpRequest, topic: str, language: str) -> HttpResponse:
    """Of two texts one is made, or what is saved stays; the other is stored all the same."""
    user: Any = request.user
    article = access.article(user, topic)
    row = access.beside(article, access.known_language(language), request.POST.get("beside", ""))
    if row is None:
        messages.info(request, _("The second text was settled already."))
        return redirect("editing:article", topic)
    text = request.POST.get("text", "") if request.POST.get("keep") == "merged" else None
    number = request.POST.get("number", "")
    try:
        actions.settle(
            article, row, text, number=int(number) if number.isdecimal() and len(number) < 9 else 0,
            by=user, at=timezone.now(),
        )  # fmt: skip
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Settled: one text stands, and both stay stored."))
    return redirect(_at(topic, row.part.name))


@require_POST
def pairing(request: HttpRequest, topic: str) -> HttpResponse:
    """Both languages of a part were read together and say the same."""
    article, name = access.article(request.user, topic), request.POST.get("name", "")
    if name not in parts.NAMES:
        messages.error(request, _("There is no such part."))
        return redirect("editing:article", topic)
    try:
        actions.pair(
            article, name, arabic=request.POST.get("ar", ""), french=request.POST.get("fr", ""),
            by=request.user, at=timezone.now(),
        )  # fmt: skip
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(_at(topic, name))


@require_safe
def watching(request: HttpRequest, topic: str) -> HttpResponse:
    """Who else has the editor open and writes where; the stamp of every text as it is now."""
    user: Any = request.user
    desk, now = access.desk(user, topic), timezone.now()
    actions.see(desk.article, by=user, at=now)
    writers = access.writing(desk.article, but=user, at=now)
    context = {
        "article": desk.article,
        "viewers": viewing.viewers(access.place(desk.article), but=user, at=now),
        "panes": [
            (pane, writers.get((pane.language, pane.name), ()))
            for row in showing.rows(desk) for pane in row.panes
        ],
        "live": passes.listening(user, streams.article(desk.article.pk)),
    }  # fmt: skip
    return render(request, "editing/watching.html", context)


def _answer(
    request: HttpRequest, topic: str, said: dict[str, Any], *, name: str = "", status: int = 200
) -> HttpResponse:
    """JSON for the script; without one the page comes again, at the part, with what there is to say."""
    if request.headers.get("X-Requested-With") == "fetch":
        return JsonResponse(said, status=status)
    told = {
        "saved": (messages.success, _("Kept.")),
        "beside": (messages.warning, _("Somebody else saved first: both texts stand below.")),
        "review": (messages.warning, _("It is in review: your text is kept beside.")),
    }
    say, words = told.get(said.get("state", ""), (messages.error, said.get("error", "")))
    say(request, words)
    return redirect(_at(topic, name))


def _at(topic: str, name: str) -> str:
    return reverse("editing:article", args=[topic]) + (f"#part-{name}" if name else "")


def _stamp(saved: drafting.Saved) -> str:
    return f"{saved.part.draft_id}.{saved.part.number}"


def _pane(article: Any, language: str, name: str) -> showing.Pane:
    row = next(row for row in showing.rows(access.desk_of(article)) if row.name == name)
    return next(pane for pane in row.panes if pane.language == language)
