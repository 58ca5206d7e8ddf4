"""A talk is recorded at Twilio while its caller agrees: the caller's own voice, from the first word to the last.

What is recorded follows the rows, as everything on this line does: the order names the tape only, and what is
asked is what the rows say when it is sent. Consent is looked at once more then.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from telephony.actions import recording
from telephony.actions.noting import moved
from telephony.facts import State
from telephony.models import Call
from telephony.providers.twilio.account import address
from telephony.providers.twilio.client import Rest
from telephony.providers.twilio.fields import Said
from telephony.providers.twilio.models import Order, Voice
from telephony.providers.twilio.reaching import NotTaken
from telephony.providers.twilio.rendering import TOLD
from telephony.providers.twilio.tape_models import Tape

LEFT_BEHIND = timedelta(minutes=2)
"""The end of a tape should have been told by then; else the sound is fetched without being told."""
ON, RESTS, PAUSED = "on", "rests", "paused"


def follow(call: Any, caller: Voice | None, advisor: Any, *, at: datetime) -> None:
    """The tape of a talk is as the rows want it. The call is locked."""
    may, tape = recording.may_record(call), open_tape(call)
    leg = call.legs.here().filter(role="advisor", turn=call.turn).first() if call.turn else None
    if tape is not None and (not may or leg is None or tape.leg_id != leg.pk):
        stop(call, at=at)
        tape = None
    if not may or leg is None or caller is None:
        return
    sounds = call.state == State.TALKING and caller.is_in and advisor is not None and advisor.is_in
    if tape is None and sounds:
        tape = Tape.objects.create(
            voice=caller, leg=leg, consent=call.recording_consent, made_at=at
        )  # fmt: skip
        _order(call, tape, at=at)
    elif tape is not None and tape.is_paused != (tape.rests or not sounds):
        Tape.objects.filter(pk=tape.pk).update(is_paused=not tape.is_paused)
        _order(call, tape, at=at)


def stop(call: Any, *, at: datetime) -> None:
    """Not a word more is recorded. Harmless when nothing is."""
    tape = open_tape(call)
    if tape is not None:
        Tape.objects.filter(pk=tape.pk).update(stopped_at=at)
        _order(call, tape, at=at)


def open_tape(call: Any) -> Tape | None:
    return Tape.objects.filter(voice__leg__call=call.pk, stopped_at=None).last()


def state_of(call: Any) -> str:
    """How it is recorded: `on`, `rests` by the advisor's wish, `paused` by itself; empty = not."""
    tape = open_tape(call)
    if tape is None:
        return ""
    return RESTS if tape.rests else PAUSED if tape.is_paused else ON


@transaction.atomic
def rest(call: Any, on: bool, *, at: datetime) -> None:
    """The advisor lets it rest, or goes on. Harmless when it is so."""
    held = Call.objects.held().get(pk=call.pk)
    tape = open_tape(held)
    if tape is None or not Tape.objects.filter(pk=tape.pk, rests=not on).update(rests=on):
        return
    from telephony import providers

    providers.of(held).arrange(held, at=at)
    moved(held, board=False)


def _order(call: Any, tape: Tape, *, at: datetime) -> None:
    """Of no voice: a caller is not kept from moving by what is recorded of them."""
    from telephony.providers.twilio.line import order

    order(call, Order.Kind.TAPE, data={"tape": tape.pk}, at=at)


def send(row: Order, rest: Rest, *, at: datetime) -> None:
    """Bring Twilio to what the rows say now. Raises NotTaken."""
    tape = Tape.objects.select_related("voice").get(pk=row.data["tape"])
    call = Call.objects.select_related("recording_consent").get(pk=row.call_id)
    is_over = tape.stopped_at is not None or not recording.may_record(call)
    if tape.sid is None and tape.is_unsure:
        tape.sid = _found(tape, rest)
        Tape.objects.filter(pk=tape.pk, sid=None).update(sid=tape.sid)
    if tape.sid is not None:
        wanted = "stopped" if is_over else "paused" if tape.is_paused else "in-progress"
        try:
            rest.set_tape(tape.voice.sid, tape.sid, wanted)
        except NotTaken as no:
            if not no.is_gone:
                raise  # gone = it ended with its call
        return
    if is_over or tape.is_paused:
        return
    Tape.objects.filter(pk=tape.pk).update(is_unsure=True)
    sid = rest.begin_tape(tape.voice.sid, told=address(f"/hooks/twilio/taped/{tape.pk}/") + TOLD)
    Tape.objects.filter(pk=tape.pk).update(sid=sid)


def _found(tape: Tape, rest: Rest) -> str | None:
    """What was begun for this tape, its answer lost: never what is known as another's, of an earlier turn or
    a later one. That would be stopped instead, and this would go on."""
    going = rest.tapes_under_way(tape.voice.sid)
    others = set(Tape.objects.filter(sid__in=going).values_list("sid", flat=True))
    return next((sid for sid in going if sid not in others), None)


def told(said: Said, pk: int) -> None:
    """The sound is there, or there is none."""
    tape = Tape.objects.select_related("voice__leg").filter(pk=pk).first()
    if tape is None or tape.voice.sid != said["CallSid"]:
        return
    sid = said["RecordingSid"]
    Tape.objects.filter(pk=tape.pk, sid=None).update(sid=sid)
    Tape.objects.filter(pk=tape.pk, stopped_at=None).update(stopped_at=said.at)
    if said["RecordingStatus"] == "absent":
        Tape.objects.filter(pk=tape.pk).update(settled_at=said.received_at)
    elif said["RecordingStatus"] == "completed":
        seconds = int(said["RecordingDuration"] or 0)
        _fetch(tape, sid, seconds=seconds, at=said.received_at)


def fetch_left_behind(*, at: datetime) -> int:
    """Sweep: of what has ended and was not told to be there, the sound is asked for."""
    rows = Tape.objects.filter(stopped_at__lt=at - LEFT_BEHIND, settled_at=None)
    found = list(rows.exclude(sid=None).select_related("voice__leg")[:50])
    for tape in found:
        _fetch(tape, str(tape.sid), seconds=0, at=at)
    return len(found)


def _fetch(tape: Tape, sid: str, *, seconds: int, at: datetime) -> None:
    from telephony.providers.twilio.line import order

    Tape.objects.filter(pk=tape.pk).update(settled_at=at)
    order(
        tape.voice.leg.call, Order.Kind.FETCH, key=f"fetch:{sid}", at=at,
        data={"recording": sid, "seconds": seconds, "tape": tape.pk},
    )  # fmt: skip
