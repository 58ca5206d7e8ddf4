"""Addresses that Twilio posts to: scripts are answered as documents, what is only told by an empty 204."""

import re
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from telephony.providers.twilio import (
    arriving,
    dialled,
    doors,
    fields,
    meeting,
    standing,
    tapes,
    texting,
    written,
)
from telephony.providers.twilio.fields import Said
from telephony.providers.twilio.prompts import sounds
from telephony.providers.twilio.rendering import render, reply

RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")
"""The part of a sound that a player asks for."""


def _heard(script: Any) -> HttpResponse:
    return _document(render(script, recorded=sounds.recorded(script)))


def _document(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/xml; charset=utf-8")


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
    def view(said: Said, **named: Any) -> HttpResponse:
        with transaction.atomic():
            act(said, **named)
        return HttpResponse(status=204)

    return view


@doors.signed(fields.TEXT)
def text(said: Said) -> HttpResponse:
    """A message came; what is answered at once, if anything, goes out by the same channel."""
    with transaction.atomic():
        words = written.came(said)
    return _document(reply(words))


@login_not_required
@require_safe
@cache_control(public=True, max_age=30 * 24 * 3600, immutable=True)
def sound(request: HttpRequest, name: str) -> HttpResponse:
    """What is heard of a prompt: nobody's words, and heard by whoever calls. Another sound has another
    address."""
    found = sounds.file_of(name)
    if found is None or not found[0].is_file():
        raise Http404
    content, kind = found[0].read_bytes(), found[1]
    part = RANGE.fullmatch(request.headers.get("Range", ""))
    begin, last = (int(part[1]), int(part[2] or len(content))) if part else (0, len(content))
    answer = HttpResponse(content[begin : last + 1], content_type=kind)
    if part and begin >= len(content):
        return HttpResponse(status=416)
    if part:
        answer.status_code = 206
        answer["Content-Range"] = f"bytes {begin}-{min(last, len(content) - 1)}/{len(content)}"
    answer["Accept-Ranges"], answer["X-Content-Type-Options"] = "bytes", "nosniff"
    return answer


voice = _asked(fields.VOICE, arriving.voice)
language = _asked(fields.KEYS, arriving.language)
theme = _asked(fields.KEYS, arriving.theme)
closed = _asked(fields.KEYS, arriving.closed)
wait = _asked(fields.WAIT, standing.wait)
wait_keys = _asked(fields.KEYS, standing.keys)
left = _asked(fields.QUEUE, standing.left)
message = _asked(fields.SPOKEN, standing.message_said)
enter = _asked(fields.VOICE, standing.enter)
back = _asked(fields.VOICE, standing.parked)
application = _asked(fields.APPLICATION, meeting.application)
room = _told(fields.ROOM, meeting.room)
dialled_status = _told(fields.STATUS, dialled.status)
status = _told(fields.STATUS, arriving.status)
recorded = _told(fields.RECORDED, standing.recorded)
taped = _told(fields.RECORDED, tapes.told)
agree = _asked(fields.KEYS, arriving.agree)
text_status = _told(fields.TEXT_STATUS, texting.status)
