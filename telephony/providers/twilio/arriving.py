"""A caller comes in: language, theme, hours; then the line. Each door answers what is heard next.

A repeated request finds the call where it is and gets what is right there; a key that comes again, or too
late, changes nothing.
"""

from typing import Any

from django.conf import settings
from django.utils.translation import override

from helpdesk.centre.face import lines_held_back
from helpdesk.portal import talk
from helpdesk.queues.actions import choose_queue
from helpdesk.queues.opening import next_opening, open_now
from telephony.actions import answering, calling, entering
from telephony.actions.entering import Agreed
from telephony.facts import State, Why
from telephony.models import Call, Leg
from telephony.providers.twilio import documents as d
from telephony.providers.twilio import fields, holding
from telephony.providers.twilio.doors import Refused
from telephony.providers.twilio.fields import Said
from telephony.providers.twilio.models import Voice
from telephony.providers.twilio.scripts import Script
from telephony.providers.twilio.speaking import spoken

KEY_CONSENT = "call-key-2026-11"
"""Of the prompt `recording`, in all its languages."""


def voice(said: Said) -> Script:
    """It rings. Raises Refused for a call that does not come in."""
    if said["Direction"] != "inbound":
        raise Refused("Direction")
    if lines_held_back():
        return d.opens_soon()
    # Most requests here are the first of their call: it is written first, and looked for only when it stood.
    if ring(said).state == State.ARRIVING:
        return d.languages()
    known = holding.voice_of(said)
    return stands(known) if known is not None else d.hang_up()


def stands(voice: Voice) -> Script:
    """What is right for a caller just now, wherever they come from."""
    call, language = voice.leg.call, spoken(voice.leg.call.language)
    if voice.leg.role != Leg.Role.CALLER or call.ended_at is not None:
        return d.hang_up()
    if call.state == State.ARRIVING:
        return d.languages()
    if call.has_voice and voice.room is not None and voice.room.closed_at is None:
        return d.caller_in_room(voice.room.name, language)
    return d.park(language)


def language(said: Said, tries: int) -> Script:
    """The key of a language; the same menu again for none, then Darija."""
    voice = holding.callers_voice(said)
    if voice is None:
        return d.again()
    call = voice.leg.call
    if call.state != State.ARRIVING or call.ticket_id is not None:
        return stands(voice)
    tongue = d.TONGUES.get(said["Digits"], "")
    if not tongue and tries < d.TRIES:
        return d.languages(tries + 1)
    answering.speaks(call, tongue or "ary")
    queue = choose_queue(call.centre, theme=None, language=call.language)
    if not open_now(queue, at=said.received_at):
        return _closed(call, queue, said)
    return _themes(call)


def theme(said: Said, tries: int) -> Script:
    """The key of a theme: the call is a request, and stands in line if somebody is there for it."""
    voice = holding.callers_voice(said)
    if voice is None:
        return d.again()
    call, digits = voice.leg.call, said["Digits"]
    if call.state != State.ARRIVING or call.ticket_id is not None:
        return stands(voice)
    keys = {str(key): row for key, (_c, _n, row) in enumerate(_names(call), start=1)}
    if digits not in keys and digits != "0" and tries < d.TRIES:
        return _themes(call, tries + 1)
    chosen = keys.get(digits)
    queue = choose_queue(call.centre, theme=chosen, language=call.language)
    if not open_now(queue, at=said.received_at):
        return _closed(call, queue, said)
    if settings.RECORD_CALLS:
        return d.recording(spoken(call.language), int(digits) if chosen else 0)
    answering.stand_in_line(call, theme=chosen, at=said.received_at)
    return d.park(spoken(call.language))


def agree(said: Said, chosen: int) -> Script:
    """Whether the talk may be recorded: one key is a yes. Everything else, and silence, is none, and changes
    nothing in how the caller is served. `chosen`: the key of the theme."""
    voice = holding.callers_voice(said)
    if voice is None:
        return d.again()
    call = voice.leg.call
    if call.state != State.ARRIVING or call.ticket_id is not None:
        return stands(voice)
    keys = {key: row for key, (_c, _n, row) in enumerate(_names(call), start=1)}
    heard = spoken(call.language)
    answering.stand_in_line(call, theme=keys.get(chosen), at=said.received_at)
    if said["Digits"] == d.AGREED and settings.RECORD_CALLS:
        agreed = Agreed("fr" if heard == "fr" else "ar", KEY_CONSENT)
        entering.agree(call, agreed, at=said.received_at)
    return d.park(heard)


def closed(said: Said, tries: int) -> Script:
    """Nobody is there: to be called back, or a message; neither is a call missed."""
    voice = holding.callers_voice(said)
    if voice is None:
        return d.again()
    call, digits = voice.leg.call, said["Digits"]
    heard = spoken(call.language)
    if call.state != State.ARRIVING:
        return left_behind(call)
    if digits == d.CALL_BACK and call.number is not None:
        answering.ask_call_back(call, why=Why.CLOSED, at=said.received_at)
        return left_behind(call)
    if digits not in (d.CALL_BACK, d.MESSAGE) and tries < d.TRIES:
        return d.closed(heard, tries + 1)
    _over(call, said, why=Why.CLOSED)
    if digits in (d.CALL_BACK, d.MESSAGE):
        return d.message(heard, is_withheld=digits == d.CALL_BACK)
    return d.goodbye(heard)


def left_behind(call: Call) -> Script:
    """What is said to a caller whose line has ended: their wish is noted, or they may leave a message."""
    heard = spoken(call.language)
    if call.state == State.CALL_BACK:
        return d.goodbye(heard, "call-back")
    if call.state == State.VOICEMAIL:
        return d.goodbye(heard, "thanks")
    return d.message(heard, is_withheld=call.number is None)


def status(said: Said) -> None:
    """How a voice is: only its end is news. One we never heard of has been missed."""
    if said["CallStatus"] not in ("completed", "busy", "failed", "no-answer", "canceled"):
        return
    voice = holding.voice_of(said)
    if voice is None:
        if said["Direction"] != "inbound" or lines_held_back():
            return
        if fields.number(said) is not None:
            _over(ring(said), said)
        return
    Voice.objects.filter(pk=voice.pk, ended_at=None).update(ended_at=said.at)
    call = voice.leg.call
    if voice.leg.role == Leg.Role.CALLER:
        _over(call, said)
    elif call.is_live:
        from telephony.providers.twilio import meeting

        meeting.gone(voice, at=said.at)


def ring(said: Said) -> Call:
    """The call of whom is told for the first time; the same when it is known."""
    caller = calling.Caller(number=fields.number(said))
    leg = answering.ring(
        Call.Line.PUBLIC,
        caller,
        centre=holding.centre(at=said.at),
        at=said.at,
        key=holding.key_of(said),
    )
    # Two first requests at one moment are one voice.
    voice = Voice(sid=said["CallSid"], leg=leg, label="caller", made_at=said.received_at)
    Voice.objects.bulk_create([voice], ignore_conflicts=True)
    return leg.call


def _over(call: Call, said: Said, *, why: Why = Why.CALLER) -> None:
    key = f"status:{said['CallStatus']}" if why == Why.CALLER else ""
    at = max(said.at, call.started_at)
    answering.over(call, why=why, at=at, received_at=said.received_at, key=key)


def _closed(call: Call, queue: Any, said: Said) -> Script:
    """With the queue's own words for it, and when it opens. Darija is written as Arabic here."""
    heard, at = spoken(call.language), said.received_at
    with override("fr" if heard == "fr" else "ar"):
        why = (queue.pause_text if queue.is_paused(at=at) else "") or queue.closed_text
        words = " ".join(filter(None, (why, talk.opens_aloud(next_opening(queue, at=at)))))
    return d.closed(heard, words=words)


def _names(call: Call) -> list[tuple[str, str, Any]]:
    return holding.themes(spoken(call.language))


def _themes(call: Call, tries: int = 1) -> Script:
    names = [(code, name) for code, name, _row in _names(call)]
    return d.themes(names, spoken(call.language), tries)
