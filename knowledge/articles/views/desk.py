"""What readers think of the answers, for those who write them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from knowledge.articles import access


@require_safe
def opinions(request: HttpRequest) -> HttpResponse:
    """Counts of each article, the least useful first, and the words readers wrote."""
    access.may_read_opinions(request.user)
    context = {
        "counts": access.opinions_by_topic(),
        "words": [(said, _address(said.version)) for said in access.opinions_with_words()],
    }
    return render(request, "articles/opinions.html", context)


def _address(version: Any) -> str:
    """Where that very version stands, in its own language."""
    with override(version.edition.language):
        return reverse("articles:version", args=[version.edition.article.topic, version.number])
