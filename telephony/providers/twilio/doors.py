"""The way in for Twilio: the signature first, then the fields. Refused is 403, counted, and leaves no row."""

import logging
from collections import Counter
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from telephony.providers.twilio import fields, signing
from telephony.providers.twilio.account import account, address

Act = Callable[..., HttpResponse]
log = logging.getLogger("wasl.line")
refused: Counter[str] = Counter()
"""Requests turned away by this process, by reason."""


class Refused(Exception):
    """An act itself turns the request away; the reason is a word for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def signed(door: fields.Door) -> Callable[[Act], Act]:
    """A view that is given what was said, once it is known to be Twilio's and of our account."""

    def opened(act: Act) -> Act:
        @csrf_exempt
        @login_not_required
        @require_POST
        @wraps(act)
        def view(request: HttpRequest, **named: str) -> HttpResponse:
            try:
                return act(_said(request, door), **named)
            except (signing.Unsigned, Refused) as no:
                return _refuse(no.reason)
            except fields.Unread as unread:
                return _refuse(unread.field)
            except RawPostDataException:
                return _refuse("form")

        return view

    return opened


def _said(request: HttpRequest, door: fields.Door) -> fields.Said:
    ours = account()
    if ours is None:
        raise Refused("closed")
    sent = fields.pairs(request.body, request.content_type or "")
    query = request.META.get("QUERY_STRING", "")
    url = address(request.path + (f"?{query}" if query else ""))
    signing.check(request.headers, url, sent, ours=ours)
    return fields.read(sent, door, account=ours.sid, at=timezone.now())


def _refuse(reason: str) -> HttpResponse:
    refused[reason] += 1
    log.warning("a request in the name of Twilio was refused", extra={"error": reason})
    return HttpResponse(status=403)
