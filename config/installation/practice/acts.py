"""Beginning a practice, taking part in it, leaving it, and wiping it."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.installation.practice import records
from config.retention.acts import overwriting
from helpdesk.accounts.actions import audit
from helpdesk.accounts.models import Posting, Team, User
from helpdesk.associations.models import Association, Person
from helpdesk.centre.actions import note
from helpdesk.centre.face import forget
from helpdesk.centre.models import Centre
from helpdesk.files.actions import path_of
from helpdesk.files.models import StoredFile
from helpdesk.hours.models import Schedule
from helpdesk.notices.models import Notice
from helpdesk.queues.actions import come_back, step_out
from helpdesk.queues.models import Handling, Queue
from helpdesk.tickets.models import Entry, Ticket
from telephony.models import Call

STEP = "practice"
COPIED = (
    "name_ar", "name_fr", "languages", "answer_minutes", "resolve_minutes", "wait_seconds",
    "overflow_minutes", "push_live", "push_written", "rank", "closed_ar", "closed_fr",
)  # fmt: skip
"""Of a queue; its hours are left out, for a practice is at any hour."""
SHOWN = (Ticket, Entry, Call, Person, Association, Notice, StoredFile)
"""What people know by name, of all that is wiped."""


class InHand(Exception):
    """Nobody goes from one desk to the other with a call or a chat in hand."""

    def __str__(self) -> str:
        return _("First end the call or the chat that you have in hand.")


class Moved(Exception):
    """The practice holds something else than what was shown before it was wiped."""

    def __str__(self) -> str:
        return _("Something came in meanwhile: look at the numbers again.")


@transaction.atomic
def begin(centre: Centre, *, by: Any, at: datetime) -> Centre:
    """A practice of the centre, with its teams and queues; the one that is there when there is one."""
    Centre.objects.select_for_update().get(pk=centre.pk)
    if known := Centre.objects.filter(practice_of=centre).first():
        return known
    made = Centre.objects.create(
        slug=f"practice-{centre.pk}", name_ar=f"تجريبي · {centre.name_ar}"[:200],
        name_fr=f"Essai · {centre.name_fr}"[:200], region=centre.region, served=centre.served,
        always_open=True, opened_at=at, opened_by=by, practice_of=centre,
    )  # fmt: skip
    hours = Schedule.objects.create(centre=made, name="practice")
    for team in centre.teams.order_by("pk"):
        copy = Team.objects.create(centre=made, name_ar=team.name_ar, name_fr=team.name_fr)
        for queue in team.queues.all():
            kept = {name: getattr(queue, name) for name in COPIED}
            Queue.objects.create(team=copy, schedule=hours, **kept).themes.set(queue.themes.all())
    note(centre, step=STEP, before={}, after={"practice_began": at}, by=by, at=at)
    audit("began-practice", by=by, at=at, subject=centre)
    transaction.on_commit(forget)
    return made


@transaction.atomic
def join(user: Any, practice: Centre, *, at: datetime) -> None:
    """From now on the person works in the practice alone, where they work in the real one. Raises InHand."""
    if user.practising_id == practice.pk:
        return
    leave(user, at=at)
    _free_handed(user, at=at)
    step_out(user, at=at)
    copies = dict(zip(_teams(practice.practice_of), _teams(practice), strict=False))
    today = timezone.localdate(at)
    for posting in Posting.objects.held(on=today).filter(user=user, team__in=copies):
        Posting.objects.get_or_create(
            user=user, team_id=copies[posting.team_id], province=posting.province,
            defaults={"starts_on": today},
        )  # fmt: skip
    User.objects.filter(pk=user.pk).update(practising=practice)


@transaction.atomic
def leave(user: Any, *, at: datetime) -> None:
    """Back to the real desk, as it was left. Raises InHand."""
    if user.practising_id is None:
        return
    _free_handed(user, at=at)
    come_back([user], at=at)
    User.objects.filter(pk=user.pk).update(practising=None)


def counted(found: records.Found) -> list[tuple[Any, int]]:
    """Kinds that people know, each with how many rows would go."""
    return [(model._meta.model_name, len(found.get(model, ()))) for model in SHOWN]


def size(found: records.Found) -> int:
    """All rows that would go."""
    return sum(map(len, found.values()))


def wipe(centre: Centre, *, expected: int, by: Any, at: datetime) -> Mapping[str, int]:
    """Nothing is left of the practice but that it was held; `expected` is the size that was shown.

    Rows by kind. Raises Moved or Entangled, and then nothing has changed.
    """
    with overwriting():
        return _wiped(centre, expected=expected, by=by, at=at)


@transaction.atomic
def _wiped(centre: Centre, *, expected: int, by: Any, at: datetime) -> Mapping[str, int]:
    Centre.objects.select_for_update().get(pk=centre.pk)
    practice = Centre.objects.select_related("practice_of").filter(practice_of=centre).first()
    if practice is None:
        return {}
    found = records.gathered(practice)
    if size(found) != expected:
        raise Moved
    paths = [
        path_of(one.name) for one in StoredFile.objects.filter(pk__in=found.get(StoredFile, ()))
    ]
    people = User.objects.filter(practising=practice)
    come_back(people, at=at)
    people.update(practising=None)
    records.dropped(practice, found)
    facts = {name: number for name, number in counted(found) if number}
    facts["rows"] = expected
    note(centre, step=STEP, before={}, after={"practice_wiped": at}, by=by, at=at)
    audit("wiped-practice", by=by, at=at, subject=centre, facts=facts)
    transaction.on_commit(forget)
    transaction.on_commit(lambda: _unlink(paths))
    return facts


def _free_handed(user: Any, *, at: datetime) -> None:
    if Handling.objects.in_hand(at=at).filter(user=user).exists():
        raise InHand


def _teams(centre: Any) -> list[int]:
    return list(Team.objects.filter(centre=centre).order_by("pk").values_list("pk", flat=True))


def _unlink(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
