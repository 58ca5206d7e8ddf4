"""Machines at the door: the signature first, then the fields, then the nonce and whatever is stored.

A request that is refused, for whatever reason, leaves no row. What an event does to its call is done
after the answer (`applying`).
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.http.request import RawPostDataException
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from helpdesk.centre.face import COME_BACK, lines_held_back
from telephony.providers.hook import asking, fields, inbox, lane, signing, telling
from telephony.providers.hook.once import use_once

Read = Callable[..., Any]
Keep = Callable[..., Any]
Say = Callable[[Any, str], dict[str, Any]]
View = Callable[[HttpRequest], JsonResponse]


class NotOpen(Exception):
    """The request is a good one; nothing is taken before the centre has opened."""


def signed(read: Read, keep: Keep | None = None) -> Callable[[Say], View]:
    """The doorway of a request that is signed, fresh and new.

    `read(body, kind, at=)` says what was sent, `keep(sent, who=, at=)` stores it in the transaction
    that uses the nonce, and the view itself answers for it when that has ended.
    """

    def opened(say: Say) -> View:
        @csrf_exempt
        @login_not_required
        @require_POST
        @wraps(say)
        def view(request: HttpRequest) -> JsonResponse:
            if not settings.LINE_HOOK_SECRETS:
                return _refused("closed", 404, "Set LINE_HOOK_SECRET to open the line hook.")
            try:
                return JsonResponse(say(*_taken(request, read, keep, at=timezone.now())))
            except RawPostDataException:
                return _refused("json-or-form", 415)
            except signing.Unsigned as unsigned:
                return _refused(unsigned.reason, unsigned.status)
            except fields.Unread as unread:
                return _refused(unread.field, unread.status)
            except telling.NoCentre:
                return _refused("no-centre", 503, "The centre has not been set up yet.")
            except NotOpen:
                answer = _refused("opens-soon", 503, "The centre has not opened yet.")
                answer["Retry-After"] = str(COME_BACK)
                return answer

        return view

    return opened


def _taken(request: HttpRequest, read: Read, keep: Keep | None, *, at: datetime) -> tuple[Any, str]:
    """What was sent, once it is stored for good, and the name of the key that signed it."""
    body, path = request.body, request.get_full_path()
    secrets = settings.LINE_HOOK_SECRETS
    who = signing.check(request.headers, "POST", path, body, secrets=secrets, at=at)
    sent = read(body, request.content_type or "", at=at)
    if lines_held_back(signed=who.key):
        raise NotOpen
    with lane.storing(), transaction.atomic():
        use_once(who, at=at)
        if keep is not None:
            keep(sent, who=who, at=at)
    return sent, who.key


@signed(fields.said, inbox.keep)
def events(told: fields.Said, _signed: str) -> dict[str, Any]:
    """What happened to a call. The same event again gets the same answer and changes nothing."""
    return {"taken": True, "call": told.call, "event": told.event}


@signed(fields.asked)
def caller(number: Any, signed: str) -> dict[str, Any]:
    """Who calls, as far as the exchange must know to greet: nothing that names anybody."""
    return asking.known_of(number, signed=signed)


def _refused(reason: str, status: int, words: str = "") -> JsonResponse:
    said = {"taken": False, "reason": reason}
    return JsonResponse({**said, "words": words} if words else said, status=status)
