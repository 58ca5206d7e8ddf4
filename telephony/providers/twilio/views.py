"""Addresses that Twilio posts to: scripts are answered as documents, what is only told by an empty 204."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from telephony.providers.twilio import (
    arriving,
    doors,
    fields,
    meeting,
    recordings,
    standing,
    texting,
    written,
)
from telephony.providers.twilio.fields import Said
from telephony.providers.twilio.rendering import render


def _heard(script: Any) -> HttpResponse:
    document = render(script, recorded=recordings.recorded())
    return HttpResponse(document, content_type="text/xml; charset=utf-8")


def _asked(door: fields.Door, act: Any) -> Any:
    """Twilio asks what comes next."""

    @doors.signed(door)
    def view(said: Said, **named: Any) -> HttpResponse:
        with transaction.atomic():
            script = act(said, **named)
        return _heard(script)

    return view


def _told(door: fields.Door, act: Any) -> Any:
    """Twilio tells what happened."""

    @doors.signed(door)
    def view(said: Said) -> HttpResponse:
        with transaction.atomic():
            act(said)
        return HttpResponse(status=204)

    return view


@login_not_required
@require_GET
@cache_control(public=True, max_age=30 * 24 * 3600, immutable=True)
def prompt(request: HttpRequest, language: str, name: str, version: str) -> HttpResponseBase:
    """A recorded prompt: nobody's words, and heard by whoever calls."""
    found = recordings.sound_of(language, name)
    if found is None:
        raise Http404
    return FileResponse(found[0].open("rb"), content_type=found[1])


voice = _asked(fields.VOICE, arriving.voice)
language = _asked(fields.KEYS, arriving.language)
theme = _asked(fields.KEYS, arriving.theme)
closed = _asked(fields.KEYS, arriving.closed)
wait = _asked(fields.WAIT, standing.wait)
wait_keys = _asked(fields.KEYS, standing.keys)
left = _asked(fields.QUEUE, standing.left)
message = _asked(fields.VOICE, standing.message_said)
enter = _asked(fields.VOICE, standing.enter)
back = _asked(fields.VOICE, standing.parked)
application = _asked(fields.APPLICATION, meeting.application)
room = _told(fields.ROOM, meeting.room)
status = _told(fields.STATUS, arriving.status)
recorded = _told(fields.RECORDED, standing.recorded)
text = _asked(fields.TEXT, written.came)
text_status = _told(fields.TEXT_STATUS, texting.status)
