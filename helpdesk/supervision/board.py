"""The board: what waits, how long, who is there, what is owed, what was answered and how it was liked.

Every figure is counted over rows the reader may open, and carries the address of just those rows.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse

from helpdesk.accounts.models import Tongue
from helpdesk.hours.timetables import day_of
from helpdesk.queues.lists import is_number, title
from helpdesk.queues.models import Queue, Waiting
from helpdesk.queues.rules import LIVE
from helpdesk.supervision import queue_lines, team, tiles
from helpdesk.supervision.figures import Group, Read, read
from helpdesk.supervision.measure_rows import waits_today
from helpdesk.supervision.queue_lines import QueueLine
from helpdesk.supervision.showing import Now, Tile, Waits
from helpdesk.supervision.team import Member
from helpdesk.tickets.rules import Channel

FIRST = 8
"""Rows of the list of who waits."""
STANDS = timedelta(seconds=60)
"""However little moves, the board is made anew after so long."""


@dataclass(frozen=True)
class Line:
    """What waits on one channel, by language; `cells` are (count, address) pairs."""

    label: str
    cells: tuple[tuple[int, str], ...]
    total: tuple[int, str]
    oldest: datetime | None


@dataclass(frozen=True)
class Board:
    at: datetime
    tiles: list[Tile]
    now: list[Now]
    """What to do first, the most pressing first."""
    languages: list[str]
    lines: list[Line]
    queues: list[QueueLine]
    first: list[Any]
    """The contacts that wait longest, live ones before written ones, as `Waiting` rows."""
    waiting: int
    team: list[Member]
    stands_until: datetime
    """Until then nothing changes unless something is written."""

    def tile(self, name: str) -> Tile:
        return next(tile for tile in self.tiles if tile.name == name)

    @property
    def wall(self) -> list[Tile]:
        """The six that a room reads from afar."""
        return [self.tile(name) for name in tiles.WALL]

    @property
    def more(self) -> int:
        """How many wait beside those listed."""
        return max(0, self.waiting - len(self.first))


def rows(**filters: str) -> str:
    """Address of the list with just these rows."""
    return f"{reverse('queues:list')}?{urlencode(filters)}"


def board(user: Any, *, at: datetime, queues: Sequence[Queue] | None = None) -> Board:
    """All figures for one reader at one instant; `queues` where they were read already."""
    held = list(queues) if queues is not None else queue_lines.queues(user)
    found = read(user, at=at)
    first = list(
        Waiting.objects.visible_to(user)
        .now()
        .for_list()
        .order_by(
            Case(
                When(channel__in=LIVE, then=Value(0)),
                default=Value(1),
                output_field=IntegerField(),
            ),
            "since",
        )[:FIRST]
    )
    for row in first:
        row.title, row.is_number = title(row.ticket), is_number(row.ticket)
    members = team.members(user, at=at)
    told = queue_lines.lines(held, found.waiting, at=at)
    waits = Waits(found, first, members, at, waits_today(user, at=at))
    made = tiles.tiles(waits)
    codes = [code for code in Tongue.values if any(g.language == code for g in found.waiting)]
    return Board(
        at=at,
        tiles=made,
        now=tiles.now(waits, made),
        languages=[str(Tongue(code).label) for code in codes],
        lines=_lines(found.waiting, codes),
        queues=told,
        first=first,
        waiting=found.counts["waiting"],
        team=members,
        stands_until=_stands_until(found, members, told, waits, at=at),
    )


def _stands_until(
    found: Read, members: Sequence[Member], told: Sequence[QueueLine], waits: Waits, *, at: datetime
) -> datetime:
    turns = [
        *found.turns, *team.turns(members), *(line.turns_at for line in told if line.turns_at),
        *waits.turns, day_of(at)[1],
    ]  # fmt: skip
    return min((turn for turn in [*turns, at + STANDS] if turn > at), default=at)


def _lines(waiting: Sequence[Group], codes: Sequence[str]) -> list[Line]:
    counts: Counter[tuple[str, str]] = Counter()
    oldest: dict[str, datetime] = {}
    for group in waiting:
        counts[group.came_by, group.language] += group.count
        oldest[group.came_by] = min(group.since, oldest.get(group.came_by, group.since))
    return [line for channel in Channel if (line := _line(channel, codes, counts, oldest))]


def _line(
    channel: Channel, codes: Sequence[str], counts: Mapping[tuple[str, str], int],
    oldest: Mapping[str, datetime],
) -> Line | None:  # fmt: skip
    cells = tuple(
        (counts.get((channel, code), 0), rows(only="waiting", channel=channel, language=code))
        for code in codes
    )
    total = sum(number for number, _url in cells)
    if not total:
        return None
    everything = (total, rows(only="waiting", channel=channel))
    return Line(str(channel.label), cells, everything, oldest.get(channel))
