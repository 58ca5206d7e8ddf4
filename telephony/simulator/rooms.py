"""`<Conference>`: who joins, when it starts, who hears whom, and how it ends.

A room starts when two are in it and one of them has `startConferenceOnEnter`; it is over when the
last leaves, when one with `endConferenceOnExit` leaves, or by the REST surface. Callback and events
are those of the first who joins; later ones are ignored.
"""

import re

from telephony.simulator import parameters, room_recording
from telephony.simulator.documents import Verb
from telephony.simulator.running import Run
from telephony.simulator.state import Call, Conference, Participant
from telephony.simulator.world import World

HUNG_UP, MOVED = "participant_hung_up", "participant_updated_via_api"
CLOSED, ENDED = "conference_ended_via_api", "moderator_ended_conference"
NEVER = "participant_add_failed"
GROUP = {
    "conference-start": "start", "conference-end": "end", "participant-join": "join",
    "participant-leave": "leave", "participant-mute": "mute", "participant-unmute": "mute",
    "participant-hold": "hold", "participant-unhold": "hold", "participant-modify": "modify", "announcement-end": "announcement",
}  # fmt: skip


def named(world: World, name: str) -> Conference:
    """The room of that name that is not over, made when there is none."""
    for room in world.rooms.values():
        if room.name == name and room.status != "completed":
            return room
    room = Conference(world.ids.new("CF"), name, world.clock.now)
    world.rooms[room.sid] = room
    return room


def dial(run: Run, verb: Verb) -> None:
    """`<Dial><Conference>`."""
    world, call = run.world, run.call
    noun = verb.children[0]
    _private(world, call, noun)
    coach = noun.get("coach")
    room = named(world, noun.text)
    if coach and not room.of(coach):
        world.note("no coach", call, room=room.name)
        _after(run, verb, "failed")
        return
    if len([one for one in room.participants if one.here]) >= noun.number(
        "maxParticipants", room.most
    ):
        _after(run, verb, "failed")
        return
    hear(room, noun.get("statusCallback"), frozenset(noun.get("statusCallbackEvent").split()))
    person = Participant(
        call, room, world.clock.now, noun.get("participantLabel"), noun.is_true("muted"),
        coach=coach, starts=noun.is_true("startConferenceOnEnter", True),
        ends=noun.is_true("endConferenceOnExit"), wait_url=noun.get("waitUrl"), verb=verb,
    )  # fmt: skip
    join(world, room, person)
    if limit := verb.number("timeLimit", 0):
        world.clock.after(limit, lambda: _time_is_up(world, person))
    if noun.get("record") == "record-from-start" and room.recording is None:
        events = tuple(noun.get("recordingStatusCallbackEvent", "completed").split())
        room_recording.begin(world, room, noun.get("recordingStatusCallback"), events=events)


def _time_is_up(world: World, person: Participant) -> None:
    if person.here and not person.call.over:
        leave(world, person.call, MOVED, go_on=True)


def hear(room: Conference, callback: str, events: frozenset[str]) -> None:
    if not room.heard:
        room.heard, room.callback, room.events = True, callback, events


def join(world: World, room: Conference, person: Participant) -> None:
    call = person.call
    call.participant = person
    if person.label and room.of(person.label) not in (None, person):
        world.complain(f"two are labelled {person.label!r} in {room.name}: which one is meant?")
    if person not in room.participants:
        room.participants.append(person)
    event(world, room, "participant-join", person)
    world.note("joined", call, room=room.sid, muted=person.muted, coach=person.coach)
    here = [one for one in room.participants if one.here]
    if room.status == "init" and len(here) > 1 and any(one.starts for one in here):
        _start(world, room)
    elif room.status == "init" and person.wait_url:
        call.inner.place, call.inner.ended = "room", lambda: _music(person)
        _music(person)
    elif room.status == "in-progress":
        _notice(call, "talking")


def _start(world: World, room: Conference) -> None:
    room.status = "in-progress"
    event(world, room, "conference-start")
    world.note("started", room=room.sid)
    for one in list(room.participants):
        if one.here:
            one.call.inner.stop()
            _notice(one.call, "talking")


def _notice(call: Call, what: str) -> None:
    if call.person:
        call.person.notice(call, what)


def _music(person: Participant) -> None:
    if person.here and person.room.status == "init":
        person.call.inner.ask("room-wait", person.wait_url)


def leave(world: World, call: Call, why: str, *, go_on: bool = False, kicked: bool = False) -> None:
    """Out of the room. `go_on`: the call's document continues, or the call ends if it has none.

    A kicked participant is told as updated by the REST surface: of the five documented reasons the
    one that fits."""
    person, call.participant = call.participant, None
    if person is None:
        return
    if not person.here:
        person.status = "failed"
        told = {"ReasonParticipantLeft": NEVER, "ParticipantCallStatus": call.status}
        event(world, person.room, "participant-leave", person, told)
        return
    room, person.here, person.status = person.room, False, "complete"
    call.inner.stop()
    left = {"ReasonParticipantLeft": why, "ParticipantCallStatus": call.status}
    event(world, room, "participant-leave", person, left)
    world.note("left", call, room=room.sid)
    if go_on:
        follow(person)
    elif person.verb is not None and call.over and person.verb.get("action"):
        form = parameters.voice(world.account, call) | _dialled(room, "answered")
        world.tell("dial:action", person.verb.get("action"), form, call=call.sid)
    here = [one for one in room.participants if one.here]
    if room.status != "completed" and (person.ends or not here):
        if person.ends:
            end = f"participant-with-end-conference-on-exit-{'kicked' if kicked else 'left'}"
        else:
            end = "last-participant-kicked" if kicked else "last-participant-left"
        close(world, room, end, by=call.sid, label=person.label)


def close(world: World, room: Conference, why: str, *, by: str = "", label: str = "") -> None:
    """The room is over; who is still in it goes on in their documents."""
    if room.status == "completed":
        return
    room.status, room.why, room.by = "completed", why, by
    reason = CLOSED if why == "conference-ended-via-api" else ENDED
    for one in list(room.participants):
        if one.here:
            leave(world, one.call, reason, go_on=True)
    extra = {"ReasonConferenceEnded": why, "Reason": why.replace("-", " ")}
    if by:
        extra["CallSidEndingConference"] = by
    if label:
        extra["ParticipantLabelEndingConference"] = label
    event(world, room, "conference-end", extra=extra)
    world.note("closed", room=room.sid, why=why)
    if room.recording:
        room_recording.stop(world, room.recording)


def follow(person: Participant) -> None:
    """Where a call goes that is out of its room and still on the line."""
    main = person.call.main
    if person.verb is None or main.run is None:
        main.ended()
    else:
        _after(main.run, person.verb, "answered", person.room)


def event(
    world: World, room: Conference, name: str, person: Participant | None = None,
    extra: dict[str, str] | None = None,
) -> None:  # fmt: skip
    """Told to the room's callback, when it was subscribed to. The numbers count what is told."""
    if GROUP[name] not in room.events or not room.callback:
        return
    room.sequence += 1
    form = parameters.room(world.account, room, name, world.clock.now) | (extra or {})
    if person:
        form |= parameters.participant(person)
    world.tell(f"room:{name}", room.callback, form, call=person.call.sid if person else "")


def _after(run: Run, verb: Verb, status: str, room: Conference | None = None) -> None:
    if verb.get("action"):
        told = _dialled(room, status)
        run.flow.ask("dial:action", verb.get("action"), verb.get("method", "POST"), told)
    else:
        run.step()


def _dialled(room: Conference | None, status: str) -> dict[str, str]:
    return {"DialCallStatus": status} | ({"ConferenceSid": room.sid} if room else {})


def _private(world: World, call: Call, noun: Verb) -> None:
    """Nothing personal in a room's name or a label: both are seen by everybody at Twilio."""
    for text in (noun.text, noun.get("participantLabel")):
        for number in {re.sub(r"\D", "", call.from_)[-9:], re.sub(r"\D", "", call.to)[-9:]}:
            if len(number) >= 9 and number in text:
                world.complain(f"a telephone number in {text!r}")
