"""The line's endpoints, once for both sides: a caller's page comes by `/call/line/`, an advisor's or a
supervisor's by `/desk/calls/…/line/`. Each asks for JSON and answers JSON; refusals name a problem.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from helpdesk.live import pace
from telephony.providers.web import access, actions, reading, servers
from telephony.providers.web.showing import state_of

PACE = pace.Pace("line", visitor="900 per minute", address="20000 per minute")
FORGED = pace.Pace("line-forged", visitor="60 per minute", address="60 per minute")
View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """For a caller's page: no account and no cookie, the header alone."""

    @login_not_required
    @csrf_exempt
    @wraps(view)
    def inner(request: HttpRequest, **named: Any) -> HttpResponse:
        return _answered(request, view, {}, named)

    return inner


def desk(view: View) -> View:
    """For a page of the desk: signed in, and the header of one's own leg in that call."""

    @csrf_exempt
    @wraps(view)
    def inner(request: HttpRequest, pk: int, **named: Any) -> HttpResponse:
        return _answered(request, view, {"user": request.user, "call_pk": pk}, named)

    return inner


def _answered(
    request: HttpRequest, view: View, whose: dict[str, Any], named: dict[str, Any]
) -> HttpResponse:
    """Without a cookie no foreign page can send the header: so there is no CSRF token here."""
    try:
        leg = access.leg_named(request.headers.get(access.HEADER), **whose)
    except access.NoLeg:
        if wait := pace.seconds_to_wait(request, FORGED, who=pace.address_of(request)):
            return _slow(wait)
        return problem("forbidden", 403)
    if wait := pace.seconds_to_wait(request, PACE, who=f"leg{leg.pk}"):
        return _slow(wait)
    try:
        page = reading.number_in(request.headers.get(access.PAGE))
        return view(request, leg, page, **named)
    except actions.Stale:
        return problem("stale", 409)
    except reading.TooLong:
        return problem("too-long", 413)
    except reading.Unreadable:
        return problem("unreadable", 400)


@require_http_methods(["GET"])
def state(request: HttpRequest, leg: Any, page: int) -> HttpResponse:
    """How the call stands; 304 when the page knows it already. Asking is the page's sign of life."""
    hears = reading.numbers_in(request.GET.get("hears", ""))
    actions.heard_of(leg, page=page, hears=hears, at=timezone.now())
    leg.call.refresh_from_db(fields=["version"])
    tag = f'"{leg.call.version}"'
    if request.headers.get("If-None-Match") == tag:
        return _kept_private(HttpResponse(status=304, headers={"ETag": tag}))
    leg.refresh_from_db()
    return _json(state_of(leg), ETag=tag)


@require_http_methods(["POST"])
def pages(request: HttpRequest, leg: Any, page: int) -> HttpResponse:
    """This page takes the leg over; older ones are refused from now on."""
    now = timezone.now()
    number = actions.take_over(leg, at=now)
    return _json({"page": number, "servers": servers.ice(at=now)}, status=201)


@require_http_methods(["PUT"])
def description(
    request: HttpRequest, leg: Any, page: int, link: int, number: int, side: str
) -> HttpResponse:
    """One side's description of a round."""
    sdp = reading.sdp(_body(request))
    actions.describe(leg, link, number, side, sdp, page=page)
    return _kept_private(HttpResponse(status=204))


@require_http_methods(["POST"])
def rounds(request: HttpRequest, leg: Any, page: int, link: int) -> HttpResponse:
    """Another round is wanted: `{"after": 1}`."""
    after = reading.whole(_body(request), "after")
    return _json({"round": actions.next_round(leg, link, after=after, page=page)})


@require_http_methods(["POST"])
def reports(request: HttpRequest, leg: Any, page: int) -> HttpResponse:
    """What the page noticed: `{"kind": "connected", "link": 7}`."""
    actions.report(leg, reading.report(_body(request)), page=page, at=timezone.now())
    return _kept_private(HttpResponse(status=204))


@require_http_methods(["POST"])
def departure(request: HttpRequest, leg: Any, page: int) -> HttpResponse:
    """The page is being left; no hang-up."""
    actions.depart(leg, page=page, at=timezone.now())
    return _kept_private(HttpResponse(status=204))


@require_http_methods(["GET"])
def ice(request: HttpRequest, leg: Any, page: int) -> HttpResponse:
    """Servers and fresh relay credentials, asked for before a link or a round."""
    if not leg.is_here:
        raise actions.Stale
    return _json(servers.ice(at=timezone.now()))


def problem(code: str, status: int) -> HttpResponse:
    return _json({"problem": code}, status=status)


def _body(request: HttpRequest) -> dict[str, Any]:
    if reading.number_in(request.META.get("CONTENT_LENGTH") or "0") > reading.MOST:
        raise reading.TooLong
    try:
        return reading.content(request.body)
    except RawPostDataException:
        raise reading.Unreadable from None


def _json(said: dict[str, Any], *, status: int = 200, **headers: str) -> HttpResponse:
    return _kept_private(JsonResponse(said, status=status, headers=headers))


def _slow(wait: int) -> HttpResponse:
    response = problem("slow", 429)
    response["Retry-After"] = str(wait)
    return response


def _kept_private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store, private"
    return response
