"""What moves by itself on pages of the telephone: what rings, and the band of a call."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from helpdesk.live import passes, streams
from telephony import access, providers
from telephony.actions import owed
from telephony.banding import LISTENING, Band


@require_GET
def ringing(request: HttpRequest) -> HttpResponse:
    access.may_answer(request.user)
    return render(request, "telephony/ringing.html")


@require_GET
def band(request: HttpRequest, pk: int) -> HttpResponse:
    """How the call stands for this person; also after somebody else has it. Once it moved on, the next
    look brings what the top bar says: the call itself is told without waiting for that."""
    call = access.shown_call(request.user, pk)
    context = band_of(request, call)
    has_moved = request.GET.get("was", "") not in ("", context["band"].kind)
    more = {"has_moved": has_moved, "with_bar": "bar" in request.GET}
    return render(request, "telephony/band_again.html", {**context, **more})


def speaks_on(response: HttpResponse, band: Band) -> HttpResponse:
    """A page of a call, which may also connect to where its line is: no other page may."""
    if band.page.talks_to:
        response._csp_update = {"connect-src": list(band.page.talks_to)}  # type: ignore[attr-defined]
    return response


def band_of(request: HttpRequest, call: Any) -> dict[str, Any]:
    """What telephony/band.html shows, and by which the page proves its end of the call: empty where
    the voice is not in the page."""
    leg = access.leg_in(request.user, call.pk)
    speaks = leg is not None and leg.call.has_voice
    return {
        "band": Band(call, leg, request.user, timezone.now()),
        "leg_header": providers.of(leg.call).pass_for(leg) if speaks else "",
        "band_live": passes.listening(request.user, streams.call(call.pk)),
        "band_modes": LISTENING,
        "owed_number": owed.number_to_dial(call),
    }
