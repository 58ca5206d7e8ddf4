"""A call goes on to somebody else: to the line or a colleague at once, or after asking them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from helpdesk.tickets.errors import Refusal
from telephony import access, actions
from telephony.facts import Why
from telephony.forms import TransferForm
from telephony.views.acts import card_url, is_script, led, refused


@require_GET
def choices(request: HttpRequest, pk: int) -> HttpResponse:
    """To whom a call can go: a panel of the card."""
    leg = access.advisors_leg(request.user, pk)
    whole = not request.htmx  # type: ignore[attr-defined]
    name = "telephony/transfer.html" if whole else "telephony/transfer_form.html"
    return render(request, name, _shown(leg, _form(request, leg)))


@require_POST
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """At once, without asking: back to the line, where a colleague named is offered it first."""
    leg = access.advisors_leg(request.user, pk)
    form = _form(request, leg)
    if not form.is_valid():
        return _again(request, leg, form)
    try:
        actions.give_back(
            leg.call, why=Why.TRANSFER, by=request.user, at=timezone.now(), to=form.receiver,
            words=form.cleaned_data["words"],
        )  # fmt: skip
    except Refusal as refusal:
        return refused(request, card_url(pk), refusal)
    return led(request, reverse("queues:desk"), said=_("The call was passed on."))


@require_POST
def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a colleague while the caller hears music."""
    leg = access.advisors_leg(request.user, pk)
    form = _form(request, leg)
    if not form.is_valid():
        return _again(request, leg, form)
    if form.receiver is None:
        form.add_error("to", _("Choose a colleague to ask."))
        return _again(request, leg, form)
    try:
        actions.consult(leg, to=form.receiver, at=timezone.now())
    except Refusal as refusal:
        return refused(request, card_url(pk), refusal)
    return led(request, card_url(pk))


@require_POST
def joining(request: HttpRequest, pk: int) -> HttpResponse:
    """The colleague who was asked comes."""
    leg = access.asked_leg(request.user, pk)
    actions.accept(leg, at=timezone.now())
    return led(request, reverse("telephony:beside", args=[pk]))


@require_POST
def consultation_ending(request: HttpRequest, pk: int) -> HttpResponse:
    """The caller is taken back by the advisor, or the colleague who was asked goes."""
    leg = access.own_leg(request.user, pk)
    if leg.turn:
        actions.take_back(leg, at=timezone.now())
        return led(request, card_url(pk))
    actions.end(leg, at=timezone.now())
    return led(request, reverse("queues:desk"))


@require_POST
def handing_over(request: HttpRequest, pk: int) -> HttpResponse:
    """The colleague who was asked has the call from now on."""
    leg = access.advisors_leg(request.user, pk)
    try:
        actions.hand_over(leg, at=timezone.now(), words=request.POST.get("words", "")[:1000])
    except Refusal as refusal:
        return refused(request, card_url(pk), refusal)
    return led(request, reverse("queues:desk"), said=_("The call was passed on."))


def _form(request: HttpRequest, leg: Any) -> TransferForm:
    people = access.receivers(leg.call, but=request.user, at=timezone.now())
    return TransferForm(request.POST or None, people=people)


def _again(request: HttpRequest, leg: Any, form: TransferForm) -> HttpResponse:
    if is_script(request):
        said = " ".join(str(one) for errors in form.errors.values() for one in errors)
        return led(request, card_url(leg.call_id), said=said, good=False)
    return render(request, "telephony/transfer.html", _shown(leg, form), status=422)


def _shown(leg: Any, form: TransferForm) -> dict[str, Any]:
    return {"call": leg.call, "form": form}
