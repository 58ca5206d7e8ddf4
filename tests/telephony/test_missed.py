"""Ring once, we call you: what was called in vain is one open item a number, until somebody was heard of."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.urls import reverse

from helpdesk.accounts.models import Audit
from helpdesk.associations.numbers import Number
from helpdesk.queues import actions as queues
from helpdesk.queues.lists import ICONS
from helpdesk.queues.models import Handling, Waiting
from helpdesk.queues.rules import Waits
from helpdesk.tickets import jobs
from helpdesk.tickets.actions import promising
from helpdesk.tickets.models import Promise, Ticket
from helpdesk.tickets.rules import Channel
from telephony import actions
from telephony.facts import State
from telephony.models import Call
from tests import make
from tests.telephony.hooking import SECRET, Exchange

pytestmark = pytest.mark.django_db
NUMBER = "0612345678"


@pytest.fixture
def exchange(settings: Any, amina: Any) -> Exchange:
    settings.LINE_HOOK_SECRETS = {"pbx": SECRET}
    amina.extension = "101"
    amina.save(update_fields=["extension"])
    return Exchange()


def ago(minutes: float) -> Any:
    return make.NOW - timedelta(minutes=minutes)


def ring(
    exchange: Exchange, call: str, minutes: float, *, seconds: float = 20, **more: Any
) -> None:
    given = {"number": NUMBER, **more}
    exchange.said("ringing", call, at=ago(minutes), **given)
    exchange.said("missed", call, at=ago(minutes) + timedelta(seconds=seconds), **given)


def owed() -> Promise:
    return Promise.objects.owed().get()


def test_many_rings_are_one_item(exchange: Exchange) -> None:
    ring(exchange, "a", 60)
    ring(exchange, "b", 40, seconds=3)
    ring(exchange, "c", 20)
    assert [one["short"] for one in owed().rings] == [False, True, False]
    assert Waiting.objects.now().get().channel == "missed"
    assert Ticket.objects.count() == 1


def test_rings_that_overlap_are_one_item(exchange: Exchange) -> None:
    for call in "ab":
        exchange.said("ringing", call, at=ago(5), number=NUMBER)
    for call in "ab":
        exchange.said("missed", call, at=ago(4), number=NUMBER)
    assert len(owed().rings) == 2
    assert Waiting.objects.now().count() == 1
    assert {call.ticket_id for call in Call.objects.all()} == {owed().ticket_id}


def test_a_message_is_the_stronger(exchange: Exchange) -> None:
    ring(exchange, "a", 60)
    exchange.said("voicemail", "b", at=ago(30), number=NUMBER)
    ring(exchange, "c", 10)
    assert (owed().kind, len(owed().rings)) == ("voicemail", 3)
    assert Waiting.objects.now().get().channel == "voicemail"


def test_told_again_after_it_was_settled_it_stays_settled(exchange: Exchange) -> None:
    ring(exchange, "a", 60)
    promising.attempt(owed(), by=None, at=ago(30), reached=True)
    ring(exchange, "a", 60)
    exchange.said("ended", "a", at=ago(59), number=NUMBER)
    assert not Promise.objects.owed().exists()


def test_an_answered_call_settles_it(exchange: Exchange) -> None:
    ring(exchange, "a", 60)
    exchange.said("voicemail", "b", at=ago(40), number=NUMBER)
    exchange.said("ringing", "c", at=ago(20), number=NUMBER)
    assert Waiting.objects.now().get().channel == "phone"
    exchange.said("answered", "c", at=ago(19), number=NUMBER, extension="101")
    assert not Promise.objects.owed().exists()
    assert not Waiting.objects.now().exists()


def test_missed_told_after_the_conversation_is_owed_no_more(exchange: Exchange) -> None:
    exchange.said("ringing", "b", at=ago(20), number=NUMBER)
    exchange.said("answered", "b", at=ago(19), number=NUMBER, extension="101")
    ring(exchange, "a", 60)
    assert not Promise.objects.owed().exists()
    ring(exchange, "c", 5)
    assert len(owed().rings) == 1


def test_a_message_told_after_the_conversation_is_owed_no_more(exchange: Exchange) -> None:
    exchange.said("ended", "a", at=ago(59), number=NUMBER)
    exchange.said("answered", "b", at=ago(19), number=NUMBER, extension="101")
    exchange.said("voicemail", "a", at=ago(60), number=NUMBER)
    assert not Promise.objects.owed().exists()


def test_a_written_question_of_the_same_number_settles_what_was_missed(exchange: Exchange) -> None:
    ring(exchange, "a", 60)
    missed = owed().ticket
    asked = make.ticket("سؤال", contact_number=Number.parse(NUMBER))
    assert not Promise.objects.owed().exists()
    missed.refresh_from_db()
    assert missed.merged_into == asked
    assert Waiting.objects.now().get().ticket == asked


def test_of_another_number_it_settles_nothing(exchange: Exchange) -> None:
    ring(exchange, "a", 60)
    make.ticket("سؤال", contact_number=Number.parse("0699999999"))
    assert owed()


def test_a_written_question_does_not_settle_a_message(exchange: Exchange) -> None:
    exchange.said("voicemail", "a", at=ago(30), number=NUMBER)
    make.ticket("سؤال", contact_number=Number.parse(NUMBER))
    assert owed().kind == "voicemail"


def test_the_same_person_on_another_way(exchange: Exchange) -> None:
    person = make.person(number=NUMBER)
    ring(exchange, "a", 60)
    assert owed().ticket.person == person
    make.received("سؤال", person=person, channel=Channel.CHAT)
    assert not Promise.objects.owed().exists()


def test_tries_with_a_growing_pause(exchange: Exchange, amina: Any) -> None:
    ring(exchange, "a", 60)
    promise = owed()
    at = ago(60)
    promising.attempt(promise, by=amina, at=at, reached=False)
    assert promise.next_at == at + timedelta(minutes=15)
    promising.attempt(promise, by=amina, at=at, reached=False)
    assert promise.next_at == at + timedelta(hours=2)
    promising.attempt(promise, by=amina, at=at, reached=False)
    assert (promise.state, promise.next_at) == ("unreached", None)


def test_no_try_outside_opening_hours(exchange: Exchange, amina: Any) -> None:
    ring(exchange, "a", 60)
    promise = owed()
    evening = make.NOW + timedelta(hours=12)
    promising.attempt(promise, by=amina, at=evening, reached=False)
    assert promise.next_at is not None
    assert promise.next_at - evening > timedelta(hours=6)


def test_out_of_its_window_it_is_told_once(exchange: Exchange) -> None:
    ring(exchange, "a", 60)
    late = owed().window_until + timedelta(minutes=1)
    assert jobs.tell_broken(at=owed().window_until) == 0
    assert jobs.tell_broken(at=late) == 1
    assert jobs.tell_broken(at=late) == 0
    entry = owed().ticket.entries.get(kind="promise", data__act="late")
    assert not entry.public


def test_withheld_is_only_counted(exchange: Exchange) -> None:
    ring(exchange, "a", 60, number="anonymous")
    ring(exchange, "b", 50, number="anonymous", seconds=2)
    assert not Promise.objects.exists()
    assert sorted(Call.objects.values_list("state", flat=True)) == [State.ABANDONED, State.SHORT]


def test_whoever_took_the_item_has_later_rings_too(exchange: Exchange, amina: Any) -> None:
    ring(exchange, "a", 60)
    queues.claim(owed().ticket, by=amina, at=ago(50))
    ring(exchange, "b", 40)
    assert len(owed().rings) == 2
    assert owed().ticket.assignee == amina


# --- at the desk --------------------------------------------------------------------------------------


def call_now(client: Any, promise: Promise) -> Call:
    client.post(reverse("telephony:call_now", args=[promise.pk]))
    return Call.objects.get(direction="out")


def test_call_now_opens_a_card_and_reached_keeps_the_promise(
    exchange: Exchange, amina: Any, as_user: Any
) -> None:
    ring(exchange, "a", 60)
    promise, client = owed(), as_user(amina)
    call = call_now(client, promise)
    assert call_now(client, promise) == call
    page = client.get(reverse("telephony:card", args=[call.pk])).content.decode()
    assert "06 12 34 56 78" in page
    assert Audit.objects.filter(act="revealed-number", user=amina).count() == 1
    said = actions.Wrapup(words="عن الوصل", help="info", outcome="solved-after-callback", language="ary",
                          ticket=promise.ticket)  # fmt: skip
    actions.wrap_up(call, said, by=amina, at=make.NOW + timedelta(minutes=3))
    promise.refresh_from_db()
    call.refresh_from_db()
    assert (promise.state, promise.attempts, call.state) == ("kept", 1, State.DONE)
    assert call.ticket == promise.ticket
    assert not Waiting.objects.now().exists()
    assert not Handling.objects.under_way().exists()


def test_not_reached_is_a_try_and_leaves_nothing_to_write(
    exchange: Exchange, amina: Any, as_user: Any
) -> None:
    ring(exchange, "a", 60)
    promise, client = owed(), as_user(amina)
    call = call_now(client, promise)
    client.post(reverse("telephony:not_reached", args=[call.pk]))
    client.post(reverse("telephony:not_reached", args=[call.pk]))
    promise.refresh_from_db()
    assert (promise.state, promise.attempts) == ("open", 1)
    assert promise.next_at is not None
    assert not Handling.objects.under_way().exists()
    assert len(promise.rings) == 1
    lists = client.get(reverse("queues:lists")).content.decode()
    assert f'id="due-{promise.ticket_id}"' in lists


def test_two_do_not_call_the_same_number_at_once(
    exchange: Exchange, amina: Any, senior: Any, as_user: Any
) -> None:
    ring(exchange, "a", 60)
    promise = owed()
    call_now(as_user(amina), promise)
    as_user(senior).post(reverse("telephony:call_now", args=[promise.pk]))
    assert Call.objects.filter(direction="out").count() == 1


@pytest.mark.parametrize(
    ("event", "icon"),
    [("missed", "phone-x"), ("voicemail", "mailbox"), ("call-back", "phone-plus")],
)
def test_each_kind_stands_in_the_list_of_missed_calls(
    exchange: Exchange, amina: Any, as_user: Any, event: str, icon: str
) -> None:
    if event == "call-back":
        actions.ask_call_back(make.ringing(number=NUMBER), at=make.NOW)
    else:
        exchange.said(event, "a", at=ago(5), number=NUMBER)
    client = as_user(amina)
    lists = client.get(reverse("queues:lists")).content.decode()
    row = lists[lists.index(f'id="left-{owed().ticket_id}"') :].partition("</li>")[0]
    assert f"#{icon}" in row
    assert "•• •• •• •• 78" in row
    assert f'id="shared-{owed().ticket_id}"' not in lists
    table = client.get(reverse("queues:list"), {"only": owed().kind}).content.decode()
    assert f"#{icon}" in table
    assert client.get(reverse("tickets:ticket", args=[owed().ticket_id])).status_code == 200


def test_every_way_to_wait_has_an_icon() -> None:
    drawn = (settings.BASE_DIR / "config/static/icons.svg").read_text()
    for kind in (*Channel.values, *Waits.values):
        assert f'id="{ICONS[kind]}"' in drawn
        named = render_to_string("tickets/parts/channel_icon.html", {"channel": kind})
        icon = Template("{% load wasl %}{% icon name '' %}").render(Context({"name": ICONS[kind]}))
        assert named.strip() == icon.strip()


@pytest.mark.parametrize(
    ("language", "arrived", "missed", "asked"),
    [
        ("ar", "وصلت مكالمة", "مكالمة فائتة", "طلب معاودة الاتصال"),
        ("fr", "Un appel est arrivé", "Appel manqué", "Rappel demandé"),
    ],
)
def test_the_thread_names_each_by_its_own_heading(amina, as_user, language, arrived, missed, asked):
    amina.language = language
    amina.save(update_fields=["language"])
    given_up = make.ringing("سؤال", number="0612345678")
    actions.missed(given_up, at=make.NOW + timedelta(seconds=50))
    wished = make.ringing("سؤال", number="0612345679")
    actions.ask_call_back(wished, at=make.NOW + timedelta(seconds=50))
    for call, heading in ((given_up, missed), (wished, asked)):
        page = as_user(amina).get(f"/desk/tickets/{call.ticket_id}/").content.decode()
        heads = re.findall(r'<p class="eh"><b>(.*?)</b>', page)
        assert heads == [arrived, heading]
