"""Two rows were one person: everything of one goes to the other, and a row keeps what moved.

Whoever of the two goes on keeps what is known of them; only what was empty is filled in.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from helpdesk.associations.actions.naming import write_name_words
from helpdesk.associations.models import Person, PersonMerge
from helpdesk.centre import moving

STAYS = (
    "associations.nameword.person", "associations.person.merged_into",
    "associations.personmerge.source", "associations.personmerge.target",
)  # fmt: skip
"""Words are written anew; the history of merges is its own."""
FILLED = ("name", "other_name", "folded", "email", "speaks")
TICKETS = "tickets.ticket.person"


class NotOne(Exception):
    """The two cannot be made one, or not be parted again; `str()` is the sentence for the person."""


@transaction.atomic
def merge_persons(source: Person, target: Person, *, by: Any, at: datetime) -> PersonMerge:
    """Make one person of two; `target` goes on. Raises NotOne."""
    source, target = _both(source, target)
    if why := obstacle(source, target):
        raise NotOne(why)
    account = source.user_id if target.user_id is None else None
    before = {
        name: getattr(target, name)
        for name in FILLED
        if getattr(source, name) and not getattr(target, name)
    }
    row = PersonMerge.objects.create(
        source=source, target=target, by=by, at=at,
        moved={
            "rows": moving.move(source, target, but=STAYS), "filled": sorted(before),
            "account": account,
            "redirects": list(source.absorbed.values_list("pk", flat=True)),
        },
    )  # fmt: skip
    alone = Person.objects.filter(pk=source.pk, merged_into=None)
    if not alone.update(merged_into=target, **({"user": None} if account else {})):
        raise NotOne(_("Somebody merged this person already."))
    changes = {name: getattr(source, name) for name in before}
    if account:
        changes["user_id"] = account
    if changes:
        Person.objects.filter(pk=target.pk).update(**changes)
    Person.objects.filter(merged_into=source).update(merged_into=target)
    _write_words(source, target)
    return row


@transaction.atomic
def part_persons(row: PersonMerge, *, by: Any, at: datetime) -> Person:
    """Play a merge back; what came since stays with who went on. Raises NotOne."""
    source, target = _both(row.source, row.target)
    if target.merged_into_id:
        raise NotOne(_("This person was merged into another one since: undo that first."))
    if mixed(row):
        raise NotOne(_("Requests of both were merged or split since: undo that first."))
    undone = PersonMerge.objects.filter(pk=row.pk, undone_at=None)
    if not undone.update(undone_by=by, undone_at=at):
        raise NotOne(_("This was undone already."))
    moved = row.moved
    Person.objects.filter(pk=source.pk).update(merged_into=None)
    Person.objects.filter(pk__in=moved["redirects"], merged_into=target).update(merged_into=source)
    moving.move_back(moved["rows"], source, target)
    for name in moved["filled"]:
        # Filled from the source and not corrected since.
        same = Person.objects.filter(pk=target.pk, **{name: getattr(source, name)})
        same.update(**{name: ""})
    account = moved["account"]
    if account and Person.objects.filter(pk=target.pk, user_id=account).update(user=None):
        Person.objects.filter(pk=source.pk).update(user_id=account)
    _write_words(source, target)
    return Person.objects.get(pk=source.pk)


def obstacle(source: Person, target: Person) -> str:
    """Why the two cannot become one; empty when they can."""
    if source.pk == target.pk:
        return _("This is the same person.")
    if source.merged_into_id or target.merged_into_id:
        return _("Somebody merged this person already.")
    if source.centre_id != target.centre_id:
        return _("Persons of two centres are not merged.")
    if source.user_id and target.user_id:
        return _("Both have an account of their own: they are two persons here.")
    return ""


def mixed(row: PersonMerge) -> bool:
    """Requests of one were put into requests of the other since, or split off theirs: parted, each
    would read what the other asked."""
    requests: Any = Person.objects.get(pk=row.target_id).tickets
    theirs = Q(pk__in=row.moved["rows"].get(TICKETS, []))
    away = requests.exclude(merged_into=None)
    inside = requests.filter(theirs).values("pk")
    return bool(
        away.filter(theirs).exclude(merged_into__in=inside).exists()
        or away.exclude(theirs).filter(merged_into__in=inside).exists()
        or requests.exclude(theirs)
        .filter(came_by__act="split", came_by__undone_at=None, came_by__source__in=inside)
        .exists()
    )


def _write_words(*people: Person) -> None:
    write_name_words(people=Person.objects.filter(pk__in=[one.pk for one in people]))


def _both(one: Person, other: Person) -> tuple[Person, Person]:
    """Fresh, their rows held until the transaction ends, always in one order."""
    found = Person.objects.select_for_update().filter(pk__in={one.pk, other.pk}).order_by("pk")
    rows = {row.pk: row for row in found}
    return rows[one.pk], rows[other.pk]
