"""The first page: search, the three acts, the themes, the questions expected most."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from helpdesk.portal import casting
from knowledge.articles import access
from knowledge.languages import reading_language

EXAMPLES = {
    "ar": (("lwasl nihai", "fr"), ("تجديد المكتب", "ar")),
    "fr": (("lwasl nihai", "fr"), ("changer de bureau", "fr")),
}
"""Two questions to start from: one in arabizi, one in the language of the page."""


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    language = reading_language()
    context = {
        "examples": EXAMPLES[language],
        "themes": access.themes(),
        "entries": casting.entries() if settings.DEMO else (),
        "asked": access.asked_most(language=language, first=6),
    }
    return render(request, "portal/home.html", context)
