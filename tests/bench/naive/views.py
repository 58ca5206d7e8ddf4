"""The lists and the page of a ticket, as on a first evening."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from tests.bench.naive.models import Answer, Promise, Theme, Ticket, User, Waiting

FILTERS = ("state", "channel", "language")


def tickets(request: HttpRequest) -> HttpResponse:
    rows = Ticket.objects.filter(level=0)
    for name in FILTERS:
        if value := request.GET.get(name):
            rows = rows.filter(**{f"{name}__icontains": value})
    for word in request.GET.get("q", "").split():
        rows = rows.filter(
            Q(subject__icontains=word)
            | Q(person__name__icontains=word)
            | Q(person__other_name__icontains=word)
            | Q(person__phones__number__icontains=word.lstrip("0"))
            | Q(association__name_ar__icontains=word)
            | Q(association__name_fr__icontains=word)
        ).distinct()
    page = Paginator(rows.order_by("-moved_at"), 50).get_page(request.GET.get("page"))
    choices = {"themes": Theme.objects.all(), "users": User.objects.all()}
    return render(request, "naive/list.html", {"page": page, **choices, **_counts()})


def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Ticket, pk=pk)
    return render(request, "naive/ticket.html", {"ticket": found, **_counts()})


def _counts() -> dict[str, Any]:
    """What the bar of every page says."""
    now, amina = timezone.now(), User.objects.get(name_ar__icontains="أمينة")
    still = Ticket.objects.exclude(state__icontains="closed")
    waiting = Waiting.objects.filter(ended_at=None, ticket__level=0)
    return {
        "waiting": waiting.count(),
        "longest": waiting.order_by("since").first(),
        "mine": still.filter(assignee=amina, state__in=["new", "open"]).count(),
        "late": still.filter(answer_due_at__lt=now, state__in=["new", "open"]).count(),
        "owed": Promise.objects.filter(state="open", window_from__lt=now).count(),
        "awaiting": Answer.objects.filter(state="awaiting").count(),
    }
