"""The lists and the page of a ticket, as on a first evening."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from helpdesk.accounts.models import Tongue
from helpdesk.centre.territory import province_choices
from helpdesk.tickets.rules import Channel, State
from tests.bench.naive.models import Answer, Promise, Theme, Ticket, User, Waiting

FILTERS = ("state", "channel", "language")


class Filters(forms.Form):
    """What the product's list lets one choose."""

    q = forms.CharField(required=False)
    state = forms.ChoiceField(required=False, choices=State)
    channel = forms.ChoiceField(required=False, choices=Channel)
    language = forms.ChoiceField(required=False, choices=Tongue)
    theme = forms.ModelChoiceField(Theme.objects.all(), required=False)
    province = forms.ChoiceField(required=False, choices=province_choices)
    who = forms.ModelChoiceField(User.objects.all(), required=False)
    late = forms.BooleanField(required=False)


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
            | Q(entries__text__icontains=word)
        ).distinct()
    page = Paginator(rows.order_by("-moved_at"), 50).get_page(request.GET.get("page"))
    return render(
        request, "naive/list.html", {"page": page, "form": Filters(request.GET), **_counts()}
    )


def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Ticket, pk=pk)
    return render(request, "naive/ticket.html", {"ticket": found, **_counts()})


def _counts() -> dict[str, Any]:
    """What the bar of every page says."""
    now, amina = timezone.now(), User.objects.get(name_ar__icontains="أمينة")
    still = Ticket.objects.exclude(state__icontains="closed")
    waiting = Waiting.objects.filter(ended_at=None, ticket__level=0)
    longest = waiting.order_by("since").first()
    counts: dict[str, Any] = {
        "waiting": waiting.count(),
        "mine": still.filter(assignee=amina, state__in=["new", "open"]).count(),
        "late": still.filter(answer_due_at__lt=now, state__in=["new", "open"]).count(),
        "owed": Promise.objects.filter(state="open", window_from__lt=now).count(),
        "awaiting": Answer.objects.filter(state="awaiting").count(),
    }
    bar = {
        "waiting": counts["waiting"], "waiting_url": "", "pressure": "",
        "longest": int((now - longest.since).total_seconds()) if longest else None,
        "state": "", "state_code": "free", "state_label": "", "states": [], "state_url": "",
    }  # fmt: skip
    return {**counts, "topbar": bar}
