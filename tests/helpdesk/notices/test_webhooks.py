"""Web hooks: signed, retried with growing gaps, given up, and never a word of what was said."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.notices import webhooks
from helpdesk.notices.dialling import Dialler, NotAllowed
from helpdesk.notices.models import Notice, Subscription
from helpdesk.portal.jobs import tell_published
from helpdesk.portal.organisations import acts
from helpdesk.tickets.actions import telling
from helpdesk.tickets.rules import Level
from tests import make

pytestmark = pytest.mark.django_db
EVENTS = ["request.answered", "request.closed", "library.published"]
URL = "https://hooks.example.org/wasl?x=1"


class Receiver(Dialler):
    """Answers with the statuses given, and keeps what came."""

    def __init__(self, *statuses: Any) -> None:
        super().__init__()
        object.__setattr__(self, "statuses", list(statuses))
        object.__setattr__(self, "got", [])

    def post(self, url: str, body: bytes, headers: Any) -> int:
        self.got.append((url, body, headers))
        answer = self.statuses.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def subscription(organisation: Any, administrator: Any) -> Subscription:
    return acts.subscribe(organisation, url=URL, events=EVENTS, by=administrator, at=make.NOW)


def told(organisation: Any, level: int = Level.ORDINARY, key: str = "answer:1") -> Notice:
    ticket = make.ticket("كلام سري جدا", organisation=organisation, level=level)
    telling.tell_asker(ticket, "answer-given", at=make.NOW, key=key)
    return Notice.objects.get(key__endswith=key)


def sent(at: Any, receiver: Receiver) -> bool:
    batch = Notice.objects.filter(channel="webhook").take(at=at, lease=webhooks.LEASE, count=1)
    return bool(batch) and webhooks.send(batch[0], at=at, dialler=receiver)


def test_it_is_signed_over_time_and_body(subscription: Subscription, organisation: Any):
    notice = told(organisation)
    receiver = Receiver(204)
    assert sent(make.NOW, receiver)
    _url, body, headers = receiver.got[0]
    stamp, made = (part.split("=", 1)[1] for part in headers["Wasl-Signature"].split(","))
    good = hmac.new(subscription.secret.encode(), stamp.encode() + b"." + body, hashlib.sha256)
    assert made == good.hexdigest()
    notice.refresh_from_db()
    assert notice.state == Notice.State.DELIVERED


@pytest.mark.parametrize("level", [Level.ORDINARY, Level.RESTRICTED, Level.SEALED])
def test_it_says_what_moved_and_never_what_was_said(
    subscription: Subscription, organisation: Any, level: int
):
    said = json.loads(told(organisation, level).text)
    assert "سري" not in json.dumps(said, ensure_ascii=False)
    names = {"id", "event", "at", "reference", "url"}
    assert set(said) == (names | {"state"} if level == Level.ORDINARY else names)


def test_others_and_other_events_are_not_told(subscription: Subscription, organisation: Any):
    telling.tell_asker(make.ticket("x"), "answer-given", at=make.NOW, key="answer:7")
    ours = make.ticket("x", organisation=organisation)
    telling.tell_asker(ours, "line-added", at=make.NOW, key="line:7")
    telling.tell_asker(ours, "question-received", at=make.NOW, key="received:7")
    assert not Notice.objects.filter(channel="webhook").exists()


def test_gaps_grow_and_it_is_given_up(subscription: Subscription, organisation: Any):
    notice, at, gaps = told(organisation), make.NOW, []
    faults = [500, 302, OSError(), NotAllowed("private"), 404, TimeoutError(), 429, 503]
    receiver = Receiver(*faults)
    while notice.state == Notice.State.QUEUED:
        assert not sent(at, receiver)
        notice.refresh_from_db()
        gaps.append(notice.due_at - at)
        at = notice.due_at
    assert notice.state == Notice.State.FAILED
    assert notice.failed_why == "HTTP 503"
    assert len(receiver.got) == webhooks.TRIES == len(faults)
    assert gaps[:-1] == sorted(gaps[:-1])
    assert timedelta(days=1) < at - make.NOW < timedelta(days=3)


def test_one_that_fails_lets_the_others_to_it_wait(subscription: Subscription, organisation: Any):
    told(organisation)
    other = told(organisation, key="answer:2")
    assert not sent(make.NOW, Receiver(500))
    other.refresh_from_db()
    assert other.due_at > make.NOW
    assert other.tries == 0


def test_ended_subscriptions_get_nothing(
    subscription: Subscription, organisation: Any, administrator: Any
):
    notice = told(organisation)
    acts.end(subscription, by=administrator, at=make.NOW)
    receiver = Receiver()
    assert not sent(make.NOW, receiver)
    notice.refresh_from_db()
    assert (notice.state, receiver.got) == (Notice.State.FAILED, [])


def test_a_new_secret_makes_the_old_one_void(subscription: Subscription, administrator: Any):
    old = subscription.secret
    assert acts.renew_secret(subscription, by=administrator, at=make.NOW).secret != old
    assert old not in json.dumps(list(Subscription.objects.values()), default=str)


def test_what_is_published_is_told_once(subscription: Subscription, organisation: Any):
    Subscription.objects.update(told_until=make.NOW - timedelta(days=1))
    make.library()
    count = 0
    while made := tell_published(at=make.NOW):
        count += made
    assert count == Notice.objects.filter(kind="library.published").count() > 0
    assert tell_published(at=make.NOW) == 0


def test_the_sweep_hands_over_as_many_as_there_are_lines(
    subscription: Subscription, organisation: Any, monkeypatch: pytest.MonkeyPatch
):
    handed: list[Any] = []

    class Threads:
        def submit(self, _function: Any, notice: Notice, _at: Any) -> None:
            handed.append(notice)

    monkeypatch.setattr(webhooks, "_threads", Threads)
    for n in range(webhooks.LINES + 2):
        told(organisation, key=f"answer:{n}")
    assert webhooks.send_due(at=make.NOW) == webhooks.LINES
    assert webhooks.send_due(at=make.NOW) == 0
    for _ in handed:
        webhooks._busy.release()
