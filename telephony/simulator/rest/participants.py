"""Who is in a room: called into it, held, muted, set to coach, put out.

Made in a room by its name or id; changed by the room's id and the CallSid or label.
"""

from telephony.simulator import announcing, calling, rooms
from telephony.simulator.rest import calls, conferences, errors, showing
from telephony.simulator.rest.asked import Reply, Request, route
from telephony.simulator.state import Conference, Hooks, Participant


def _found(request: Request) -> Participant:
    person = conferences.found(request).of(request.ids["CallSid"])
    if person is None:
        raise errors.not_found(request.path)
    return person


def participant_create(request: Request) -> Reply:
    """A call into the room: subject to the one a second, like any creation."""
    world, fields = request.world, request.fields
    name = request.ids["ConferenceSid"]
    room = world.rooms.get(name)
    if room is None and name.startswith("CF"):
        raise errors.not_found(request.path)
    if room and room.status == "completed":
        raise errors.Refusal(400, 16020, "The conference is over")
    from_, to = calls.dialled(request)
    room = room or rooms.named(world, name)
    events = fields.all("ConferenceStatusCallbackEvent")
    coach = fields.one("CallSidToCoach")
    if coach:
        _coachable(room, coach)
    if unknown := set(events) - set(rooms.GROUP.values()):
        raise errors.wrong("ConferenceStatusCallbackEvent", ", ".join(sorted(unknown)))
    rooms.hear(room, fields.one("ConferenceStatusCallback"), frozenset(events))
    call = calling.place(world, from_, to, Hooks("", "", fields.one("StatusCallback")),
                         calls.events(request), **calls.patience(request))  # fmt: skip
    call.participant = Participant(
        call, room, world.clock.now, fields.one("Label"), fields.truth("Muted"), coach=coach,
        starts=fields.truth("StartConferenceOnEnter", True),
        ends=fields.truth("EndConferenceOnExit"), wait_url=fields.one("WaitUrl"),
        here=False, status="queued",
    )  # fmt: skip
    room.participants.append(call.participant)
    return Reply(201, showing.participant(world.account, call.participant))


def participant_fetch(request: Request) -> Reply:
    return Reply(200, showing.participant(request.world.account, _found(request)))


def participant_list(request: Request) -> Reply:
    fields = request.fields
    rows = [
        one for one in conferences.found(request).participants
        if one.status not in ("complete", "failed")
        and ("Muted" not in fields or one.muted == fields.truth("Muted"))
        and ("Hold" not in fields or one.hold == fields.truth("Hold"))
        and ("Coaching" not in fields or bool(one.coach) == fields.truth("Coaching"))
    ]  # fmt: skip
    account = request.world.account
    return showing.page(request, "participants", [showing.participant(account, x) for x in rows])


def participant_update(request: Request) -> Reply:
    person, fields = _found(request), request.fields
    if not person.here:
        raise errors.Refusal(400, 16021, "The participant has not joined")
    if "Coaching" in fields or "CallSidToCoach" in fields:
        _coach(request, person)
    if "EndConferenceOnExit" in fields:
        person.ends = fields.truth("EndConferenceOnExit")
        rooms.event(request.world, person.room, "participant-modify", person)
    if "Muted" in fields:
        _mute(request, person)
    if "Hold" in fields:
        _hold(request, person)
    if url := fields.one("AnnounceUrl"):
        address = request.world.reader.address(url, "")
        announcing.announce(request.world, person.room, person, address)
    return Reply(200, showing.participant(request.world.account, person))


def participant_delete(request: Request) -> Reply:
    person = _found(request)
    if person.here:
        rooms.leave(request.world, person.call, rooms.MOVED, go_on=True, kicked=True)
    else:
        calling.hang_up(request.world, person.call, by="api", status="canceled")
    return Reply(204)


def _mute(request: Request, person: Participant) -> None:
    muted = request.fields.truth("Muted")
    if muted != person.muted:
        person.muted = muted
        rooms.event(
            request.world, person.room, f"participant-{'mute' if muted else 'unmute'}", person
        )
        request.world.note("muted" if muted else "unmuted", person.call, room=person.room.sid)


def _hold(request: Request, person: Participant) -> None:
    world, hold = request.world, request.fields.truth("Hold")
    if hold == person.hold:
        return
    person.hold, call = hold, person.call
    rooms.event(world, person.room, f"participant-{'hold' if hold else 'unhold'}", person)
    world.note("held" if hold else "resumed", call, room=person.room.sid)
    call.inner.stop()
    if hold and (url := request.fields.one("HoldUrl")):
        address = world.reader.address(url, "")
        call.inner.place, method = "room", request.fields.one("HoldMethod", "POST")

        def ask() -> None:
            if person.here and person.hold:
                call.inner.ask("hold", address, method)

        call.inner.ended = ask
        ask()


def _coach(request: Request, person: Participant) -> None:
    coaching = request.fields.truth("Coaching", True)
    whom = request.fields.one("CallSidToCoach", person.coach)
    if coaching:
        if not whom:
            raise errors.missing("CallSidToCoach")
        _coachable(person.room, whom)
    person.coach = whom if coaching else ""
    rooms.event(request.world, person.room, "participant-modify", person)
    request.world.note("coaching", person.call, room=person.room.sid, coach=person.coach)


def _coachable(room: Conference, whom: str) -> None:
    other = room.of(whom)
    if other is None:
        raise errors.wrong("CallSidToCoach", whom)
    if other.hold:
        raise errors.held()


ONE = f"{calls.BASE}/Conferences/{{ConferenceSid}}/Participants"
ROUTES = (
    route("POST", f"{ONE}.json", participant_create,
          "From To StatusCallback StatusCallbackEvent StatusCallbackMethod Label Timeout Muted "
          "Beep StartConferenceOnEnter EndConferenceOnExit WaitUrl WaitMethod Coaching "
          "ConferenceStatusCallback ConferenceStatusCallbackMethod CallSidToCoach TimeLimit "
          "ConferenceStatusCallbackEvent"),
    route("GET", f"{ONE}.json", participant_list, f"Muted Hold Coaching {calls.PAGED}"),
    route("GET", f"{ONE}/{{CallSid}}.json", participant_fetch),
    route("POST", f"{ONE}/{{CallSid}}.json", participant_update,
          "Muted Hold HoldUrl HoldMethod AnnounceUrl AnnounceMethod EndConferenceOnExit Coaching "
          "CallSidToCoach BeepOnExit"),
    route("DELETE", f"{ONE}/{{CallSid}}.json", participant_delete),
)  # fmt: skip
