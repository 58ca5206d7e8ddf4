"""The tour of the demo: five steps, each seeing by itself whether it was done.

Progress is kept in the session: the request asked during the tour, the advisor's desk entered, the
answer read by the asker, its proof opened. Whether it was answered is asked of the records.
"""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from helpdesk.portal.thread import Conversation
from helpdesk.tickets.models import Answer, Ticket

KEY = "tour"
CARRIED = (KEY, "followed", "receipt")
"""What stays when another person of the cast signs in in the same browser."""
Session = MutableMapping[str, Any]


@dataclass(frozen=True)
class Step:
    """`state` as in parts/steps.html: on = done, off = not yet."""

    name: str
    title: str
    line: str
    is_done: bool
    is_next: bool


@dataclass(frozen=True)
class Progress:
    steps: Sequence[Step]
    ticket: Ticket | None
    answer: Answer | None

    @property
    def is_over(self) -> bool:
        return all(step.is_done for step in self.steps)

    @property
    def next(self) -> Step | None:
        return next((step for step in self.steps if step.is_next), None)


def begin(session: Session) -> None:
    """Start afresh."""
    session[KEY] = {}


def is_under_way(session: Session) -> bool:
    return isinstance(session.get(KEY), dict)


def note(session: Session, what: str, value: Any = True) -> None:
    """Remember one thing, when a tour is under way."""
    if is_under_way(session):
        session[KEY] = {**session[KEY], what: value}


def note_asked(session: Session, ticket: Ticket) -> None:
    """The newest request of this browser is the tour's."""
    if is_under_way(session):
        session[KEY] = {"ticket": ticket.pk}


def note_reading(session: Session, shown: Conversation) -> None:
    """The asker has the answer on the screen."""
    if is_under_way(session) and session[KEY].get("ticket") == shown.ticket.pk and shown.has_answer:
        note(session, "read")


def progress(session: Session) -> Progress:
    """How far the tour is."""
    kept = session.get(KEY)
    kept = kept if isinstance(kept, dict) else {}
    ticket = Ticket.objects.filter(pk=kept.get("ticket")).first()
    answer = _cited_answer(ticket) if ticket else None
    done = (
        ticket is not None,
        ticket is not None and bool(kept.get("desk") or ticket.assignee_id),
        answer is not None,
        answer is not None and bool(kept.get("read")),
        answer is not None and bool(kept.get("proof")),
    )
    first_open = done.index(False) if False in done else -1
    return Progress(
        steps=[
            Step(name, title, line, is_done=done[i], is_next=i == first_open)
            for i, (name, title, line) in enumerate(_words())
        ],
        ticket=ticket,
        answer=answer,
    )


def _cited_answer(ticket: Ticket) -> Answer | None:
    """The newest answer that reached the asker and gives an article."""
    answers = Answer.objects.filter(ticket=ticket, given__isnull=False)
    return answers.filter(state=Answer.State.RELEASED).order_by("-released_at").first()


def _words() -> list[tuple[str, str, str]]:
    return [
        (
            "ask", _("Ask this"),
            _("As an association: send the question that is ready, and keep the number and the code."),
        ),
        (
            "arrive", _("See it arrive"),
            _("As Amina, an advisor: the question waits on the desk."),
        ),
        (
            "answer", _("Answer with the article"),
            _("Take the question, insert the article it needs, send the answer."),
        ),
        (
            "read", _("Read it as the asker"),
            _("With number and code: the answer, and the legal texts behind it."),
        ),
        (
            "prove", _("Prove it"),
            _("Which version of which article was given, by whom, and what changed since."),
        ),
    ]  # fmt: skip
