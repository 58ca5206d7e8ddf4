"""Hours, targets and offers of a queue, by a supervisor for the own team; Ramadan; whether it is open."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from helpdesk.accounts.models import Audit, User
from helpdesk.centre.models import Change
from helpdesk.hours import actions as hours
from helpdesk.hours.models import Opening, Ramadan, Schedule
from helpdesk.queues.models import Queue
from helpdesk.queues.opening import next_opening, open_now
from helpdesk.tickets.jobs import reckon_due
from knowledge.articles.models import Theme
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.NOW
WEEK = {"wopens0": "09:00", "wrest0": "12:00", "wback0": "13:00", "wcloses0": "17:00"}


def week(**more: str) -> dict[str, str]:
    """Two weekdays, in the names the form gives its fields."""
    sent = {f"w-{name[1:]}": value for name, value in WEEK.items()}
    return {**sent, "w-opens1": "08:30", "w-closes1": "16:30", **more}


@pytest.fixture
def queue(centre: Any) -> Queue:
    return Queue.objects.get()


def test_the_week_is_saved_with_its_breaks(queue: Queue, brahim: Any, as_user: Any) -> None:
    client = as_user(brahim)
    page = client.get(f"/desk/queues/{queue.pk}/").content.decode()
    assert 'value="12:30"' in page
    sent = week(**{"r-opens0": "10:00", "r-closes0": "15:00"})
    assert client.post(f"/desk/queues/{queue.pk}/hours/", sent).status_code == 302
    kept = Opening.objects.values_list("weekday", "opens", "closes", "in_ramadan")
    assert [(d, f"{o:%H:%M}", f"{c:%H:%M}", r) for d, o, c, r in kept] == [
        (0, "09:00", "12:00", False), (0, "10:00", "15:00", True), (0, "13:00", "17:00", False),
        (1, "08:30", "16:30", False),
    ]  # fmt: skip
    assert Audit.objects.get(act="changed-hours").subject_kind == "schedule"
    again = client.get(f"/desk/queues/{queue.pk}/").content.decode()
    assert again.count('value="13:00"') == 1
    assert 'value="15:00"' in again


@pytest.mark.parametrize(
    "wrong",
    [
        {"w-closes1": ""}, {"w-opens1": "17:00"}, {"w-rest1": "12:00"},
        {"w-rest1": "12:00", "w-back1": "11:00"}, {"w-opens1": "x"}, {"w-opens1": "25:00"},
        {"w-rest4": "12:00", "w-back4": "13:00"}, {"r-opens2": "10:00"},
    ],
)  # fmt: skip
def test_times_out_of_order_come_back(
    queue: Queue, brahim: Any, as_user: Any, wrong: dict[str, str]
) -> None:
    before = list(Opening.objects.values_list("pk", flat=True))
    response = as_user(brahim).post(f"/desk/queues/{queue.pk}/hours/", week(**wrong))
    assert response.status_code == 422
    assert 'class="err"' in response.content.decode()
    assert list(Opening.objects.values_list("pk", flat=True)) == before


@pytest.mark.parametrize("typed", ["9", "09:00", "9h", "9h00", "0900", "٠٩:٠٠", " 9.00 "])
def test_times_are_read_as_people_write_them(
    queue: Queue, brahim: Any, as_user: Any, typed: str
) -> None:
    sent = week(**{"w-opens0": typed})
    assert as_user(brahim).post(f"/desk/queues/{queue.pk}/hours/", sent).status_code == 302
    assert f"{Opening.objects.order_by('weekday', 'opens')[0].opens:%H:%M}" == "09:00"


def test_a_queue_is_open_some_day(queue: Queue, brahim: Any, as_user: Any) -> None:
    assert as_user(brahim).post(f"/desk/queues/{queue.pk}/hours/", {}).status_code == 422
    assert Opening.objects.exists()


def test_shared_hours_move_together_or_apart(queue: Queue, brahim: Any, as_user: Any) -> None:
    other = Queue.objects.create(
        team=queue.team, name_ar="آخر", name_fr="Autre", schedule=queue.schedule
    )
    client = as_user(brahim)
    assert "آخر" in client.get(f"/desk/queues/{queue.pk}/").content.decode()
    client.post(f"/desk/queues/{queue.pk}/hours/", week())
    assert Schedule.objects.count() == 1
    client.post(f"/desk/queues/{queue.pk}/hours/", {**week(), "alone": "on"})
    queue.refresh_from_db()
    other.refresh_from_db()
    assert queue.schedule != other.schedule
    assert Opening.objects.filter(schedule=other.schedule).count() == 3


def test_targets_and_offers_are_set(queue: Queue, brahim: Any, as_user: Any) -> None:
    sent = {"answer_hours": "٤", "resolve_hours": "20", "wait_seconds": "45", "push_written": "on"}
    sent["overflow_minutes"] = "7"
    client = as_user(brahim)
    assert client.post(f"/desk/queues/{queue.pk}/targets/", sent).status_code == 302
    queue.refresh_from_db()
    assert (queue.answer_minutes, queue.resolve_minutes, queue.wait_seconds) == (240, 1200, 45)
    assert queue.overflow_minutes == 7
    assert (queue.push_live, queue.push_written) == (False, True)
    for wrong in ({"answer_hours": "21"}, {"answer_hours": "0"}, {"wait_seconds": "x"}):
        response = client.post(f"/desk/queues/{queue.pk}/targets/", {**sent, **wrong})
        assert response.status_code == 422
    assert Audit.objects.filter(act="changed-hours").count() == 1


SAID = {"closed_ar": "نجيب يوم  الاثنين", "closed_fr": "Nous répondons lundi"}


def test_words_of_a_closed_queue_are_read_by_every_way_in_with_the_next_opening(
    queue: Queue, brahim: Any, as_user: Any, amina: User
) -> None:
    client, address = as_user(brahim), f"/desk/queues/{queue.pk}/closed/"
    night = make.NOW + timedelta(hours=12)
    with time_machine.travel(night):
        for page in ("/chat/", "/chat/frame/", "/call/"):
            assert "نفتح" in Client().get(page).content.decode(), page
    assert client.post(address, SAID)["Location"] == f"/desk/queues/{queue.pk}/"
    kept = Queue.objects.get()
    assert (kept.closed_ar, kept.closed_fr) == ("نجيب يوم الاثنين", "Nous répondons lundi")
    assert "نجيب يوم الاثنين" in client.get(f"/desk/queues/{queue.pk}/").content.decode()
    change = Change.objects.get(step="queues")
    assert change.after == {f"{name}@{queue.name_fr}": getattr(kept, name) for name in SAID}
    assert Audit.objects.get(act="changed-hours").facts["of"] == ["closed_ar", "closed_fr"]
    for page, said in (("", SAID["closed_ar"].replace("  ", " ")), ("/fr", SAID["closed_fr"])):
        for way in ("/chat/", "/chat/frame/"):
            assert said not in Client().get(page + way).content.decode(), "it is open"
    with time_machine.travel(night):
        for way in ("/chat/", "/chat/frame/", "/call/"):
            page = Client().get(f"/fr{way}").content.decode()
            assert SAID["closed_fr"] in page, way
            assert "Ouverture" in page, way


@pytest.mark.parametrize(
    "wrong", [{"closed_fr": ""}, {"closed_ar": "  "}, {"closed_fr": "x" * 301}]
)
def test_words_of_a_closed_queue_are_short_and_in_both_languages(
    queue: Queue, brahim: Any, as_user: Any, wrong: dict[str, str]
) -> None:
    answer = as_user(brahim).post(f"/desk/queues/{queue.pk}/closed/", {**SAID, **wrong})
    assert answer.status_code == 422
    typed = {**SAID, **wrong}
    assert any(text.strip() and text in answer.content.decode() for text in typed.values())
    assert Queue.objects.get().closed_ar == ""


def test_only_who_may_sets_queues_of_the_own_team(
    queue: Queue, cast: dict[str, Any], as_user: Any
) -> None:
    elsewhere = Queue.objects.get(team=make.other_team())
    for name, user in cast.items():
        client = as_user(user)
        may = name in ("brahim", "administrator")
        for path in ("", f"{queue.pk}/"):
            status = client.get(f"/desk/queues/{path}").status_code
            assert status == 200 if may else status in (302, 403), (name, path)
        own = client.get(f"/desk/queues/{elsewhere.pk}/").status_code
        assert own == (200 if name == "administrator" else 404 if may else own)
        if not may:
            assert client.post(f"/desk/queues/{queue.pk}/hours/", week()).status_code in (302, 403)


def test_ramadan_is_proposed_moved_and_counts_once_confirmed(
    queue: Queue, brahim: Any, as_user: Any
) -> None:
    hours.propose(2027)
    month = Ramadan.objects.get()
    assert (month.starts_on, month.ends_on) == (date(2027, 2, 8), date(2027, 3, 8))
    as_user(brahim).post(
        f"/desk/queues/{queue.pk}/hours/", week(**{"r-opens0": "10:00", "r-closes0": "15:00"})
    )
    monday = datetime(2027, 2, 8, 9, 30, tzinfo=UTC)  # half past nine: the clocks went back
    assert open_now(Queue.objects.get(), at=monday)
    sent = {"starts_on": "2027-02-07", "ends_on": "2027-03-08"}
    client = as_user(brahim)
    assert client.post(f"/desk/holidays/ramadan/{month.pk}/", sent).status_code == 302
    assert not open_now(Queue.objects.get(), at=monday)
    assert next_opening(Queue.objects.get(), at=monday) == datetime(2027, 2, 8, 10, tzinfo=UTC)
    assert hours.propose(2027) == 0
    page = client.get("/desk/holidays/").content.decode()
    assert 'value="2027-02-07"' in page
    clash = {"starts_on": "2027-03-01", "ends_on": "2027-03-30"}
    assert client.post("/desk/holidays/ramadan/", clash).status_code == 422
    assert client.post("/desk/holidays/ramadan/", {**clash, "ends_on": "x"}).status_code == 422
    assert Ramadan.objects.count() == 1


def test_a_pause_closes_whatever_the_hours_say(queue: Queue) -> None:
    assert open_now(queue, at=NOW)
    queue.paused_until = NOW + timedelta(minutes=30)
    assert not open_now(queue, at=NOW)
    assert next_opening(queue, at=NOW) == queue.paused_until
    queue.paused_until = NOW + timedelta(hours=7)  # after closing: the next morning
    assert next_opening(queue, at=NOW) == datetime(2026, 11, 25, 8, tzinfo=UTC)


def test_new_hours_move_what_is_due(queue: Queue, brahim: Any, as_user: Any) -> None:
    ticket = make.ticket()
    before = ticket.answer_due_at
    as_user(brahim).post(f"/desk/queues/{queue.pk}/hours/", week())
    assert reckon_due(at=NOW + timedelta(minutes=2)) == 1
    ticket.refresh_from_db()
    assert before is not None
    assert ticket.answer_due_at > before


def test_skills_are_set_by_who_may_post(amina: User, cast: dict[str, Any], as_user: Any) -> None:
    theme = Theme.objects.create(code="A", name_ar="أ", name_fr="A")
    sent = {"capacity": "٢", "speaks": ["ar", "shi"], "themes": [theme.code]}
    url = f"/desk/people/{amina.pk}/skills/"
    for name, user in cast.items():
        if name not in ("brahim", "administrator"):
            assert as_user(user).post(url, sent).status_code in (302, 403), name
    amina.refresh_from_db()
    assert amina.capacity == 3
    assert as_user(cast["brahim"]).post(url, sent).status_code == 302
    amina.refresh_from_db()
    assert (amina.capacity, amina.speaks, list(amina.themes.all())) == (2, ["ar", "shi"], [theme])
    page = as_user(cast["brahim"]).get(f"/desk/people/{amina.pk}/").content.decode()
    assert "skills/" in page
    assert as_user(cast["brahim"]).post(url, {**sent, "capacity": "10"}).status_code == 422
    elsewhere = make.user("zineb", "advisor", of=make.other_team())
    other = f"/desk/people/{elsewhere.pk}/skills/"
    assert as_user(cast["brahim"]).post(other, sent).status_code == 404
