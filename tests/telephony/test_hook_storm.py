"""An exchange on an unreliable line: whatever is shuffled, repeated, late or lost and told at last, the
calls end as if all had been told in order, and nothing is done twice."""

import random
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from helpdesk.associations.numbers import Number
from helpdesk.queues.models import Handling, Waiting
from helpdesk.tickets.models import Promise, Ticket
from telephony.models import Call
from telephony.providers.hook.fields import Said
from telephony.providers.hook.telling import key_of, tell
from tests import make

NUMBERS = ("0612345678", "0698765432", "")
PLOTS = {
    "missed": (("ringing", 0), ("missed", 20)),
    "short": (("ringing", 0), ("missed", 3)),
    "talk": (("ringing", 0), ("answered", 10), ("ended", 95)),
    "one telephone missed": (("ringing", 0), ("missed", 8), ("answered", 10), ("ended", 70)),
    "passed on": (("ringing", 0), ("answered", 10), ("answered", 40), ("ended", 90)),
    "message": (("ringing", 0), ("voicemail", 40), ("ended", 41)),
    "ring only": (("ringing", 0), ("ended", 30)),
}


def told_by(dice: random.Random) -> list[Said]:
    """Two to four calls, one after the other or overlapping."""
    events = []
    for place in range(dice.randint(2, 4)):
        number = dice.choice(NUMBERS)
        begin = make.NOW - timedelta(hours=2) + timedelta(seconds=place * 200 + dice.randint(0, 60))
        plot = PLOTS[dice.choice(list(PLOTS))]
        for sequence, (event, second) in enumerate(plot):
            extension = ("", "101", "101", "102")[min(sequence, 3) if len(plot) == 4 else sequence]
            events.append(
                Said(
                    call=f"c{place}", event=event, at=begin + timedelta(seconds=second),
                    number=Number.parse(number) if number else None, sequence=sequence,
                    extension=extension if event == "answered" else "",
                )
            )  # fmt: skip
    return sorted(events, key=lambda one: one.at)


def deliver(events: list[Said]) -> dict[str, Any]:
    at = make.NOW
    for place, event in enumerate(events):
        tell(event, at=at + timedelta(milliseconds=place))
    return outcome(at)


def outcome(at: datetime) -> dict[str, Any]:
    calls = Call.objects.select_related("user", "payload", "ticket")
    owed = list(Promise.objects.owed().select_related("ticket"))
    names = {key_of(f"c{n}"): f"c{n}" for n in range(4)}
    rung = {f"left:{call.pk}": names[call.key] for call in calls}
    for one in owed:
        waits = Waiting.objects.now().filter(ticket=one.ticket).count()
        assert waits == 1 or (waits == 0 and one.ticket.assignee_id), "owed, and nobody sees it"
    numbers = Counter(one.ticket.contact_number for one in owed if one.ticket.contact_number)
    assert all(count == 1 for count in numbers.values()), "two items of one number"
    assert Waiting.objects.now().count() <= len(owed), "somebody waits who is gone"
    assert not Ticket.objects.filter(state="new", assignee=None, waitings=None).exists()
    talks = Handling.objects.filter(channel="phone")
    assert talks.count() <= sum(1 for call in calls for _ in call.events.filter(kind="claimed"))
    return {
        "calls": {
            names[call.key]: (call.state, call.user and call.user.username, call.started_at,
                              call.talk_seconds, str(call.number))
            for call in calls
        },
        "rings": sorted(
            (rung[ring["key"]], ring["kind"], ring["short"]) for one in owed for ring in one.rings
        ),
    }  # fmt: skip


def storm(seed: int) -> None:
    dice = random.Random(seed)
    events = told_by(dice)
    with transaction.atomic():
        right = deliver(events)
        transaction.set_rollback(True)
    lost = dice.randrange(len(events))
    sent = [one for one in events for _ in range(dice.choice((1, 1, 2, 3)))]
    sent = [one for one in sent if one != events[lost]]
    dice.shuffle(sent)
    again = events[:]
    dice.shuffle(again)
    with transaction.atomic():
        found = deliver([*sent, events[lost], *again])
        transaction.set_rollback(True)
    assert found == right, f"seed {seed}"


@pytest.fixture
def desk(amina: Any, senior: Any) -> None:
    for user, extension in ((amina, "101"), (senior, "102")):
        user.extension = extension
        user.save(update_fields=["extension"])


@pytest.mark.django_db
def test_some_storms(desk: None) -> None:
    for seed in range(3):
        storm(seed)


@pytest.mark.full
@pytest.mark.django_db
@pytest.mark.parametrize("part", range(6))
def test_a_hundred_storms(desk: None, part: int) -> None:
    seeds = range(1000 + part * 20, 1020 + part * 20)
    print(f"seeds {seeds.start}-{seeds.stop - 1}")
    for seed in seeds:
        storm(seed)
