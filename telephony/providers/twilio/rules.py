"""Who hears whom in a room: a pure function of the legs. No query here."""

from collections.abc import Iterable
from dataclasses import dataclass

from telephony.models import Leg

Mode, Role = Leg.Mode, Leg.Role


@dataclass(frozen=True)
class End:
    """One voice and the leg it carries, which has not left."""

    voice: int
    sid: str
    role: str
    mode: str = Mode.ON
    turn: int = 0
    is_in: bool = True
    """It sounds in the room."""


@dataclass(frozen=True)
class Manner:
    """How a voice is in the room: on hold it hears music only, muted it is not heard, and with a `coach`
    it is heard by that voice alone."""

    hold: bool = False
    muted: bool = False
    coach: str = ""


def advisor_of(ends: Iterable[End], *, turn: int) -> End | None:
    """Who has the call."""
    for end in ends:
        if end.role == Role.ADVISOR and end.mode != Mode.CONSULT and turn and end.turn == turn:
            return end
    return None


def manners(ends: Iterable[End], *, turn: int) -> dict[int, Manner]:
    """How each voice should be, by its key."""
    every = list(ends)
    advisor = advisor_of(every, turn=turn)
    return {end.voice: _manner(end, advisor) for end in every}


def _manner(end: End, advisor: End | None) -> Manner:
    if end.role == Role.CALLER:
        return Manner(hold=advisor is not None and advisor.mode == Mode.HOLD)
    if end.role != Role.SUPERVISOR or end.mode == Mode.BARGE:
        return Manner()
    if end.mode == Mode.WHISPER and advisor is not None and advisor.is_in:
        return Manner(coach=advisor.sid)
    return Manner(muted=True)
