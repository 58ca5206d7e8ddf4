"""The tour of the demo: five steps, each seeing by itself whether it was done.

Progress is kept in the session: the request asked during the tour, the advisor's desk entered, the
answer read by the asker, its proof opened. Whether it was answered is asked of the records.
"""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from helpdesk.live.visitors import visitor_of
from helpdesk.portal import slip
from helpdesk.portal.actions.asking import Sent, sent_before
from helpdesk.portal.thread import Conversation
from helpdesk.tickets.models import Answer, Ticket

KEY = "tour"
CARRIED = (KEY, "followed", "receipt")
"""What stays when another person of the cast signs in in the same browser."""
Session = MutableMapping[str, Any]

QUESTION: dict[str, dict[str, str]] = {
    "ar": {
        "theme": "A",
        "question": "حطيت الملف عند القايد هادي شهرين ونص ومازال ما عطاونا والو",
        "who": "association",
        "association": "جمعية الأمل للماء",
        "province": "07.427",
        "answer_by": "follow",
    },
    "fr": {
        "theme": "A",
        "question": "Nous avons déposé notre dossier chez le caïd il y a deux mois et demi, et le"
        " récépissé définitif n'est toujours pas arrivé. Que faire ?",
        "who": "association",
        "association": "Association Al Amal pour l'eau",
        "province": "07.427",
        "answer_by": "follow",
    },
}
"""The question that is ready, with what the further pages need (sample case 2 of the programme)."""


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
    ticket = Ticket.objects.filter(pk=kept.get("ticket") or 0).first()
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


def receipt_of(request: HttpRequest, progress: Progress) -> Sent | None:
    """Number and code of the tour's request, so that the asker's side can be opened."""
    key = slip.kept_key(request)
    sent = sent_before(visitor_of(request).token, key) if key else None
    same = sent and progress.ticket and sent.ticket.pk == progress.ticket.pk
    return sent if same else None


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
