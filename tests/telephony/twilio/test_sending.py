"""Orders go out: what is asked of Twilio, how often, and what becomes of the call when it says no."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.accounts.models import Audit
from helpdesk.tickets.models import Promise
from telephony import actions, jobs
from telephony.facts import Fact, State, Why
from telephony.models import CallEvent, Leg
from telephony.providers.twilio import client, sending
from telephony.providers.twilio.models import Order, Room, Voice
from telephony.recordings import Recording
from tests import make
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio.answers import LOST, SOUND, Answers, wav
from tests.telephony.twilio.caller import Page, Talk, Telephone, code, orders
from tests.telephony.twilio.openapi_check import Wrong

pytestmark = pytest.mark.django_db


def at(seconds: float) -> Any:
    return make.NOW + timedelta(seconds=seconds)


def names(twilio: Answers) -> list[str]:
    return [name for name, _last, _data in twilio.asked]


def given_up() -> list[tuple[str, str]]:
    return list(Order.objects.set_aside().values_list("kind", "error"))


@pytest.fixture
def moving(waiting: Telephone, leg: Leg) -> Telephone:
    """Amina's page is in the room; the caller is to come."""
    Page(leg).comes(code(leg))
    Order.objects.filter(kind="look").delete()  # they have tests of their own
    return waiting


# --- what is asked ----------------------------------------------------------------------------------


def test_the_caller_is_taken_out_of_the_line_by_name(moving: Telephone, twilio: Answers) -> None:
    assert sending.send_due(at=at(1)) == 1
    url = f"{c.PUBLIC}/hooks/twilio/enter/{Room.objects.get().name}/#rt=7000&rc=1&rp=all"
    assert twilio.asked == [("UpdateMember", moving.sid, {"Url": url, "Method": "POST"})]
    assert twilio.auths == {(c.ACCOUNT, c.TOKEN)}
    assert sending.send_due(at=at(2)) == 0


def test_the_move_goes_out_with_the_commit_that_makes_it_due(
    leg: Leg, twilio: Answers, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        Page(leg).comes(code(leg))
    assert names(twilio) == ["UpdateMember"]
    assert orders() == []


def test_nothing_else_goes_out_by_itself(
    talk: Talk, twilio: Answers, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        actions.set_hold(talk.leg, True, at=make.NOW)
        actions.end(talk.leg, at=make.NOW)
    assert twilio.asked == []
    sending.send_due(at=at(1))
    assert names(twilio) == ["UpdateConference"]


def test_who_is_not_in_the_line_yet_is_moved_by_their_call(leg: Leg, twilio: Answers) -> None:
    Voice.objects.filter(leg__role="caller").update(line_sid="")
    Page(leg).comes(code(leg))
    sending.send_due(at=at(1))
    assert names(twilio) == ["UpdateCall"]


def test_who_is_no_member_any_more_is_moved_by_their_call(
    moving: Telephone, twilio: Answers
) -> None:
    twilio.next = [404]
    sending.send_due(at=at(1))
    assert names(twilio) == ["UpdateMember", "UpdateCall"]
    assert given_up() == []


def test_hold_mute_and_whisper_are_asked_of_the_room(
    talk: Talk, twilio: Answers, brahim: Any
) -> None:
    actions.set_hold(talk.leg, True, at=make.NOW)
    sending.send_due(at=at(1))
    assert twilio.asked.pop() == ("UpdateParticipant", talk.telephone.sid, {"Hold": "true"})
    actions.set_hold(talk.leg, False, at=make.NOW)
    sending.send_due(at=at(1))
    assert twilio.asked.pop() == ("UpdateParticipant", talk.telephone.sid, {"Hold": "false"})
    leg = actions.listen(talk.call, by=brahim, at=make.NOW)
    page = Page(leg)
    page.comes(code(leg))
    for mode, data in (
        (Leg.Mode.WHISPER, {"Muted": "false", "Coaching": "true", "CallSidToCoach": talk.page.sid}),
        (Leg.Mode.BARGE, {"Coaching": "false"}),
        (Leg.Mode.LISTEN, {"Muted": "true"}),
    ):
        actions.listen(talk.call, by=brahim, at=make.NOW, mode=mode)
        sending.send_due(at=at(1))
        assert twilio.asked.pop() == ("UpdateParticipant", page.sid, data)


def test_hold_plays_our_music_where_some_was_recorded(
    talk: Talk, twilio: Answers, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "prompts" / "ar").mkdir(parents=True)
    (tmp_path / "prompts" / "ar" / "music.mp3").write_bytes(b"ID3")
    actions.set_hold(talk.leg, True, at=make.NOW)
    sending.send_due(at=at(1))
    _name, _last, data = twilio.asked[0]
    assert data["HoldUrl"].startswith(f"{c.PUBLIC}/hooks/twilio/sounds/")
    assert data["HoldMethod"] == "GET"


def test_given_back_the_caller_goes_to_the_line_and_the_advisor_out(
    talk: Talk, twilio: Answers
) -> None:
    actions.give_back(talk.call, why=Why.ADVISOR, by=talk.leg.user, at=make.NOW)
    sending.send_due(at=at(1))
    url = f"{c.PUBLIC}/hooks/twilio/back/#rt=7000&rc=1&rp=all"
    assert twilio.asked == [
        ("UpdateCall", talk.telephone.sid, {"Url": url, "Method": "POST"}),
        ("DeleteParticipant", talk.page.sid, {}),
    ]


def test_the_end_closes_the_room(talk: Talk, twilio: Answers) -> None:
    actions.end(talk.leg, at=make.NOW)
    sending.send_due(at=at(1))
    assert twilio.asked == [("UpdateConference", talk.room.sid, {"Status": "completed"})]


def test_a_caller_whose_advisor_hung_up_before_is_hung_up_on(
    waiting: Telephone, leg: Leg, twilio: Answers
) -> None:
    actions.end(leg, at=make.NOW)
    sending.send_due(at=at(1))
    assert twilio.asked == [("UpdateCall", waiting.sid, {"Status": "completed"})]


def test_without_a_token_nothing_is_asked(
    moving: Telephone, twilio: Answers, settings: Any
) -> None:
    settings.TWILIO_AUTH_TOKEN = ""
    assert sending.send_due(at=at(1)) == 0
    assert (twilio.asked, len(orders())) == ([], 1)


# --- when Twilio says no, or nothing ----------------------------------------------------------------


@pytest.mark.parametrize("trouble", [429, 500, 503, LOST])
def test_what_may_pass_is_tried_again_after_longer_and_longer_pauses(
    moving: Telephone, twilio: Answers, trouble: Any
) -> None:
    twilio.next = [trouble] * 3
    tried = [second for second in range(1, 20) if sending.send_due(at=at(second))]
    assert tried == [1, 2, 4, 8]
    # Unless it was surely not done, the room is looked into before the caller is moved again.
    again = "UpdateMember" if trouble == 429 else "ListConference"
    assert names(twilio) == ["UpdateMember", again, again, *dict.fromkeys([again, "UpdateMember"])]
    assert given_up() == []


@pytest.mark.long
def test_an_hour_of_trouble_is_given_up_and_told(moving: Telephone, twilio: Answers) -> None:
    twilio.next = [503] * 100
    tried = [second for second in range(1, 3600) if sending.send_due(at=at(second))]
    assert len(tried) == len(sending.PAUSES) + 1
    assert given_up() == [("move", "no answer")]  # a list says no more of why it failed
    assert sending.orders_set_aside() == 1


@pytest.mark.parametrize(("status", "code"), [(400, 21218), (401, 20003), (403, 0), (400, 16027)])
def test_a_plain_no_is_not_asked_again(talk: Talk, twilio: Answers, status: int, code: int) -> None:
    actions.set_hold(talk.leg, True, at=make.NOW)
    twilio.next = [(status, code)]
    sending.send_due(at=at(1))
    sending.send_due(at=at(60))
    assert names(twilio) == ["UpdateParticipant"]
    assert given_up() == [("set", f"{status} {code}")]
    assert talk.call.state == State.HELD


@pytest.mark.parametrize("answers", [[(400, 21220)], [404, 404], [404, (400, 21220)]])
def test_a_caller_who_hung_up_at_the_move_frees_the_advisor(
    moving: Telephone, twilio: Answers, answers: list[Any]
) -> None:
    twilio.next = answers
    sending.send_due(at=at(1))
    call = moving.call
    assert call.state == State.ABANDONED
    assert list(Promise.objects.owed().values_list("kind", flat=True)) == ["missed"]
    assert call.events.get(kind=Fact.ENDED).source == "reconcile"
    moving.leaves_line("hangup")
    moving.hangs_up()
    assert Promise.objects.count() == 1
    twilio.asked.clear()
    sending.send_due(at=at(2))
    assert names(twilio) == ["UpdateConference"]


@pytest.mark.parametrize("answer", [404, (400, 21220)])
def test_what_is_gone_already_need_not_go(talk: Talk, twilio: Answers, answer: Any) -> None:
    actions.end(talk.leg, at=make.NOW)
    twilio.next = [answer]
    sending.send_due(at=at(1))
    assert (sending.send_due(at=at(60)), given_up()) == (0, [])


def test_done_at_twilio_and_not_told_is_done_once(moving: Telephone, twilio: Answers) -> None:
    """The answer to the move is lost, and the caller is in the room already when it is tried again."""
    twilio.next = [LOST]
    sending.send_due(at=at(1))
    moving.in_room("participant-join", Room.objects.get())
    assert moving.call.state == State.TALKING
    sending.send_due(at=at(2))
    assert moving.call.state == State.TALKING
    assert names(twilio)[0] == "UpdateMember"


def test_a_killed_process_leaves_the_order_to_the_next(moving: Telephone, twilio: Answers) -> None:
    pk = Order.objects.open().get().pk
    Order.objects.filter(pk=pk).update(due_at=at(1) + sending.LEASE, sent_at=at(1), tries=1)
    assert sending.send_due(at=at(2)) == 0
    assert sending.send_due(at=at(22)) == 1


def test_one_process_sends_an_order(moving: Telephone, twilio: Answers) -> None:
    pk = Order.objects.open().get().pk
    assert sending.send(pk, at=at(1))
    assert not sending.send(pk, at=at(1))
    assert len(twilio.asked) == 1


def test_a_mistake_of_ours_stands_in_no_other_orders_way(
    moving: Telephone, twilio: Answers, monkeypatch: Any
) -> None:
    other = Order.objects.create(
        call=moving.call, kind="close", room=Room.objects.get(), made_at=at(0), due_at=at(0)
    )
    monkeypatch.setitem(sending._SENDS, Order.Kind.MOVE, lambda *args: 1 / 0)
    assert sending.send_due(at=at(1)) == 2
    other.refresh_from_db()
    assert other.done_at is not None
    assert [row.error for row in Order.objects.open()] == ["ZeroDivisionError"]
    monkeypatch.undo()
    monkeypatch.setattr(client, "http_client", lambda: twilio)
    sending.send_due(at=at(2))
    assert orders() == []


def test_of_one_voice_the_earlier_order_goes_first(talk: Talk, twilio: Answers) -> None:
    actions.set_hold(talk.leg, True, at=make.NOW)
    twilio.next = [503]
    sending.send_due(at=at(1))
    actions.set_hold(talk.leg, False, at=at(1))
    sending.send_due(at=at(1.5))
    assert len(twilio.asked) == 1
    sending.send_due(at=at(3))
    sending.send_due(at=at(4))
    assert [data for _name, _last, data in twilio.asked[1:]] == [
        {"Hold": "true"},
        {"Hold": "false"},
    ]


def test_a_failure_of_the_direct_move_is_left_to_the_sweep(
    moving: Telephone, twilio: Answers, monkeypatch: Any
) -> None:
    pk = Order.objects.open().get().pk
    monkeypatch.setattr(sending, "send", lambda *args, **named: 1 / 0)
    sending.send_now(pk)
    monkeypatch.undo()
    assert len(orders()) == 1


def test_our_client_waits_five_seconds_and_repeats_nothing(line: None) -> None:
    ours = client.http_client()
    assert ours.timeout == 5
    retries = ours.session.get_adapter("https://api.twilio.com").max_retries
    assert (retries.total, retries.read) == (0, False)


def test_only_a_simulator_is_asked_elsewhere(
    moving: Telephone, twilio: Answers, settings: Any
) -> None:
    settings.TWILIO_API_URL = "http://127.0.0.1:9"
    with pytest.raises(Wrong, match="127"):
        sending.send_due(at=at(1))


# --- messages ---------------------------------------------------------------------------------------


@pytest.fixture
def left(waiting: Telephone) -> Telephone:
    waiting.presses("wait/keys/", "2")
    waiting.told(
        "recorded/", RecordingSid=c.sid("RE"), RecordingStatus="completed", RecordingDuration="12"
    )
    return waiting


def test_a_message_is_fetched_kept_and_only_then_deleted_there(
    left: Telephone, twilio: Answers
) -> None:
    sending.send_due(at=at(1))
    recording = Recording.objects.get()
    assert (recording.kind, recording.seconds, recording.file.size) == ("voicemail", 12, len(SOUND))
    assert names(twilio) == ["Sound"]
    sending.send_due(at=at(2))
    assert names(twilio) == ["Sound", "DeleteRecording"]
    proof = Order.objects.get(kind="forget").data
    assert proof["sha256"] == hashlib.sha256(SOUND).hexdigest() == recording.file.sha256
    assert left.call.ticket.entries.filter(key=f"recording:{recording.pk}", files=recording.file)
    assert left.call.state == State.VOICEMAIL


@pytest.mark.parametrize("answer", [200, 404])
def test_that_it_is_deleted_there_is_on_record(
    left: Telephone, twilio: Answers, answer: int
) -> None:
    sending.send_due(at=at(1))
    twilio.next = [answer]
    sending.send_due(at=at(2))
    proof = Audit.objects.get(act="deleted-at-provider")
    sha256 = hashlib.sha256(SOUND).hexdigest()
    assert proof.facts == {"recording": c.sid("RE"), "size": len(SOUND), "sha256": sha256}
    assert sending.forget_old(at=at(89 * 24 * 3600)) == 0
    assert sending.forget_old(at=at(91 * 24 * 3600)) > 0
    assert Audit.objects.filter(pk=proof.pk).exists()


def test_what_is_still_to_be_sent_is_kept(moving: Telephone) -> None:
    assert sending.forget_old(at=at(91 * 24 * 3600)) == 0


def test_a_message_told_twice_is_kept_once(left: Telephone, twilio: Answers) -> None:
    for second in range(1, 5):
        sending.send_due(at=at(second))
        left.told("recorded/", RecordingSid=c.sid("RE"), RecordingStatus="completed")
    assert Recording.objects.count() == 1
    assert names(twilio) == ["Sound", "DeleteRecording"]


@pytest.mark.parametrize("trouble", [LOST, 503, 404, SOUND[:-1]])
def test_what_cannot_be_fetched_whole_is_not_deleted(
    left: Telephone, twilio: Answers, trouble: Any
) -> None:
    twilio.next = [trouble]
    sending.send_due(at=at(1))
    assert (Recording.objects.count(), names(twilio)) == (0, ["Sound"])
    sending.send_due(at=at(3))
    assert Recording.objects.count() == 1


@pytest.mark.parametrize(
    "sound", [b"<html>" + bytes(len(SOUND) - 6), b"ID3", b"", wav(3), SOUND[:44]]
)
def test_what_is_not_the_whole_sound_is_given_up_and_not_deleted(
    left: Telephone, twilio: Answers, sound: bytes, monkeypatch: Any
) -> None:
    monkeypatch.setattr("tests.telephony.twilio.answers.SOUND", sound)
    twilio.next = [sound]
    sending.send_due(at=at(1))
    assert (Recording.objects.count(), given_up()) == (0, [("fetch", "415 0")])
    assert not Order.objects.filter(kind="forget").exists()


def test_a_message_is_deleted_here_like_any_other(left: Telephone, twilio: Answers) -> None:
    sending.send_due(at=at(1))
    assert jobs.delete_recordings(at=at(91 * 24 * 3600)) == 1
    assert Audit.objects.filter(act="deleted-recording").exists()


# --- asking how a call stands -------------------------------------------------------------------------


def quiet(twilio: Answers) -> int:
    """A minute and a half later the line is asked."""
    return jobs.reconcile(at=at(120))


def test_an_end_that_was_never_told_is_found(waiting: Telephone, twilio: Answers) -> None:
    twilio.bodies = {"FetchCall": {"status": "completed"}}
    assert quiet(twilio) == 1
    assert waiting.call.state == State.ABANDONED
    assert waiting.call.events.get(kind=Fact.ENDED).source == "reconcile"
    waiting.hangs_up()
    assert Promise.objects.owed().count() == 1


def test_a_call_that_twilio_does_not_know_has_ended(waiting: Telephone, twilio: Answers) -> None:
    twilio.next = [404]
    quiet(twilio)
    assert not waiting.call.is_live


@pytest.mark.parametrize("trouble", [429, 500, LOST])
def test_no_answer_says_nothing(waiting: Telephone, twilio: Answers, trouble: Any) -> None:
    twilio.next = [trouble]
    assert quiet(twilio) == 0
    assert waiting.call.state == State.WAITING


def test_who_waits_goes_on_waiting(waiting: Telephone, twilio: Answers) -> None:
    twilio.bodies = {"FetchCall": {"status": "in-progress"}}
    before = CallEvent.objects.count()
    assert quiet(twilio) == 0
    assert CallEvent.objects.count() == before


def test_joins_that_were_never_told_are_found(
    leg: Leg, waiting: Telephone, twilio: Answers
) -> None:
    page = Page(leg)
    page.connects(code(leg))
    room = Room.objects.get()
    there(twilio, page)
    twilio.bodies["FetchCall"] = {"status": "in-progress"}
    assert quiet(twilio) == 1
    assert orders() == [("move", "caller", {})]
    assert waiting.call.events.get(kind=Fact.ADVISOR_JOINED).source == "reconcile"
    assert room.name == twilio.asked[1][2].get("FriendlyName", room.name)


# --- looking into a room --------------------------------------------------------------------------


def there(twilio: Answers, *ends: Any) -> None:
    """Who is in the room, since a second after it was laid."""
    since = "Tue, 24 Nov 2026 10:00:01 +0000"
    twilio.bodies = {
        "ListConference": {"conferences": [{"sid": c.sid("CF")}], "page_size": 1},
        "ListParticipant": {
            "participants": [{"call_sid": one.sid, "date_created": since} for one in ends]
        },
    }


def test_an_advisor_whose_coming_was_not_told_is_seen_within_seconds(
    waiting: Telephone, leg: Leg, twilio: Answers
) -> None:
    page = Page(leg)
    page.connects(code(leg))
    there(twilio, page)
    assert sending.send_due(at=at(2)) == 0
    sending.send_due(at=at(3))
    assert names(twilio) == ["ListConference", "ListParticipant"]
    assert orders() == [("move", "caller", {})]
    joined = waiting.call.events.get(kind=Fact.ADVISOR_JOINED)
    assert (joined.source, joined.at) == ("reconcile", at(1))


def test_a_conversation_of_which_nothing_was_told_goes_on(
    waiting: Telephone, leg: Leg, twilio: Answers
) -> None:
    page = Page(leg)
    page.comes(code(leg))
    there(twilio, page, waiting)
    for second in range(1, 14):
        sending.send_due(at=at(second))
    jobs.timers_due(at=at(13))
    assert waiting.call.state == State.TALKING
    assert names(twilio).count("ListParticipant") == 1


def test_what_was_told_is_not_asked(talk: Talk, twilio: Answers) -> None:
    Order.objects.filter(kind="look").update(done_at=None, sent_at=None)
    for second in range(1, 14):
        sending.send_due(at=at(second))
    assert twilio.asked == []


def test_a_page_that_never_comes_is_looked_for_three_times_and_given_up(
    waiting: Telephone, leg: Leg, twilio: Answers
) -> None:
    Page(leg).connects(code(leg))
    for second in range(1, 30):
        sending.send_due(at=at(second))
        jobs.timers_due(at=at(second))
    assert names(twilio).count("ListConference") == 3
    assert waiting.call.state == State.WAITING


def test_an_advisor_who_is_not_in_the_room_any_more_is_found(talk: Talk, twilio: Answers) -> None:
    twilio.bodies = {"FetchCall": {"status": "in-progress"}, "ListConference": {"conferences": []}}
    quiet(twilio)
    leg = Leg.objects.get(pk=talk.leg.pk)
    assert leg.silent_since is not None
    assert talk.call.state == State.TALKING


@pytest.mark.parametrize(("age", "is_gone"), [(1, False), (3, True)])
def test_who_came_while_it_was_asked_is_not_taken_for_gone(
    talk: Talk, twilio: Answers, age: int, is_gone: bool
) -> None:
    """The question was on its way when the room told of them."""
    Voice.objects.filter(leg=talk.leg).update(joined_at=at(120 - age))
    twilio.bodies = {"FetchCall": {"status": "in-progress"}, "ListConference": {"conferences": []}}
    quiet(twilio)
    leg = Leg.objects.get(pk=talk.leg.pk)
    assert (leg.silent_since is not None) is is_gone


def test_an_advisor_found_at_the_last_moment_is_not_given_up_at_once(
    waiting: Telephone, leg: Leg, twilio: Answers
) -> None:
    """From when it is known the caller is waited for, not from when it was."""
    page = Page(leg)
    page.connects(code(leg))
    there(twilio, page)
    twilio.next = [503, 503]
    for second in (3, 7, 11.5):
        sending.send_due(at=at(second))
    jobs.timers_due(at=at(13))
    assert waiting.call.state == State.CLAIMED
    jobs.timers_due(at=at(24))
    assert waiting.call.state == State.WAITING


def test_a_move_that_was_done_is_not_done_again(
    moving: Telephone, leg: Leg, twilio: Answers
) -> None:
    """Its answer was lost, and so was the word that the caller came."""
    twilio.next = [LOST]
    sending.send_due(at=at(1))
    there(twilio, moving)
    sending.send_due(at=at(2))
    assert names(twilio) == ["UpdateMember", "ListConference", "ListParticipant"]
    assert orders() == []


def test_who_was_taken_again_is_not_parked_later(talk: Talk, twilio: Answers, senior: Any) -> None:
    actions.give_back(talk.call, why=Why.TRANSFER, at=make.NOW, by=talk.leg.user)
    twilio.next = [503, 503]
    sending.send_due(at=at(1))
    Page(again := actions.answer(talk.call, by=senior, at=at(1))).comes(code(again))
    twilio.asked.clear()
    for second in range(2, 6):
        sending.send_due(at=at(second))
    parked = [data["Url"] for name, _l, data in twilio.asked if "back/" in data.get("Url", "")]
    assert parked == []
    assert "move" not in [kind for kind, _r, _d in orders()]
