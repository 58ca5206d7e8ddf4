"""The caller's page: who is let in, who is shown another way, what each way leaves behind."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from helpdesk.associations.models import Consent
from helpdesk.queues import actions as queues
from helpdesk.queues import reception
from helpdesk.queues.models import Presence, Queue, Waiting
from helpdesk.tickets.models import Promise, Ticket
from telephony import actions, jobs
from telephony.actions import entering
from telephony.facts import State
from telephony.models import Call, Leg
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(amina) -> Any:
    """Amina is at her desk: she speaks Arabic, French and Darija."""
    Presence.objects.update_or_create(
        user=amina, defaults={"state": Presence.State.FREE, "since": make.NOW, "seen_at": make.NOW}
    )
    return amina


def send(client: Client, **said: Any) -> Any:
    form = {"way": "call", "language": "ar", "microphone": "1", "key": "k1", **said}
    return client.post(said.pop("url", "/call/"), form)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_form_says_who_is_there_and_asks_for_nothing(client, there):
    page = text(client.get("/fr/call/"))
    assert 'value="call"' in page
    assert 'name="record"' not in page
    for tongue in ("ar", "fr", "ary", "shi"):
        assert f'value="{tongue}"' in page


def test_a_call_stands_in_line_and_is_found_again_after_a_reload(client, there):
    assert send(client, words="الوصل ديالنا").status_code == 302
    call = Call.objects.get()
    assert (call.state, call.line, call.language) == (State.WAITING, "web", "ar")
    assert Waiting.objects.now().get().channel == "phone"
    for _load in range(2):
        page = text(client.get("/call/"))
        assert f'data-leg="{call.code}.' in page
    assert f'data-leg="{call.code}.' not in text(Client().get("/call/"))


def test_the_same_form_sent_twice_is_one_call(client, there):
    client.get("/call/")
    send(client)
    send(client)
    assert Call.objects.count() == 1


def test_without_a_microphone_no_call_begins_and_nothing_typed_is_lost(client, there):
    page = text(send(client, microphone="", words="ما عطاوناش الوصل", number="0661234567"))
    assert not Call.objects.exists()
    assert "ما عطاوناش الوصل" in page
    assert 'value="call-back"' in page
    assert 'value="chat"' in page


@pytest.mark.parametrize(("way", "path"), [("chat", "/chat/"), ("ask", "/ask/")])
def test_chat_and_question_take_the_words_along(client, there, way, path):
    answer = send(client, way=way, words="ما عطاوناش الوصل", number="x")
    assert answer["Location"].startswith(f"{path}?q=")
    page = client.get(answer["Location"], follow=True)
    page = client.get("/ask/question/") if way == "ask" else page
    assert "ما عطاوناش الوصل" in text(page)


def test_nobody_there_leads_to_the_other_ways_and_not_into_a_line(client, amina):
    page = text(send(client))
    assert not Call.objects.exists()
    assert 'value="call-back"' in page
    assert 'name="anyway"' not in page


def test_a_paused_queue_says_why(client, there):
    Queue.objects.update(
        paused_until=make.NOW + timedelta(hours=2), paused_ar="اجتماع الفريق", paused_fr="Réunion"
    )
    page = text(send(client))
    assert "اجتماع الفريق" in page
    assert not Call.objects.exists()


def test_no_advisor_of_the_language_is_a_promise_in_it_and_never_a_loop(client, there):
    page = text(send(client, language="shi"))
    assert not Call.objects.exists()
    assert 'name="anyway"' in page
    done = send(client, language="shi", way="call-back", number="0661234567")
    assert done.status_code == 302
    promise = Promise.objects.owed().get()
    assert (promise.kind, promise.ticket.language) == (Promise.Kind.CALL_BACK, "shi")
    assert Call.objects.get().state == State.CALL_BACK


def test_who_would_rather_wait_for_another_language_may(client, there):
    send(client, language="shi", anyway="1")
    assert Call.objects.get().state == State.WAITING


def test_a_call_back_needs_a_number(client, there):
    answer = send(client, way="call-back", number="")
    assert answer.status_code == 422
    assert send(client, way="call-back", number="123").status_code == 422
    assert not Call.objects.exists()


def test_all_lines_taken_is_said(client, there, settings):
    settings.OPEN_CALLS = 0
    assert 'value="call-back"' in text(send(client))
    assert not Call.objects.exists()


def test_from_the_line_to_a_call_back(client, there):
    send(client)
    assert client.post("/call/call-back/").status_code == 422
    assert client.post("/call/call-back/", {"number": "12"}).status_code == 422
    assert client.post("/call/call-back/", {"number": "06 61 23 45 67"}).status_code == 302
    assert Call.objects.get().state == State.CALL_BACK
    page = text(client.get("/call/"))
    assert "data-leg" not in page
    assert "0661234567" not in page


def test_hanging_up_leaves_the_line(client, there):
    send(client)
    client.post("/call/ending/")
    assert Call.objects.get().ended_at is not None
    assert not Waiting.objects.now().filter(channel="phone").exists()
    assert client.post("/call/ending/").status_code == 302


def test_who_comes_to_leave_a_message_stands_in_no_line(client, amina):
    send(client, way="message")
    call = Call.objects.get()
    assert call.state == State.ARRIVING
    assert not Waiting.objects.now().exists()
    assert "data-message" in text(client.get("/call/"))


def test_a_message_never_spoken_ends_by_itself(client, amina, monkeypatch):
    send(client, way="message")
    monkeypatch.setattr(jobs, "_begun", -1000.0)
    jobs.timers_due(at=make.NOW + timedelta(seconds=100))
    assert not Call.objects.get().is_live


def test_place_and_wait_are_those_of_calls(there):
    for seconds in (0, 60, 120):
        make.ringing(at=make.NOW + timedelta(seconds=seconds))
    calls = list(Call.objects.order_by("started_at"))
    places = [
        reception.place_of(call.ticket, at=make.NOW + timedelta(minutes=3)).before for call in calls
    ]
    assert places == [0, 1, 2]


def test_the_wait_foretold_is_the_middle_of_the_last_ones(there):
    for n in range(3):
        call = make.ringing(at=make.NOW - timedelta(hours=n + 1))
        queues.claim(call.ticket, by=there, at=call.started_at + timedelta(minutes=4))
        actions.end(call.legs.get(), at=call.started_at + timedelta(minutes=9))
    call = make.ringing()
    assert reception.place_of(call.ticket, at=make.NOW).minutes == 4


def test_after_the_longest_wait_the_other_ways_come_first(client, there, time_machine_later):
    send(client)
    assert client.get("/call/place/").status_code == 200
    mark = text(client.get("/call/place/")).split('data-mark="')[1].split('"')[0]
    assert client.get("/call/place/", {"mark": mark}).status_code == 204
    time_machine_later(minutes=11)
    assert "in soon" in text(client.get("/call/place/"))


@pytest.fixture
def time_machine_later() -> Any:
    import time_machine

    frozen: list[Any] = []

    def go(**span: int) -> None:
        frozen.append(time_machine.travel(make.NOW + timedelta(**span), tick=True))
        frozen[-1].start()

    yield go
    for one in frozen:
        one.stop()


# --- recording: silence is no consent ---------------------------------------------------------------


def test_consent_is_kept_for_this_call_only_when_ticked(client, there, settings):
    settings.RECORD_CALLS = True
    assert 'name="record"' in text(client.get("/call/"))
    send(client)
    assert Call.objects.get().recording_consent is None
    other = Client()
    send(other, record="on", key="k2", url="/fr/call/")
    call = Call.objects.exclude(recording_consent=None).get()
    consent = call.recording_consent
    assert (consent.purpose, consent.language) == (Consent.Purpose.RECORDING, "fr")
    assert consent.text_version == entering.CONSENT_VERSION
    assert consent.person == Ticket.objects.get(pk=call.ticket_id).person


def test_switched_off_a_tick_made_up_means_nothing(client, there):
    send(client, record="on")
    assert Call.objects.get().recording_consent is None


# --- number and code --------------------------------------------------------------------------------


def test_a_code_is_shown_once_to_whose_request_it_is(client, there):
    send(client)
    client.post("/call/ending/")
    page = text(client.post("/call/code/", {"key": "c1"}))
    assert "slip" in page
    assert "slip" not in text(client.post("/call/code/", {"key": "c1"}, follow=True))
    assert Ticket.objects.get().secret_hash


def test_typing_somebodys_number_gives_no_code_of_theirs(client, there):
    first = Client()
    send(first, way="call-back", number="0661234567")
    ticket = Ticket.objects.get()
    before = ticket.secret_hash
    send(client, number="0661234567", key="k2")
    assert Call.objects.latest("pk").ticket == ticket
    client.post("/call/ending/")
    page = text(client.get("/call/"))
    assert ticket.reference not in page
    client.post("/call/code/", {"key": "c2"})
    client.post("/call/rating/", {"score": "1"})
    ticket.refresh_from_db()
    assert ticket.secret_hash == before
    assert not ticket.ratings.exists()


def test_after_half_an_hour_the_page_is_the_form_again(client, there):
    send(client)
    client.post("/call/ending/")
    Call.objects.update(ended_at=make.NOW - timedelta(minutes=31))
    assert "call-form" in text(client.get("/call/"))


def test_a_leg_that_was_talked_with_may_be_rated(client, there):
    send(client)
    call = Call.objects.get()
    leg = actions.answer(call, by=there, at=make.NOW)
    for one in (leg, call.legs.get(role=Leg.Role.CALLER)):
        actions.joined(one, at=make.NOW)
    client.post("/call/ending/")
    assert "rating" in text(client.get("/call/"))
    assert client.post("/call/rating/", {"score": "5"}).status_code == 302
    assert call.ticket.ratings.get().score == 5


def test_the_pages_that_lead_here(client, there):
    for path in ("/", "/chat/", "/ask/"):
        assert 'href="/call/"' in text(client.get(path))
