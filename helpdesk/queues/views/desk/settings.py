"""Hours and targets of queues: a supervisor for the own teams, an administrator for the centre."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from helpdesk.hours.forms import WeekForm
from helpdesk.queues import access, actions
from helpdesk.queues.forms import ClosedForm, TargetsForm
from helpdesk.queues.opening import closing, next_opening, open_now


@dataclass(frozen=True)
class Standing:
    """A queue as it stands now."""

    queue: Any
    is_open: bool
    closes_at: datetime | None
    opens_at: datetime | None
    answer_hours: int
    resolve_hours: int


@require_safe
def queues(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    rows = [_standing(queue, at=at) for queue in access.set_queues(request.user)]
    return render(request, "queues/queues.html", {"rows": rows})


@require_safe
def queue(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access.set_queue(request.user, pk))


@require_POST
def hours(request: HttpRequest, pk: int) -> HttpResponse:
    """The week and, where there are some, its hours of Ramadan."""
    row = access.set_queue(request.user, pk)
    week, fasting = WeekForm(request.POST), WeekForm(request.POST, in_ramadan=True)
    if not (week.is_valid() and fasting.is_valid()):
        return _page(request, row, week=week, fasting=fasting)
    if not week.windows:
        week.add_error(None, _("A queue is open on one day at least. To close it, pause it."))
        return _page(request, row, week=week, fasting=fasting)
    actions.set_hours(
        row, [*week.windows, *fasting.windows], alone="alone" in request.POST,
        by=request.user, at=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("Saved. What is due moves with the hours within a minute."))
    return redirect("queues:queue", pk)


@require_POST
def targets(request: HttpRequest, pk: int) -> HttpResponse:
    row = access.set_queue(request.user, pk)
    form = TargetsForm(request.POST)
    if not form.is_valid():
        return _page(request, row, targets=form)
    actions.set_targets(row, **form.settings, by=request.user, at=timezone.now())
    messages.success(request, _("Saved. It holds for what comes in from now on."))
    return redirect("queues:queue", pk)


@require_POST
def closed(request: HttpRequest, pk: int) -> HttpResponse:
    """What is said while it is closed; the set-up shows the same form (`then`)."""
    row = access.set_queue(request.user, pk)
    form = ClosedForm(request.POST)
    if not form.is_valid():
        return _page(request, row, closed=form)
    actions.set_closed_words(row, **form.cleaned_data, by=request.user, at=timezone.now())
    messages.success(request, _("Saved. Askers read it from now on."))
    if request.POST.get("then") == "step":
        return redirect("installation:step", "queues")
    return redirect("queues:queue", pk)


def _page(request: HttpRequest, row: Any, **bound: Any) -> HttpResponse:
    openings = list(row.schedule.openings.all()) if row.schedule else []
    context = {
        "queue": row,
        "standing": _standing(row, at=timezone.now()),
        "week": bound.get("week") or WeekForm(openings=openings),
        "fasting": bound.get("fasting") or WeekForm(openings=openings, in_ramadan=True),
        "targets": bound.get("targets") or TargetsForm.of(row),
        "closed": bound.get("closed") or ClosedForm.of(row),
        "shared": list(access.set_queues(request.user).sharing(row)),
    }
    return render(request, "queues/queue.html", context, status=422 if bound else 200)


def _standing(row: Any, *, at: datetime) -> Standing:
    is_open = open_now(row, at=at)
    return Standing(
        queue=row,
        is_open=is_open,
        closes_at=closing(row, at=at),
        opens_at=None if is_open else next_opening(row, at=at),
        answer_hours=-(-row.answer_minutes // 60),
        resolve_hours=-(-row.resolve_minutes // 60),
    )
