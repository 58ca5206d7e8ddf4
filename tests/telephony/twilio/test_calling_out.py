"""Calls are made: asked for by a form, dialled once the advisor's voice is there, and told how they went."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from helpdesk.associations.numbers import Number
from helpdesk.queues import actions as queues
from helpdesk.queues.models import Handling, Presence, Waiting
from helpdesk.tickets.actions import promising
from helpdesk.tickets.errors import AlreadyTaken
from helpdesk.tickets.models import Promise, Ticket
from telephony import actions, jobs
from telephony.actions import dialling
from telephony.dials import Dial
from telephony.facts import State, Why
from telephony.models import Call, CallPayload, Leg
from telephony.providers.twilio import sending
from telephony.providers.twilio.models import Order, Room, Voice
from telephony.reachable import may_be_called
from tests import make
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio.answers import LOST, Answers
from tests.telephony.twilio.caller import End, Page, code

pytestmark = pytest.mark.django_db
NUMBER = "+212612345678"


def at(seconds: float) -> Any:
    return make.NOW + timedelta(seconds=seconds)


class Called(End):
    """The telephone of whoever is called, by the label it was called with."""

    def __init__(self) -> None:
        super().__init__(From=c.OUR_NUMBER, Caller=c.OUR_NUMBER, To=NUMBER, Called=NUMBER,
                         Direction="outbound-api")  # fmt: skip
        self.label = Order.objects.get(kind="dial").data["label"]

    def is_(self, status: str, **more: str) -> None:
        self.told(f"dialled/{self.label}/", CallStatus=status, **more)

    def picks_up(self) -> None:
        self.is_("in-progress")
        self.in_room("participant-join", Room.objects.latest("pk"))


@pytest.fixture
def there(amina: Any) -> Any:
    """Amina's desk is heard of and she is free."""
    Presence.objects.update_or_create(
        user=amina, defaults={"state": "free", "since": make.NOW, "seen_at": make.NOW}
    )
    return amina


@pytest.fixture
def ticket(there: Any) -> Ticket:
    return make.ticket(contact_number=Number(NUMBER))


@pytest.fixture
def owed(ticket: Ticket, there: Any) -> Promise:
    return promising.promise(
        ticket, by=there, at=make.NOW, window_from=make.NOW, window_until=at(3600)
    )


@pytest.fixture
def call(line: None, owed: Promise, there: Any) -> Call:
    return dialling.call_promised(owed, by=there, at=make.NOW)


@pytest.fixture
def page(call: Call) -> Page:
    return Page(call.legs.get(role=Leg.Role.ADVISOR))


def dialled(page: Page, twilio: Answers) -> Called:
    """The advisor's voice is there, and the request has gone out."""
    page.comes(code(page.leg))
    called = Called()
    twilio.bodies["CreateParticipant"] = {"call_sid": called.sid}
    assert sending.send_due(at=make.NOW) >= 1
    return called


def made(twilio: Answers) -> list[dict[str, Any]]:
    return [data for name, _last, data in twilio.asked if name == "CreateParticipant"]


def fresh(call: Call) -> Call:
    return Call.objects.get(pk=call.pk)


# --- who may be called --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "may"),
    [
        ("+212522000000", True), ("+212612345678", True), ("+212757000000", True),
        ("+212890000000", False), ("+212801000000", False), ("+212215000000", False),
        ("+21252200000", False), ("+2125220000000", False), ("+33612345678", False),
        ("+8821612345678", False), ("+870773123456", False), ("+15551234567", False),
    ],
)  # fmt: skip
def test_moroccan_fixed_and_mobile_numbers_are_called_and_no_others(number: str, may: bool) -> None:
    assert may_be_called(Number(number)) is may


def test_a_setting_opens_a_country_and_never_what_is_surcharged() -> None:
    assert may_be_called(Number("+33612345678"), ["+33"])
    assert not may_be_called(Number("+34612345678"), ["+33"])
    for number in ("+212890000000", "+8821612345678"):
        assert not may_be_called(Number(number), ["+2128", "+212", "+882", "+", ""])


# --- asking for it --------------------------------------------------------------------------------------


def test_nothing_is_dialled_before_the_advisors_voice_is_there(
    call: Call, page: Page, twilio: Answers
) -> None:
    assert call.state == State.CLAIMED
    assert sending.send_due(at=at(5)) == 0
    page.connects(code(page.leg))
    sending.send_due(at=at(6))
    assert made(twilio) == []
    page.in_room("participant-join", Room.objects.get())
    sending.send_due(at=at(7))
    (sent,) = made(twilio)
    label = Order.objects.get(kind="dial").data["label"]
    assert (sent["To"], sent["From"], sent["Label"]) == (NUMBER, c.OUR_NUMBER, label)
    assert sent["StatusCallback"] == f"{c.PUBLIC}/hooks/twilio/dialled/{label}/#rt=4000&rc=3&rp=all"
    assert "Record" not in sent
    assert "ConferenceRecord" not in sent
    sending.send_due(at=at(9))
    assert len(made(twilio)) == 1


def test_what_the_page_wants_to_call_is_not_heard(call: Call, page: Page, twilio: Answers) -> None:
    page.asked("application/", claim=code(page.leg), To="+33899000000", PhoneNumber="+33899000000")
    page.in_room("participant-join", Room.objects.get())
    sending.send_due(at=at(1))
    assert [sent["To"] for sent in made(twilio)] == [NUMBER]


def test_a_number_put_in_the_place_of_the_one_asked_for_is_not_called(
    call: Call, page: Page, twilio: Answers
) -> None:
    CallPayload.objects.filter(call=call).update(number="+212699999999")
    page.comes(code(page.leg))
    sending.send_due(at=at(1))
    assert made(twilio) == []
    assert fresh(call).events.get(kind="ended").why == Why.UNSENT


def test_one_that_was_put_in_its_place_later_is_not_called_either(
    call: Call, page: Page, twilio: Answers
) -> None:
    page.comes(code(page.leg))
    CallPayload.objects.filter(call=call).update(number="+212699999999")
    sending.send_due(at=at(1))
    assert made(twilio) == []


def test_it_is_good_for_a_minute(call: Call, page: Page, twilio: Answers) -> None:
    Dial.objects.update(until=at(-1))
    page.comes(code(page.leg))
    sending.send_due(at=at(1))
    assert made(twilio) == []
    assert fresh(call).wrapped_at
    assert Promise.objects.get().attempts == 0


def test_an_advisor_whose_voice_does_not_come_has_called_nobody(call: Call, there: Any) -> None:
    jobs.timers_due(at=at(61))
    assert fresh(call).state == State.FAILED
    assert not Waiting.objects.now().filter(channel="phone").exists()
    assert Promise.objects.get().attempts == 0
    Presence.objects.update(seen_at=at(60))
    again = dialling.call_promised(Promise.objects.get(), by=there, at=at(62))
    assert again.pk != call.pk


@pytest.mark.parametrize("moment", ["before", "between"])
def test_who_was_suspended_calls_nobody(
    call: Call, page: Page, there: Any, twilio: Answers, moment: str
) -> None:
    claim = code(page.leg)
    if moment == "between":
        page.comes(claim)
    there.is_active = False
    there.save(update_fields=["is_active"])
    if moment == "before":
        root = page.connects(claim)
        assert root.find("Dial") is None
    sending.send_due(at=at(1))
    assert made(twilio) == []


def test_asked_twice_it_is_one_call_and_a_colleague_reads_who_calls(
    call: Call, owed: Promise, there: Any, senior: Any
) -> None:
    assert dialling.call_promised(owed, by=there, at=at(3)).pk == call.pk
    with pytest.raises(AlreadyTaken):
        dialling.call_promised(owed, by=senior, at=at(3))
    assert Dial.objects.count() == 1


def test_the_sixty_first_call_of_a_day_is_refused_and_not_of_the_next(
    line: None, ticket: Ticket, there: Any, settings: Any
) -> None:
    assert settings.CALLS_OUT_ADVISOR == 60
    for number in range(60):
        one = make.call(there, key=f"k{number}")
        Dial.objects.create(call=one, user=there, target="x", made_at=make.NOW, until=make.NOW)
        actions.end(Leg.objects.create(call=one, role="caller", made_at=make.NOW), at=make.NOW)
    Handling.objects.update(wrapped_at=make.NOW)
    with pytest.raises(dialling.NotCalled, match="60"):
        dialling.call_asker(ticket, by=there, at=make.NOW)
    Dial.objects.update(made_at=at(-86400))
    assert dialling.call_asker(ticket, by=there, at=make.NOW)


def test_the_centre_has_its_own_cap(
    line: None, ticket: Ticket, there: Any, senior: Any, settings: Any
) -> None:
    settings.CALLS_OUT_CENTRE = 1
    one = make.call(senior)
    Dial.objects.create(call=one, user=senior, target="x", made_at=make.NOW, until=make.NOW)
    with pytest.raises(dialling.NotCalled):
        dialling.call_asker(ticket, by=there, at=make.NOW)


def test_who_is_away_calls_nobody(line: None, ticket: Ticket, amina: Any) -> None:
    Presence.objects.update(seen_at=at(-600))
    with pytest.raises(dialling.NotCalled):
        dialling.call_asker(ticket, by=amina, at=make.NOW)
    assert Call.objects.count() == 0


# --- how it goes ----------------------------------------------------------------------------------------


def test_who_answers_is_talked_with_and_the_promise_is_kept(
    call: Call, page: Page, there: Any, twilio: Answers
) -> None:
    called = dialled(page, twilio)
    called.is_("initiated")
    called.is_("ringing")
    assert Dial.objects.get().ringing_at
    assert fresh(call).state == State.CLAIMED
    called.picks_up()
    assert fresh(call).state == State.TALKING
    assert Order.objects.filter(kind="dial").count() == 1
    called.is_("completed", CallDuration="30")
    assert fresh(call).state == State.WRAP_UP
    said = actions.Wrapup(words="x", help="info", outcome="solved-first-contact", language="ar")
    actions.wrap_up(
        Call.objects.for_card().get(pk=call.pk), said, by=there, at=at(60)
    )  # fmt: skip
    assert Promise.objects.get().state == Promise.State.KEPT
    work = Handling.objects.get(user=there)
    assert work.answered_at
    assert work.wrapped_at
    assert not Waiting.objects.filter(channel="phone").exists()


@pytest.mark.parametrize(
    ("status", "why"),
    [("busy", Why.BUSY), ("no-answer", Why.NO_ANSWER), ("failed", Why.FAILED)],
)
def test_who_is_not_reached_is_a_try_and_nothing_to_write_down(
    call: Call, page: Page, there: Any, twilio: Answers, status: str, why: Why
) -> None:
    called = dialled(page, twilio)
    called.is_("ringing")
    for _again in range(2):
        called.is_(status)
    row = fresh(call)
    assert (row.state, row.wrapped_at, row.answered_at) == (State.FAILED, make.NOW, None)
    owed = Promise.objects.get()
    assert (owed.attempts, owed.state) == (1, Promise.State.OPEN)
    assert owed.next_at is not None
    assert owed.next_at > make.NOW
    entry = owed.ticket.entries.get(key=f"vain:{call.pk}")
    assert (entry.data["act"], entry.data["why"]) == ("not-reached", why)
    work = Handling.objects.get(user=there)
    assert work.answered_at is None
    assert work.wrapped_at
    assert not actions.in_call(there, at=at(1))
    assert "close" in Order.objects.values_list("kind", flat=True)


def test_three_in_vain_end_the_promise(
    line: None, owed: Promise, there: Any, twilio: Answers
) -> None:
    for n in range(3):
        made = dialling.call_promised(Promise.objects.get(), by=there, at=make.NOW)
        page = Page(made.legs.get(role="advisor"))
        page.comes(code(page.leg))
        order = Order.objects.filter(kind="dial").latest("pk")
        called = Called.__new__(Called)
        End.__init__(called, Direction="outbound-api")
        called.label = order.data["label"]
        called.is_("no-answer")
        assert Promise.objects.get().attempts == n + 1
    assert Promise.objects.get().state == Promise.State.UNREACHED


def test_a_machine_is_nobody(call: Call, page: Page, there: Any, twilio: Answers) -> None:
    called = dialled(page, twilio)
    called.picks_up()
    assert fresh(call).state == State.TALKING
    dialling.not_reached(call, by=there, at=at(20))
    row = fresh(call)
    assert (row.state, row.talk_seconds, row.answered_at) == (State.FAILED, 0, None)
    assert Promise.objects.get().attempts == 1
    assert Promise.objects.get().ticket.entries.get(key=f"vain:{call.pk}").data["why"] == "machine"
    called.is_("completed", CallDuration="20")
    assert fresh(call).state == State.FAILED
    assert Promise.objects.get().attempts == 1


def test_an_advisor_who_hangs_up_while_it_rings_has_not_tried(
    call: Call, page: Page, there: Any, twilio: Answers
) -> None:
    called = dialled(page, twilio)
    called.is_("ringing")
    actions.hang_up(call, at=at(3))
    assert Promise.objects.get().attempts == 0
    twilio.asked.clear()
    for second in range(4, 8):
        sending.send_due(at=at(second))
    assert ("UpdateCall", called.sid, {"Status": "completed"}) in twilio.asked
    called.is_("canceled")
    assert fresh(call).state == State.FAILED


def test_what_is_told_in_another_order_ends_alike(call: Call, page: Page, twilio: Answers) -> None:
    page.comes(code(page.leg))
    called = Called()
    called.is_(
        "completed", CallDuration="12"
    )  # before our own request is answered, and before the join
    called.in_room("participant-join", Room.objects.get())
    called.is_("ringing")
    assert fresh(call).state == State.WRAP_UP
    assert Voice.objects.filter(leg__role="caller").count() == 1


def test_an_advisor_who_is_lost_ends_it_and_nobody_stands_in_line(
    call: Call, page: Page, twilio: Answers, monkeypatch: Any
) -> None:
    monkeypatch.setattr(jobs, "_begun", -1000.0)
    dialled(page, twilio).picks_up()
    page.in_room("participant-leave", Room.objects.get())
    jobs.timers_due(at=at(30))
    assert fresh(call).state == State.WRAP_UP
    assert not Waiting.objects.now().filter(channel="phone").exists()


def test_it_does_not_go_to_the_line(call: Call, page: Page, there: Any, twilio: Answers) -> None:
    dialled(page, twilio).picks_up()
    with pytest.raises(actions.passing.NotYours):
        actions.give_back(call, why=Why.TRANSFER, by=there, at=at(5))
    assert fresh(call).state == State.TALKING


def test_it_is_held_as_any_other(call: Call, page: Page, twilio: Answers) -> None:
    called = dialled(page, twilio)
    called.picks_up()
    actions.set_hold(page.leg, True, at=at(5))
    assert Order.objects.filter(kind="set", voice__sid=called.sid, data__hold=True).exists()


# --- sent once --------------------------------------------------------------------------------------------


def test_an_answer_that_was_lost_is_looked_for_and_nobody_is_called_twice(
    call: Call, page: Page, twilio: Answers
) -> None:
    page.comes(code(page.leg))
    called = Called()
    twilio.next = [LOST]
    sending.send_due(at=make.NOW)
    twilio.bodies["ListConference"] = {"conferences": [{"sid": c.sid("CF"), "status": "init"}]}
    twilio.bodies["ListParticipant"] = {
        "participants": [{"call_sid": called.sid, "label": called.label, "status": "ringing"}]
    }
    sending.send_due(at=at(2))
    assert len(made(twilio)) == 1
    assert called.voice.leg.role == "caller"


def test_one_that_may_have_left_and_is_not_found_is_not_sent_again(
    call: Call, page: Page, twilio: Answers
) -> None:
    page.comes(code(page.leg))
    twilio.next = [503]
    sending.send_due(at=make.NOW)
    sending.send_due(at=at(2))
    assert len(made(twilio)) == 1
    assert fresh(call).events.get(kind="ended").why == Why.UNSENT
    assert Promise.objects.get().attempts == 0


def test_one_that_surely_has_not_left_is_sent_again(
    call: Call, page: Page, twilio: Answers
) -> None:
    page.comes(code(page.leg))
    called = Called()
    twilio.next, twilio.bodies["CreateParticipant"] = [429], {"call_sid": called.sid}
    sending.send_due(at=make.NOW)
    sending.send_due(at=at(2))
    assert len(made(twilio)) == 2
    assert called.voice


@pytest.mark.parametrize("told", [(400, 21211), (400, 21215), (401, 20003)])
def test_a_refusal_ends_the_call(call: Call, page: Page, twilio: Answers, told: Any) -> None:
    page.comes(code(page.leg))
    twilio.next = [told]
    sending.send_due(at=make.NOW)
    assert fresh(call).state == State.FAILED
    assert len(made(twilio)) == 1


def test_one_a_second_for_the_account(line: None, centre: Any, twilio: Answers) -> None:
    for n in range(3):
        user = make.user(f"advisor{n}", "advisor", speaks=["ar"])
        Presence.objects.create(user=user, state="free", since=make.NOW, seen_at=make.NOW)
        ticket = make.ticket(contact_number=Number(f"+21261234567{n}"), key=f"t{n}")
        page = Page(dialling.call_asker(ticket, by=user, at=make.NOW).legs.get(user=user))
        page.comes(code(page.leg))
        twilio.bodies["CreateParticipant"] = {"call_sid": c.sid("CA", 9000 + n)}
    sizes = []
    for second in (1, 1.4, 2, 2.5, 3):
        before = len(made(twilio))
        # Each has another name; which one, the order of sending says.
        twilio.bodies["CreateParticipant"] = {"call_sid": c.sid("CA", 9000 + before)}
        sending.send_due(at=at(second))
        sizes.append(len(made(twilio)) - before)
    assert sizes == [1, 0, 1, 0, 1]


# --- what is seen -------------------------------------------------------------------------------------------


def test_no_number_in_names_addresses_pages_or_logs(
    call: Call, page: Page, there: Any, twilio: Answers, caplog: Any
) -> None:
    caplog.set_level("DEBUG")
    client = Client()
    client.force_login(there)
    called = dialled(page, twilio)
    called.is_("ringing")
    seen = [client.get(f"/desk/calls/{call.pk}/").content.decode()]
    seen.append(client.get(f"/desk/calls/{call.pk}/band/").content.decode())
    seen.append(client.get(reverse("tickets:ticket", args=[call.ticket_id])).content.decode())
    called.picks_up()
    seen.append(client.get(f"/desk/calls/{call.pk}/band/").content.decode())
    called.is_("busy")
    seen += [one.name for one in Room.objects.all()] + [one.label for one in Voice.objects.all()]
    seen += [str(one.data) for one in Order.objects.all()] + [
        str(one.key) for one in Order.objects.all()
    ]
    seen += [str(kept) for kept in Dial.objects.values()] + [caplog.text]
    seen += [
        url for _name, url, data in twilio.asked for url in (url, data.get("StatusCallback", ""))
    ]
    for text in seen:
        digits = "".join(char for char in text if char.isalnum())
        assert "612345678" not in digits
        assert "0612345678" not in digits


def test_the_buttons_lead_to_the_card(line: None, owed: Promise, there: Any) -> None:
    client = Client()
    client.force_login(there)
    page = client.get(reverse("tickets:ticket", args=[owed.ticket_id])).content.decode()
    url = reverse("telephony:call_now", args=[owed.pk])
    assert url in page
    answer = client.post(url)
    made = Call.objects.get()
    assert answer["Location"] == reverse("telephony:card", args=[made.pk])
    assert (made.line, made.direction) == (Call.Line.PUBLIC, Call.Direction.OUT)
    card = client.get(answer["Location"]).content.decode()
    assert reverse("telephony:not_reached", args=[made.pk]) in card
    answer = client.post(reverse("telephony:not_reached", args=[made.pk]))
    assert answer["Location"] == reverse("tickets:ticket", args=[owed.ticket_id])
    assert Promise.objects.get().attempts == 1


def test_a_person_is_called_and_the_wrap_up_says_for_which_request(
    line: None, there: Any, twilio: Answers
) -> None:
    client = Client()
    client.force_login(there)
    person = make.person(number=NUMBER)
    queues.receive("visit", key="v", at=make.NOW, centre=make.centre(), words="س", person=person,
                   language="ar")  # fmt: skip
    phone = person.phones.get()
    url = reverse("telephony:call_person", args=[person.pk, phone.pk])
    assert url in client.get(reverse("associations:person", args=[person.pk])).content.decode()
    client.post(url)
    call = Call.objects.get()
    assert call.ticket_id is None
    page = Page(call.legs.get(role="advisor"))
    called = dialled(page, twilio)
    called.picks_up()
    called.is_("completed", CallDuration="9")
    assert client.get(f"/desk/calls/{call.pk}/").status_code == 200
    said = actions.Wrapup(words="x", help="info", outcome="solved-first-contact", language="ar",
                          person=person)  # fmt: skip
    actions.wrap_up(Call.objects.for_card().get(pk=call.pk), said, by=there, at=at(60))
    (work,) = Handling.objects.filter(user=there, channel="phone")
    assert work.ticket_id == Call.objects.get().ticket_id
    assert work.wrapped_at
    assert work.answered_at


def test_without_the_network_the_plain_link_stays(ticket: Ticket, there: Any) -> None:
    client = Client()
    client.force_login(there)
    url = reverse("telephony:call_asker", args=[ticket.pk])
    assert url not in client.get(reverse("tickets:ticket", args=[ticket.pk])).content.decode()
    assert client.post(url)["Location"] == reverse("tickets:ticket", args=[ticket.pk])
    assert Call.objects.count() == 0


def test_a_refusal_is_told_on_the_page_that_asked(line: None, ticket: Ticket, there: Any) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(contact_number="+33612345678")
    client = Client()
    client.force_login(there)
    answer = client.post(reverse("telephony:call_asker", args=[ticket.pk]), follow=True)
    assert answer.redirect_chain[0][0] == reverse("tickets:ticket", args=[ticket.pk])
    (said,) = [str(one) for one in answer.context["messages"]]
    assert said == str(dialling.NotCalled(said))
    assert Call.objects.count() == 0
