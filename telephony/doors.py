"""Doorways of the caller's page: the call that is open in this browser, and whether one begun now would
meet somebody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from helpdesk.accounts.models import Tongue
from helpdesk.queues import reception
from helpdesk.queues.actions import choose_among
from helpdesk.queues.models import Queue
from telephony.actions.entering import is_full
from telephony.models import Leg
from telephony.providers.web import access as line
from telephony.providers.web.actions import open_leg

KEY = "call"
SHOWN = timedelta(minutes=30)
"""How long after its end a call is still shown in its browser."""


def keep_call(request: HttpRequest, leg: Leg) -> None:
    """From now on this browser has the call."""
    code, _dot, secret = open_leg(leg).partition(".")
    request.session[KEY] = {"code": code, "secret": secret}
    request.session.cycle_key()


def forget_call(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def caller_leg(request: HttpRequest, *, at: datetime) -> Leg | None:
    """The caller's end of the call of this browser, live or ended a short while ago."""
    kept = request.session.get(KEY)
    if not isinstance(kept, dict):
        return None
    try:
        leg = line.leg_named(f"{kept.get('code')}.{kept.get('secret')}")
    except line.NoLeg:
        return None
    ended = leg.call.ended_at
    return leg if ended is None or at - ended < SHOWN else None


@dataclass(frozen=True)
class Door:
    """`why` nobody would answer: paused, closed, nobody, language or full; empty = somebody is there.

    `tongues`: codes of the languages that somebody who is there speaks.
    """

    now: reception.Reception
    why: str
    window: tuple[datetime, datetime]
    """When a call-back can be promised."""
    tongues: frozenset[str]


def door(centre: Any, *, language: str, at: datetime, theme: Any = None) -> Door:
    """How a call in this language would be met."""
    queues = Queue.objects.to_choose(centre)
    chosen = {code: choose_among(queues, theme=theme, language=code) for code in Tongue.values}
    spoken = reception.spoken(chosen.values(), at=at)
    there = frozenset(code for code, one in chosen.items() if code in spoken[one.team_id])
    queue = choose_among(queues, theme=theme, language=language)
    now = reception.reception_of(queue, at=at)
    return Door(
        now=now, why=_why(now, language in there), tongues=there,
        window=reception.promised_window(queue, at=at),
    )  # fmt: skip


def _why(now: reception.Reception, is_spoken: bool) -> str:
    if now.paused_for:
        return "paused"
    if not now.is_open:
        return "closed"
    if not now.is_staffed:
        return "nobody"
    if not is_spoken:
        return "language"
    return "full" if is_full() else ""
