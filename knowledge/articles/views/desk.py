"""What readers think of the answers, for those who write them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from knowledge.articles import access


@require_safe
def opinions(request: HttpRequest) -> HttpResponse:
    """Counts of each article, the least useful first, and the words readers wrote."""
    access.may_read_opinions(request.user)
    context = {"counts": access.opinions_by_topic(), "words": access.opinions_with_words()}
    return render(request, "articles/opinions.html", context)
