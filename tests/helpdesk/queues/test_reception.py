"""Who could talk with a caller, what can be promised, and after how long."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from helpdesk.accounts.models import User
from helpdesk.queues import reception
from helpdesk.queues.models import Presence, Queue
from telephony.models import Timer
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(centre: Any) -> Queue:
    return Queue.objects.get()


def there(user: User, state: str = "free", seen_at: datetime | None = make.NOW) -> None:
    given = {"state": state, "since": make.NOW, "seen_at": seen_at}
    Presence.objects.update_or_create(user=user, defaults=given)


def spoken(queue: Queue) -> frozenset[str]:
    return reception.spoken([queue], at=make.NOW)[queue.team_id]


@pytest.mark.parametrize(
    ("state", "ago", "is_there"),
    [("free", 0, True), ("busy", 0, True), ("break", 0, False), ("away", 0, False),
     ("free", 299, True), ("free", 301, False)],
)  # fmt: skip
def test_somebody_speaks_it(
    queue: Queue, amina: User, state: str, ago: int, is_there: bool
) -> None:
    there(amina, state, make.NOW - timedelta(seconds=ago))
    assert ("ary" in spoken(queue)) is is_there


def test_nobody_speaks_it(queue: Queue, amina: User, senior: User) -> None:
    there(amina), there(senior)
    assert "shi" not in spoken(queue)
    User.objects.filter(pk=senior.pk).update(speaks=["shi"])
    assert "shi" in spoken(queue)
    there(senior, "break")
    assert "shi" not in spoken(queue)


def test_only_the_desk_of_the_team_counts(queue: Queue, editor: User, partner: User) -> None:
    there(editor), there(partner)
    make.user("other", "advisor", of=make.other_team())
    assert spoken(queue) == frozenset()


def test_ones_own_language_is_spoken(queue: Queue, senior: User) -> None:
    User.objects.filter(pk=senior.pk).update(language="fr", speaks=[])
    there(senior)
    assert spoken(queue) == {"fr"}


def test_a_promise_stands_in_working_hours(queue: Queue) -> None:
    evening = datetime(2026, 11, 27, 19, 0, tzinfo=UTC)
    opens, until = reception.promised_window(queue, at=evening)
    local = timezone.localtime(opens)
    assert (local.isoweekday(), opens > evening) == (1, True)
    assert until - opens >= timedelta(hours=4)
    at_once = reception.promised_window(queue, at=make.NOW)
    assert at_once[0] == make.NOW


@pytest.mark.parametrize("minutes", [3, 10, 45])
def test_the_longest_wait_is_the_queues(queue: Queue, amina: User, minutes: int) -> None:
    Queue.objects.update(overflow_minutes=minutes)
    call = make.ringing()
    due = Timer.objects.get(call=call, kind="long-wait").due_at
    assert due - call.started_at == timedelta(minutes=minutes)
    assert reception.longest_wait(call.ticket) == timedelta(minutes=minutes)
