"""The set-up at a glance, and its history."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.asked import lists
from config.installation import access, steps
from config.installation.checks import before_opening
from config.installation.history import told
from helpdesk.centre.access import history_of

A_PAGE = 40


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Every step with how it stands; one goes on where something is owed."""
    centre = access.centre_for(request.user)
    rows = steps.standings(before_opening(centre=centre.pk, at=timezone.now()))
    context = {"centre": centre, "rows": rows, "next": steps.next_owed(rows)}
    return render(request, "installation/home.html", context)


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Who changed what, when, and what was before."""
    centre = access.centre_for(request.user)
    page = Paginator(history_of(centre), A_PAGE).get_page(request.GET.get("page"))
    names = lists.names()
    changes = [told(change, names) for change in page]
    return render(request, "installation/history.html", {"changes": changes, "page": page})
