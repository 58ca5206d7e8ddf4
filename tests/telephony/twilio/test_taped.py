"""A talk is recorded at Twilio only after its caller pressed the key, is fetched from there, and deleted."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from helpdesk.accounts.models import Audit
from helpdesk.associations.models import Consent
from telephony import actions, jobs
from telephony.actions import recording
from telephony.models import Call
from telephony.providers.twilio import sending, strays, tapes
from telephony.providers.twilio.models import Order, Stray, Tape, Voice
from telephony.recordings import Recording
from tests import make
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio import twiml
from tests.telephony.twilio.answers import LOST, SOUND, Answers
from tests.telephony.twilio.caller import Page, Talk, Telephone, code

pytestmark = pytest.mark.django_db
RE = c.sid("RE", 7)


def at(seconds: float) -> Any:
    return make.NOW + timedelta(seconds=seconds)


@pytest.fixture
def asked(telephone: Telephone, settings: Any) -> Telephone:
    """A caller who is asked whether the talk may be recorded."""
    settings.RECORD_CALLS = True
    telephone.rings()
    telephone.presses("language/1/", "3")
    root = telephone.presses("theme/1/", "1")
    assert "agree/1/" in root.find("Gather").get("action")
    return telephone


@pytest.fixture
def talk(asked: Telephone, amina: Any, twilio: Answers) -> Talk:
    """They agreed, and talk with Amina."""
    return talking(asked, amina, twilio)


def talking(telephone: Telephone, user: Any, twilio: Answers, key: str = "1") -> Talk:
    telephone.presses("agree/1/", key)
    telephone.listens()
    twilio.bodies["CreateCallRecording"] = {"sid": RE}
    return Talk(telephone, actions.answer(telephone.call, by=user, at=make.NOW), calls_off=False)


def goes_out(seconds: float) -> None:
    sending.send_due(at=at(seconds))


def about_tapes(twilio: Answers) -> list[tuple[str, str]]:
    found = [(name, data.get("Status", "")) for name, _last, data in twilio.asked]
    return [one for one in found if "Recording" in one[0]]


# --- the question ---------------------------------------------------------------------------------------


def test_nobody_is_asked_while_it_is_switched_off(telephone: Telephone) -> None:
    telephone.rings()
    telephone.presses("language/1/", "3")
    assert telephone.presses("theme/1/", "1").find("Enqueue") is not None


def test_one_key_is_a_yes_with_its_words_language_and_time(asked: Telephone) -> None:
    assert asked.presses("agree/1/", "1").find("Enqueue") is not None
    consent = Consent.objects.get()
    assert (consent.purpose, consent.text_version, consent.language, consent.channel) == (
        "recording", "call-key-2026-11", "fr", "phone",
    )  # fmt: skip
    assert consent.given_at == make.NOW
    assert asked.call.recording_consent == consent
    assert asked.call.ticket.theme.code == "A"


@pytest.mark.parametrize("key", ["", "2", "9", "*", "11"])
def test_silence_and_every_other_key_are_none_and_are_served_the_same(
    asked: Telephone, amina: Any, twilio: Answers, key: str
) -> None:
    root = asked.presses("agree/1/", key)
    assert root.find("Enqueue") is not None
    assert (asked.call.state, Consent.objects.count()) == ("waiting", 0)
    asked.listens()
    Talk(asked, actions.answer(asked.call, by=amina, at=make.NOW), calls_off=False)
    goes_out(3)
    assert asked.call.state == "talking"
    assert about_tapes(twilio) == []
    assert Tape.objects.count() == 0


def test_a_key_told_again_or_late_changes_nothing(asked: Telephone) -> None:
    asked.presses("agree/1/", "")
    asked.presses("agree/1/", "1")
    assert Consent.objects.count() == 0


def test_there_is_no_tape_without_a_consent(talk: Talk) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Tape.objects.update(consent=None)


# --- the talk -------------------------------------------------------------------------------------------


def test_it_begins_with_the_talk_and_records_the_callers_voice(talk: Talk, twilio: Answers) -> None:
    goes_out(1)
    ((name, last, data),) = [one for one in twilio.asked if "Recording" in one[0]]
    assert (name, last) == ("CreateCallRecording", "Recordings")
    assert data["RecordingStatusCallback"].startswith(f"{c.PUBLIC}/hooks/twilio/taped/")
    tape = Tape.objects.get()
    assert (tape.sid, tape.voice.sid) == (RE, talk.telephone.sid)
    assert tape.consent_id == talk.call.recording_consent_id
    assert tapes.state_of(talk.call) == "on"


def test_it_rests_while_the_two_do_not_hear_each_other(talk: Talk, twilio: Answers) -> None:
    goes_out(1)
    actions.set_hold(talk.leg, True, at=at(5))
    goes_out(6)
    actions.set_hold(talk.leg, False, at=at(9))
    goes_out(10)
    assert about_tapes(twilio)[1:] == [
        ("UpdateCallRecording", "paused"), ("UpdateCallRecording", "in-progress"),
    ]  # fmt: skip
    paused = next(data for _n, _l, data in twilio.asked if data.get("Status") == "paused")
    assert paused["PauseBehavior"] == "skip"


def test_the_advisor_lets_it_rest_on_the_card_and_sees_how_it_is(
    talk: Talk, amina: Any, twilio: Answers
) -> None:
    goes_out(1)
    client, pk = Client(), talk.call.pk
    client.force_login(amina)
    assert 'data-state="recording"' in client.get(f"/desk/calls/{pk}/band/").content.decode()
    client.post(f"/desk/calls/{pk}/tape/", {"do": "rest"})
    goes_out(5)
    actions.set_hold(talk.leg, True, at=at(6))
    actions.set_hold(talk.leg, False, at=at(7))
    goes_out(8)
    assert about_tapes(twilio)[1:] == [("UpdateCallRecording", "paused")]
    assert 'data-state="paused"' in client.get(f"/desk/calls/{pk}/band/").content.decode()
    client.post(f"/desk/calls/{pk}/tape/", {"do": "go-on"})
    goes_out(9)
    assert about_tapes(twilio)[-1] == ("UpdateCallRecording", "in-progress")
    assert client.post(f"/desk/calls/{pk}/tape/", {"do": "x"}).status_code == 400


def test_a_caller_who_changes_their_mind_is_not_recorded_any_more(
    talk: Talk, amina: Any, twilio: Answers
) -> None:
    goes_out(1)
    client, pk = Client(), talk.call.pk
    client.force_login(amina)
    client.post(f"/desk/calls/{pk}/tape/", {"do": "end"})
    goes_out(5)
    assert about_tapes(twilio)[-1] == ("UpdateCallRecording", "stopped")
    assert Consent.objects.get().withdrawn_at
    actions.set_hold(talk.leg, True, at=at(6))
    actions.set_hold(talk.leg, False, at=at(7))
    goes_out(9)
    assert len(about_tapes(twilio)) == 2
    assert Call.objects.get().state == "talking"


def test_one_that_was_taken_back_before_it_left_is_never_asked_for(
    talk: Talk, twilio: Answers
) -> None:
    Consent.objects.update(withdrawn_at=at(0))
    goes_out(1)
    assert about_tapes(twilio) == []


def test_each_turn_has_its_own_tape(talk: Talk, senior: Any, twilio: Answers) -> None:
    goes_out(1)
    asked = actions.consult(talk.leg, to=senior, at=at(5))
    page = Page(asked)
    page.comes(code(asked))
    actions.hand_over(talk.leg, at=at(8))
    twilio.bodies["CreateCallRecording"] = {"sid": c.sid("RE", 8)}
    goes_out(9)
    first, second = Tape.objects.all()
    assert first.stopped_at
    assert (second.leg.user, second.sid) == (senior, c.sid("RE", 8))


def test_a_lost_answer_begins_no_second_recording(talk: Talk, twilio: Answers) -> None:
    # The caller's move goes first; then the tape's own request is lost.
    Order.objects.exclude(kind="tape").delete()
    twilio.next = [LOST]
    goes_out(1)
    twilio.bodies["ListCallRecording"] = {"recordings": [{"sid": RE, "status": "in-progress"}]}
    goes_out(3)
    goes_out(9)
    assert [name for name, _s in about_tapes(twilio)].count("CreateCallRecording") == 1
    assert Tape.objects.get().sid == RE


def test_a_lost_answer_is_never_taken_for_the_tape_of_another_turn(
    talk: Talk, senior: Any, twilio: Answers
) -> None:
    Order.objects.exclude(kind="tape").delete()
    twilio.next = [LOST]
    goes_out(1)
    asked = actions.consult(talk.leg, to=senior, at=at(1))
    Page(asked).comes(code(asked))
    actions.hand_over(talk.leg, at=at(1))
    first, second = Tape.objects.all()
    Tape.objects.filter(pk=second.pk).update(sid=c.sid("RE", 8), is_unsure=True)
    going = [{"sid": c.sid("RE", number), "status": "in-progress"} for number in (8, 7)]
    twilio.bodies["ListCallRecording"] = {"recordings": going}
    goes_out(9)
    first.refresh_from_db()
    assert (first.sid, first.stopped_at is None) == (RE, False)
    stopped = [last for _n, last, data in twilio.asked if data.get("Status") == "stopped"]
    assert stopped
    assert set(stopped) == {RE}


# --- the sound ------------------------------------------------------------------------------------------


def told(talk: Talk, status: str = "completed", seconds: str = "12", sid: str = RE) -> None:
    sent = {"RecordingSid": sid, "RecordingStatus": status, "RecordingDuration": seconds}
    talk.telephone.told(f"taped/{Tape.objects.latest('pk').pk}/", **sent)


def test_it_is_fetched_kept_shown_and_deleted_at_twilio_with_proof(
    talk: Talk, amina: Any, twilio: Answers, settings: Any
) -> None:
    goes_out(1)
    actions.hang_up(talk.call, at=at(13))
    for _again in range(2):
        told(talk)
    goes_out(15)
    goes_out(16)
    kept = Recording.objects.get()
    assert (kept.kind, kept.seconds, kept.leg.user) == ("talk", 12, amina)
    assert kept.consent == Consent.objects.get()
    assert kept.file is not None
    assert kept.file.size == len(SOUND)
    assert talk.call.ticket.entries.filter(data__act="talk").count() == 1
    assert [name for name, _l, _d in twilio.asked].count("DeleteRecording") == 1
    proof = Audit.objects.get(act="deleted-at-provider").facts
    assert (proof["recording"], proof["size"]) == (RE, len(SOUND))
    settings.RECORDING_DAYS = 90
    jobs.delete_recordings(at=at(91 * 86400))
    assert Recording.objects.get().file is None


def test_sound_that_is_not_whole_is_not_kept_and_not_deleted_there(
    talk: Talk, twilio: Answers
) -> None:
    goes_out(1)
    told(talk, seconds="40")
    Order.objects.exclude(kind="fetch").delete()
    goes_out(3)
    assert Recording.objects.count() == 0
    assert "DeleteRecording" not in [name for name, _l, _d in twilio.asked]


def test_one_whose_end_was_not_told_is_fetched_all_the_same(talk: Talk, twilio: Answers) -> None:
    goes_out(1)
    actions.hang_up(talk.call, at=at(13))
    assert tapes.fetch_left_behind(at=at(60)) == 0
    assert tapes.fetch_left_behind(at=at(180)) == 1
    assert tapes.fetch_left_behind(at=at(181)) == 0
    goes_out(182)
    assert Recording.objects.get().kind == "talk"


def test_one_in_which_nobody_spoke_is_not_asked_for(talk: Talk, twilio: Answers) -> None:
    goes_out(1)
    told(talk, status="absent")
    assert tapes.fetch_left_behind(at=at(500)) == 0


def test_it_is_told_by_the_voice_it_is_of(talk: Talk) -> None:
    goes_out(1)
    talk.page.told(
        f"taped/{Tape.objects.get().pk}/", RecordingSid=c.sid("RE", 9), RecordingStatus="completed",
        RecordingDuration="3",
    )  # fmt: skip
    assert not Order.objects.filter(kind="fetch").exists()


# --- the alarm ------------------------------------------------------------------------------------------


def row(number: int, source: str, **more: Any) -> dict[str, Any]:
    made = "Tue, 24 Nov 2026 09:00:00 +0000"
    return {"sid": c.sid("RE", number), "source": source, "status": "completed",
            "date_created": made, **more}  # fmt: skip


def test_a_recording_nobody_agreed_to_is_an_alarm_until_it_is_gone(
    talk: Talk, twilio: Answers, caplog: Any
) -> None:
    goes_out(1)
    ours, message = row(7, "StartCallRecordingAPI"), row(5, "RecordVerb")
    strange = row(6, "Conference")
    twilio.bodies["ListRecording"] = {"recordings": [ours, message, strange]}
    assert strays.look(at=at(60)) == 1
    assert "without consent" in caplog.text
    assert "without consent at Twilio: 1" in Client().get("/healthz").content.decode()
    twilio.bodies["ListRecording"] = {"recordings": [ours, message]}
    assert strays.look(at=at(3600)) == 0
    assert Stray.objects.get().gone_at
    assert "without consent" not in Client().get("/healthz").content.decode()


def test_the_alarm_is_looked_for_at_every_start_and_each_day() -> None:
    from config.schedule import SWEEPS

    (sweep,) = [one for one in SWEEPS if one.path.endswith("strays.look")]
    assert sweep.every == 24 * 3600


def test_no_document_of_ours_asks_for_a_recording_of_a_talk(talk: Talk) -> None:
    for voice in Voice.objects.all():
        door = "application/" if voice.claim else f"enter/{talk.room.name}/"
        root = (
            talk.page.asked(door, claim=voice.claim) if voice.claim else talk.telephone.asked(door)
        )
        for node in root.iter():
            assert not [name for name in node.attrib if name.lower().startswith("record")]
        assert twiml.tags(root)[0] == "Dial"


def test_consent_is_of_the_call_it_was_given_in(talk: Talk, twilio: Answers) -> None:
    assert recording.may_record(talk.call)
    again = Telephone()
    again.fields["From"] = again.fields["Caller"] = "+212612345699"
    again.waits()
    assert not recording.may_record(again.call)
