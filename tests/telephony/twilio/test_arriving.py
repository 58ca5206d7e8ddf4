"""A caller comes in by keys, stands in line, and leaves it: what is heard, and what becomes of the call."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from helpdesk.associations.numbers import Number
from helpdesk.queues.models import Queue, Waiting
from helpdesk.tickets.models import Promise, Ticket
from knowledge.articles.models import Theme
from telephony import actions
from telephony.facts import Fact, State
from telephony.models import Call, CallEvent
from telephony.providers.twilio import doors
from telephony.providers.twilio.models import Order, Voice
from telephony.providers.twilio.speaking import prompts
from tests import make
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio import twiml
from tests.telephony.twilio.caller import Telephone

pytestmark = pytest.mark.django_db


def heard(root: Any, prompt: str, language: str) -> bool:
    return prompts()[prompt][language] in twiml.said(root)


def kinds(call: Call) -> list[str]:
    return [event.kind for event in call.events.order_by("pk")]


def promises() -> list[str]:
    return list(Promise.objects.owed().values_list("kind", flat=True))


@pytest.fixture
def shut(line: None) -> None:
    """Paused for an hour: nobody answers now."""
    Queue.objects.update(paused_until=make.NOW + timedelta(hours=1))


# --- the way in -----------------------------------------------------------------------------------


def test_a_ring_is_a_call_and_no_request_yet(telephone: Telephone) -> None:
    root = telephone.rings()
    assert twiml.tags(root) == ["Gather"]
    call = telephone.call
    assert (call.line, call.state, call.ticket, call.number) == (
        "public", State.ARRIVING, None, Number.parse(c.CALLER),
    )  # fmt: skip
    assert kinds(call) == [Fact.ARRIVED]
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("key", "tongue", "spoken"),
    [("1", "ar", "ar"), ("2", "ary", "ary"), ("3", "fr", "fr"), ("4", "shi", "ary")],
)
def test_the_language_of_a_key(telephone: Telephone, key: str, tongue: str, spoken: str) -> None:
    telephone.rings()
    root = telephone.presses("language/1/", key)
    assert heard(root, "theme", spoken)
    telephone.presses("theme/1/", "0")
    call = telephone.call
    assert (call.language, call.ticket.language, call.state) == (tongue, tongue, State.WAITING)
    assert Waiting.objects.now().get().language == tongue


def test_the_theme_of_a_key_is_that_of_the_request(telephone: Telephone) -> None:
    telephone.rings()
    root = telephone.presses("language/1/", "3")
    theme = Theme.objects.exclude(code="Z").order_by("rank", "code")[1]
    assert theme.name_fr in twiml.said(root)
    root = telephone.presses("theme/1/", "2")
    assert twiml.tags(root) == ["Say", "Enqueue"]
    assert telephone.call.ticket.theme == theme
    assert kinds(telephone.call) == [Fact.ARRIVED, Fact.QUEUED]


@pytest.mark.parametrize("key", ["", "9", "#", "12"])
def test_a_wrong_key_or_none_is_asked_once_more_and_then_taken_for_darija(
    telephone: Telephone, key: str
) -> None:
    telephone.rings()
    assert twiml.tags(telephone.presses("language/1/", key)) == ["Gather"]
    assert heard(telephone.presses("language/2/", key), "theme", "ary")
    assert telephone.call.language == "ary"
    assert heard(telephone.presses("theme/1/", ""), "theme", "ary")
    assert twiml.tags(telephone.presses("theme/2/", "")) == ["Say", "Enqueue"]
    assert telephone.call.ticket.theme is None


def test_everything_told_twice_is_one_call(telephone: Telephone) -> None:
    for _ in range(2):
        telephone.rings()
    for _ in range(2):
        telephone.presses("language/1/", "3")
    for _ in range(2):
        root = telephone.presses("theme/1/", "1")
        assert root[-1].tag == "Enqueue"
    for _ in range(2):
        telephone.listens()
    assert (Call.objects.count(), Ticket.objects.count(), Voice.objects.count()) == (1, 1, 1)
    assert CallEvent.objects.count() == 2
    before = telephone.call.ticket.theme
    telephone.presses("theme/1/", "2")
    telephone.presses("language/1/", "1")
    call = telephone.call
    assert (call.language, call.ticket.theme) == ("fr", before)


def test_a_key_before_its_call_leads_to_the_start(telephone: Telephone) -> None:
    assert twiml.tags(telephone.presses("theme/1/", "1")) == ["Redirect"]
    assert not Call.objects.exists()


def test_only_calls_that_come_in_are_answered(telephone: Telephone) -> None:
    sent = telephone.sent(Direction="outbound-api")
    assert telephone.carrier.post("/hooks/twilio/voice/", sent).status_code == 403
    assert doors.refused == {"Direction": 1}


def test_a_withheld_number_is_a_call_too(line: None) -> None:
    telephone = Telephone("+266696687")
    assert telephone.waits().number is None


def test_a_call_from_a_number_that_is_owed_one_comes_to_that_request(telephone: Telephone) -> None:
    telephone.waits()
    telephone.hangs_up()
    assert promises() == ["missed"]
    again = Telephone()
    assert again.waits().ticket == telephone.call.ticket


# --- in line --------------------------------------------------------------------------------------


def test_who_waits_hears_the_place_and_the_keys(telephone: Telephone) -> None:
    Telephone("+212612000001").waits("3")
    with time_machine.travel(make.NOW + timedelta(seconds=5), tick=False):
        telephone.waits("3")
        root = telephone.listens()
    assert heard(root, "position", "fr")
    assert "2" in twiml.said(root)
    assert heard(root, "keys-waiting", "fr")
    assert telephone.voice.line_sid == c.sid("QU")


def test_asking_what_is_heard_says_that_the_caller_is_there(telephone: Telephone) -> None:
    telephone.waits()
    with time_machine.travel(make.NOW + timedelta(minutes=2), tick=False):
        telephone.listens()
    assert telephone.voice.leg.seen_at == make.NOW + timedelta(minutes=2)


def test_a_key_asks_to_be_called_back(telephone: Telephone) -> None:
    telephone.waits("3")
    for _ in range(2):
        assert twiml.tags(telephone.presses("wait/keys/", "1")) == ["Leave"]
    for _ in range(2):
        root = telephone.leaves_line("leave")
        assert heard(root, "call-back", "fr")
        assert root[-1].tag == "Hangup"
    telephone.hangs_up()
    assert (telephone.call.state, promises()) == (State.CALL_BACK, ["call-back"])
    assert not Order.objects.exists()


def test_a_withheld_number_cannot_be_called_back_and_may_leave_a_message(line: None) -> None:
    telephone = Telephone("anonymous")
    telephone.waits("3")
    assert twiml.tags(telephone.presses("wait/keys/", "1")) == ["Leave"]
    root = telephone.leaves_line("leave")
    assert heard(root, "no-number", "fr")
    assert "Record" in twiml.tags(root)


def test_a_message_is_missed_until_there_is_sound(telephone: Telephone) -> None:
    telephone.waits("3")
    telephone.presses("wait/keys/", "2")
    assert "Record" in twiml.tags(telephone.leaves_line("leave"))
    assert promises() == ["missed"]
    assert heard(telephone.asked("message/", Digits="#"), "thanks", "fr")
    for _ in range(2):
        telephone.told(
            "recorded/", RecordingSid=c.sid("RE"), RecordingStatus="completed",
            RecordingDuration="12",
        )  # fmt: skip
    telephone.hangs_up()
    assert (telephone.call.state, promises()) == (State.VOICEMAIL, ["voicemail"])
    assert [(one.kind, one.data) for one in Order.objects.all()] == [
        ("fetch", {"recording": c.sid("RE"), "seconds": 12})
    ]
    # In the figures they have not given up.
    assert Waiting.objects.get(channel="phone").ended_how == "voicemail"


def test_a_message_whose_sound_is_never_told_of_is_looked_for(telephone: Telephone) -> None:
    """What Twilio tells of a recording can be lost; that the caller has spoken is asked with its address."""
    telephone.waits("3")
    telephone.presses("wait/keys/", "2")
    address = f"https://api.twilio.com/2010-04-01/Accounts/{c.ACCOUNT}/Recordings/{c.sid('RE')}"
    for _ in range(2):
        spoken = {"RecordingUrl": address, "RecordingDuration": "12", "Digits": "hangup"}
        assert heard(telephone.asked("message/", **spoken), "thanks", "fr")
    telephone.hangs_up()
    telephone.told(
        "recorded/", RecordingSid=c.sid("RE"), RecordingStatus="completed", RecordingDuration="12"
    )
    assert (telephone.call.state, promises()) == (State.VOICEMAIL, ["voicemail"])
    assert [(one.kind, one.data) for one in Order.objects.all()] == [
        ("fetch", {"recording": c.sid("RE"), "seconds": 12})
    ]


@pytest.mark.parametrize(("url", "seconds"), [("https://elsewhere.example/sound", "12"), ("", "0")])
def test_what_names_no_recording_is_no_message(
    telephone: Telephone, url: str, seconds: str
) -> None:
    telephone.waits("3")
    telephone.presses("wait/keys/", "2")
    telephone.asked("message/", RecordingUrl=url, RecordingDuration=seconds)
    assert promises() == ["missed"]
    assert not Order.objects.exists()


def test_a_withheld_number_that_leaves_a_message_is_not_lost(line: None) -> None:
    telephone = Telephone("anonymous")
    telephone.waits()
    telephone.presses("wait/keys/", "2")
    telephone.told("recorded/", RecordingSid=c.sid("RE"), RecordingStatus="completed")
    telephone.hangs_up()
    call = telephone.call
    assert (call.state, promises()) == (State.VOICEMAIL, ["voicemail"])
    assert not call.ticket.is_closed


def test_a_message_without_a_word_stays_a_missed_call(telephone: Telephone) -> None:
    telephone.waits()
    telephone.presses("wait/keys/", "2")
    telephone.told("recorded/", RecordingSid=c.sid("RE"), RecordingStatus="absent")
    telephone.hangs_up()
    assert promises() == ["missed"]
    assert not Order.objects.exists()


@pytest.mark.parametrize("key", ["", "3", "*"])
def test_other_keys_leave_everything_as_it_is(telephone: Telephone, key: str) -> None:
    telephone.waits()
    assert twiml.tags(telephone.presses("wait/keys/", key)) == ["Pause"]
    assert telephone.call.state == State.WAITING


def test_who_was_taken_just_before_the_key_stays(telephone: Telephone, amina: Any) -> None:
    call = telephone.waits()
    actions.answer(call, by=amina, at=make.NOW)
    assert twiml.tags(telephone.presses("wait/keys/", "1")) == ["Pause"]
    assert telephone.call.state == State.CLAIMED


def test_who_left_just_before_the_claim_is_gone(telephone: Telephone, amina: Any) -> None:
    call = telephone.waits()
    telephone.presses("wait/keys/", "1")
    with pytest.raises(actions.CallerGone):
        actions.answer(call, by=amina, at=make.NOW)


@pytest.mark.parametrize("first", ["left", "status"])
def test_hanging_up_in_line_is_given_up_once(telephone: Telephone, first: str) -> None:
    telephone.waits()
    with time_machine.travel(make.NOW + timedelta(seconds=40), tick=False):
        told = [lambda: telephone.leaves_line("hangup"), telephone.hangs_up]
        for tell in told if first == "left" else told[::-1]:
            tell()
            tell()
    assert (telephone.call.state, promises()) == (State.ABANDONED, ["missed"])


@pytest.mark.parametrize("result", ["queue-full", "error", "system-error"])
def test_a_line_out_of_order_loses_nobody(telephone: Telephone, result: str) -> None:
    telephone.waits("3")
    root = telephone.leaves_line(result)
    assert "Record" in twiml.tags(root)
    assert promises() == ["missed"]


def test_hanging_up_at_the_choice_is_a_missed_call(telephone: Telephone) -> None:
    telephone.rings()
    with time_machine.travel(make.NOW + timedelta(seconds=20), tick=False):
        telephone.hangs_up()
    assert promises() == ["missed"]
    assert telephone.call.ticket is not None
    assert twiml.tags(telephone.rings()) == ["Hangup"]


def test_an_end_that_overtakes_the_ring_is_a_missed_call(telephone: Telephone) -> None:
    telephone.hangs_up()
    assert twiml.tags(telephone.rings()) == ["Hangup"]
    assert promises() == ["missed"]


def test_of_a_status_only_the_end_is_news(telephone: Telephone) -> None:
    telephone.waits()
    for status in ("queued", "initiated", "ringing", "in-progress"):
        telephone.told("status/", CallStatus=status, SequenceNumber="0")
    assert telephone.call.state == State.WAITING


# --- nobody is there ------------------------------------------------------------------------------


def test_outside_the_hours_a_key_asks_to_be_called_back(shut: None) -> None:
    telephone = Telephone()
    telephone.rings()
    assert heard(telephone.presses("language/1/", "3"), "closed", "fr")
    for _ in range(2):
        assert heard(telephone.presses("closed/1/", "1"), "call-back", "fr")
    telephone.hangs_up()
    assert (telephone.call.state, promises()) == (State.CALL_BACK, ["call-back"])


def test_outside_the_hours_the_queue_says_its_words_and_when_it_opens(shut: None) -> None:
    Queue.objects.update(closed_ar="نجيب يوم الاثنين", closed_fr="Nous répondons lundi")
    telephone = Telephone()
    telephone.rings()
    said = twiml.said(telephone.presses("language/1/", "3"))
    (own,) = [text for text in said if text.startswith("Nous répondons lundi")]
    assert re.search(r"Nous ouvrons .+ à \d\d:\d\d\.$", own)
    other = Telephone("+212698765432")
    other.rings()
    assert any("نجيب يوم الاثنين" in text for text in twiml.said(other.presses("language/1/", "2")))


def test_outside_the_hours_a_message_may_be_left(shut: None) -> None:
    telephone = Telephone()
    telephone.rings()
    telephone.presses("language/1/", "3")
    for _ in range(2):
        assert "Record" in twiml.tags(telephone.presses("closed/1/", "2"))
    assert (telephone.call.state, promises()) == (State.CLOSED, ["missed"])
    telephone.told("recorded/", RecordingSid=c.sid("RE"), RecordingStatus="completed")
    assert (telephone.call.state, promises()) == (State.VOICEMAIL, ["voicemail"])


def test_outside_the_hours_silence_is_thanked_and_owed_a_call(shut: None) -> None:
    telephone = Telephone()
    telephone.rings()
    telephone.presses("language/1/", "3")
    assert twiml.tags(telephone.presses("closed/1/", "")) == ["Gather"]
    assert heard(telephone.presses("closed/2/", ""), "goodbye", "fr")
    assert (telephone.call.state, promises()) == (State.CLOSED, ["missed"])


# --- prompts --------------------------------------------------------------------------------------


def test_a_recording_put_into_its_folder_is_played(telephone: Telephone, settings: Any) -> None:
    folder = settings.DATA_DIR / "prompts" / "fr"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        (folder / "welcome.mp3").write_bytes(b"ID3 sound")
        (folder / "evil name.mp3").write_bytes(b"x")
        (folder / "note.txt").write_bytes(b"x")
        (folder / "link.mp3").symlink_to("/etc/hostname")
        played = [node.text for node in telephone.rings().iter("Play")]
        assert len(played) == 1
        path = played[0].removeprefix(c.PUBLIC)
        answer = telephone.carrier.client.get(path)
        assert (answer["Content-Type"], answer.content) == ("audio/mpeg", b"ID3 sound")
        assert "welcome" not in path
        assert telephone.carrier.client.get(f"{path[:-3]}00/").status_code == 404
    finally:
        for file in folder.iterdir():
            file.unlink()


# --- before the opening ---------------------------------------------------------------------------


def test_before_the_opening_a_caller_hears_that_it_opens_soon(
    telephone: Telephone, not_open: Any
) -> None:
    root = telephone.rings()
    assert twiml.tags(root) == ["Say", "Say", "Hangup"]
    assert heard(root, "opens-soon", "ar")
    assert heard(root, "opens-soon", "fr")
    assert twiml.tags(telephone.presses("language/1/", "3")) == ["Redirect"]
    telephone.hangs_up()
    assert not Call.objects.exists()
    assert not Ticket.objects.exists()
    assert not Promise.objects.exists()
