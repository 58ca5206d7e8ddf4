"""Acts on a ticket over HTTP: each works, refuses, and is harmless when sent twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from helpdesk.accounts.models import Audit
from helpdesk.associations import actions as associations
from helpdesk.queues import actions as queues
from helpdesk.tickets import codes
from helpdesk.tickets.actions import naming
from helpdesk.tickets.conflicts import warnings
from helpdesk.tickets.models import Entry, Promise, Ticket
from helpdesk.tickets.rules import Kind
from knowledge.articles.models import Theme
from tests import make

pytestmark = pytest.mark.django_db
NUMBER = "0661234547"


@pytest.fixture
def ticket(amina: Any) -> Ticket:
    made = make.ticket(person=make.person("فاطمة", number=NUMBER))
    queues.claim(made, by=amina, at=make.NOW)
    return made


def to(name: str, pk: int) -> str:
    return reverse(name if ":" in name else f"tickets:{name}", args=[pk])


def kinds(ticket: Ticket) -> list[str]:
    return list(ticket.entries.values_list("kind", flat=True))


FORMS = [
    "tickets:closure", "tickets:promises", "tickets:code", "tickets:number", "tickets:dispute",
    "tickets:filing", "tickets:facts", "tickets:deadline", "tickets:person", "tickets:association",
    "queues:handover",
]  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("name", FORMS)
def test_every_form_opens_and_refuses_an_empty_sending(
    ticket: Ticket, amina: Any, as_user: Any, name: str
) -> None:
    client, url = as_user(amina), to(name, ticket.pk)
    assert client.get(url).status_code == 200
    panel = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in panel
    before = ticket.entries.count()
    if name not in ("tickets:facts", "tickets:person", "tickets:association"):
        assert client.post(url, {}).status_code in (302, 422)
    assert ticket.entries.count() == before


@pytest.mark.parametrize("name", [*FORMS, "tickets:level"])
def test_forms_are_closed_to_outsiders(ticket: Ticket, cast: Any, as_user: Any, name: str) -> None:
    for who in ("editor", "partner", "administrator", "chama", "driss"):
        for method in ("get", "post"):
            status = getattr(as_user(cast[who]), method)(to(name, ticket.pk)).status_code
            assert status in (403, 404), (who, method)


def test_closing_needs_outcome_and_help_and_reopens(
    ticket: Ticket, amina: Any, as_user: Any
) -> None:
    client, url = as_user(amina), to("closure", ticket.pk)
    assert client.post(url, {"outcome": "withdrawn"}).status_code == 422
    data = {"outcome": "document-delivered", "help": "drafting"}
    assert [client.post(url, data).status_code for _ in range(2)] == [302, 302]
    ticket.refresh_from_db()
    assert (ticket.state, ticket.outcome, ticket.help) == (
        "closed", "document-delivered", "drafting",
    )  # fmt: skip
    for _ in range(2):
        client.post(to("reopening", ticket.pk))
    assert kinds(ticket).count("closure") == kinds(ticket).count("reopening") == 1


def test_a_promise_is_made_once_and_its_attempts_count_once(
    ticket: Ticket, amina: Any, as_user: Any
) -> None:
    client, url = as_user(amina), to("promises", ticket.pk)
    day = timezone.localdate() + timedelta(days=1)
    data = {"day": day.isoformat(), "starts": "10:00", "ends": "12:00", "note": "رقم", "key": "p1"}
    assert client.post(url, {**data, "ends": "09:00"}).status_code == 422
    assert client.post(url, {**data, "day": "2020-01-01"}).status_code == 422
    for _ in range(2):
        assert client.post(url, data).status_code == 302
    owed = Promise.objects.get()
    for reached, state, attempts in (("no", "open", 1), ("no", "open", 1)):
        client.post(to("attempts", owed.pk), {"tries": "0", "reached": reached})
        owed.refresh_from_db()
        assert (owed.state, owed.attempts) == (state, attempts)
    client.post(to("attempts", owed.pk), {"tries": "1", "reached": "yes"})
    owed.refresh_from_db()
    assert owed.state == "kept"


def test_passing_on_to_a_colleague_to_the_queue_and_to_me(
    ticket: Ticket, amina: Any, senior: Any, as_user: Any
) -> None:
    client, url = as_user(amina), to("queues:handover", ticket.pk)
    for _ in range(2):
        client.post(url, {"to": str(senior.pk), "note": "للمراجعة"})
    ticket.refresh_from_db()
    assert ticket.assignee == senior
    assert kinds(ticket).count("pass") == 1
    client.post(url, {"to": str(amina.pk)})
    client.post(url, {"to": "queue"})
    ticket.refresh_from_db()
    assert ticket.assignee is None
    assert ticket.waitings.filter(ended_at=None).count() == 1


def test_the_loser_of_a_claim_learns_who_won(amina: Any, senior: Any, as_user: Any) -> None:
    waits = make.ticket()
    for _ in range(2):
        as_user(senior).post(to("queues:claim", waits.pk))
    page = as_user(amina).post(to("queues:claim", waits.pk), follow=True).content.decode()
    assert "سلمى" in page
    waits.refresh_from_db()
    assert waits.assignee == senior
    assert kinds(waits).count("claim") == 1


def test_take_the_next_takes_the_oldest_and_says_when_nobody_waits(
    amina: Any, as_user: Any
) -> None:
    old = make.ticket("الأقدم", at=make.NOW - timedelta(hours=3))
    new = make.ticket("الأحدث")
    client = as_user(amina)
    for ticket in (old, new):
        assert client.post(reverse("queues:next")).url == to("ticket", ticket.pk)
    assert client.post(reverse("queues:next")).url == reverse("queues:desk")


def test_a_new_code_is_shown_once_and_kept_nowhere(
    ticket: Ticket, amina: Any, as_user: Any
) -> None:
    client, url = as_user(amina), to("code", ticket.pk)
    assert client.post(url, {"how": "call", "key": "c1"}).status_code == 422
    page = client.post(url, {"how": "call", "checked": "on", "key": "c1"}).content.decode()
    ticket.refresh_from_db()
    shown = page.split('<p class="bigcode">')[1].split(">")[1].split("<")[0]
    assert codes.matches(shown, ticket.secret_hash)
    again = client.post(url, {"how": "call", "checked": "on", "key": "c1"})
    assert again.status_code == 302
    assert Audit.objects.filter(act="reissued-code").count() == 1
    entry = Entry.objects.get(kind=Kind.CODE)
    assert codes.digits(shown) not in f"{entry.text}{entry.data}"


def test_without_a_number_a_code_is_given_in_person_only(amina: Any, as_user: Any) -> None:
    nameless = make.ticket()
    client, url = as_user(amina), to("code", nameless.pk)
    assert client.post(url, {"how": "call", "checked": "on", "key": "c"}).status_code == 422
    assert client.post(url, {"how": "visit", "checked": "on", "key": "c"}).status_code == 200


def test_the_number_is_masked_and_shown_for_a_reason_that_is_kept(
    ticket: Ticket, cast: Any, as_user: Any
) -> None:
    national = "06 61 23 45 47"
    for who in ("amina", "brahim", "senior"):
        client = as_user(cast[who])
        assert national not in client.get(to("ticket", ticket.pk)).content.decode()
        assert client.post(to("number", ticket.pk), {"reason": ""}).status_code == 422
        page = client.post(to("number", ticket.pk), {"reason": "معاودة الاتصال"}).content.decode()
        assert national in page
    rows = Audit.objects.filter(act="revealed-number")
    assert {row.user for row in rows} == {cast["amina"], cast["brahim"], cast["senior"]}
    assert {row.reason for row in rows} == {"معاودة الاتصال"}


def test_an_advisor_who_has_not_the_ticket_does_not_see_the_number(
    ticket: Ticket, as_user: Any
) -> None:
    other = make.user("karim", "advisor")
    assert as_user(other).post(to("number", ticket.pk), {"reason": "فضول"}).status_code == 403
    assert not Audit.objects.filter(act="revealed-number").exists()


def test_levels_and_names_need_the_right_and_a_reason(
    ticket: Ticket, amina: Any, senior: Any, as_user: Any
) -> None:
    url, reason = to("level", ticket.pk), "ملف حساس يخص المكتب"
    assert as_user(amina).post(url, {"level": 2, "reason": reason}).status_code == 403
    client = as_user(senior)
    assert client.post(url, {"level": 2, "reason": "قصير"}).status_code == 422
    for _ in range(2):
        client.post(url, {"level": 2, "reason": reason})
    assert kinds(ticket).count("level") == 1
    assert as_user(amina).get(to("ticket", ticket.pk)).status_code == 200
    third = make.user("karim", "advisor")
    assert as_user(third).get(to("ticket", ticket.pk)).status_code == 404
    client.post(to("grants", ticket.pk), {"user": third.pk, "reason": reason})
    assert as_user(third).get(to("ticket", ticket.pk)).status_code == 200
    given = ticket.grants.get(user=third)
    assert client.get(url).status_code == 200
    client.post(to("grant_end", given.pk))
    assert as_user(third).get(to("ticket", ticket.pk)).status_code == 404


def test_facts_are_kept_and_set_the_clock_going(ticket: Ticket, amina: Any, as_user: Any) -> None:
    client, url = as_user(amina), to("facts", ticket.pk)
    day = timezone.localdate() - timedelta(days=77)
    assert client.post(url, {"deposit_date": "هذا الأسبوع"}).status_code == 422
    for _ in range(2):
        client.post(url, {"deposit_date": day.isoformat(), "has_provisional": "yes"})
    ticket.refresh_from_db()
    assert ticket.association.in_formation
    clock = ticket.association.deadlines.get()
    assert (clock.rule, clock.event_on, clock.state) == ("final-receipt", day, "passed")
    assert kinds(ticket).count("deadline") == 1
    other = day + timedelta(days=30)
    client.post(url, {"deposit_date": other.isoformat()})
    states = dict(ticket.association.deadlines.values_list("event_on", "state"))
    assert states == {day: "dropped", other: "running"}
    page = client.get(to("ticket", ticket.pk)).content.decode()
    assert 'class="clock"' in page


def test_who_asks_and_for_whom_are_found_added_and_taken_off(
    ticket: Ticket, amina: Any, as_user: Any
) -> None:
    client = as_user(amina)
    group = associations.add_association(centre=make.centre(), at=make.NOW, name_ar="جمعية النخيل")
    known = associations.person_for(
        centre=make.centre(), at=make.NOW, name="كريم", number="0650000001"
    )
    page = client.get(to("person", ticket.pk) + "?q=0650000001").content.decode()
    assert f'value="{known.pk}"' in page
    client.post(to("person", ticket.pk), {"person": known.pk, "standing": "office-holder"})
    page = client.get(to("association", ticket.pk) + "?q=Ennakhil").content.decode()
    assert f'value="{group.pk}"' in page
    client.post(to("association", ticket.pk), {"association": group.pk})
    ticket.refresh_from_db()
    assert (ticket.person, ticket.standing, ticket.association) == (known, "office-holder", group)
    new = {"new": "1", "name": "سعيد", "number": "0670000002", "standing": "member"}
    client.post(to("person", ticket.pk), new)
    client.post(
        to("association", ticket.pk), {"new": "1", "name": "جمعية الورد", "office": "member"}
    )
    ticket.refresh_from_db()
    assert str(ticket.person) == "سعيد"
    assert ticket.association.mandates.get().person == ticket.person
    client.post(to("association", ticket.pk), {"formation": "1"})
    client.post(to("person", ticket.pk), {"nobody": "1"})
    ticket.refresh_from_db()
    assert ticket.person is None
    assert ticket.association.in_formation
    bad = {"new": "1", "number": "12", "standing": "member"}
    assert client.post(to("person", ticket.pk), bad).status_code == 422
    assert client.post(to("person", ticket.pk), {"person": "9999"}).status_code == 404


@pytest.fixture
def group(centre: Any) -> Any:
    return make.association("جمعية النخيل")


def test_the_other_side_of_a_dispute_warns(
    group: Any, amina: Any, senior: Any, as_user: Any
) -> None:
    one, other = make.ticket(association=group), make.ticket(association=group)
    client = as_user(amina)
    for _ in range(2):
        client.post(to("dispute", one.pk), {"side": "a"})
    assert warnings(other, amina)[0].grave
    client.post(to("dispute", other.pk), {"side": "b"})
    queues.claim(one, by=amina, at=make.NOW)
    fresh = Ticket.objects.select_related("dispute_side__dispute").get(pk=other.pk)
    assert warnings(fresh, amina)[0].ticket == one
    assert one.reference in client.get(to("ticket", other.pk)).content.decode()
    Ticket.objects.filter(pk=one.pk).update(level=2)
    assert warnings(fresh, amina)[0].ticket is None
    assert one.reference not in as_user(senior).get(to("ticket", other.pk)).content.decode()
    client.post(to("dispute", other.pk), {"side": "end"})
    assert not warnings(Ticket.objects.get(pk=other.pk), amina)


def test_former_office_holders_and_governance_warn(group: Any, amina: Any) -> None:
    former = make.ticket(association=group, standing="former-office-holder")
    present = make.ticket(association=group, standing="office-holder")
    assert warnings(former, amina)[0].grave
    assert warnings(present, amina)[0].grave
    elsewhere = make.ticket(association=make.association("أخرى"))
    assert not warnings(elsewhere, amina)
    assert not warnings(make.ticket(), amina)
    theme = Theme.objects.create(code="C", name_ar="ج", name_fr="C")
    second = make.association("جمعية أخرى")
    make.ticket(association=second, theme=theme)
    plain = make.ticket(association=second)
    assert [w.grave for w in warnings(plain, amina)] == [False]


def test_a_dispute_needs_an_association(ticket: Ticket, amina: Any, as_user: Any) -> None:
    assert as_user(amina).post(to("dispute", ticket.pk), {"side": "a"}).status_code == 422


def test_filing_corrects_subject_theme_and_province(
    ticket: Ticket, amina: Any, as_user: Any
) -> None:
    Theme.objects.create(code="D", name_ar="د", name_fr="D")
    client, url = as_user(amina), to("filing", ticket.pk)
    assert client.post(url, {"subject": "", "theme": "D"}).status_code == 422
    client.post(url, {"subject": "موضوع\u202e جديد", "theme": "D", "province": "07.431"})
    ticket.refresh_from_db()
    assert (ticket.subject, ticket.theme.code, ticket.province) == ("موضوع جديد", "D", "07.431")


def test_taking_a_side_twice_is_one_entry(group: Any, amina: Any) -> None:
    ticket = make.ticket(association=group)
    for _ in range(2):
        naming.take_side(ticket, "a", by=amina, at=make.NOW)
    assert ticket.dispute_side.side == "a"
