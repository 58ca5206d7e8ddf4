"""Acts on a call under way: answer, let it go by, hold, mute. Without a script each leads on
by a redirect; a page that asks for JSON is told where to go, or in a 409 why not."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk.live.actions import save_draft
from helpdesk.queues import actions as queues
from helpdesk.tickets.errors import Refusal
from telephony import access, actions


def is_script(request: HttpRequest) -> bool:
    """The page's script asks, which wants JSON."""
    return "application/json" in request.headers.get("Accept", "")


def led(request: HttpRequest, url: str, *, said: str = "", good: bool = True) -> HttpResponse:
    """Where an act leads: a redirect with its sentence, or for a script the same as JSON."""
    if is_script(request):
        return JsonResponse({"go": url, "said": said}, status=200 if good else 409)
    if said:
        (messages.success if good else messages.warning)(request, said)
    return redirect(url)


def refused(request: HttpRequest, url: str, refusal: Refusal) -> HttpResponse:
    """Why it could not be done, in the words meant for the person."""
    return led(request, url, said=str(refusal), good=False)


def card_url(pk: int) -> str:
    return reverse("telephony:card", args=[pk])


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a waiting call. One wins; the others read who it was."""
    call = access.ringing_call(request.user, pk)
    now = timezone.now()
    try:
        actions.answer(call, by=request.user, at=now)
    except Refusal as refusal:
        return refused(request, reverse("queues:desk"), refusal)
    if person := _number(request.POST.get("person", "")):
        save_draft(place=f"call:{pk}", fields={"person": person}, at=now, user=request.user)
    return led(request, card_url(pk))


@require_POST
def refusal(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an offered call go by; the next advisor is asked at once, the caller keeps the place."""
    call = access.ringing_call(request.user, pk)
    gone = queues.decline(call.ticket, by=request.user, at=timezone.now())  # type: ignore[arg-type]
    said = "" if gone else _("The offer had gone on already.")
    return led(request, reverse("queues:desk"), said=said)


@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """The caller hears music, or is taken back (which ends the asking of a colleague): `on`, else the
    other way than now."""
    leg, now = access.advisors_leg(request.user, pk), timezone.now()
    if _wanted(request, now=leg.mode == "hold"):
        actions.set_hold(leg, True, at=now)
    else:
        actions.take_back(leg, at=now)
    return led(request, card_url(pk))


@require_POST
def mute(request: HttpRequest, pk: int) -> HttpResponse:
    """The advisor hears and is not heard: `on`, else the other way than now."""
    leg = access.advisors_leg(request.user, pk)
    actions.set_mute(leg, _wanted(request, now=leg.mode == "mute"), at=timezone.now())
    return led(request, card_url(pk))


@require_POST
def extension(request: HttpRequest, pk: int) -> HttpResponse:
    """A minute more to write the call down before another is offered."""
    call = access.call_for(request.user, pk)
    try:
        actions.rest(call, by=request.user, at=timezone.now())
    except Refusal as refusal:
        return refused(request, card_url(pk), refusal)
    return led(request, card_url(pk))


def _wanted(request: HttpRequest, *, now: bool) -> bool:
    on: Any = request.POST.get("on")
    return not now if on is None else on == "1"


def _number(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) < 15 else ""
