"""The library as everybody reads it."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from knowledge.articles import access, neighbours, reading, sharing, shelving
from knowledge.articles.papers import texts
from knowledge.articles.rules import Use
from knowledge.articles.views.readers import count
from knowledge.languages import reading_language


@login_not_required
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """All answers, by theme."""
    versions = list(access.shelf(language=reading_language()))
    context = {
        "shelves": shelving.shelves(access.themes(), versions),
        "asked": sorted(
            (v for v in versions if v.edition.article.asked_rank and v.edition.article.applies),
            key=lambda v: v.edition.article.asked_rank,
        ),
        "total": len(versions),
        "reviewed": sum(not v.is_provisional for v in versions),
    }
    return render(request, "articles/library.html", context)


@login_not_required
@require_safe
def theme(request: HttpRequest, letter: str) -> HttpResponse:
    """The answers of one theme, in the order of its sub-themes."""
    found = access.theme(letter)
    if found is None:
        raise Http404
    versions = shelving.on_shelf(found, access.shelf(language=reading_language()))
    context = {
        "shelf": shelving.Shelf(found, versions),
        "themes": access.themes(),
        "papers": [
            paper for paper in texts.papers(reading_language()) if found.code in paper.themes
        ],
    }
    return render(request, "articles/theme.html", context)


@login_not_required
@require_safe
def reviewed(request: HttpRequest) -> HttpResponse:
    """How far the library is reviewed: n of N, article by article."""
    versions = list(access.shelf(language=reading_language()))
    done = sum(not v.is_provisional for v in versions)
    context = {
        "versions": versions,
        "total": len(versions),
        "reviewed": done,
        "share": round(100 * done / len(versions)) if versions else 0,
    }
    return render(request, "articles/reviewed.html", context)


@login_not_required
@require_safe
def article(request: HttpRequest, topic: str) -> HttpResponse:
    """One answer, as it stands today."""
    version = access.current_version(topic, language=reading_language())
    if version is None:
        return _only_in_the_other_language(request, topic)
    count(request, Use.VIEW, topic)
    return _page(request, version, topic)


@login_not_required
@require_safe
def past(request: HttpRequest, topic: str, number: int) -> HttpResponse:
    """One answer, as it was when an advisor gave it."""
    version = access.past_version(topic, number, language=reading_language())
    if version is None:
        raise Http404
    return _page(request, version, topic)


def _page(request: HttpRequest, version: Any, topic: str) -> HttpResponse:
    staff = access.reads_spoken(request.user)
    context = {
        "version": version,
        "article": version.edition.article,
        "successor": access.successor(version),
        "theme": version.edition.article.theme,
        "topic": topic,
        "page": reading.lay_out(version, unsure=staff),
        "staff": staff,
        "retired": access.is_retired(version),
        "other_url": _other_url(topic),
        "share_url": sharing.whatsapp(version.title, request.path),
        "near": neighbours.neighbours(version, access.shelf(language=reading_language())),
        "papers": texts.for_topic(topic, reading_language()),
    }
    return render(request, "articles/article.html", context)


def _only_in_the_other_language(request: HttpRequest, topic: str) -> HttpResponse:
    other = _other_language()
    version = access.current_version(topic, language=other)
    if version is None:
        raise Http404
    context = {"version": version, "other_url": _other_url(topic)}
    return render(request, "articles/only_other.html", context)


def _other_url(topic: str) -> str:
    """The same topic in the other language, or that language's library."""
    other = _other_language()
    there = access.has_edition(topic, language=other)
    with override(other):
        return reverse("articles:article", args=[topic]) if there else reverse("articles:library")


def _other_language() -> str:
    return "ar" if reading_language() == "fr" else "fr"
