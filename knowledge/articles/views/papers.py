"""The papers as everybody finds them: what each is for, who signs, and the blank to take along."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from knowledge.articles import access, delivering
from knowledge.articles.papers import filling, texts
from knowledge.articles.rules import Use
from knowledge.articles.views.readers import count
from knowledge.languages import reading_language


@login_not_required
@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """All papers, in the order in which an association meets them."""
    return render(request, "articles/papers.html", {"papers": texts.papers(reading_language())})


@login_not_required
@require_safe
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """One paper: purpose, signer, sources, and its blank in both languages."""
    found = _paper(code, reading_language())
    topics = set(found.topics)
    context = {
        "paper": found,
        "document": filling.fill(found),
        "sources": filling.sources_of(found),
        "articles": [
            version
            for version in access.shelf(language=reading_language())
            if version.edition.article.topic in topics
        ],
    }
    return render(request, "articles/paper.html", context)


@login_not_required
@require_safe
def blank(request: HttpRequest, code: str, language: str, form: str) -> HttpResponse:
    """The paper without any facts, as a file."""
    found = _paper(code, language)
    if form in ("docx", "pdf"):
        count(request, Use.DOWNLOAD, code, language=language)
    if form == "docx":
        return delivering.attachment(delivering.word(filling.fill(found)), found, form)
    if form == "pdf":
        return delivering.attachment(delivering.blank(found), found, form)
    raise Http404


def _paper(code: str, language: str) -> Any:
    found = texts.paper(code, language)
    if found is None:
        raise Http404
    return found
