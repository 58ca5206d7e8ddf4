"""The register of legal texts, for everybody: what cites law 75-00, and what changed the dahir."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from knowledge.articles import access, register
from knowledge.languages import reading_language


@login_not_required
@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    """Every legal text that the answers cite, by kind and date."""
    return render(request, "articles/texts.html", {"kinds": register.by_kind(access.texts())})


@login_not_required
@require_safe
def text(request: HttpRequest, code: str) -> HttpResponse:
    """One legal text, with every statement that leans on it."""
    found = access.text(code)
    if found is None:
        raise Http404
    language = reading_language()
    statements = access.citing(found, by=request.user, language=language)
    context = {
        "text": found,
        "name": getattr(found, f"name_{language}"),
        "short": getattr(found, f"short_{language}") or getattr(found, f"name_{language}"),
        "replaced": register.is_replaced(found),
        "relations": register.relations(found),
        "leaning": register.leaning(statements, found, language),
        "cited": register.cited(found, ["", *register.places(statements, found)], language),
        "count": len(statements),
        "staff": access.reads_spoken(request.user),
    }
    return render(request, "articles/text.html", context)
