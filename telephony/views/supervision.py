"""A supervisor hears a call; whoever stands beside one, listener or colleague asked, has a page for it."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from helpdesk.queues.context import desk_of
from helpdesk.tickets.errors import Refusal
from telephony import access, actions, callers, providers
from telephony.rules import has_call
from telephony.views.acts import led, refused
from telephony.views.ringing import band_of, speaks_on


@require_POST
def supervision(request: HttpRequest, pk: int) -> HttpResponse:
    """Listen, speak to the advisor only, speak to both (`mode`), or go (`leave`)."""
    call = access.supervised_call(request.user, pk)
    board = reverse("supervision:board")
    wanted, now = request.POST.get("mode", "listen"), timezone.now()
    if wanted == "leave":
        if leg := access.leg_in(request.user, pk):
            actions.end(leg, at=now)
        return led(request, board)
    if wanted not in actions.LISTENING:
        return HttpResponseBadRequest()
    try:
        actions.listen(call, by=request.user, at=now, mode=actions.LISTENING[wanted])
    except Refusal as refusal:
        return refused(request, board, refusal)
    return led(request, reverse("telephony:beside", args=[pk]))


@require_GET
def under_way(request: HttpRequest) -> HttpResponse:
    """Calls of the team now, for the board: each can be heard whose line lets one in."""
    calls = access.calls_to_hear(request.user)
    heard = {call.pk for call in calls if providers.of(call).capabilities.listen}
    name = "calls" if request.htmx else "calls_page"  # type: ignore[attr-defined]
    compared = access.newest_comparison(request.user, at=timezone.now())
    context = {"calls": calls, "heard": heard, "compared": compared}
    return render(request, f"telephony/{name}.html", context)


@require_GET
def beside(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a listener, or a colleague who was asked, stands; once the call is theirs, its card."""
    leg = access.own_leg(request.user, pk)
    if has_call(leg):
        return redirect("telephony:card", pk)
    call = leg.call
    desk_of(request, shows="pane")
    context = {
        **band_of(request, call), "call": call,
        "persons": callers.persons_of(call),
    }  # fmt: skip
    return speaks_on(render(request, "telephony/beside.html", context), context["band"])
