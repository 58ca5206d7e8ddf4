"""A recall after a change of law: who is concerned, the call owed to each, telling them, closing it.

Nothing leaves by itself: sweeps only find and settle, people send and call.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from helpdesk.accounts.actions import audit
from helpdesk.tickets import recall_words
from helpdesk.tickets.actions import telling
from helpdesk.tickets.actions.write import entry, held
from helpdesk.tickets.errors import Overtaken, Refusal
from helpdesk.tickets.models import Answer, Entry, Promise
from helpdesk.tickets.recalls import WITHIN, Recall, Recalled
from helpdesk.tickets.rules import Kind

MOST = 500


class StillDue(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _("Somebody is still to be told, perhaps about a request that you cannot read.")
        )


@transaction.atomic
def open_recall(version: Any, *, at: datetime) -> int:
    """List whom answers from older versions reached; how many are new. Harmless when repeated.

    One row and one owed call a request. A closed recall opens again when somebody is found.
    """
    recall, _made = Recall.objects.get_or_create(version=version, defaults={"opened_at": at})
    rows = recall.rows.values_list("ticket", "ticket__merged_into")
    known = {pk for pair in rows for pk in pair}
    last: dict[int, Answer] = {}
    for answer in Answer.objects.overtaken_by(version).order_by("released_at"):
        last[answer.ticket_id] = answer
    found = [answer for pk, answer in last.items() if pk not in known][:MOST]
    new = sum(_concern(recall, answer, at=at) for answer in found)
    if new:
        Recall.objects.filter(pk=recall.pk).update(closed_at=None, closed_by=None, closing_note="")
    return new


@transaction.atomic
def send(row: Recalled, *, by: Any, at: datetime, text: str = "") -> Entry:
    """Write the message into the request in its asker's language, and a notice with the link only.

    `text` takes the place of the ready words. The call is no longer owed. Raises Overtaken.
    """
    said = text.strip() or recall_words.message(row)
    number = row.sendings + 1
    _settle(row, Recalled.State.SENT, way=Recalled.Way.MESSAGE, by=by, at=at, sendings=number)
    ticket = held(row.ticket)
    written = entry(
        ticket, Kind.LINE, by=by, at=at, text=said, language=telling.page_language(ticket),
        data={"recall": row.recall_id}, key=row.notice_key,
    )  # fmt: skip
    telling.tell_asker(ticket, "advice-changed", at=at, key=row.notice_key)
    _end_call(row, at=at, act="message")
    return written


def send_all(rows: Iterable[Recalled], *, by: Any, at: datetime) -> int:
    """Send to every one still due; each in a transaction of its own. How many messages were written."""
    sent = 0
    for row in rows:
        try:
            send(row, by=by, at=at)
            sent += 1
        except Overtaken:
            continue
    return sent


@transaction.atomic
def note_told(row: Recalled, *, way: str, by: Any, at: datetime, note: str = "") -> None:
    """They were told by a person. Raises Overtaken."""
    _settle(row, Recalled.State.TOLD, way=way, by=by, at=at, note=note)
    _write(row, "told", by=by, at=at, text=note)
    _end_call(row, at=at, act="told", kept=True)


@transaction.atomic
def spare(row: Recalled, *, by: Any, at: datetime, why: str) -> None:
    """The change does not touch what they were told. Raises Overtaken."""
    _settle(row, Recalled.State.SPARED, by=by, at=at, note=why)
    _write(row, "spared", by=by, at=at, text=why)
    _end_call(row, at=at, act="spared")


@transaction.atomic
def give_up(row: Recalled, *, by: Any, at: datetime, why: str) -> None:
    """Every way was tried. Raises Overtaken."""
    _settle(row, Recalled.State.UNREACHED, by=by, at=at, note=why)
    _write(row, "given-up", by=by, at=at, text=why)
    _end_call(row, at=at, act="given-up")


def called(owed: Promise, *, by: Any, at: datetime) -> None:
    """A try to call ended the promise: the list says what came of it."""
    row = Recalled.objects.due().filter(promise=owed).first()
    if row is None:
        return
    reached = owed.state == Promise.State.KEPT
    state = Recalled.State.TOLD if reached else Recalled.State.UNREACHED
    _settle(row, state, way=Recalled.Way.CALL, by=by, at=at)


@transaction.atomic
def not_arrived(row: Recalled, *, at: datetime) -> bool:
    """The notice did not go out: they are to be told again, by telephone. False when it was settled."""
    moved = Recalled.objects.filter(pk=row.pk, state=Recalled.State.SENT).update(
        state=Recalled.State.DUE, way="", told_by=None, told_at=None
    )
    if moved:
        _owe(row, at=at)
    return bool(moved)


@transaction.atomic
def answered_anew(row: Recalled, answer: Answer, *, at: datetime) -> bool:
    """A later answer gave the new version: they know. False when it was settled already."""
    try:
        _settle(row, Recalled.State.ANSWERED, way=Recalled.Way.ANSWER, by=answer.author, at=at)
    except Overtaken:
        return False
    _end_call(row, at=at, act="told", kept=True)
    return True


@transaction.atomic
def close_recall(recall: Recall, *, by: Any, at: datetime, note: str = "") -> None:
    """Everybody was followed to the end. Raises StillDue, Overtaken."""
    if recall.rows.due().exists():
        raise StillDue
    moved = Recall.objects.open().filter(pk=recall.pk).update(
        closed_at=at, closed_by=by, closing_note=note[:300]
    )  # fmt: skip
    if not moved:
        raise Overtaken
    audit("recall-closed", by=by, at=at, subject=recall)


def _concern(recall: Recall, answer: Answer, *, at: datetime) -> int:
    row, made = Recalled.objects.get_or_create(
        recall=recall, ticket_id=answer.ticket_id, defaults={"answer": answer}
    )
    if made:
        _owe(row, at=at)
    return int(made)


def _owe(row: Recalled, *, at: datetime) -> None:
    """A call to the asker, owed by who has the request, else by who answered it."""
    ticket = row.ticket
    owner = next((u for u in (ticket.assignee, row.answer.author) if u and u.is_active), None)
    made = Promise.objects.create(
        ticket=ticket, kind=Promise.Kind.RECALL, window_from=at, window_until=at + WITHIN,
        owed_by=owner, made_at=at,
    )  # fmt: skip
    Recalled.objects.filter(pk=row.pk).update(promise=made)
    row.promise = made
    entry(
        ticket, Kind.PROMISE, at=at, public=False,
        data={
            "promise": made.pk, "act": "made", "kind": Promise.Kind.RECALL, "recall": row.recall_id,
            "from": at.isoformat(), "until": made.window_until.isoformat(),
        },
    )  # fmt: skip


def _settle(row: Recalled, state: Recalled.State, *, by: Any, at: datetime, **more: Any) -> None:
    """Out of the list of those due, once. Raises Overtaken."""
    more["note"] = str(more.get("note", ""))[:300]
    moved = Recalled.objects.due().filter(pk=row.pk).update(
        state=state, told_by=by, told_at=at, **more
    )  # fmt: skip
    if not moved:
        raise Overtaken
    row.refresh_from_db()


def _end_call(row: Recalled, *, at: datetime, act: str, kept: bool = False) -> None:
    if row.promise_id is None:
        return
    state = Promise.State.KEPT if kept else Promise.State.DROPPED
    rows = Promise.objects.filter(pk=row.promise_id, state=Promise.State.OPEN)
    rows.update(state=state, ended_at=at)


def _write(row: Recalled, act: str, *, by: Any, at: datetime, text: str) -> None:
    data = {"promise": row.promise_id, "act": act, "kind": Promise.Kind.RECALL}
    entry(row.ticket, Kind.PROMISE, by=by, at=at, text=text, public=False, data=data)
