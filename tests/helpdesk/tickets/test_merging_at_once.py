"""Merging while somebody else does something: one winner, nothing lost, nobody left in a dead row.

On the file database, and on PostgreSQL when the suite runs there.
"""

from functools import partial

import pytest

from helpdesk.accounts.models import User
from helpdesk.queues import merging as acts
from helpdesk.tickets.actions import write
from helpdesk.tickets.errors import MergedAway, Refusal
from helpdesk.tickets.models import Entry, Merge, Ticket
from helpdesk.tickets.rules import Kind
from tests import make
from tests.together import together as together_of_all

pytestmark = pytest.mark.django_db(transaction=True)


together = partial(together_of_all, losing=Refusal)


def _crosswise(amina: User, senior: User) -> None:
    asker = make.person("فاطمة")
    a, b = make.ticket("أول", person=asker), make.ticket("ثان", person=asker)
    results = together(
        lambda: acts.merge(a, b, by=amina, at=make.NOW),
        lambda: acts.merge(b, a, by=senior, at=make.NOW),
    )
    lost = [one for one in results if isinstance(one, MergedAway)]
    won = [one for one in results if isinstance(one, Merge)]
    assert (len(won), len(lost)) == (1, 1), results
    (row,) = won
    assert row.by.shown_name in str(lost[0])
    assert lost[0].target.pk == row.target_id
    survivor = Ticket.objects.get(pk=row.target_id)
    assert survivor.merged_into_id is None
    assert not survivor.is_closed
    assert Ticket.objects.get(pk=row.source_id).merged_into_id == survivor.pk
    numbers = list(survivor.entries.values_list("number", flat=True))
    assert numbers == list(range(1, survivor.last + 1))
    assert survivor.entries.exclude(kind=Kind.MERGE).count() == 2


def test_crosswise_one_survives_and_the_loser_is_told(amina: User, senior: User) -> None:
    for _ in range(6):
        _crosswise(amina, senior)


@pytest.mark.long
def test_crosswise_a_hundred_times(amina: User, senior: User) -> None:
    for _ in range(100):
        _crosswise(amina, senior)


def test_what_is_written_meanwhile_is_in_what_goes_on(amina: User, senior: User) -> None:
    for _ in range(6):
        asker = make.person("فاطمة")
        a, b = make.ticket("أول", person=asker), make.ticket("ثان", person=asker)

        def say(ticket: Ticket = a) -> None:
            for n in range(5):
                write.entry(
                    Ticket.objects.get(pk=ticket.pk), Kind.LINE, at=make.NOW, text=f"سطر {n}",
                    from_asker=True, key=f"said:{ticket.pk}:{n}",
                )  # fmt: skip

        together(say, lambda a=a, b=b: acts.merge(a, b, by=amina, at=make.NOW))
        lines = Entry.objects.filter(key__startswith=f"said:{a.pk}:")
        assert [e.text for e in lines.order_by("number")] == [f"سطر {n}" for n in range(5)]
        assert set(lines.values_list("ticket", flat=True)) == {b.pk}
        b.refresh_from_db()
        assert list(b.entries.values_list("number", flat=True)) == list(range(1, b.last + 1))


def test_undone_by_two_it_is_undone_once(amina: User, senior: User) -> None:
    for _ in range(6):
        asker = make.person("فاطمة")
        a, b = make.ticket("أول", person=asker), make.ticket("ثان", person=asker)
        row = acts.merge(a, b, by=amina, at=make.NOW)
        results = together(
            lambda row=row: acts.undo(row, by=amina, at=make.NOW),
            lambda row=row: acts.undo(row, by=senior, at=make.NOW),
        )
        assert len([one for one in results if isinstance(one, Refusal)]) == 1, results
        assert a.entries.exclude(kind=Kind.MERGE).count() == 1
