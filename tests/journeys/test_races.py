"""Two people at once, and one person twice, through the pages: one winner, one ticket, one record.

On the file database, and on PostgreSQL where the suite runs there. The acts themselves are raced in
tests/helpdesk/queues/test_at_once.py, the ask form in tests/helpdesk/portal/test_ask.py.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from helpdesk.accounts.models import User
from helpdesk.associations.models import Person
from helpdesk.queues import actions as queues
from helpdesk.queues.models import Handling, Waiting
from helpdesk.tickets import codes
from helpdesk.tickets.actions import naming, promising
from helpdesk.tickets.models import Answer, Entry, Promise, Ticket
from helpdesk.tickets.rules import Channel
from telephony.models import Call
from tests import make
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
ROUNDS = 4
CROWD = 6


def _take(client: Any, ticket: Ticket) -> Callable[[], Any]:
    url = reverse("queues:claim", args=[ticket.pk])
    return lambda: client.post(url, follow=True)


def test_threads_share_the_database() -> None:
    assert connection.vendor != "sqlite" or "memory" not in str(connection.settings_dict["NAME"])


def test_two_advisors_press_take(amina: User, senior: User, as_user: Any) -> None:
    """Both land on the ticket; the page tells the loser who has it."""
    clients = [as_user(amina), as_user(senior)]
    for _ in range(ROUNDS):
        ticket = make.ticket()
        pages = together(*(_take(client, ticket) for client in clients))
        assert [page.status_code for page in pages] == [200, 200]
        ticket.refresh_from_db()
        assert ticket.entries.filter(kind="claim").count() == 1
        winner = ticket.assignee
        loser = pages[1 if winner == amina else 0].content.decode()
        assert winner is not None
        assert winner.name_ar in loser


def test_two_advisors_take_the_next(amina: User, senior: User, as_user: Any) -> None:
    """Neither gets the other's, nobody comes back empty-handed; pressed twice it is pressed once."""
    tickets = {reverse("tickets:ticket", args=[make.ticket().pk]) for _ in range(2)}
    users = (amina, senior)
    clients = [(as_user(user), user) for user in users for _ in range(2)]
    pages = together(*(lambda c=c: c.post(reverse("queues:next")) for c, _ in clients))
    assert {page.status_code for page in pages} == {302}
    found: dict[User, set[str]] = {user: set() for user in users}
    for page, (_, user) in zip(pages, clients, strict=True):
        found[user].add(page["Location"])
    assert found[amina] | found[senior] >= tickets or not Waiting.objects.now().exists()
    assert not found[amina] & found[senior] & tickets
    assert Entry.objects.filter(kind="claim").count() == 2


def test_one_contact_delivered_by_many_hands(centre: Any) -> None:
    """A resent POST, a mail fetched twice: the same key is one ticket, one entry, one place in line."""

    def deliver() -> Any:
        return queues.receive(
            Channel.WEB, key="once", at=make.NOW, centre=centre, words="سؤال واحد", language="ar"
        )

    received = together(*[deliver] * CROWD)
    assert len({one.ticket.pk for one in received}) == 1
    assert sum(one.created for one in received) == 1
    assert Ticket.objects.count() == Entry.objects.count() == Waiting.objects.count() == 1


def test_many_contacts_at_once_are_as_many_tickets(centre: Any) -> None:
    def deliver(n: int) -> Callable[[], Any]:
        return lambda: queues.receive(
            Channel.WEB, key=f"k{n}", at=make.NOW, centre=centre, words=f"سؤال {n}", language="ar"
        )

    received = together(*(deliver(n) for n in range(CROWD)))
    assert len({one.ticket.pk for one in received}) == Ticket.objects.count() == CROWD
    assert len({one.ticket.reference for one in received}) == CROWD


def test_a_note_sent_twice_at_once(amina: User, as_user: Any) -> None:
    ticket = make.ticket()
    sent = {"kind": "note", "language": "ar", "body": "ملاحظة", "base": "1", "key": "n1"}
    url = reverse("tickets:entries", args=[ticket.pk])
    clients = [as_user(amina) for _ in range(CROWD)]
    pages = together(*(lambda c=c: c.post(url, sent) for c in clients))
    assert {page.status_code for page in pages} == {302}
    assert ticket.entries.filter(kind="note").count() == 1
    assert list(ticket.entries.values_list("number", flat=True)) == [1, 2]


def test_an_answer_sent_twice_at_once(amina: User, as_user: Any) -> None:
    ticket = make.ticket(answer_by="email", contact_email="chama@example.org")
    queues.claim(ticket, by=amina, at=make.NOW)
    sent = {
        "kind": "answer", "language": "ar", "body": "جواب", "help": "info",
        "base": str(ticket.last), "key": "a1",
    }  # fmt: skip
    url = reverse("tickets:entries", args=[ticket.pk])
    clients = [as_user(amina) for _ in range(3)]
    pages = together(*(lambda c=c: c.post(url, sent) for c in clients))
    assert {page.status_code for page in pages} == {302}
    assert Answer.objects.count() == ticket.entries.filter(kind="answer").count() == 1


def test_a_telephone_answered_and_wrapped_up_twice_at_once(amina: User, as_user: Any) -> None:
    make.library()
    clients = [as_user(amina) for _ in range(3)]
    ring = {"number": "0612345678", "key": "r1"}
    rung = together(*(lambda c=c: c.post(reverse("telephony:ring"), ring) for c in clients))
    assert {page.status_code for page in rung} == {302}
    call = Call.objects.get()
    said = {
        "person": "", "ticket": "new", "words": "سؤال", "language": "ary", "theme": "A",
        "province": "07.427", "standing": "office-holder", "help": "advice",
        "outcome": "advice-given-action-by-asker",
    }  # fmt: skip
    url = reverse("telephony:card", args=[call.pk])
    pages = together(*(lambda c=c: c.post(url, said) for c in clients))
    assert {page.status_code for page in pages} == {302}
    assert Ticket.objects.count() == Handling.objects.count() == Person.objects.count() == 1
    assert Entry.objects.filter(kind="call").count() == 1


def test_a_promise_made_twice_at_once(amina: User) -> None:
    ticket = make.ticket()

    def owe() -> Promise:
        row = Ticket.objects.get(pk=ticket.pk)
        window = {"window_from": make.NOW, "window_until": make.NOW}
        return promising.promise(row, by=amina, at=make.NOW, key="p1", **window)

    assert len({owed.pk for owed in together(*[owe] * 3)}) == 1
    assert Promise.objects.count() == 1
    assert ticket.entries.filter(kind="promise").count() == 1


def test_a_new_code_asked_for_twice_at_once(amina: User) -> None:
    """One of the two shows a code, and that one opens the ticket."""
    ticket = make.ticket()

    def ask() -> str:
        row = Ticket.objects.get(pk=ticket.pk)
        return naming.new_code(row, by=amina, at=make.NOW, how="call", key="c1")

    shown = [code for code in together(*[ask] * 3) if code]
    assert len(shown) == 1
    ticket.refresh_from_db()
    assert codes.matches(shown[0], ticket.secret_hash)
