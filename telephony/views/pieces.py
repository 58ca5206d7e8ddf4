"""Sound on its way from a page: a caller's message by `/call/voicemail/`, an advisor's recording of a talk
by `/desk/calls/…/recording/`. The same views behind each side's doorway; answers are JSON.

    POST …/                   begin a part: {"part", "seconds" (longest)}
    PUT  …/<part>/pieces/<n>/ one piece, the bytes as they are: 204; 413 or 415 with {"said"}; 409 it is over
    GET  …/<part>/pieces/     {"pieces": [numbers that are here]}
    POST …/<part>/pausing/    nothing comes for a while, the page is there: 204
    POST …/<part>/ending/     {"pieces": how many}: {"kept", "seconds"}; 409 {"missing": [numbers]}
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from helpdesk.live import pace
from helpdesk.tickets.errors import Refusal
from telephony import access
from telephony.actions import recording
from telephony.providers.web import access as line
from telephony.providers.web import reading

PACE = pace.Pace("pieces", visitor="900 per minute", address="9000 per minute")
FORGED = pace.Pace("pieces-forged", visitor="60 per minute", address="60 per minute")
STATUS: dict[type[Refusal], int] = {
    recording.TooLarge: 413, recording.TooLong: 413, recording.NotSound: 415,
    recording.Over: 409, recording.NotRecorded: 403,
}  # fmt: skip
View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """For a caller's page: the header of its own leg alone, no cookie."""

    @login_not_required
    @csrf_exempt
    @wraps(view)
    def inner(request: HttpRequest, **named: Any) -> HttpResponse:
        return _answered(request, view, "voicemail", {}, named)

    return inner


def desk(view: View) -> View:
    """For an advisor's page: signed in, and the header of one's own leg in that call, left or not."""

    @csrf_exempt
    @wraps(view)
    def inner(request: HttpRequest, pk: int, **named: Any) -> HttpResponse:
        access.own_call(request.user, pk)
        return _answered(request, view, "talk", {"user": request.user, "call_pk": pk}, named)

    return inner


def _answered(
    request: HttpRequest, view: View, kind: str, whose: dict[str, Any], named: dict[str, Any]
) -> HttpResponse:
    try:
        leg = line.leg_named(request.headers.get(line.HEADER), **whose)
    except line.NoLeg:
        if wait := pace.seconds_to_wait(request, FORGED, who=pace.address_of(request)):
            return _slow(wait)
        return _json({"problem": "forbidden"}, status=403)
    if wait := pace.seconds_to_wait(request, PACE, who=f"leg{leg.pk}"):
        return _slow(wait)
    try:
        return view(request, leg, kind, **named)
    except Refusal as refusal:
        status = STATUS.get(type(refusal), 409)
        return _json({"problem": "refused", "said": str(refusal)}, status=status)
    except recording.Incomplete as lack:
        return _json({"problem": "incomplete", "missing": lack.missing}, status=409)
    except reading.Unreadable:
        return _json({"problem": "unreadable"}, status=400)


@require_http_methods(["POST"])
def parts(request: HttpRequest, leg: Any, kind: str) -> HttpResponse:
    """Begin a part; one that was under way ends with what has arrived of it."""
    begun = recording.begin(leg, kind, at=timezone.now())
    longest = int(recording.LONGEST[kind].total_seconds())
    return _json({"part": begun.part, "seconds": longest}, status=201)


@require_http_methods(["PUT"])
def piece(request: HttpRequest, leg: Any, kind: str, part: int, number: int) -> HttpResponse:
    """One piece: what is too large is refused before it is read."""
    row = access.recording_of(leg, kind, part)
    try:
        length = reading.number_in(request.META.get("CONTENT_LENGTH") or "0")
        if length > recording.PIECE:
            raise recording.TooLarge
        content = request.body
    except RawPostDataException:
        raise reading.Unreadable from None
    recording.keep_piece(row, number, content, at=timezone.now())
    return _private(HttpResponse(status=204))


@require_http_methods(["GET"])
def pieces(request: HttpRequest, leg: Any, kind: str, part: int) -> HttpResponse:
    """Which numbers are here."""
    return _json({"pieces": recording.arrived(access.recording_of(leg, kind, part))})


@require_http_methods(["POST"])
def pausing(request: HttpRequest, leg: Any, kind: str, part: int) -> HttpResponse:
    """A page that pauses says that it is there."""
    recording.still_there(access.recording_of(leg, kind, part), at=timezone.now())
    return _private(HttpResponse(status=204))


@require_http_methods(["POST"])
def ending(request: HttpRequest, leg: Any, kind: str, part: int) -> HttpResponse:
    """The end, with how many pieces there were."""
    row = access.recording_of(leg, kind, part)
    made = reading.whole(reading.content(request.body), "pieces")
    if made > recording.MOST_PIECES:
        raise reading.Unreadable
    kept = recording.end(row, pieces=made, at=timezone.now())
    return _json({"kept": kept.file is not None, "seconds": kept.seconds})


def addresses(side: Callable[[View], View], name: str) -> list[URLPattern]:
    """The same views behind one side's doorway."""
    return [
        path("", side(parts), name=name),
        path("<int:part>/pieces/", side(pieces), name=f"{name}_pieces"),
        path("<int:part>/pieces/<int:number>/", side(piece), name=f"{name}_piece"),
        path("<int:part>/pausing/", side(pausing), name=f"{name}_pausing"),
        path("<int:part>/ending/", side(ending), name=f"{name}_ending"),
    ]


def _slow(wait: int) -> HttpResponse:
    response = _json({"problem": "slow"}, status=429)
    response["Retry-After"] = str(wait)
    return response


def _json(said: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return _private(JsonResponse(said, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store, private"
    return response
