"""How a call stands, as one page needs it: the whole each time, so that a lost poke costs nothing."""

from typing import Any

from helpdesk.live import passes, streams
from telephony.facts import State
from telephony.models import Leg
from telephony.providers.web.line import end_of
from telephony.providers.web.models import Description
from telephony.providers.web.rules import Mixed, Room


def state_of(leg: Leg) -> dict[str, Any]:
    """For the page of this leg. A caller is told of nobody who only listens or is asked."""
    call: Any = leg.call
    here = list(call.legs.here().select_related("user"))
    room = Room(map(end_of, here), turn=call.turn)
    links = _links(leg, room)
    near = {link["leg"] for link in links} | {leg.pk}
    is_caller = leg.role == Leg.Role.CALLER
    return {
        "version": call.version,
        "stream": streams.call(call.pk),
        "pass": passes.make(streams.call(call.pk)),
        "call": {
            "state": call.state, "turn": call.turn, "live": call.is_live,
            "started": _stamp(call.started_at), "answered": _stamp(call.answered_at),
            "ended": _stamp(call.ended_at),
        },
        "me": {"leg": leg.pk, "role": leg.role, "mode": leg.mode, "here": leg.is_here},
        "legs": [
            _leg(one, named=not is_caller) for one in here if not is_caller or one.pk in near
        ],
        "links": links,
        "music": _music(call, room, here) if is_caller else "",
    }  # fmt: skip


def _links(leg: Leg, room: Room) -> list[dict[str, Any]]:
    mixed = room.mix(leg.pk)
    rows = leg.call.links.open().of_leg(leg).prefetch_related("descriptions")
    found, keys = [], {link.other(leg.pk): link.pk for link in rows}
    for link in rows:
        far = link.other(leg.pk)
        said = {one.side: one.sdp for one in link.descriptions.all() if one.round == link.round}
        todo = mixed.get(far, Mixed(hear=False, send=()))
        found.append({
            "link": link.pk, "leg": far, "purpose": link.purpose, "round": link.round,
            "offers": link.offerer_id == leg.pk,
            "offer": said.get(Description.Side.OFFER), "answer": said.get(Description.Side.ANSWER),
            "hear": todo.hear,
            "microphone": leg.pk in todo.send,
            "passes": [keys[one] for one in todo.send if one in keys],
        })  # fmt: skip
    return found


def _leg(leg: Leg, *, named: bool) -> dict[str, Any]:
    name = leg.user.shown_name if named and leg.user else ""
    return {
        "leg": leg.pk, "role": leg.role, "mode": leg.mode, "name": name,
        "silent": leg.silent_since is not None, "joined": leg.joined_at is not None,
    }  # fmt: skip


def _music(call: Any, room: Room, here: list[Leg]) -> str:
    """What the caller's page plays while nobody's voice is meant for it: queue, hold or lost."""
    if not call.is_live:
        return ""
    if call.state == State.HELD:
        return "hold"
    advisor = next((one for one in here if room.advisor and one.pk == room.advisor.pk), None)
    if advisor is not None and advisor.silent_since is not None:
        return "lost"
    return "" if call.state == State.TALKING else "queue"


def _stamp(at: Any) -> int | None:
    """Milliseconds of the epoch, as scripts count."""
    return int(at.timestamp() * 1000) if at else None
