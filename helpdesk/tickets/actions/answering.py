"""Answers: written with the versions they give, released by one or by four eyes, told to the asker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation

from helpdesk.accounts.actions import audit
from helpdesk.tickets.actions import targets, telling
from helpdesk.tickets.actions.write import entry, same_or_held
from helpdesk.tickets.citations import parted
from helpdesk.tickets.errors import FourEyes, Overtaken
from helpdesk.tickets.models import Answer, Entry, GivenVersion, Ticket
from helpdesk.tickets.rules import CAUTION_VERSION, Help, Kind, State
from helpdesk.tickets.showing import both_names
from knowledge.articles import citing
from knowledge.articles.rules import Mark


@dataclass(frozen=True)
class Quote:
    """What an answer gives: a version, and the keys of the statements quoted (none = all of it)."""

    version: Any
    statements: tuple[str, ...] = ()


@transaction.atomic
def answer(
    ticket: Ticket,
    text: str,
    *,
    by: Any,
    at: datetime,
    language: str,
    help: Help,
    quotes: Sequence[Quote],
    key: str | None = None,
    four_eyes: bool = False,
) -> Answer:
    """Write an answer. It reaches the asker at once, or waits for a second person.

    A second person is needed when an article given says so, or when the author asks for it.
    """
    if key and (known := Answer.objects.filter(key=key).first()):
        return known
    ticket = same_or_held(ticket)
    needed = four_eyes or any(quote.version.edition.article.four_eyes for quote in quotes)
    try:
        with transaction.atomic():
            written = Answer.objects.create(
                ticket=ticket, state=Answer.State.AWAITING, language=language, text=text,
                help=help, caution_version=CAUTION_VERSION, four_eyes=needed, author=by,
                written_at=at, key=key,
            )  # fmt: skip
    except IntegrityError:
        if key is None:
            raise
        return Answer.objects.get(key=key)
    with translation.override(language):
        for quote in quotes:
            GivenVersion.objects.create(
                answer=written,
                version=quote.version,
                statements=list(quote.statements),
                citations=citing.frozen(quote.version, keys=quote.statements or _sure(quote)),
            )
    if needed:
        entry(
            ticket, Kind.RELEASE, by=by, at=at, public=False, language=language,
            data={"answer": written.pk, "act": "asked", "help": help, **_given(written)},
        )  # fmt: skip
    else:
        _hand_over(written, by=by, at=at)
    return written


@transaction.atomic
def release(written: Answer, *, by: Any, at: datetime) -> Entry:
    """Let a waiting answer go out. With four eyes never by its author. Raises FourEyes, Overtaken."""
    if written.four_eyes and written.author_id == by.pk:
        raise FourEyes
    if not by.has_perm("tickets.release_answer"):
        raise FourEyes
    sent = _hand_over(written, by=by, at=at)
    audit("released", by=by, at=at, subject=written)
    return sent


@transaction.atomic
def send_back(written: Answer, *, by: Any, at: datetime, why: str) -> None:
    """Return a waiting answer to its author with a reason. Raises FourEyes, Overtaken."""
    if written.author_id == by.pk or not by.has_perm("tickets.release_answer"):
        raise FourEyes
    moved = Answer.objects.filter(pk=written.pk, state=Answer.State.AWAITING).update(
        state=Answer.State.RETURNED, returned_why=why
    )
    if not moved:
        raise Overtaken
    entry(
        written.ticket, Kind.RELEASE, by=by, at=at, text=why, public=False,
        data={"answer": written.pk, "act": "returned"},
    )  # fmt: skip


def _hand_over(written: Answer, *, by: Any, at: datetime) -> Entry:
    moved = Answer.objects.filter(pk=written.pk, state=Answer.State.AWAITING).update(
        state=Answer.State.RELEASED, released_by=by, released_at=at
    )
    if not moved:
        raise Overtaken
    ticket = written.ticket
    facts = {"answer": written.pk, "help": written.help, **_given(written)}
    if by.pk != written.author_id:
        facts |= both_names("released", by)
    sent = entry(
        ticket, Kind.ANSWER, by=written.author, at=at, text=written.text,
        language=written.language, data=facts,
    )  # fmt: skip
    ticket = sent.ticket
    Answer.objects.filter(pk=written.pk).update(entry=sent, ticket=ticket)
    Ticket.objects.filter(pk=ticket.pk).exclude(state=State.CLOSED).update(state=State.ANSWERED)
    Ticket.objects.filter(pk=ticket.pk, first_answered_at=None).update(first_answered_at=at)
    targets.rest(ticket, at=at)
    ticket.refresh_from_db()
    written.refresh_from_db()
    telling.tell_asker(ticket, "answer-given", at=at, key=f"answer:{written.pk}")
    return sent


def _sure(quote: Quote) -> list[str]:
    """Keys of an article given whole: what is not certain is never given to an asker."""
    rows = quote.version.statements.exclude(mark=Mark.UNSURE)
    return list(rows.values_list("key", flat=True))


def _given(written: Answer) -> dict[str, Any]:
    """What an entry shows of the articles given, without asking for them again."""
    rows = written.given.select_related("version__edition__article").order_by("pk")
    return {
        "given": [
            {
                "topic": row.version.edition.article.topic,
                "title": row.version.title,
                "version": row.version.number,
                "checked": row.version.checked_on.isoformat(),
                "citations": [*given.texts, *given.sources],
            }
            for row in rows
            for given in [parted(row)]
        ]
    }
