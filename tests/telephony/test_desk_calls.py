"""Calls at the desk: who may take one, what its advisor can do, who may stand beside it."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from helpdesk.accounts.models import Audit
from telephony import actions
from telephony.facts import State
from telephony.models import Call, Leg
from tests import make

JSON = {"accept": "application/json"}


@pytest.fixture
def ringing(db: Any) -> Call:
    return make.ringing("سؤال", at=timezone.now(), number="0612345678")


@pytest.fixture
def talking(ringing: Call, amina: Any) -> Call:
    """Amina speaks with the caller."""
    leg = actions.answer(ringing, by=amina, at=timezone.now())
    caller = ringing.legs.get(role=Leg.Role.CALLER)
    for one in (leg, caller):
        actions.joined(one, at=timezone.now())
    ringing.refresh_from_db()
    assert ringing.state == State.TALKING
    return ringing


def act(client: Any, call: Call, name: str, data: Any = None, *, script: bool = True) -> Any:
    headers = JSON if script else {}
    return client.post(reverse(f"telephony:{name}", args=[call.pk]), data or {}, headers=headers)


def test_one_answers_and_the_others_read_who(amina: Any, brahim: Any, as_user: Any, ringing: Call):
    won = act(as_user(amina), ringing, "answer")
    assert won.json()["go"] == reverse("telephony:card", args=[ringing.pk])
    lost = act(as_user(brahim), ringing, "answer")
    assert lost.status_code == 409
    assert amina.shown_name in lost.json()["said"]


def test_without_script_an_answer_leads_on(amina: Any, brahim: Any, as_user: Any, ringing: Call):
    won = act(as_user(amina), ringing, "answer", script=False)
    assert won["Location"] == reverse("telephony:card", args=[ringing.pk])
    lost = act(as_user(brahim), ringing, "answer", script=False)
    assert lost["Location"] == reverse("queues:desk")


def test_who_calls_is_kept_from_the_ring(amina: Any, as_user: Any, ringing: Call):
    for name in ("خديجة", "سعيد"):
        person = make.person(name, number="0612345678")
    client = as_user(amina)
    act(client, ringing, "answer", {"person": str(person.pk)})
    form = client.get(reverse("telephony:card", args=[ringing.pk])).context["form"]
    assert form["person"].value() == str(person.pk)


def test_hold_and_mute_go_either_way(amina: Any, as_user: Any, talking: Call):
    client = as_user(amina)
    assert act(client, talking, "hold").status_code == 200
    talking.refresh_from_db()
    assert talking.state == State.HELD
    act(client, talking, "hold", {"on": "1"})
    act(client, talking, "hold", {"on": "0"})
    talking.refresh_from_db()
    assert talking.state == State.TALKING
    act(client, talking, "mute", {"on": "1"})
    assert talking.legs.get(user=amina).mode == Leg.Mode.MUTE
    act(client, talking, "mute")
    assert talking.legs.get(user=amina).mode == Leg.Mode.ON


def test_a_call_passed_on_at_once_is_first_in_line_with_its_note(
    amina: Any, brahim: Any, as_user: Any, talking: Call
):
    answer = act(
        as_user(amina), talking, "transfer", {"to": str(brahim.pk), "words": "يريد المشرف"}
    )
    assert answer.status_code == 200, answer.content
    talking.refresh_from_db()
    assert talking.state == State.WAITING
    waiting = talking.ticket.waitings.get(ended_at=None)
    assert waiting.offered_to == brahim
    assert talking.ticket.entries.filter(kind="pass").last().text == "يريد المشرف"


def test_a_colleague_is_asked_comes_and_has_the_call(
    amina: Any, brahim: Any, as_user: Any, talking: Call
):
    mine, theirs = as_user(amina), as_user(brahim)
    assert act(mine, talking, "consultation", {"to": ""}).status_code == 409
    assert act(mine, talking, "consultation", {"to": str(brahim.pk)}).status_code == 200
    assert act(mine, talking, "handing_over").status_code == 409
    assert act(theirs, talking, "joining").json()["go"].endswith("/beside/")
    assert theirs.get(reverse("telephony:beside", args=[talking.pk])).status_code == 200
    assert act(mine, talking, "handing_over", {"words": "ن"}).status_code == 200
    talking.refresh_from_db()
    assert talking.user == brahim
    there = theirs.get(reverse("telephony:beside", args=[talking.pk]))
    assert there["Location"] == reverse("telephony:card", args=[talking.pk])


def test_taking_the_caller_back_ends_the_asking(
    amina: Any, brahim: Any, as_user: Any, talking: Call
):
    act(as_user(amina), talking, "consultation", {"to": str(brahim.pk)})
    act(as_user(amina), talking, "hold")
    talking.refresh_from_db()
    assert talking.state == State.TALKING
    assert not talking.legs.here().filter(user=brahim).exists()


def test_a_colleague_who_was_asked_goes_and_the_call_stays(
    amina: Any, brahim: Any, as_user: Any, talking: Call
):
    act(as_user(amina), talking, "consultation", {"to": str(brahim.pk)})
    act(as_user(brahim), talking, "end")
    talking.refresh_from_db()
    assert talking.is_live
    assert not talking.legs.here().filter(user=brahim).exists()


def test_hanging_up_leaves_the_wrap_up(amina: Any, as_user: Any, talking: Call):
    answer = act(as_user(amina), talking, "end", {"words": "سؤال عن الوصل"})
    assert answer.json()["go"] == reverse("telephony:card", args=[talking.pk])
    talking.refresh_from_db()
    assert talking.state == State.WRAP_UP
    page = as_user(amina).get(reverse("telephony:card", args=[talking.pk])).content.decode()
    assert "سؤال عن الوصل" in page


def test_a_supervisor_listens_speaks_and_goes_on_record(
    amina: Any, brahim: Any, as_user: Any, talking: Call
):
    client = as_user(brahim)
    for mode in ("listen", "whisper", "barge"):
        assert act(client, talking, "supervision", {"mode": mode}).status_code == 200
        assert talking.legs.get(user=brahim).mode == mode
    assert act(client, talking, "supervision", {"mode": "shout"}).status_code == 400
    act(client, talking, "supervision", {"mode": "leave"})
    talking.refresh_from_db()
    assert talking.state == State.TALKING
    assert not talking.legs.here().filter(user=brahim).exists()
    assert Audit.objects.filter(act__startswith="call-").count() == 3
    assert act(as_user(amina), talking, "supervision").status_code == 403


def test_what_the_caller_wrote_and_chose_stands_on_the_card(
    amina: Any, as_user: Any, talking: Call
):
    form = as_user(amina).get(reverse("telephony:card", args=[talking.pk])).context["form"]
    assert form["words"].value() == "سؤال"
    assert form["ticket"].value() == str(talking.ticket_id)
    assert [value for value, _label in form.fields["ticket"].choices] == [
        str(talking.ticket_id), "other",
    ]  # fmt: skip


def written(talking: Call, **changed: str) -> dict[str, str]:
    return {
        "person": "", "ticket": str(talking.ticket_id), "words": "سؤال", "language": "ar",
        "help": "advice", "outcome": "waiting-asker-documents", **changed,
    }  # fmt: skip


def test_the_wrap_up_goes_to_another_request_and_can_be_taken_back(
    amina: Any, as_user: Any, talking: Call
):
    other, own = make.ticket("طلب أقدم"), talking.ticket
    client = as_user(amina)
    act(client, talking, "end")
    wrong = client.post(
        reverse("telephony:card", args=[talking.pk]),
        written(talking, ticket="other", reference="W-2026-999999"),
    )
    assert wrong.status_code == 422
    done = client.post(
        reverse("telephony:card", args=[talking.pk]),
        written(talking, ticket="other", reference=other.reference),
    )
    assert done["Location"] == reverse("tickets:ticket", args=[other.pk])
    own.refresh_from_db()
    assert own.merged_into == other
    assert other.handlings.filter(user=amina).count() == 1


def test_a_minute_more_and_then_free(amina: Any, as_user: Any, talking: Call):
    client = as_user(amina)
    assert act(client, talking, "extension").status_code == 409
    act(client, talking, "end")
    url = reverse("telephony:band", args=[talking.pk])
    before = client.get(url).context["band"].left
    assert 0 < before <= 120
    assert act(client, talking, "extension").status_code == 200
    assert before + 50 < client.get(url).context["band"].left <= 180
    act(client, talking, "end", {"later": "1", "words": "سؤال"}, script=False)
    assert client.get(url).context["band"].left == 0
    work = talking.ticket.handlings.get(user=amina)
    client.post(reverse("telephony:card", args=[talking.pk]), written(talking))
    again = talking.ticket.handlings.get(user=amina)
    assert (again.wrapped_at, again.wrapup_seconds) == (work.wrapped_at, work.wrapup_seconds)


def test_the_band_says_who_listens_and_when_the_call_is_not_ours(
    amina: Any, brahim: Any, as_user: Any, talking: Call
):
    url = reverse("telephony:band", args=[talking.pk])
    act(as_user(brahim), talking, "supervision")
    band = as_user(amina).get(url).context["band"]
    assert band.kind == "live"
    assert [leg.user for leg in band.listeners] == [brahim]
    assert as_user(brahim).get(url).context["band"].kind == "beside"
    act(as_user(amina), talking, "transfer", {"to": str(brahim.pk)})
    assert as_user(amina).get(url).context["band"].kind == "back"
    act(as_user(brahim), talking, "answer")
    assert as_user(amina).get(url).context["band"].kind == "gone"


def test_a_ring_says_who_may_be_calling_and_warns_first(amina: Any, as_user: Any, db: Any):
    association = make.association("جمعية واحدة")
    first = make.person("خديجة", number="0612345678")
    make.person("سعيد", number="0612345678")
    make.mandate(first, association)
    make.ticket(
        person=make.person("سابق"), association=association, standing="former-office-holder"
    )
    call = make.ringing("كلمات سرية", at=timezone.now(), number="0612345678")
    call.ticket.waitings.update(offered_to=amina, offered_at=timezone.now())
    answer = as_user(amina).get(reverse("telephony:ringing"))
    page = answer.content.decode()
    assert 'id="ring"' in page
    assert "خديجة" in page
    assert "سعيد" in page
    assert "cf-l" in page
    assert "كلمات سرية" not in page
    assert "12345678" not in page


def test_a_free_colleague_may_pick_and_one_in_a_call_is_left_in_peace(
    amina: Any, brahim: Any, as_user: Any, talking: Call
):
    url = reverse("telephony:ringing")
    make.ringing("آخر", at=timezone.now())
    assert as_user(amina).get(url).context["telephone"].ring is None
    assert as_user(amina).get(url).context["telephone"].own.pk == talking.pk
    assert as_user(brahim).get(url).context["telephone"].ring is None  # nobody says they are there
    as_user(brahim).post(reverse("queues:presence"), {"state": "free"})
    ring = as_user(brahim).get(url).context["telephone"].ring
    assert ring.kind in ("pick", "offer")


def test_a_colleague_asked_hears_it_ring(amina: Any, brahim: Any, as_user: Any, talking: Call):
    act(as_user(amina), talking, "consultation", {"to": str(brahim.pk)})
    ring = as_user(brahim).get(reverse("telephony:ringing")).context["telephone"].ring
    assert ring.kind == "asked"
    assert ring.asker == amina.shown_name


def test_the_board_lists_calls_under_way(amina: Any, brahim: Any, as_user: Any, talking: Call):
    page = as_user(brahim).get(reverse("telephony:under_way")).content.decode()
    assert amina.shown_name in page
    assert reverse("telephony:supervision", args=[talking.pk]) in page
    assert "<main" in page, "a page of its own where no script fetched it"
    part = as_user(brahim).get(reverse("telephony:under_way"), headers={"HX-Request": "true"})
    assert part.content.decode().startswith("<section")
    assert as_user(amina).get(reverse("telephony:under_way")).status_code == 403


def test_a_band_that_is_fetched_again_goes_on_with_its_clock(
    amina: Any, as_user: Any, talking: Call
):
    began = timezone.now() - timedelta(minutes=5, seconds=12)
    Call.objects.filter(pk=talking.pk).update(answered_at=began, started_at=began)
    page = as_user(amina).get(reverse("telephony:band", args=[talking.pk])).content.decode()
    clock = page.split("data-timer-since=")[1].split("</bdi>")[0]
    assert "05:1" in clock


def test_who_stands_beside_a_call_keeps_the_page_when_its_request_is_gone(
    brahim: Any, as_user: Any, talking: Call
):
    client = as_user(brahim)
    act(client, talking, "supervision", {"mode": "listen"})
    beside = reverse("telephony:beside", args=[talking.pk])
    assert str(talking.ticket) in client.get(beside).content.decode()
    Call.objects.filter(pk=talking.pk).update(ticket=None)
    assert client.get(beside).status_code == 200
