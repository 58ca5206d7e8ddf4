"""Reading in the editor: as readers will see it, two versions side by side, who did what and why."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.http import require_safe

from helpdesk.editing import access, showing
from knowledge.articles import differing, parts, previewing, reading

DRAFT = "draft"


@require_safe
def preview(request: HttpRequest, topic: str, language: str) -> HttpResponse:
    """What is written now, as the page of the library would show it."""
    desk = access.desk(request.user, topic, paired=False)
    work = desk[access.known_language(language)]
    version = previewing.version(desk.article, language, work.texts, access.instruments())
    with override(language):
        context = {
            "version": version, "page": reading.lay_out(version, unsure=False), "topic": topic,
            "direction": "rtl" if language == "ar" else "ltr",
        }  # fmt: skip
        return render(request, "editing/preview.html", context)


@require_safe
def comparison(request: HttpRequest, topic: str, language: str) -> HttpResponse:
    """Any two versions of one language, or a version and the draft."""
    desk = access.desk(request.user, topic, paired=False)
    work = desk[access.known_language(language)]
    found = [v for v in access.versions(desk.article) if v.edition.language == language]
    choices = [(str(v.number), v) for v in found]
    last = choices[0][0] if choices else ""
    older = choices[1][0] if len(choices) > 1 else last
    a = request.GET.get("a", last if work.draft else older)
    b = request.GET.get("b", DRAFT if work.draft else last)
    texts = {name: _texts(desk, language, name) for name in {a, b} if name}
    changes = differing.differing(texts.get(a, {}), texts.get(b, {}))
    context = {
        "article": desk.article, "title": showing.title(desk), "language": language,
        "name": showing.language_name(language), "choices": choices, "a": a, "b": b,
        "has_draft": work.draft is not None, "both": bool(a and b),
        "changes": [(parts.LABELS[name], rows) for name, rows in changes.items()],
    }  # fmt: skip
    return render(request, "editing/comparison.html", context)


@require_safe
def history(request: HttpRequest, topic: str) -> HttpResponse:
    """Versions of both languages, and every act with who and why."""
    article = access.article(request.user, topic)
    versions = access.versions(article)
    context = {
        "article": article,
        "title": showing.newest_title(versions) or topic,
        "versions": versions,
        "acts": showing.told(access.history(article)),
    }
    return render(request, "editing/history.html", context)


def _texts(desk: Any, language: str, name: str) -> Any:
    """The texts of the draft or of a version by its number; anything else is unknown."""
    if name == DRAFT:
        return desk[language].texts
    if not (name.isascii() and name.isdecimal() and len(name) < 9):
        raise Http404
    return parts.of_version(access.version(desk, language, int(name)))
