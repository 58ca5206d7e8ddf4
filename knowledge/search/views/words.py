"""The glossary: how associations, offices and neighbours say the same thing."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from knowledge.languages import reading_language
from knowledge.search import wordlist


@login_not_required
@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """All terms; `?order=` says whose alphabet leads, the letters are anchors."""
    page = reading_language()
    order = request.GET.get("order", "")
    order = order if order in wordlist.ORDERS else page
    context = {"letters": wordlist.by_letter(order), "order": order}
    return render(request, "search/words.html", context)
