"""Two at once: one winner. On the file database, and on PostgreSQL when the suite runs there."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection

from helpdesk.accounts.models import User
from helpdesk.live.models import Draft
from helpdesk.queues import actions as queues
from helpdesk.queues.models import Handling, Presence, Waiting
from helpdesk.tickets.actions import answering, write
from helpdesk.tickets.errors import AlreadyTaken
from helpdesk.tickets.models import Answer, Entry, Ticket
from helpdesk.tickets.rules import Channel, Help
from tests import make
from tests.together import together as together_of_all

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


together = partial(together_of_all, losing=AlreadyTaken)


def test_the_database_is_one_that_threads_share() -> None:
    assert connection.vendor != "sqlite" or "memory" not in str(connection.settings_dict["NAME"])


def test_two_claims_at_once_have_one_winner(amina: User, senior: User) -> None:
    for _ in range(ROUNDS):
        ticket = make.ticket()
        results = together(
            lambda t=ticket.pk: queues.claim(Ticket.objects.get(pk=t), by=amina, at=make.NOW),
            lambda t=ticket.pk: queues.claim(Ticket.objects.get(pk=t), by=senior, at=make.NOW),
        )
        ticket.refresh_from_db()
        lost = [r for r in results if isinstance(r, AlreadyTaken)]
        assert len(lost) == 1, results
        assert lost[0].taker == ticket.assignee
        assert ticket.entries.filter(kind="claim").count() == 1
        assert Waiting.objects.get(ticket=ticket).claimed_by == ticket.assignee


def test_one_claim_sent_twice_at_once_is_one(amina: User) -> None:
    ticket = make.ticket()
    act = lambda: queues.claim(Ticket.objects.get(pk=ticket.pk), by=amina, at=make.NOW)  # noqa: E731
    assert not [r for r in together(act, act) if isinstance(r, AlreadyTaken)]
    assert ticket.entries.filter(kind="claim").count() == 1


def test_one_answer_sent_twice_at_once_is_one(amina: User) -> None:
    ticket = make.ticket()
    queues.claim(ticket, by=amina, at=make.NOW)

    def act() -> Any:
        row = Ticket.objects.get(pk=ticket.pk)
        return answering.answer(
            row, "جواب", by=amina, at=make.NOW, language="ar", help=Help.INFO, quotes=[], key="k"
        )

    assert len({answer.pk for answer in together(act, act)}) == 1
    assert Answer.objects.count() == Entry.objects.filter(kind="answer").count() == 1


@pytest.mark.long
def test_notes_of_many_are_numbered_without_gaps(amina: User, senior: User) -> None:
    ticket = make.ticket()

    def act(n: int) -> Callable[[], Any]:
        user = amina if n % 2 else senior
        return lambda: write.note(
            Ticket.objects.get(pk=ticket.pk), f"{n}", by=user, at=make.NOW, key=f"n{n}"
        )

    together(*(act(n) for n in range(6)))
    assert list(ticket.entries.values_list("number", flat=True)) == list(range(1, 8))
    assert not Draft.objects.exists()


def free(*users: User) -> None:
    for user in users:
        Presence.objects.create(user=user, state="free", since=make.NOW, seen_at=make.NOW)


@pytest.mark.parametrize("rounds", [10, pytest.param(100, marks=pytest.mark.long)])
def test_two_claims_of_an_offered_chat_have_one_winner(
    amina: User, senior: User, rounds: int
) -> None:
    """Whoever is first has it, offered or not; one handling; the other learns the name."""
    free(amina)
    for _ in range(rounds):
        Handling.objects.all().delete()
        ticket = make.ticket(channel=Channel.CHAT)
        assert Waiting.objects.get(ticket=ticket).offered_to == amina
        results = together(
            lambda t=ticket.pk: queues.claim(Ticket.objects.get(pk=t), by=amina, at=make.NOW),
            lambda t=ticket.pk: queues.claim(Ticket.objects.get(pk=t), by=senior, at=make.NOW),
        )
        ticket.refresh_from_db()
        lost = [r for r in results if isinstance(r, AlreadyTaken)]
        assert len(lost) == 1, results
        assert lost[0].taker == ticket.assignee == Handling.objects.get().user
        assert ticket.entries.filter(kind="claim").count() == 1


@pytest.mark.long
def test_sweeps_at_once_offer_each_contact_to_one_and_each_person_one(
    amina: User, senior: User, brahim: User
) -> None:
    for _ in range(ROUNDS):
        Presence.objects.all().delete()
        Waiting.objects.all().delete()
        tickets = [make.ticket(channel=Channel.CHAT) for _ in range(3)]
        free(amina, senior, brahim)
        made = together(*[lambda: queues.assign(at=make.NOW)] * 4)
        queues.assign(at=make.NOW)
        asked = [Waiting.objects.get(ticket=ticket).offered_to for ticket in tickets]
        assert {user.username for user in asked} == {"amina", "salma", "brahim"}, made


@pytest.mark.long
def test_an_offer_is_claimed_or_passed_never_both(amina: User, senior: User, brahim: User) -> None:
    free(amina, senior)
    for _ in range(ROUNDS):
        Handling.objects.all().delete()
        ticket = make.ticket(channel=Channel.CHAT)
        row = Waiting.objects.get(ticket=ticket)
        together(
            lambda t=ticket.pk: queues.claim(Ticket.objects.get(pk=t), by=brahim, at=make.NOW),
            lambda t=ticket.pk, u=row.offered_to: queues.decline(
                Ticket.objects.get(pk=t), by=u, at=make.NOW
            ),
        )
        row.refresh_from_db()
        assert row.ended_at
        assert row.claimed_by == brahim
        assert not Waiting.objects.now().exists()
