"""Notices by SMS and WhatsApp: they leave once, and what becomes of them never goes back."""

import itertools
import random
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.notices.jobs import send_due as send_mails
from helpdesk.notices.models import Notice
from telephony.providers.twilio import correspondents, reaching, texting
from telephony.providers.twilio.models import Correspondent, Text
from tests import make
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio.answers import LOST, Answers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("line")]
State = Notice.State
STATUS = "/hooks/twilio/text/status/"
_keys = itertools.count(1)


def at(seconds: float) -> Any:
    return make.NOW + timedelta(seconds=seconds)


def notice(channel: str = "sms", number: str = c.CALLER, **more: Any) -> Notice:
    return Notice.objects.create(
        key=f"t:{next(_keys)}", channel=channel, kind="answer-given", address=number, language="fr",
        text="Une réponse est là.", due_at=make.NOW, written_at=make.NOW, **more,
    )  # fmt: skip


def told(status: str, sid: str = c.sid("SM"), **more: str) -> None:
    sent = {"AccountSid": c.ACCOUNT, "MessageSid": sid, "MessageStatus": status, **more}
    assert c.Carrier().post(STATUS, sent).status_code == 204


def state(one: Notice) -> tuple[str, str]:
    one.refresh_from_db()
    return one.state, one.failed_why


@pytest.fixture(autouse=True)
def _named(twilio: Answers) -> None:
    twilio.bodies = {"CreateMessage": {"sid": c.sid("SM")}}


def test_a_notice_leaves_by_sms(twilio: Answers) -> None:
    one = notice()
    assert send_mails(at=at(0)) == 0
    assert texting.send_due(at=at(0)) == 1
    assert twilio.asked == [("CreateMessage", "Messages", {
        "To": c.CALLER, "From": c.SMS_NUMBER, "Body": "Une réponse est là.",
        "StatusCallback": f"{c.PUBLIC}{STATUS}#rt=4000&rc=3&rp=all",
    })]  # fmt: skip
    assert (state(one), one.sent_at) == ((State.SENT, ""), make.NOW)
    assert texting.send_due(at=at(60)) == 0


def test_a_notice_leaves_by_whatsapp_to_who_wrote_within_a_day(twilio: Answers) -> None:
    one = notice("whatsapp")
    correspondents.heard(c.CALLER, "whatsapp", at=at(-23 * 3600))
    assert texting.send_due(at=at(0)) == 1
    _name, _last, data = twilio.asked[0]
    assert (data["To"], data["From"]) == (f"whatsapp:{c.CALLER}", f"whatsapp:{c.WHATSAPP_NUMBER}")
    assert state(one) == (State.SENT, "")


@pytest.mark.parametrize("hours", [None, 25])
def test_after_a_day_whatsapp_takes_an_approved_template_only(
    twilio: Answers, settings: Any, hours: int | None
) -> None:
    if hours:
        correspondents.heard(c.CALLER, "whatsapp", at=at(-hours * 3600))
    settings.TWILIO_WHATSAPP_TEMPLATES = {}
    one = notice("whatsapp")
    texting.send_due(at=at(0))
    assert (twilio.asked, state(one)) == ([], (State.NO_CHANNEL, "no template"))
    settings.TWILIO_WHATSAPP_TEMPLATES = {"answer-given.fr": "HX" + "0" * 32}
    two = notice("whatsapp")
    texting.send_due(at=at(0))
    _name, _last, data = twilio.asked[0]
    assert data["ContentSid"] == "HX" + "0" * 32
    assert "Body" not in data
    assert state(two) == (State.SENT, "")


def test_a_channel_that_is_closed_takes_nothing(twilio: Answers, settings: Any) -> None:
    settings.NOTICE_CHANNELS = ["email", "sms"]
    one = notice("whatsapp")
    texting.send_due(at=at(0))
    send_mails(at=at(0))
    assert (twilio.asked, state(one)[0]) == ([], State.NO_CHANNEL)


# --- what becomes of it -----------------------------------------------------------------------------

WAYS = {
    ("queued", "sent", "delivered"): (State.DELIVERED, ""),
    ("queued", "sending", "sent", "delivered", "read"): (State.DELIVERED, ""),
    ("queued", "sent", "undelivered"): (State.FAILED, "30005"),
    ("accepted", "failed"): (State.FAILED, "30005"),
    ("queued", "sent"): (State.SENT, ""),
}


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_states_in_any_order_and_twice_end_alike(way: tuple[str, ...]) -> None:
    for seed in range(20):
        Text.objects.all().delete()
        one = notice()
        events = [*way, *way]
        random.Random(seed).shuffle(events)
        cut = seed % (len(events) + 1)
        for number, status in enumerate(events):
            if number == cut:
                texting.send_due(at=at(0))
            told(status, **({"ErrorCode": "30005"} if status in ("undelivered", "failed") else {}))
        texting.send_due(at=at(0))
        assert state(one) == WAYS[way], (seed, events)


def test_delivered_is_never_undone() -> None:
    one = notice()
    texting.send_due(at=at(0))
    for status in ("read", "failed", "undelivered", "sent", "queued", "who knows"[:3]):
        told(status)
        assert state(one) == (State.DELIVERED, "")
    assert Text.objects.get().state == "read"


# --- when it cannot be sent ----------------------------------------------------------------------------


@pytest.mark.long
def test_too_many_at_once_is_tried_again_later_and_later(twilio: Answers) -> None:
    one = notice()
    twilio.next = [429] * 9
    tried = [second for second in range(0, 8000, 10) if _tries(twilio, at(second))]
    assert tried == [0, 30, 150, 750, 4350]
    assert state(one) == (State.FAILED, "429 0")


def _tries(twilio: Answers, moment: Any) -> bool:
    before = len(twilio.asked)
    texting.send_due(at=moment)
    return len(twilio.asked) > before


@pytest.mark.parametrize("trouble", [LOST, 500, (400, 21614)])
def test_what_may_have_left_is_never_sent_again(twilio: Answers, trouble: Any) -> None:
    one = notice()
    twilio.next = [trouble]
    for second in range(0, 8000, 60):
        texting.send_due(at=at(second))
    assert len(twilio.asked) == 1
    assert state(one)[0] == State.FAILED


def test_a_process_killed_while_sending_leaves_it_as_not_known(twilio: Answers) -> None:
    one = notice()
    Notice.objects.all().take(at=at(0), lease=texting.LEASE)
    texting.send_due(at=at(301))
    assert (twilio.asked, state(one)) == ([], (State.FAILED, "unsure"))


def test_where_no_connection_came_about_nothing_has_left() -> None:
    """With the library's own client, to a port that nobody listens on."""
    from requests.exceptions import ConnectionError as NoConnection
    from urllib3.exceptions import MaxRetryError, NewConnectionError, ReadTimeoutError

    refused = MaxRetryError(None, "/", NewConnectionError(None, "refused"))  # type: ignore[arg-type]
    cut = MaxRetryError(None, "/", ReadTimeoutError(None, "/", "cut"))  # type: ignore[arg-type]
    assert reaching.never_left(NoConnection(refused))
    assert not reaching.never_left(NoConnection(cut))
    assert not reaching.never_left(NoConnection("aborted"))
    assert not reaching.never_left(OSError())


# --- who wants no more ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("STOP", "stop"), (" stop. ", "stop"), ("Arrêt", "stop"), ("ARRET", "stop"), ("توقف", "stop"),
        ("إلغاء", "stop"), ("الغاء", "stop"), ("قِف", "stop"), ("Désabonner", "stop"),
        ("start", "start"), ("ابدأ", "start"), ("Reprendre", "start"),
        ("", ""), ("arrêtez de dormir", ""), ("la subvention stop ?", ""), ("توقف الصرف", ""),
    ],
)  # fmt: skip
def test_words_by_which_nobody_is_written_to_any_more(text: str, wish: str) -> None:
    assert correspondents.wish(text) == wish


def test_who_asked_for_no_more_gets_none_by_that_channel(twilio: Answers) -> None:
    correspondents.heard(c.CALLER, "sms", at=at(-60), wants="stop")
    correspondents.heard(c.CALLER, "whatsapp", at=at(-60))
    correspondents.heard(c.CALLER, "sms", at=at(-50))  # a question is no wish to hear more
    sms, whatsapp, other = notice(), notice("whatsapp"), notice(number="+212612000001")
    assert texting.send_due(at=at(0)) == 2
    assert state(sms) == (State.FAILED, "asked for no more")
    assert state(whatsapp)[0] == state(other)[0] == State.SENT
    correspondents.heard(c.CALLER, "sms", at=at(10), wants="start")
    again = notice()
    texting.send_due(at=at(20))
    assert state(again)[0] == State.SENT


def test_who_asked_the_network_for_no_more_is_not_tried_again(twilio: Answers) -> None:
    twilio.next = [(400, 21610)]
    first, second = notice(), notice()
    texting.send_due(at=at(0))
    assert len(twilio.asked) == 1
    assert state(first)[0] == state(second)[0] == State.FAILED


def test_no_number_is_kept_of_who_writes() -> None:
    correspondents.heard(c.CALLER, "sms", at=at(0))
    row = Correspondent.objects.values().get()
    assert not any(c.CALLER[-9:] in str(value) for value in row.values())
