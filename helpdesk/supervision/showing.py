"""What a tile is: a figure with its threshold, what to do now and its rows; and what tiles are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helpdesk.queues import figures as desk
from helpdesk.queues.rules import LIVE
from helpdesk.supervision import rules
from helpdesk.supervision.figures import Read
from helpdesk.supervision.measures import Wait
from helpdesk.supervision.rules import LATE, OK, SOON
from helpdesk.supervision.team import Member
from helpdesk.tickets.rules import Channel


@dataclass(frozen=True)
class Act:
    """One act: its word and the page where it is done."""

    text: str
    url: str


@dataclass(frozen=True)
class Tile:
    """One figure. `state` is ok, soon or late and is said in words beside it.

    `count` is how many rows its list has; `since` makes the value a clock that runs on the page,
    `clock` says whether by seconds (live contacts) or in words.
    """

    name: str
    label: str
    value: str
    state: str
    target: str
    act: Act
    url: str
    count: int
    unit: str = ""
    since: datetime | None = None
    is_clock: bool = False
    of: str = ""
    """What the value is a part of, in words."""
    goal: str = ""
    """The threshold alone, for the wall."""

    @property
    def said(self) -> str:
        return {OK: _("on target"), SOON: _("near the threshold"), LATE: _("off target")}[
            self.state
        ]

    @property
    def said_shortly(self) -> str:
        """For the wall."""
        return {
            OK: pgettext("wall", "kept"),
            SOON: pgettext("wall", "close"),
            LATE: pgettext("wall", "missed"),
        }[self.state]

    @property
    def is_count(self) -> bool:
        """The value is the number of rows of the list."""
        return self.value.isdigit() and self.since is None and self.unit != "%"

    @property
    def wall_label(self) -> str:
        """Short enough to be read across a room."""
        short = {
            "oldest": pgettext("wall", "Oldest question"), "free": pgettext("wall", "Available"),
            "service": _("Service level"),
        }  # fmt: skip
        return short.get(self.name, self.label)

    @property
    def wall_target(self) -> str:
        return _("target %(time)s") % {"time": self.goal} if self.goal else ""

    @property
    def counted(self) -> str:
        return desk.counted(self.count)


@dataclass(frozen=True)
class Now:
    """A line of what to do first. With `ticket` and `to` the act is done by its button."""

    state: str
    text: str
    act: Act
    ticket: int | None = None
    to: int | None = None


@dataclass(frozen=True)
class Waits:
    """What the tiles are made of."""

    read: Read
    first: Sequence[Any]
    team: Sequence[Member]
    at: datetime
    calls: Sequence[Wait] = ()
    """Who called today, waiting or not."""

    @property
    def longest(self) -> Any | None:
        """The caller who waits longest; where nobody calls, the chat."""
        live = [row for row in self.first if row.channel in LIVE]
        return min(live, key=lambda row: (row.channel != Channel.PHONE, row.since), default=None)

    @property
    def free(self) -> list[Member]:
        """Those who could take something now, who waits longest for work first."""
        found = [one for one in self.team if one.is_free]
        return sorted(found, key=lambda one: (one.chats, one.since or self.at))

    @property
    def turns(self) -> list[datetime]:
        """When the longest wait gets near, and the oldest question."""
        row = self.longest
        found = [row.since + (row.due_at - row.since) / 2] if row else []
        due = self.read.oldest_due
        return found + ([due - rules.NEAR] if due else [])

    def count(self, only: str) -> int:
        return self.read.counts[only]
