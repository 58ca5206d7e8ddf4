"""Targets in working time: they rest while the asker is waited for, move with holidays, are told once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from helpdesk.hours import actions as hours
from helpdesk.hours.models import Opening, Schedule
from helpdesk.queues import actions as queues
from helpdesk.queues.models import Queue
from helpdesk.tickets.actions import answering, asking, closing
from helpdesk.tickets.jobs import reckon_due, tell_late
from helpdesk.tickets.models import Target, Ticket
from helpdesk.tickets.rules import Channel, Help, Outcome
from tests import make

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """November 2026 in Casablanca, which is an hour ahead of UTC."""
    return datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC)


@pytest.fixture
def ticket(centre: Any) -> Ticket:
    """Asked on Tuesday the 24th at eleven; the week is 9-12:30 and 14-17."""
    Queue.objects.update(answer_minutes=240, resolve_minutes=600)
    return make.ticket()


def due(ticket: Ticket) -> list[datetime | None]:
    target = Target.objects.get(ticket=ticket)
    ticket.refresh_from_db()
    return [ticket.answer_due_at, target.resolve_due_at]


def test_due_moments_are_working_time(ticket: Ticket) -> None:
    assert due(ticket) == [local(24, 16, 30), local(25, 16)]
    target = Target.objects.get(ticket=ticket)
    assert target.answer_near_at == local(24, 15, 42)
    assert target.resolve_near_at == local(25, 12, 30)
    assert ticket.waitings.get().due_at == local(24, 16, 30)


def test_a_live_contact_is_counted_in_seconds(centre: Any) -> None:
    waiting = make.ticket(channel=Channel.CHAT).waitings.get()
    assert waiting.due_at == make.NOW + timedelta(seconds=60)


def test_it_rests_while_the_asker_is_waited_for(ticket: Ticket, amina: Any) -> None:
    asking.ask_back(ticket, "متى؟", by=amina, at=local(24, 12), language="ar")
    target = Target.objects.get(ticket=ticket)
    assert (target.answer_left, target.resolve_left) == (180 * MINUTE, 540 * MINUTE)
    assert target.rests_since == local(24, 12)
    assert (target.resolve_due_at, target.answer_near_at) == (None, None)
    assert not Ticket.objects.breached(at=local(30, 12)).exists()
    assert tell_late(at=local(30, 12)) == 0
    make.received("يوم الاثنين", ticket=ticket, at=local(26, 16))
    assert due(ticket) == [local(27, 11), local(30, 10, 30)]
    assert Target.objects.get().rests_since is None


def test_resting_twice_and_running_twice_change_nothing(ticket: Ticket, amina: Any) -> None:
    for at in (local(24, 12), local(24, 15)):
        asking.ask_back(ticket, "متى؟", by=amina, at=at, language="ar")
    for at in (local(25, 9), local(25, 11)):
        make.received("يوم الاثنين", ticket=ticket, at=at)
    assert due(ticket)[0] == local(25, 12)


def test_after_the_answer_only_the_end_counts(ticket: Ticket, amina: Any) -> None:
    answering.answer(
        ticket, "جواب", by=amina, at=local(24, 12), language="ar", help=Help.INFO, quotes=[]
    )
    assert due(ticket) == [local(24, 16, 30), None]
    make.received("وماذا بعد؟", ticket=ticket, at=local(25, 9))
    assert due(ticket) == [local(24, 16, 30), local(26, 11, 30)]
    late = local(26, 11, 31)
    assert list(Ticket.objects.breached(at=late)) == [ticket]
    assert not Ticket.objects.late(at=late).exists()
    assert tell_late(at=late) == 1
    assert ticket.entries.get(kind="escalation").data["of"] == "resolution"


def test_a_closed_request_rests_and_begins_anew(ticket: Ticket, amina: Any) -> None:
    closing.close(ticket, by=amina, at=local(24, 12), outcome=Outcome.WITHDRAWN, help=Help.INFO)
    assert due(ticket)[1] is None
    closing.reopen(ticket, by=amina, at=local(25, 9))
    assert due(ticket) == [local(25, 12), local(26, 12, 30)]


def test_an_overdue_minute_is_not_forgiven_by_asking_back(ticket: Ticket, amina: Any) -> None:
    asking.ask_back(ticket, "متى؟", by=amina, at=local(24, 17), language="ar")
    make.received("يوم الاثنين", ticket=ticket, at=local(25, 10))
    assert due(ticket)[0] == local(25, 9, 30)


def test_lateness_is_told_once(ticket: Ticket) -> None:
    assert tell_late(at=local(24, 16, 29)) == 0
    for _ in range(2):
        tell_late(at=local(24, 16, 31))
    told = ticket.entries.get(kind="escalation")
    assert told.data == {"of": "answer", "due_at": local(24, 16, 30).isoformat()}
    assert not told.public
    ticket.refresh_from_db()
    assert (ticket.last, ticket.moved_at) == (told.number, make.NOW)
    assert tell_late(at=local(25, 17)) == 1
    assert ticket.entries.filter(kind="escalation").count() == 2


def test_a_holiday_confirmed_later_moves_what_runs(ticket: Ticket, brahim: Any) -> None:
    at = local(24, 11, 30)
    hours.add(day=date(2026, 11, 25), name_ar="عطلة", name_fr="Pont", by=brahim, at=at)
    assert reckon_due(at=at + MINUTE) == 1
    assert reckon_due(at=at + 2 * MINUTE) == 0
    assert due(ticket) == [local(24, 16, 30), local(26, 16)]


def test_hours_that_change_move_what_runs(ticket: Ticket) -> None:
    at = local(24, 11, 30)
    schedule = Schedule.objects.get()
    Opening.objects.filter(schedule=schedule, opens__gte="14:00").delete()
    Schedule.objects.update(changed_at=at)
    assert reckon_due(at=at + MINUTE) == 1
    assert due(ticket)[0] == local(25, 11, 30)


def test_a_list_shows_what_is_owed_next(ticket: Ticket, amina: Any, as_user: Any) -> None:
    queues.claim(ticket, by=amina, at=local(24, 11))
    row = Ticket.objects.for_rows().get(pk=ticket.pk)
    assert (row.due_at, row.near_at) == (local(24, 16, 30), local(24, 15, 42))
    Ticket.objects.filter(pk=ticket.pk).update(first_answered_at=timezone.now())
    row = Ticket.objects.for_rows().get(pk=ticket.pk)
    assert (row.due_at, row.near_at) == (local(25, 16), local(25, 12, 30))
    Ticket.objects.filter(pk=ticket.pk).update(state="answered")
    assert Ticket.objects.for_rows().get(pk=ticket.pk).due_at is None
