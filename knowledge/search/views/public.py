"""The search page, for everybody: `/search/?q=…&theme=…&lang=…`, linkable."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from knowledge.search import actions, library, query
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
    page_lang = "fr" if get_language() == "fr" else "ar"
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
            actions.record(found, place="search", at=timezone.now())
        context["found"] = found
        context["elsewhere"] = is_elsewhere(text)
        if not found.hits and not found.also:
            context["related"] = related_words(text, lang)
    else:
        context["asked"] = library.asked_most(page_lang, 8)
    return render(request, "search/results.html", context)
