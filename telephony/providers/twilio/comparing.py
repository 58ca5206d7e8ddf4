"""Each night Twilio's list of a day is laid beside our rows: calls, recordings, messages. The aim is no
difference; what is missing comes in by the ways it should have come, and the rest is told to supervisors.

Days are Twilio's, midnight to midnight in UTC. A day is compared once, hours after its end, when whatever
is late by minutes has come; a night without an answer is made up for in the following ones.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from helpdesk.centre import practice
from telephony.comparisons import Comparison, Difference
from telephony.models import Call, Leg
from telephony.providers.twilio import (
    arriving,
    comparing_texts,
    fields,
    holding,
    reconciling,
    standing,
)
from telephony.providers.twilio.account import account
from telephony.providers.twilio.client import Rest
from telephony.providers.twilio.doors import Refused
from telephony.providers.twilio.fields import Said
from telephony.providers.twilio.models import Order, Voice
from telephony.providers.twilio.reaching import NotTaken

AFTER = timedelta(hours=2)
BACK = 7
"""Days that are made up for."""
Kind = Difference
Differences = Iterator[tuple[Difference, str, bool]]
"""Of what kind, Twilio's name for it, and whether it was put right."""


def compare_due(*, at: datetime) -> int:
    """Sweep: compare the oldest day that is due; how many were."""
    ours = account()
    try:
        centre = holding.line()
    except Refused:
        return 0
    day = _due(centre, at=at)
    if ours is None or day is None:
        return 0
    try:
        _compare(Rest(ours), centre, day, at=at)
    except NotTaken:
        return 0  # the next beat asks again
    return 1


def _due(centre: Any, *, at: datetime) -> date | None:
    newest = (at - AFTER).astimezone(UTC).date() - timedelta(days=1)
    last = Comparison.objects.filter(centre=centre).order_by("-day").first()
    first = max(last.day + timedelta(days=1), newest - timedelta(days=BACK)) if last else newest
    return first if first <= newest else None


def _compare(rest: Rest, centre: Any, day: date, *, at: datetime) -> None:
    """Everything is asked before anything is changed. Raises NotTaken."""
    start = datetime.combine(day, time(), UTC)
    end = start + timedelta(days=1)
    calls = rest.calls_of(start, end)
    recordings, texts = rest.recordings_of(start, end), rest.texts_of(start, end)
    found = [
        *_calls(calls, start, end, at=at),
        *_recordings(recordings, at=at),
        *comparing_texts.compare(texts, start, end, at=at),
    ]
    told = [{"kind": kind, "name": name, "mended": mended} for kind, name, mended in found]
    row = Comparison(
        centre=centre, day=day, made_at=at, calls=len(calls), recordings=len(recordings),
        texts=len(texts), found=told,
    )  # fmt: skip
    Comparison.objects.bulk_create([row], ignore_conflicts=True)


# --- calls --------------------------------------------------------------------------------------


def _calls(listed: list[Any], start: datetime, end: datetime, *, at: datetime) -> Differences:
    names = {one.sid for one in listed}
    rows = Voice.objects.select_related("leg__call").filter(sid__in=names)
    known = {voice.sid: voice for voice in rows}
    for one in listed:
        if one.status not in reconciling.OVER:
            continue
        voice = known.get(one.sid)
        if voice is not None:
            if voice.ended_at is None:
                _end(voice, one.end_time or at, one.status)
                yield Kind.END, one.sid, True
        elif one.direction == "inbound" and not one._from.startswith("client:"):
            yield Kind.CALL, one.sid, _missed(one, at=at)
    ours = Voice.objects.filter(
        made_at__gte=start + comparing_texts.EDGE, made_at__lt=end - comparing_texts.EDGE
    )
    for sid in ours.exclude(sid__in=names).values_list("sid", flat=True):
        yield Kind.NO_CALL, sid, False


def _end(voice: Voice, moment: datetime, status: str) -> None:
    if voice.leg.role == Leg.Role.CALLER:
        reconciling.over(voice, at=max(moment, voice.leg.call.started_at), status=status)
    Voice.objects.filter(pk=voice.pk, ended_at=None).update(ended_at=moment)


@transaction.atomic
def _missed(one: Any, *, at: datetime) -> bool:
    """Somebody called and we never heard of it: they are owed a call, where there is a number for it.

    Before the opening nobody is: whoever called heard that it opens soon, or was in a practice."""
    sent = {"CallSid": one.sid, "From": one._from, "Direction": "inbound"}
    said = Said(sent, one.start_time or one.date_created, True, at)
    if fields.number(said) is None or not practice.was_open(holding.line(), at=said.at):
        return False
    call = Call.objects.held().get(pk=arriving.ring(said).pk)
    reconciling.found_over(call, at=max(one.end_time or said.at, call.started_at), received_at=at)
    Voice.objects.filter(sid=one.sid).update(ended_at=one.end_time or said.at)
    return True


# --- recordings ---------------------------------------------------------------------------------


def _recordings(listed: list[Any], *, at: datetime) -> Differences:
    """None should be there: each is kept here and deleted at Twilio within minutes."""
    for one in listed:
        if one.status != "completed":
            continue
        keys = [f"fetch:{one.sid}", f"forget:{one.sid}"]
        orders = list(Order.objects.filter(key__in=keys).order_by("pk"))
        if not orders:
            yield Kind.MESSAGE, one.sid, _message(one, at=at)
        elif all(order.done_at for order in orders):
            # The last of the two failed too often, or was taken and not done.
            Order.objects.filter(pk=orders[-1].pk).update(
                done_at=None, due_at=at, tries=0, error=""
            )
            yield Kind.SOUND, one.sid, True


def _message(one: Any, *, at: datetime) -> bool:
    """Whether a caller of ours left it."""
    voice = Voice.objects.select_related("leg").filter(sid=one.call_sid).first()
    if voice is None or voice.leg.role != Leg.Role.CALLER or one.source != "RecordVerb":
        return False
    with transaction.atomic():
        voice.leg.call = Call.objects.held().get(pk=voice.leg.call_id)
        moment = max(one.date_created, voice.leg.call.started_at)
        standing.take_message(voice, one.sid, int(one.duration or 0), at=moment, received_at=at)
    return True
