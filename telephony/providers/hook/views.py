"""Machines at the door: the signature first, then the fields, then the act, in one transaction.

A request that is refused, for whatever reason, leaves no row.
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

from telephony.providers.hook import asking, fields, signing, telling
from telephony.providers.hook.once import use_once

Act = Callable[[bytes, str, datetime], dict[str, Any]]


def signed(act: Act) -> Callable[[HttpRequest], JsonResponse]:
    """The doorway: `act(body, kind, at)` runs for a request that is signed, fresh and new."""

    @csrf_exempt
    @login_not_required
    @require_POST
    @wraps(act)
    def view(request: HttpRequest) -> JsonResponse:
        secrets = settings.LINE_HOOK_SECRETS
        if not secrets:
            return _refused("closed", 404, "Set LINE_HOOK_SECRET to open the line hook.")
        at = timezone.now()
        try:
            body = request.body
            who = signing.check(
                request.headers, "POST", request.get_full_path(), body, secrets=secrets, at=at
            )
            with transaction.atomic():
                use_once(who, at=at)
                return JsonResponse(act(body, request.content_type or "", at))
        except RawPostDataException:
            return _refused("json-or-form", 415)
        except signing.Unsigned as unsigned:
            return _refused(unsigned.reason, unsigned.status)
        except fields.Unread as unread:
            return _refused(unread.field, unread.status)
        except telling.NoCentre:
            return _refused("no-centre", 503, "The centre has not been set up yet.")

    return view


@signed
def events(body: bytes, kind: str, at: datetime) -> dict[str, Any]:
    """What happened to a call. The same event again gets the same answer and changes nothing."""
    told = fields.said(body, kind, at=at)
    telling.tell(told, at=at)
    return {"taken": True, "call": told.call, "event": told.event}


@signed
def caller(body: bytes, kind: str, at: datetime) -> dict[str, Any]:
    """Who calls, as far as the exchange must know to greet: nothing that names anybody."""
    return asking.known_of(fields.asked(body, kind))


def _refused(reason: str, status: int, words: str = "") -> JsonResponse:
    said = {"taken": False, "reason": reason}
    return JsonResponse({**said, "words": words} if words else said, status=status)
