"""A chat at the desk: lines, signs, the end; and what becomes of one that nobody takes."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from helpdesk.accounts.models import User
from helpdesk.notices.models import Notice
from helpdesk.portal.actions import chatting as visiting
from helpdesk.queues import actions as queues
from helpdesk.queues import chats
from helpdesk.queues.actions import be
from helpdesk.queues.models import Presence, Queue, Waiting
from helpdesk.tickets.actions import chatting, closing
from helpdesk.tickets.chats import Chat
from helpdesk.tickets.errors import NotYours
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Channel, Help, Outcome
from tests import make

NOW = make.NOW


def begun(words: str = "سؤال", **fields: Any) -> Chat:
    ticket = make.ticket(words, channel=Channel.CHAT, **fields)
    return chatting.begin(ticket, at=NOW)


def free(*users: User) -> None:
    for user in users:
        be(user, Presence.State.FREE, at=NOW)


def asks(chat: Chat, words: str = "سطر", line: str = "") -> Any:
    given = {"words": words, "line": line, "files": []}
    return visiting.add_line(chat, given, language="ar", at=NOW)


def send(client: Client, chat: Chat, words: str, **more: Any) -> Any:
    pk = chat.ticket_id
    fields = {"kind": "line", "language": "ar", "body": words, "base": 0, "key": "k1", **more}
    return client.post(f"/desk/tickets/{pk}/entries/", fields, HTTP_X_REQUESTED_WITH="fetch")


class TestSweep:
    def test_with_somebody_there_it_goes_on_waiting(self, amina: User) -> None:
        free(amina)
        chat = begun()
        assert chats.turn_unattended(at=NOW + timedelta(minutes=9)) == 0
        chat.refresh_from_db()
        assert chat.is_live

    @pytest.mark.parametrize(
        ("state", "later", "why"),
        [
            ("free", 11, "long"),
            ("away", 0, "nobody"),
            ("break", 0, "nobody"),
            ("free", 12 * 60, "long"),
        ],
    )
    def test_it_becomes_a_question(self, amina: User, state: str, later: int, why: str) -> None:
        chat = begun(answer_by="email", contact_email="a@example.org")
        be(amina, Presence.State(state), at=NOW)
        at = NOW + timedelta(minutes=later)
        assert chats.turn_unattended(at=at) == 1
        chat.refresh_from_db()
        ticket = Ticket.objects.get(pk=chat.ticket_id)
        assert (chat.turned_at, chat.turned_why) == (at, why)
        waiting = Waiting.objects.get(ticket=ticket, ended_at=None)
        assert (waiting.channel, waiting.due_at) == ("web", ticket.answer_due_at)
        entry = ticket.entries.get(kind="chat")
        assert entry.public
        assert Notice.objects.get().kind == "question-received"
        assert chats.turn_unattended(at=at) == 0

    def test_a_paused_queue(self, amina: User) -> None:
        free(amina)
        chat = begun()
        Queue.objects.update(paused_until=NOW + timedelta(hours=1))
        chats.turn_unattended(at=NOW)
        chat.refresh_from_db()
        assert chat.turned_why == "closed"

    def test_back_to_the_queue(self, amina: User) -> None:
        """A chat goes on waiting as one; what became a question waits as one."""
        free(amina)
        live, over = begun(), begun()
        for chat in (live, over):
            queues.claim(chat.ticket, by=amina, at=NOW)
        chats.turn_into_question(over, Chat.Why.LEFT, at=NOW)
        for chat in (live, over):
            queues.pass_on(Ticket.objects.get(pk=chat.ticket_id), to=None, by=amina, at=NOW)
        waits = {w.ticket_id: w.channel for w in Waiting.objects.now()}
        assert waits == {live.ticket_id: "chat", over.ticket_id: "web"}

    def test_after_hours(self, amina: User) -> None:
        free(amina)
        chat = begun()
        at = NOW + timedelta(hours=12)
        Waiting.objects.update(since=at)
        chats.turn_unattended(at=at)
        chat.refresh_from_db()
        assert chat.turned_why == "closed"

    def test_the_last_advisor_leaves(self, amina: User) -> None:
        free(amina)
        chat = begun()
        queues.claim(chat.ticket, by=amina, at=NOW)
        assert chats.turn_unattended(at=NOW) == 0
        be(amina, Presence.State.BREAK, at=NOW)
        assert chats.turn_unattended(at=NOW) == 0
        be(amina, Presence.State.AWAY, at=NOW)
        assert chats.turn_unattended(at=NOW) == 1
        chat.refresh_from_db()
        assert chat.turned_why == "left"
        assert chat.ticket.assignee == amina

    def test_a_line_makes_it_a_chat_again(self, amina: User) -> None:
        chat = begun()
        chats.turn_unattended(at=NOW)
        queues.claim(chat.ticket, by=amina, at=NOW)
        chatting.say(chat, "مرحبا", by=amina, at=NOW, language="ar", key="k")
        chat.refresh_from_db()
        assert chat.is_live

    def test_nobody_on_the_page_any_more(self, amina: User) -> None:
        free(amina)
        chat = begun()
        queues.claim(chat.ticket, by=amina, at=NOW)
        assert chats.turn_unattended(at=NOW + timedelta(minutes=31)) == 1
        chat.refresh_from_db()
        assert chat.ended_by == "clock"

    def test_a_question_takes_lines_for_two_days(self, amina: User) -> None:
        chat = begun()
        chats.turn_unattended(at=NOW)
        assert asks(chat).number == 3
        chats.turn_unattended(at=NOW + timedelta(days=3))
        with pytest.raises(visiting.Ended):
            asks(chat)


class TestDesk:
    def test_a_line_of_the_advisor(self, amina: User, as_user: Any) -> None:
        chat = begun()
        queues.claim(chat.ticket, by=amina, at=NOW)
        client = as_user(amina)
        page = client.get(f"/desk/tickets/{chat.ticket_id}/").content.decode()
        assert 'value="line" checked' in page
        first, again = send(client, chat, "مرحبا"), send(client, chat, "مرحبا")
        assert first.json() == again.json()
        entry = chat.ticket.entries.get(number=first.json()["number"])
        assert (entry.kind, entry.public, entry.by) == ("line", True, amina)
        plain = client.post(
            f"/desk/tickets/{chat.ticket_id}/entries/",
            {"kind": "line", "language": "ar", "body": "ثان", "base": 0, "key": "k2"},
        )
        assert plain.status_code == 302

    def test_only_who_has_it(self, amina: User, senior: User, as_user: Any) -> None:
        chat = begun()
        queues.claim(chat.ticket, by=senior, at=NOW)
        answer = send(as_user(amina), chat, "مرحبا")
        assert answer.status_code == 409
        assert answer.json()["error"]
        client = as_user(amina)
        client.post(f"/desk/tickets/{chat.ticket_id}/chat/marks/", {"read": "9", "typing": "1"})
        client.post(f"/desk/tickets/{chat.ticket_id}/chat/ending/")
        chat.refresh_from_db()
        assert (chat.desk_read, chat.is_open) == (0, True)
        assert not chatting.is_typing(chat, Chat.Side.DESK)

    @pytest.mark.parametrize("body", ["", "   ", "ن" * 20_001])
    def test_bad_lines(self, amina: User, as_user: Any, body: str) -> None:
        chat = begun()
        queues.claim(chat.ticket, by=amina, at=NOW)
        answer = send(as_user(amina), chat, body)
        assert answer.status_code == 422
        assert answer.json()["error"]

    def test_no_chat_no_line(self, amina: User, as_user: Any) -> None:
        ticket = make.ticket()
        queues.claim(ticket, by=amina, at=NOW)
        client = as_user(amina)
        assert 'value="line"' not in client.get(f"/desk/tickets/{ticket.pk}/").content.decode()
        url = f"/desk/tickets/{ticket.pk}/entries/"
        fields = {"kind": "line", "language": "ar", "body": "x", "base": 0, "key": "k1"}
        assert client.post(url, fields).status_code == 409
        assert client.get(f"/desk/tickets/{ticket.pk}/chat/").status_code == 204

    def test_new_entries_append_themselves(self, amina: User, as_user: Any) -> None:
        chat = begun()
        queues.claim(chat.ticket, by=amina, at=NOW)
        client, url = as_user(amina), f"/desk/tickets/{chat.ticket_id}/chat/"
        asks(chat, "سطر جديد")
        news = client.get(url, {"since": "2", "mark": ""})
        text = news.content.decode()
        assert "سطر جديد" in text
        assert 'hx-swap-oob="beforeend:#thread .tin"' in text
        mark = news.context["talk"].mark
        assert client.get(url, {"since": "3", "mark": mark}).status_code == 204
        # No chip: they are in the thread already.
        chip = client.get(f"/desk/tickets/{chat.ticket_id}/news/", {"since": "2"}).content.decode()
        assert 'class="chip"' not in chip

    def test_gone_and_back(self, amina: User, as_user: Any) -> None:
        chat = begun()
        queues.claim(chat.ticket, by=amina, at=NOW)
        Chat.objects.update(asker_seen_at=NOW - timedelta(seconds=61))
        client, url = as_user(amina), f"/desk/tickets/{chat.ticket_id}/chat/"
        assert client.get(url).context["talk"].is_gone
        chat.refresh_from_db()
        chatting.see_asker(chat, at=NOW)
        assert not client.get(url).context["talk"].is_gone

    def test_who_is_away_gets_a_notice(self, amina: User) -> None:
        chat = begun(answer_by="email", contact_email="a@example.org")
        queues.claim(chat.ticket, by=amina, at=NOW)
        chatting.say(chat, "مرحبا", by=amina, at=NOW, language="ar", key="k1")
        assert not Notice.objects.exists()
        later = NOW + timedelta(minutes=3)
        chatting.say(chat, "هل أنتم هنا؟", by=amina, at=later, language="ar", key="k2")
        assert Notice.objects.get().kind == "line-added"

    def test_unread_counts_what_was_not_shown(self, amina: User) -> None:
        chat = begun()
        queues.claim(chat.ticket, by=amina, at=NOW)
        last = asks(chat).number
        unread = lambda: Ticket.objects.with_unread().get(pk=chat.ticket_id).unread  # noqa: E731
        assert unread() == 1
        chatting.read(chat, Chat.Side.DESK, last)
        assert unread() == 0
        asks(chat)
        assert unread() == 1

    def test_the_end_and_the_closing(self, amina: User, as_user: Any) -> None:
        chat = begun()
        queues.claim(chat.ticket, by=amina, at=NOW)
        as_user(amina).post(f"/desk/tickets/{chat.ticket_id}/chat/ending/")
        chat.refresh_from_db()
        assert chat.ended_by == "desk"
        assert chat.ticket.first_answered_at is None  # nobody said anything
        with pytest.raises(NotYours):
            chatting.say(chat, "x", by=amina, at=NOW, language="ar", key="k")
        other = begun()
        queues.claim(other.ticket, by=amina, at=NOW)
        closing.close(other.ticket, by=amina, at=NOW, outcome=Outcome.SOLVED_FIRST, help=Help.INFO)
        other.refresh_from_db()
        assert not other.is_open


def test_who_was_talked_with_has_had_an_answer(amina: User) -> None:
    chat = begun()
    queues.claim(chat.ticket, by=amina, at=NOW)
    chatting.say(chat, "مرحبا", by=amina, at=NOW, language="ar", key="k")
    chats.end(chat, Chat.Side.ASKER, at=NOW + timedelta(minutes=5))
    ticket = Ticket.objects.get(pk=chat.ticket_id)
    assert (ticket.state, ticket.first_answered_at) == ("answered", NOW)
    assert not ticket.owes_answer


@pytest.mark.django_db(transaction=True)
def test_the_same_line_at_once_is_one(amina: User) -> None:
    """As many senders as a phone that lost its line may have: each id once, one order for all."""
    free(amina)
    chat = begun()
    gate, numbers = threading.Barrier(6), list[tuple[str, int]]()

    def run(seat: int) -> None:
        gate.wait()
        try:
            row = Chat.objects.select_related("ticket__centre").get(pk=chat.pk)
            for n in range(4):
                line = f"line-{(seat + n) % 4:04d}"
                numbers.append((line, asks(row, line, line).number))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(seat,)) for seat in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(numbers) == 24
    assert len(set(numbers)) == 4
    assert sorted({number for _line, number in numbers}) == [2, 3, 4, 5]
    assert chat.ticket.entries.count() == 5
