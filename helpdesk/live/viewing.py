"""Who has the same page open, and who writes there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from helpdesk.live.models import Viewing
from helpdesk.live.streams import ticket as ticket_stream
from knowledge import room

GONE = timedelta(seconds=90)
"""Pages ask at least once a minute while they are open."""
NOTED = timedelta(seconds=20)
"""Between two notes of the same: one write a page and third of a minute at most."""
WRITES = timedelta(seconds=12)


@dataclass(frozen=True)
class Viewer:
    user: Any
    writes: bool


def place_of(ticket_pk: int) -> str:
    return ticket_stream(ticket_pk)


def see(place: str, *, by: Any, at: datetime) -> bool:
    """Note that a person has the page open; whether that is new to the others. Without room nothing is noted."""
    with room.not_needed():
        return _see(place, by=by, at=at)
    return False


def _see(place: str, *, by: Any, at: datetime) -> bool:
    row, created = Viewing.objects.get_or_create(user=by, place=place, defaults={"seen_at": at})
    if created:
        return True
    if at - row.seen_at > NOTED:
        Viewing.objects.filter(pk=row.pk).update(seen_at=at)
    return at - row.seen_at > GONE


def write(place: str, *, by: Any, at: datetime) -> None:
    """Note that a person types on the page."""
    Viewing.objects.update_or_create(user=by, place=place, defaults={"seen_at": at, "wrote_at": at})


def viewers(place: str, *, but: Any, at: datetime) -> list[Viewer]:
    """The others on the page, those who write first."""
    rows = Viewing.objects.filter(place=place, seen_at__gt=at - GONE).exclude(user=but)
    found = [
        Viewer(row.user, row.wrote_at is not None and at - row.wrote_at < WRITES)
        for row in rows.select_related("user").order_by("user")[:6]
    ]
    return sorted(found, key=lambda viewer: not viewer.writes)


def viewers_under(prefix: str, *, but: Any, at: datetime) -> list[tuple[str, Viewer]]:
    """The others at all places that begin so, with the place."""
    rows = Viewing.objects.filter(place__startswith=prefix, seen_at__gt=at - GONE).exclude(user=but)
    return [
        (row.place, Viewer(row.user, row.wrote_at is not None and at - row.wrote_at < WRITES))
        for row in rows.select_related("user").order_by("place", "user")[:40]
    ]


def leave(place: str, *, by: Any) -> None:
    Viewing.objects.filter(user=by, place=place).delete()


def forget(*, before: datetime) -> int:
    """Drop what nobody looked at since then; how many."""
    return Viewing.objects.filter(seen_at__lt=before).delete()[0]
