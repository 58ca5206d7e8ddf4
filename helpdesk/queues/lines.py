"""The rows of the queue list in words: each label once a page, whatever the number of rows.

A page of fifty rows asked the template engine for two thousand small things, which cost far more
than the database did.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from helpdesk.centre.wording import left_text, span_text, urgency
from helpdesk.queues.lists import ICONS, is_number, title
from helpdesk.queues.models import Waiting
from helpdesk.queues.rules import Waits
from helpdesk.tickets.passages import passages
from helpdesk.tickets.rules import Channel, Level, State
from knowledge.search.snippets import marked

STAGES = {
    "new": ("st-new", "circle-dashed"), "open": ("st-free", "circle-dot"),
    "waiting": ("st-wait", "hourglass"), "answered": ("st-free", "circle-check"),
    "closed": ("st-off", "check"),
}  # fmt: skip
"""Class and icon of each stage's word."""
URGENT = {"late": "alert-triangle", "soon": "clock"}


@dataclass(frozen=True)
class Line:
    """One row. Texts that people typed stay as they are; the template isolates them."""

    record: Any
    subject: str
    """Words that were searched are marked in it."""
    is_number: bool
    """Instead of words: a number, with a direction of its own."""
    passage: str
    """Where the rest of them stands in the thread; empty without a search."""
    url: str
    channel: str
    """Or what a caller who is gone has left behind."""
    channel_icon: str
    asker: str
    association: str
    theme: str
    stage: str
    stage_class: str
    stage_icon: str
    level: str
    assignee: str
    age: str
    moved: str
    left: str
    urgency: str
    urgent_icon: str


def lines(records: Sequence[Any], *, stems: Mapping[str, float]) -> Iterator[Line]:
    """The rows of one page, in the reader's language; `stems` are what a search looked for."""
    told, left = passages(records, stems), _left_behind(records)
    now = timezone.now()
    channels, stages = _labels(Channel) | _labels(Waits), _labels(State)
    levels = {**_labels(Level), int(Level.ORDINARY): ""}
    before, after = reverse("tickets:ticket", args=[0]).rsplit("0", 1)
    unnamed = _("nobody named")
    for record in records:
        stage_class, stage_icon = STAGES[record.state]
        remains, near = _left(record, now)
        stands = left.get(record.pk, record.channel)
        yield Line(
            record=record,
            subject=marked(record.subject, stems) if stems and record.subject else title(record),
            is_number=is_number(record),
            passage=told.get(record.pk, ""),
            url=f"{before}{record.pk}{after}",
            channel=channels[stands],
            channel_icon=ICONS.get(stands, "world"),
            asker=str(record.person) if record.person else unnamed,
            association=record.association.shown_name if record.association else "",
            theme=str(record.theme) if record.theme else "",
            stage=stages[record.state],
            stage_class=stage_class,
            stage_icon=stage_icon,
            level=levels[record.level],
            assignee=record.assignee.shown_name if record.assignee else "",
            age=span_text(now - record.opened_at),
            moved=span_text(now - record.moved_at),
            left=remains,
            urgency=near,
            urgent_icon=URGENT.get(near, ""),
        )


def _left_behind(records: Sequence[Any]) -> dict[int, str]:
    """As what those wait that nobody waits for any more."""
    phoned = [record.pk for record in records if record.channel == Channel.PHONE]
    return Waiting.objects.now().left_behind().kinds(phoned) if phoned else {}


def _labels(words: Any) -> dict[Any, str]:
    return {value: capfirst(str(label)) for value, label in words.choices}


def _left(record: Any, now: datetime) -> tuple[str, str]:
    """What is left of what is owed next (the first answer, then the end), and how near that is."""
    due = record.due_at
    return (left_text(due, now=now), urgency(due, record.near_at, now=now)) if due else ("", "")
