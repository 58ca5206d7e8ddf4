"""The lists and the page of a ticket, as on a first evening."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from tests.bench.naive.models import Ticket

EXACT = ("state", "channel", "language")


def tickets(request: HttpRequest) -> HttpResponse:
    rows = Ticket.objects.filter(level=0)
    for name in EXACT:
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
    return render(request, "naive/list.html", {"page": page})


def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Ticket, pk=pk)
    return render(request, "naive/ticket.html", {"ticket": found})
