"""The clock of the server jumps, or that of Morocco changes: the order of lines is by number, and a target is a
moment that stays (trust.md, F14)."""

import os
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from helpdesk.hours.rules import CASABLANCA, add_working_time
from helpdesk.hours.timetables import timetable_of
from helpdesk.portal import thread
from helpdesk.queues.models import Queue
from helpdesk.tickets.actions import asking, chatting
from helpdesk.tickets.jobs import reckon_due, tell_late
from helpdesk.tickets.models import Target, Ticket
from helpdesk.tickets.page import NEWEST
from helpdesk.tickets.rules import Channel
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LINES = int(os.environ.get("LINES_OF_CLOCK", "60"))
"""trust.md asks ten thousand of them (`LINES_OF_CLOCK=10000`, a good minute); so many show what one would."""


def test_lines_keep_their_order_whatever_the_clock_says(as_user: Any, amina: Any) -> None:
    """Every line is written at a moment up to an hour before or after the last; both sides read them as written."""
    dice, at = Random(14), make.NOW
    ticket = make.ticket("السطر 0", channel=Channel.CHAT, at=at)
    chat = chatting.begin(ticket, at=at)
    for number in range(1, LINES):
        at += timedelta(seconds=dice.uniform(-3600, 3600))
        if number % 2:
            chatting.say(chat, f"السطر {number}", by=amina, at=at, language="ar", key=f"k{number}")
        else:
            make.received(f"السطر {number}", ticket=ticket, channel=Channel.CHAT, at=at)
    said = [f"السطر {number}" for number in range(LINES)]
    assert [one.text for one in thread.public_entries(ticket) if one.text in said] == said
    ticket.refresh_from_db()
    newer = thread.public_entries(ticket, after=ticket.last - 10)
    assert [one.text for one in newer] == said[-10:]
    page = as_user(amina).get(f"/desk/tickets/{ticket.pk}/").content.decode()
    shown = said[-NEWEST:]
    places = [page.index(f"{one}<") for one in shown]
    assert places == sorted(places)
    # The first words are the subject as well, which is always there.
    assert [one for one in said[1:-NEWEST] if f"{one}<" in page] == []


def test_a_late_request_is_told_once_although_the_clock_goes_back(centre: Any) -> None:
    Queue.objects.update(answer_minutes=60, resolve_minutes=99_999)
    ticket = make.ticket()
    due = Ticket.objects.get(pk=ticket.pk).answer_due_at
    for jump in (-HOUR, timedelta(0), HOUR, -HOUR, HOUR):
        tell_late(at=due + timedelta(minutes=1) + jump)
    assert ticket.entries.filter(kind="escalation").count() == 1
    assert Ticket.objects.get(pk=ticket.pk).answer_due_at == due


@pytest.mark.parametrize(("jump", "used"), [(-HOUR, 0), (HOUR, 60)])
def test_a_rest_over_a_jump_wins_and_loses_no_working_time(
    centre: Any, amina: Any, jump: timedelta, used: int
) -> None:
    """Asked back after a jump, answered after the jump back: what was left then is left from then on."""
    Queue.objects.update(answer_minutes=240, resolve_minutes=99_999)
    ticket = make.ticket()
    asking.ask_back(ticket, "متى؟", by=amina, at=make.NOW + jump, language="ar")
    target = Target.objects.get(ticket=ticket)
    assert target.answer_left == timedelta(minutes=240 - used)
    make.received("أمس", ticket=ticket, at=make.NOW)
    due = add_working_time(timetable_of(target.schedule), make.NOW, target.answer_left)
    assert Ticket.objects.get(pk=ticket.pk).answer_due_at == due


def test_a_target_over_the_change_of_ramadan_keeps_its_moment(centre: Any) -> None:
    """Asked on the Friday before the clocks go back, due on the Monday at the same time of the wall."""
    Queue.objects.update(answer_minutes=480, resolve_minutes=99_999)
    asked = datetime(2027, 2, 5, 13, 0, tzinfo=UTC)
    assert asked.astimezone(CASABLANCA).hour == 14
    ticket = make.ticket(at=asked)
    due = Ticket.objects.get(pk=ticket.pk).answer_due_at
    assert due.astimezone(CASABLANCA).utcoffset() == timedelta(0)
    for day in range(4):
        reckon_due(at=asked + timedelta(days=day))
    assert Ticket.objects.get(pk=ticket.pk).answer_due_at == due
    assert tell_late(at=due - timedelta(seconds=1)) == 0
    assert tell_late(at=due + timedelta(seconds=1)) == 1
