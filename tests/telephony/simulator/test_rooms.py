"""Rooms: when they start and end, who is told what, hold, mute and coaching."""

import pytest
from twilio.base.exceptions import TwilioRestException

from telephony.simulator.people import Person
from telephony.simulator.truth import tell
from telephony.simulator.world import Complaint
from tests.telephony.simulator.centre import APPLICATION, NUMBER, Server, client
from tests.telephony.simulator.words import BASE, twiml

CALLER = "+212600000001"
ALL = "start end join leave mute hold modify announcement"


def room(*, name: str = "r1", after: str = "", action: str = "", **attributes: str) -> str:
    words = "".join(f' {key}="{value}"' for key, value in attributes.items())
    act = f' action="{action}"' if action else ""
    return twiml(
        f'<Dial{act}><Conference statusCallback="{BASE}/room" statusCallbackEvent="{ALL}"{words}>'
        f"{name}</Conference></Dial>{after}"
    )


@pytest.fixture
def server() -> Server:
    return Server({
        "/voice": room(participantLabel="caller", endConferenceOnExit="true"),
        "/desk": lambda form: form_of[form["From"]],
        "/music": twiml("<Play>/music.mp3</Play>"),
    })  # fmt: skip


form_of = {
    "client:advisor": room(participantLabel="advisor"),
    "client:supervisor": room(participantLabel="supervisor", muted="true"),
}


def talking(world):
    advisor = world.connect("advisor", APPLICATION)
    world.run(2)
    caller = world.ring(CALLER, NUMBER)
    world.run(10)
    return caller, advisor


def events(server):
    return [form["StatusCallbackEvent"] for form in server.asked("/room")]


def told(world):
    return tell(world.history, world.clock.now)


def test_a_room_starts_with_the_second_and_is_told_in_order(server, world):
    advisor = world.connect("advisor", APPLICATION)
    world.run(5)
    (conference,) = world.rooms.values()
    assert (conference.status, events(server)) == ("init", ["participant-join"])
    caller = world.ring(CALLER, NUMBER)
    world.run(5)
    assert conference.status == "in-progress"
    joined = server.asked("/room")[1]
    assert events(server) == ["participant-join", "participant-join", "conference-start"]
    assert (joined["CallSid"], joined["ParticipantLabel"]) == (caller.sid, "caller")
    assert (joined["EndConferenceOnExit"], joined["Muted"], joined["Hold"]) == (
        "true", "false", "false",
    )  # fmt: skip
    assert [form["SequenceNumber"] for form in server.asked("/room")] == ["1", "2", "3"]
    assert advisor.status == caller.status == "in-progress"


def test_nothing_starts_while_nobody_may_start_it(server, world):
    server.answers["/voice"] = room(startConferenceOnEnter="false")
    world.ring(CALLER, NUMBER)
    world.ring("+212600000002", NUMBER)
    world.run(5)
    assert [one.status for one in world.rooms.values()] == ["init"]
    world.connect("advisor", APPLICATION)
    world.run(5)
    assert [one.status for one in world.rooms.values()] == ["in-progress"]


def test_who_waits_for_the_start_hears_the_wait_address(server, world):
    server.answers["/voice"] = room(waitUrl=f"{BASE}/music", startConferenceOnEnter="false")
    world.ring(CALLER, NUMBER)
    world.run(10)
    asked = len(server.asked("/music"))
    assert asked >= 2
    world.connect("advisor", APPLICATION)
    world.run(30)
    assert len(server.asked("/music")) == asked


def test_when_the_caller_leaves_the_room_ends_for_all(server, world):
    caller, advisor = talking(world)
    world.hang_up(caller)
    world.run()
    assert advisor.status == "completed"
    names = events(server)
    assert names.count("participant-leave") == 2
    end = server.asked("/room")[names.index("conference-end")]
    assert end["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"
    assert end["CallSidEndingConference"] == caller.sid
    left = [
        form for form in server.asked("/room") if form["StatusCallbackEvent"] == "participant-leave"
    ]
    assert {form["CallSid"]: form["ReasonParticipantLeft"] for form in left} == {
        caller.sid: "participant_hung_up", advisor.sid: "moderator_ended_conference",
    }  # fmt: skip
    assert {form["CallSid"]: form["ParticipantCallStatus"] for form in left} == {
        caller.sid: "completed", advisor.sid: "in-progress",
    }  # fmt: skip


def test_when_the_advisor_leaves_the_caller_stays(server, world):
    caller, advisor = talking(world)
    world.hang_up(advisor)
    world.run(30)
    assert caller.status == "in-progress"
    assert caller.participant.here
    assert "conference-end" not in events(server)


def test_the_action_of_dial_is_asked_when_the_room_is_over(server, world):
    server.answers["/voice"] = room(action="/after")
    server.answers["/after"] = twiml("<Play>/goodbye.mp3</Play>")
    caller, _advisor = talking(world)
    (sid,) = world.rooms
    client(world).conferences(sid).update(status="completed")
    world.run()
    assert server.asked("/after")[0]["DialCallStatus"] == "answered"
    assert caller.status == "completed"
    end = server.asked("/room")[-1]
    assert end["ReasonConferenceEnded"] == "conference-ended-via-api"


def test_without_an_action_the_document_goes_on(server, world):
    server.answers["/voice"] = room(after="<Redirect>/on</Redirect>")
    talking(world)
    (sid,) = world.rooms
    client(world).conferences(sid).update(status="completed")
    world.run()
    assert len(server.asked("/on")) == 1


def test_callback_and_events_are_those_of_the_first(server, world):
    first = twiml(
        f'<Dial><Conference statusCallback="{BASE}/first" statusCallbackEvent="join">r1'
        "</Conference></Dial>"
    )
    server.answers["/desk"] = first
    talking(world)
    assert len(server.asked("/first")) == 2
    assert server.asked("/room") == []


def test_hold_plays_its_address_again_and_again_and_is_not_spoken_time(server, world):
    caller, _advisor = talking(world)
    (sid,) = world.rooms
    person = client(world).conferences(sid).participants("caller")
    assert person.update(hold=True, hold_url=f"{BASE}/music").hold is True
    world.run(20)
    assert len(server.asked("/music")) >= 4
    person.update(hold=False)
    world.run(10)
    world.hang_up(caller)
    world.run()
    assert events(server).count("participant-hold") == 1
    assert events(server).count("participant-unhold") == 1
    (talk,) = told(world).calls[caller.sid].conversations
    assert talk.identity == "advisor"
    assert talk.held == pytest.approx(20)
    assert talk.seconds == pytest.approx(20, abs=1)


def test_mute_is_told_once_for_each_change(server, world):
    _caller, advisor = talking(world)
    (sid,) = world.rooms
    person = client(world).conferences(sid).participants(advisor.sid)
    for muted in (True, True, False):
        person.update(muted=muted)
    world.run(1)
    assert events(server)[3:] == ["participant-mute", "participant-unmute"]


def test_listening_is_not_speaking_until_one_steps_in(server, world):
    caller, advisor = talking(world)
    listener = world.connect("supervisor", APPLICATION)
    world.run(10)
    assert [one.identity for one in told(world).calls[caller.sid].conversations] == ["advisor"]
    (sid,) = world.rooms
    rest = client(world).conferences(sid).participants(listener.sid)
    rest.update(coaching=True, call_sid_to_coach=advisor.sid)
    world.run(10)
    rest.update(coaching=False, muted=False)
    world.run(10)
    spoke = {one.identity: one.seconds for one in told(world).calls[caller.sid].conversations}
    assert spoke["supervisor"] == pytest.approx(10)
    assert events(server).count("participant-modify") == 2


def test_who_is_on_hold_cannot_be_coached(server, world):
    _caller, advisor = talking(world)
    listener = world.connect("supervisor", APPLICATION)
    world.run(2)
    (sid,) = world.rooms
    people = client(world).conferences(sid).participants
    people(advisor.sid).update(hold=True)
    with pytest.raises(TwilioRestException) as refused:
        people(listener.sid).update(coaching=True, call_sid_to_coach=advisor.sid)
    assert refused.value.code == 16027


def test_joining_as_coach_of_nobody_fails_to_the_action(server, world):
    server.answers["/voice"] = room(coach="CA" + "0" * 32, action="/after")
    world.ring(CALLER, NUMBER)
    world.run()
    assert server.asked("/after")[0]["DialCallStatus"] == "failed"


def test_a_room_is_changed_by_its_id_never_by_its_name(server, world):
    talking(world)
    with pytest.raises(TwilioRestException) as refused:
        client(world).conferences("r1").participants("caller").update(muted=True)
    assert refused.value.status == 404


def test_kicked_and_moved_leave_and_go_on(server, world):
    caller, advisor = talking(world)
    (sid,) = world.rooms
    client(world).conferences(sid).participants(advisor.sid).delete()
    world.run(2)
    assert advisor.status == "completed"
    client(world).calls(caller.sid).update(url=f"{BASE}/music")
    world.run()
    assert len(server.asked("/music")) == 1
    assert events(server)[-1] == "conference-end"
    left = [
        form for form in server.asked("/room") if form["StatusCallbackEvent"] == "participant-leave"
    ]
    assert {form["ReasonParticipantLeft"] for form in left} == {"participant_updated_via_api"}


def test_an_outbound_call_into_a_room_tells_its_way(server, world):
    world.connect("advisor", APPLICATION)
    world.run(2)
    created = client(world).conferences("r1").participants.create(
        from_=NUMBER, to="+212611111111", label="called", end_conference_on_exit=True,
        status_callback=f"{BASE}/status",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )  # fmt: skip
    assert (created.status, created.label) == ("queued", "called")
    world.run(20)
    forms = server.asked("/status")
    assert [form["CallStatus"] for form in forms] == ["initiated", "ringing", "in-progress"]
    assert [form["SequenceNumber"] for form in forms] == ["0", "1", "2"]
    assert forms[0]["Direction"] == "outbound-api"
    call = world.calls[created.call_sid]
    world.hang_up(call)
    world.run()
    (talk,) = told(world).calls[call.sid].conversations
    assert talk.identity == "advisor"


@pytest.mark.parametrize("answer", ["busy", "no-answer", "failed"])
def test_who_does_not_answer_never_joins(server, world, answer):
    class Away(Person):
        def answers(self, call):
            return answer

    world.callee = lambda number: Away()
    world.connect("advisor", APPLICATION)
    world.run(2)
    created = (
        client(world)
        .conferences("r1")
        .participants.create(from_=NUMBER, to="+212611111111", status_callback=f"{BASE}/status")
    )
    world.run(90)
    assert world.calls[created.call_sid].status == answer
    assert server.asked("/status")[0]["CallStatus"] == answer
    left = server.asked("/room")[-1]
    assert left["ReasonParticipantLeft"] == "participant_add_failed"
    assert left["ParticipantCallStatus"] == answer


def test_creations_take_one_a_second(server, world):
    rest = client(world)
    made = [
        rest.calls.create(to=f"+21261111111{n}", from_=NUMBER, url=f"{BASE}/music")
        for n in range(3)
    ]
    assert [one.queue_time for one in made] == ["0", "1000", "2000"]
    world.run()
    begun = [world.calls[one.sid].started for one in made]
    assert [(begun[n + 1] - begun[n]).total_seconds() for n in range(2)] == [1.0, 1.0]


def test_an_announcement_is_heard_by_all_or_by_one(server, world):
    _caller, advisor = talking(world)
    (sid,) = world.rooms
    client(world).conferences(sid).participants(advisor.sid).update(announce_url=f"{BASE}/music")
    world.run(10)
    assert [one.call for one in world.history if one.what == "heard"] == [advisor.sid]
    client(world).conferences(sid).update(announce_url=f"{BASE}/music")
    world.run(10)
    assert len([one for one in world.history if one.what == "heard"]) == 3
    assert events(server).count("announcement-end") == 2


def test_a_time_limit_ends_the_stay_in_the_room_and_the_document_goes_on(server, world):
    server.answers["/desk"] = twiml(
        '<Dial timeLimit="30"><Conference>r1</Conference></Dial><Redirect>/on</Redirect>'
    )
    caller, advisor = talking(world)
    world.run(60)
    assert len(server.asked("/on")) == 1
    assert advisor.over
    (talk,) = told(world).calls[caller.sid].conversations
    assert talk.seconds == pytest.approx(28, abs=0.5)


def test_a_room_is_recorded_from_its_start_to_its_end(server, world):
    server.answers["/voice"] = room(
        record="record-from-start", recordingStatusCallback=f"{BASE}/recording",
        recordingStatusCallbackEvent="in-progress completed", endConferenceOnExit="true",
    )  # fmt: skip
    caller, _advisor = talking(world)
    world.run(20)
    world.hang_up(caller)
    world.run()
    forms = server.asked("/recording")
    assert [form["RecordingStatus"] for form in forms] == ["in-progress", "completed"]
    assert forms[1]["RecordingSource"] == "Conference"
    assert forms[1]["ConferenceSid"] in world.rooms
    assert 29 <= int(forms[1]["RecordingDuration"]) <= 30


def test_two_of_one_label_are_a_mistake(server, world):
    world.ring(CALLER, NUMBER)
    world.ring("+212600000002", NUMBER)
    with pytest.raises(Complaint, match="which one"):
        world.run(5)


def test_a_number_in_a_rooms_name_is_a_mistake(server, world):
    server.answers["/voice"] = room(name="call-212600000001")
    world.ring(CALLER, NUMBER)
    with pytest.raises(Complaint, match="telephone number"):
        world.run(5)
