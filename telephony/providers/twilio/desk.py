"""What the page of somebody at the desk is given to come into a call of the public network."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from telephony import access, providers
from telephony.actions import recording
from telephony.providers.twilio import passes, tapes
from telephony.providers.twilio.line import PublicLine
from telephony.views.acts import card_url, led


@never_cache
@require_POST
def coming(request: HttpRequest, pk: int) -> HttpResponse:
    """{"pass", "seconds", "claim"}: for one's own end of a call that is there, and for nobody else's.

    A page that was in the call says with which code (`after`): where another page has come in since, it
    is told so by a 409, else the two would push each other out for ever.
    """
    leg = access.own_leg(request.user, pk)
    line = providers.of(leg.call)
    if not isinstance(line, PublicLine) or not leg.call.has_voice:
        raise Http404
    if line.is_elsewhere(leg, after=request.POST.get("after", "")):
        return JsonResponse({"problem": "elsewhere"}, status=409)
    try:
        return _given(request, claim=line.pass_for(leg))
    except passes.NoPass:
        return JsonResponse({"problem": "off"}, status=503)


@never_cache
@require_POST
def renewal(request: HttpRequest) -> HttpResponse:
    """{"pass", "seconds"}: before the one a page has runs out; for who is at the desk or in a call."""
    access.may_speak(request.user, at=timezone.now())
    try:
        return _given(request)
    except passes.NoPass:
        raise Http404 from None


@require_POST
def tape(request: HttpRequest, pk: int) -> HttpResponse:
    """The recording of one's own talk: `rest` it or let it `go on`, or `end` it because its caller asks so."""
    leg, now, wanted = access.advisors_leg(request.user, pk), timezone.now(), request.POST.get("do")
    if wanted == "end":
        recording.withdraw(leg.call, at=now)
    elif wanted in ("rest", "go-on"):
        tapes.rest(leg.call, wanted == "rest", at=now)
    else:
        return HttpResponseBadRequest()
    return led(request, card_url(pk))


def _given(request: HttpRequest, **more: str) -> HttpResponse:
    token = passes.pass_for(request.user)
    return JsonResponse({"pass": token, "seconds": passes.SECONDS, **more})


app_name = "public_line"
urlpatterns = [
    path("<int:pk>/coming/", coming, name="coming"),
    path("<int:pk>/tape/", tape, name="tape"),
    path("pass/", renewal, name="renewal"),
]
