"""What becomes of a chat when nobody takes it, its advisor leaves, or either side ends it.

Nothing is lost: a chat without an advisor is a written question with the same lines.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from helpdesk.queues.actions import choose_queue, end_row, end_talk, release
from helpdesk.queues.models import Waiting
from helpdesk.queues.reception import is_there, reception_of
from helpdesk.queues.rules import LIVE, Ended
from helpdesk.tickets.actions import chatting, telling
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.chats import Chat
from helpdesk.tickets.rules import Channel, Kind

LONGEST = timedelta(minutes=10)
"""How long a chat waits for an advisor before it becomes a written question."""
FORSAKEN = timedelta(minutes=30)
"""A chat whose asker was not heard of for so long is over."""
QUESTION_OPEN = timedelta(days=2)
"""How long lines may still be added on the page of a chat that became a question."""


@transaction.atomic
def turn_into_question(chat: Chat, why: Chat.Why, *, at: datetime) -> bool:
    """The chat becomes a written question with its target; False when it was none that is live."""
    moved = Chat.objects.live().filter(pk=chat.pk).update(turned_at=at, turned_why=why)
    if not moved:
        return False
    entry(chat.ticket, Kind.CHAT, at=at, data={"act": "question", "why": why})
    release(chat.ticket, at=at)
    _wait_in_writing(chat, at=at, how=Ended.WRITTEN)
    telling.tell_asker(
        chat.ticket, "question-received", at=at, key=f"received:{chat.ticket_id}:{chat.ticket.last}"
    )
    chat.refresh_from_db()
    return True


@transaction.atomic
def end(chat: Chat, side: Chat.Side, *, at: datetime, by: Any = None) -> None:
    """End it; what nobody took up waits as a written question. Raises Overtaken."""
    chatting.end(chat, side, at=at, by=by)
    end_talk(chat.ticket, at=at)
    _wait_in_writing(chat, at=at)


def _wait_in_writing(chat: Chat, *, at: datetime, how: Ended = Ended.ABANDONED) -> None:
    """Whoever waits for an advisor waits for an answer now: another target, not a live contact."""
    ticket = chat.ticket
    due = ticket.answer_due_at or at
    row = Waiting.objects.now().filter(ticket=ticket).first()
    if row is not None and row.channel not in LIVE:
        Waiting.objects.filter(pk=row.pk).update(channel=Channel.WEB, due_at=due, offered_to=None)
        return
    if row is not None:
        end_row(row, how, at=at)
    elif ticket.assignee_id or ticket.is_closed:
        return
    queue = choose_queue(ticket.centre, theme=ticket.theme, language=ticket.language)
    Waiting.objects.get_or_create(
        ticket=ticket, ended_at=None,
        defaults={
            "queue": queue, "channel": Channel.WEB, "language": ticket.language,
            "since": row.since if row else at, "due_at": due,
        },
    )  # fmt: skip


def turn_unattended(*, at: datetime) -> int:
    """Sweep: live chats that nobody will take become written questions; forsaken ones end."""
    rows = Chat.objects.live().select_related("ticket__centre", "ticket__theme", "ticket__assignee")
    turned = 0
    for chat in rows.order_by("began_at")[:200]:
        if why := _why_turn(chat, at=at):
            turned += turn_into_question(chat, why, at=at)
        elif at - chat.asker_seen_at > FORSAKEN:
            end(chat, Chat.Side.CLOCK, at=at)
            turned += 1
    old = Chat.objects.open().filter(turned_at__lt=at - QUESTION_OPEN)
    for chat in old.select_related("ticket__centre", "ticket__theme")[:200]:
        end(chat, Chat.Side.CLOCK, at=at)
        turned += 1
    return turned


def _why_turn(chat: Chat, *, at: datetime) -> Chat.Why | None:
    ticket = chat.ticket
    if ticket.assignee_id:
        return None if is_there(ticket.assignee, at=at) else Chat.Why.LEFT
    waiting = Waiting.objects.now().filter(ticket=ticket).select_related("queue__schedule").first()
    since = waiting.since if waiting else chat.began_at
    if at - since > LONGEST:
        return Chat.Why.LONG
    queue = waiting.queue if waiting else choose_queue(
        ticket.centre, theme=ticket.theme, language=ticket.language
    )  # fmt: skip
    now = reception_of(queue, at=at)
    if not now.is_open:
        return Chat.Why.CLOSED
    return None if now.is_ready else Chat.Why.NOBODY
