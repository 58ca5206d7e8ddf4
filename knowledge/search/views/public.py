"""The search page, for everybody: `/search/?q=…&theme=…&lang=…`, linkable; and the door to an answer found."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from knowledge.articles.access import is_counted
from knowledge.articles.counting import is_machine
from knowledge.articles.rules import Section
from knowledge.languages import reading_language
from knowledge.search import actions, library, query, unknown
from knowledge.search.related import related_words
from knowledge.search.scope import is_elsewhere

LONGEST_SHOWN = 400
"""Characters of the question that go back into its field."""
MOST = 20


@login_not_required
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Answers to a question; without one, the questions expected most."""
    text = request.GET.get("q", "").strip()
    page_lang = reading_language()
    lang = request.GET.get("lang", "")
    lang = lang if lang in query.LANGUAGES else page_lang
    themes = library.themes()
    theme = request.GET.get("theme", "")
    theme = theme if theme in dict(themes) else ""
    context = {
        "text": text[:LONGEST_SHOWN],
        "lang": lang,
        "theme": theme,
        "themes": themes,
        "narrowed": bool(theme) or lang != page_lang,
    }
    if text:
        found = query.search(text, lang=lang, theme=theme, limit=MOST)
        if request.method == "GET":
            place, at = "search" if is_counted(request.user) else "desk", timezone.now()
            context["key"] = actions.opening_key(actions.record(found, place=place, at=at))
            unknown.note(found, theme=theme, at=at)
        context["found"] = found
        context["elsewhere"] = is_elsewhere(text)
        if not found.hits and not found.also:
            context["related"] = related_words(text, lang)
    else:
        context["asked"] = library.asked_most(page_lang, 8)
    return render(request, "search/results.html", context)


@login_not_required
@require_safe
def opened(request: HttpRequest, topic: str) -> HttpResponse:
    """On to the answer, counting that it was opened: no script, no cookie, nobody followed.

    An address that is old, shared or made up leads to the answer as well.
    """
    language = reading_language()
    section = request.GET.get("s", "")
    if request.method == "GET" and not is_machine(request.headers.get("User-Agent", "")):
        actions.opened(topic, language, request.GET.get("k", "")[:200], at=timezone.now())
    answer = redirect("articles:article", topic)
    if section in Section.values:
        answer["Location"] += f"#{section}"
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
