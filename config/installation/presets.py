"""Two ways to begin with queues: one for all questions, or one for each language of the pages."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from helpdesk.accounts.models import Team, Tongue
from helpdesk.centre.actions import note
from helpdesk.centre.models import Centre
from helpdesk.queues.models import Queue

ONE, BY_LANGUAGE = "one", "language"
CHOICES = [
    (ONE, _("One queue for all questions: every advisor takes every contact")),
    (BY_LANGUAGE, _("Two queues: Arabic with Darija and Tashelhit, and French")),
]
ALL = ("كل الأسئلة", "Toutes les questions")
LANGUAGES = (
    ("الأسئلة بالعربية", "Questions en arabe", [Tongue.ARABIC, Tongue.DARIJA, Tongue.TASHELHIT]),
    ("الأسئلة بالفرنسية", "Questions en français", [Tongue.FRENCH]),
)


def held(centre: Centre) -> str:
    """Which of the two the centre has; empty when it made queues of its own."""
    rows = list(Queue.objects.filter(team__centre=centre))
    if len(rows) == 1 and not rows[0].languages:
        return ONE
    wanted = [sorted(codes) for _ar, _fr, codes in LANGUAGES]
    return BY_LANGUAGE if [sorted(row.languages) for row in rows] == wanted else ""


@transaction.atomic
def lay(centre: Centre, preset: str, *, by: Any, at: datetime) -> list[Queue]:
    """Make the centre's queues so. Nothing that waits is lost: a second queue in which anything ever
    waited stays at the end of the list, where nothing new goes, instead of being deleted.
    """
    before = held(centre)
    rows = list(Queue.objects.filter(team__centre=centre))
    if preset == ONE:
        first, *others = rows
        _shape(first, *ALL, [])
        Queue.objects.filter(pk__in=[row.pk for row in others], waitings=None).delete()
        rows = [first]
    else:
        second = rows[1] if len(rows) > 1 else _beside(rows[0])
        rows = [rows[0], second]
        for rank, (row, (arabic, french, codes)) in enumerate(zip(rows, LANGUAGES, strict=True)):
            row.rank = rank
            _shape(row, arabic, french, [str(code) for code in codes])
    note(centre, step="queues", before={"preset": before}, after={"preset": preset}, by=by, at=at)
    return rows


def _shape(queue: Queue, arabic: str, french: str, languages: list[str]) -> None:
    queue.name_ar, queue.name_fr, queue.languages = arabic, french, languages
    queue.save(update_fields=["name_ar", "name_fr", "languages", "rank"])


def _beside(first: Queue) -> Queue:
    """A second queue of the same team, hours and targets."""
    team: Team = first.team
    return Queue.objects.create(
        team=team, schedule=first.schedule, rank=first.rank + 1, name_ar="", name_fr="",
        answer_minutes=first.answer_minutes, resolve_minutes=first.resolve_minutes,
        wait_seconds=first.wait_seconds, overflow_minutes=first.overflow_minutes,
        closed_ar=first.closed_ar, closed_fr=first.closed_fr,
    )  # fmt: skip
