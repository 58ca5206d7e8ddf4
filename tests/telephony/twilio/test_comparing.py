"""Each night the network's own list of the day is laid beside our rows: what it never told comes in."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from helpdesk.notices.models import Notice
from helpdesk.tickets.models import Entry, Promise, Ticket
from telephony.comparisons import Comparison
from telephony.facts import State
from telephony.models import Call
from telephony.providers.twilio import sending
from telephony.providers.twilio.models import Order, Text, Voice
from telephony.recordings import Recording
from telephony.simulator.people import Scripted
from telephony.simulator.rest import faults
from tests import make
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio import network as n
from tests.telephony.twilio.world import build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(line: Any, amina: Any, monkeypatch: Any, settings: Any) -> Any:
    settings.ALLOWED_HOSTS = ["*"]
    return n.with_texts(build([amina], monkeypatch, seed=3)[0])


def found() -> list[tuple[str, bool]]:
    return [(one["kind"], one["mended"]) for one in Comparison.objects.get().found]


def test_a_day_that_was_told_has_no_difference(world: Any) -> None:
    call = n.rings(world)
    n.text(world)
    n.sends(world)
    world.text(n.CALLER, c.SMS_NUMBER, "سؤال")
    world.clock.after(60, lambda: world.hang_up(call))
    world.run(120)
    n.night()
    row = Comparison.objects.get()
    assert (row.calls, row.recordings, row.texts, row.found) == (1, 0, 2, [])
    assert row.day == make.NOW.date()


def test_a_day_is_compared_once_after_its_end(world: Any) -> None:
    n.night(n.NIGHT - timedelta(hours=2))
    assert not Comparison.objects.filter(day=make.NOW.date()).exists()
    n.night()
    n.night(n.NIGHT + timedelta(hours=1))
    assert Comparison.objects.filter(day=make.NOW.date()).count() == 1


def test_nights_without_an_answer_are_made_up_for(world: Any) -> None:
    n.night()
    third = n.NIGHT + timedelta(days=2)
    for fault in faults.KINDS:
        world.rest.faults.then(fault)
        n.night(third)
        assert Comparison.objects.count() == 1
    for _ in range(3):
        n.night(third)
    days = list(Comparison.objects.order_by("day").values_list("day", flat=True))
    assert days == [make.NOW.date() + timedelta(days=day) for day in range(3)]


def test_a_caller_of_whom_nothing_was_told_is_owed_a_call(world: Any) -> None:
    with n.losing(world):
        n.rings(world)
        world.run(30)
    assert not Call.objects.exists()
    n.night()
    call = Call.objects.get()
    assert found() == [("call", True)]
    assert (call.state, call.started_at) == (State.FAILED, make.NOW)
    assert Promise.objects.filter(ticket=call.ticket, kind=Promise.Kind.MISSED).count() == 1
    n.night()
    assert Call.objects.count() == 1


def test_a_caller_without_a_number_is_told_of(world: Any) -> None:
    with n.losing(world):
        world.ring("", c.OUR_NUMBER)
        world.run(30)
    n.night()
    assert found() == [("call", False)]
    assert not Call.objects.exists()


def test_ends_that_were_not_told(world: Any) -> None:
    call = n.rings(world)
    world.run(40)
    with n.losing(world):
        world.hang_up(call)
        n.night()
    assert found() == [("end", True)]
    row = Call.objects.get()
    assert (row.state, row.ended_at) == (State.ABANDONED, make.NOW + timedelta(seconds=40))


def test_a_message_that_was_not_told_is_fetched_and_deleted_there(world: Any) -> None:
    person = Scripted(["2", "0", "2"], spoken=12)
    with n.losing(world, "record"):
        n.rings(world, person)
        world.run(120)
    assert Call.objects.get().state == State.ABANDONED
    assert not Recording.objects.exists()
    n.night()
    assert found() == [("message", True)]
    assert Call.objects.get().state == State.VOICEMAIL
    assert Recording.objects.get().seconds == 12
    assert all(one.deleted for one in world.recordings.values())


def test_sound_that_could_not_be_deleted_is_tried_again(world: Any) -> None:
    n.rings(world, Scripted(["2", "0", "2"], spoken=12))
    world.rest.faults.then(faults.BROKEN, "recording_delete", times=len(sending.PAUSES) + 1)
    world.run(900)
    assert [one.kind for one in Order.objects.set_aside()] == ["forget"]
    n.night()
    assert found() == [("sound", True)]
    assert all(one.deleted for one in world.recordings.values())
    assert not Order.objects.set_aside().exists()


def test_a_written_message_that_was_not_told_is_a_question(world: Any) -> None:
    with n.losing(world):
        world.text(n.CALLER, c.SMS_NUMBER, "كيف نؤسس جمعية؟")
        world.run(5)
    n.night()
    assert found() == [("text", True)]
    assert Ticket.objects.get().channel == "sms"
    assert "كيف نؤسس جمعية؟" in str(list(Entry.objects.values_list("text", flat=True)))


def test_a_text_that_left_without_an_answer_is_known(world: Any) -> None:
    notice = n.text(world)
    world.rest.faults.then(faults.CUT, "message_create")
    with n.losing(world):
        n.sends(world)
        world.run(30)
    assert Notice.objects.get().state == Notice.State.FAILED
    n.night()
    assert found() == [("text", True)]
    notice.refresh_from_db()
    assert (notice.state, notice.failed_why) == (Notice.State.DELIVERED, "")
    assert len(world.messages) == 1


def test_which_of_two_it_was_is_not_guessed(world: Any) -> None:
    world.rest.faults.then(faults.CUT, "message_create", times=2)
    with n.losing(world):
        n.text(world, "n1")
        n.text(world, "n2")
        n.sends(world)
        world.run(30)
    n.night()
    assert found() == [("text", False), ("text", False)]


def test_what_became_of_a_text_that_was_not_told(world: Any) -> None:
    n.text(world)
    with n.losing(world):
        n.sends(world)
        world.run(30)
    assert Notice.objects.get().state == Notice.State.SENT
    n.night()
    assert found() == [("state", True)]
    assert Notice.objects.get().state == Notice.State.DELIVERED


def test_what_the_network_does_not_know(world: Any) -> None:
    call = n.rings(world)
    n.text(world)
    n.sends(world)
    world.clock.after(60, lambda: world.hang_up(call))
    world.run(90)
    Voice.objects.update(sid=c.sid("CA", 99), made_at=make.NOW)
    Text.objects.update(sid=c.sid("SM", 99))
    n.night()
    assert ("no-call", False) in found()
    assert ("no-text", False) in found()


def test_supervisors_see_what_was_found(world: Any, brahim: Any, amina: Any, as_user: Any) -> None:
    path = reverse("telephony:under_way")
    assert "قورن" not in as_user(brahim).get(path).text
    with n.losing(world):
        n.rings(world)
        world.ring("", c.OUR_NUMBER)
        world.run(30)
    n.night()
    with time_machine.travel(n.NIGHT, tick=False):
        page = as_user(brahim).get(path).text
        assert as_user(amina).get(path).status_code == 403
    assert "مكالمة لم نُخبَر بها" in page
    left = next(one["name"] for one in Comparison.objects.get().found if not one["mended"])
    assert left in page
    assert n.CALLER[4:] not in page
    with time_machine.travel(n.NIGHT + timedelta(days=9), tick=False):
        assert "قورن" not in as_user(brahim).get(path).text
