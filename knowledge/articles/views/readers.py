"""What readers do with the library beyond reading: judge, print, take along, follow."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_http_methods, require_safe

from knowledge.articles import access, actions, copying, counting, feeds, reading, sharing
from knowledge.articles.forms import OpinionForm
from knowledge.articles.rules import Use
from knowledge.languages import reading_language

TOLD = "opinions"
"""Key in the browser's session: versions it gave an opinion on."""
MOST_TOLD = 200


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: HttpRequest, topic: str) -> HttpResponse:
    """Useful or not: once a browser session for each version."""
    version = _current(topic)
    told = request.session.get(TOLD, [])
    if version.pk in told:
        messages.info(request, _("You already told us about this version. Thank you."))
        return redirect("articles:article", topic)
    if request.method != "POST":
        useful = request.GET.get("useful", "")
        form = OpinionForm(initial={"useful": useful if useful in ("yes", "no") else ""})
        return _opinion_page(request, version, form)
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return _opinion_page(request, version, form, status=422)
    useful, why = form.cleaned_data["useful"] == "yes", form.cleaned_data["why"]
    try:
        actions.tell(version, useful=useful, why=why, at=timezone.now())
    except actions.TooMany:
        form.add_error(None, _("Many opinions came at once. Send yours again in an hour."))
        return _opinion_page(request, version, form, status=429)
    request.session[TOLD] = [*told, version.pk][-MOST_TOLD:]
    messages.success(request, _("Thank you: the people who write the answers read this."))
    return redirect("articles:article", topic)


@login_not_required
@require_safe
def printed(request: HttpRequest, topic: str) -> HttpResponse:
    """The article whole on one plain page, for paper."""
    version = _current(topic)
    count(request, Use.PRINT, topic)
    context = {
        "version": version,
        "article": version.edition.article,
        "successor": access.successor(version),
        "topic": topic,
        "page": reading.lay_out(version, unsure=False),
        "address": sharing.public(reverse("articles:article", args=[topic])),
    }
    return render(request, "articles/print.html", context)


def _state(request: HttpRequest) -> str:
    return f'"{copying.digest()}"'


@login_not_required
@require_safe
@condition(etag_func=_state)
def copy(request: HttpRequest) -> FileResponse:
    """The whole library in one zip, both languages."""
    path = copying.copy()
    count(request, Use.COPY, counting.LIBRARY)
    response = FileResponse(path.open("rb"), as_attachment=True, filename="wasl-library.zip")
    response["Content-Type"] = "application/zip"
    return response


@login_not_required
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """The Atom feed of this language."""
    return feeds.Changes()(request)


def count(request: HttpRequest, use: Use, subject: str, *, language: str = "") -> None:
    """One more use, unless a robot, a forerunner of the browser or somebody who works here asks."""
    ahead = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    if request.method != "GET" or ahead or not access.is_counted(request.user):
        return
    if not counting.is_machine(request.headers.get("User-Agent", "")):
        counting.count(use, subject, language or reading_language(), at=timezone.now())


def _opinion_page(
    request: HttpRequest, version: Any, form: OpinionForm, status: int = 200
) -> HttpResponse:
    context = {"version": version, "topic": version.edition.article.topic, "form": form}
    return render(request, "articles/opinion.html", context, status=status)


def _current(topic: str) -> Any:
    version = access.current_version(topic, language=reading_language())
    if version is None:
        raise Http404
    return version
