"""The lists of the desk's start pane: my turn, the shared queue, what is due, what waits for release.

A list never moves under the pointer: while the page stands, rows keep their places, a row that
somebody took stays with the taker's name, and new rows come at the end.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.centre.territory import province_name
from helpdesk.centre.wording import clock_text, left_text, span_text, urgency
from helpdesk.queues import figures
from helpdesk.queues.models import Waiting
from helpdesk.queues.rules import OFFERED_FOR
from helpdesk.tickets.desk_models import Snooze
from helpdesk.tickets.models import Answer, Promise, Ticket
from helpdesk.tickets.rules import Channel

ICONS = {
    "phone": "phone", "chat": "message-circle", "web": "world", "mail": "mail", "visit": "users",
    "sms": "message-2", "whatsapp": "message-2", "api": "link",
    "missed": "phone-x", "voicemail": "mailbox", "call-back": "phone-plus",
}  # fmt: skip
"""By what stands in a queue: the channel, or what a caller left behind."""


@dataclass(frozen=True)
class Row:
    """One line of the start pane (parts/row.html)."""

    id: str
    pk: int
    url: str
    icon: str
    subject: str
    who: str
    age: str = ""
    urgency: str = ""
    unread: int = 0
    current: bool = False
    taken_by: str = ""
    icon_class: str = ""
    isolate: bool = False


@dataclass(frozen=True)
class Section:
    code: str
    title: str
    count: int
    rows: Sequence[Row]
    empty: str
    more_url: str = ""

    @property
    def counted(self) -> str:
        return figures.counted(self.count)

    @property
    def shown(self) -> str:
        """Numbers of the rows shown, for the next poll to keep their places."""
        return ",".join(str(row.pk) for row in self.rows)


@dataclass(frozen=True)
class Offer:
    """A contact offered to somebody, who may take it or let it go by."""

    row: Row
    since: datetime

    @property
    def seconds(self) -> int:
        """How long it stands in all."""
        return int(OFFERED_FOR.total_seconds())


@dataclass
class Lists:
    """What the start pane shows to one person."""

    user: Any
    at: datetime
    found: figures.Figures
    kept: dict[str, list[int]] = field(default_factory=dict)
    """Rows a page shows already, by section, in their places."""
    open_pk: int | None = None

    @cached_property
    def offer(self) -> Offer | None:
        """The contact this person is asked to take before others."""
        rows = map(self._rows.get, self.found.offer)
        # A call rings over the whole page; its band says more than these lines could.
        found = [ticket for ticket in rows if ticket and ticket.waits_by != Channel.PHONE]
        return Offer(self._shared(found[0]), found[0].offered_at) if found else None

    @cached_property
    def _order(self) -> dict[str, list[int]]:
        found = self.found
        return {
            "mine": self._places("mine", found.mine),
            "shared": self._places("shared", found.shared),
            "left": self._places("left", found.left),
            "due": self._places("due", found.due),
            "release": self._places("release", found.release),
        }

    @cached_property
    def _rows(self) -> dict[int, Any]:
        return self._tickets(
            {pk for pks in (*self._order.values(), self.found.offer) for pk in pks}
        )

    @property
    def sections(self) -> list[Section]:
        found, order, rows = self.found, self._order, self._rows
        return [
            self._section("mine", order, rows, found.mine_count, self._mine),
            self._section("shared", order, rows, found.waiting_count, self._shared),
            self._section("left", order, rows, found.left_count, self._left),
            self._section("due", order, rows, found.due_count, self._due),
            self._section("release", order, rows, found.release_count, self._release),
        ]

    def _places(self, name: str, now: Iterable[int]) -> list[int]:
        return list(dict.fromkeys([*self.kept.get(name, []), *now]))

    def _tickets(self, pks: Iterable[int]) -> dict[int, Any]:
        """All tickets of all sections in one query, with what their rows say."""
        ticket = OuterRef("pk")
        promise = Promise.objects.owed().filter(ticket=ticket).order_by("window_until")
        answer = Answer.objects.awaiting().filter(ticket=ticket).order_by("written_at")
        waiting = Waiting.objects.now().filter(ticket=ticket)
        rows = (
            Ticket.objects.visible_to(self.user, at=self.at)
            .filter(pk__in=set(pks))
            .select_related("person", "association", "assignee", "target")
            .with_unread()
            .annotate(
                owed_from=Subquery(promise.values("window_from")[:1]),
                owed_until=Subquery(promise.values("window_until")[:1]),
                answer_author=Subquery(answer.values("author")[:1]),
                answer_at=Subquery(answer.values("written_at")[:1]),
                waits_since=Subquery(waiting.values("since")[:1]),
                is_put_off=Exists(
                    Snooze.objects.running(at=self.at).filter(user=self.user, ticket=ticket)
                ),
                waits_due=Subquery(waiting.values("due_at")[:1]),
                waits_as=Subquery(waiting.values("channel")[:1]),
                owed_rings=Subquery(promise.exclude(rings=[]).values("rings")[:1]),
                offered_at=Subquery(waiting.values("offered_at")[:1]),
                waits_by=Subquery(waiting.values("channel")[:1]),
            )
        )
        return {row.pk: row for row in rows}

    def _section(self, name: str, order: Any, rows: Any, count: int, line: Any) -> Section:
        title, empty, more = _WORDS[name]()  # type: ignore[no-untyped-call]
        shown = [line(rows[pk]) for pk in order[name] if pk in rows]
        query = f"{reverse('queues:list')}{more}" if count > len(shown) else ""
        return Section(name, title, count, [row for row in shown if row], empty, query)

    def _row(self, name: str, ticket: Any, **more: Any) -> Row:
        return Row(
            id=f"{name}-{ticket.pk}", pk=ticket.pk,
            url=reverse("tickets:ticket", args=[ticket.pk]),
            current=ticket.pk == self.open_pk,
            **{
                "icon": ICONS[ticket.channel], "who": who(ticket), "subject": title(ticket),
                "isolate": is_number(ticket), **more,
            },
        )  # fmt: skip

    def _mine(self, ticket: Any) -> Row | None:
        if ticket.assignee_id != self.user.pk:
            return self._row("mine", ticket, taken_by=_taker(ticket))
        if ticket.is_put_off:
            return self._row("mine", ticket, taken_by=_("put off"))
        due = ticket.due_at
        near = self._urgency(due, ticket.near_at)
        age = left_text(due, now=self.at) if due and near else self._when(ticket.moved_at)
        return self._row("mine", ticket, unread=ticket.unread, age=age, urgency=near)

    def _shared(self, ticket: Any) -> Row:
        if ticket.waits_since is None:
            return self._row("shared", ticket, taken_by=_taker(ticket))
        age = span_text(self.at - ticket.waits_since)
        near = ticket.near_at if ticket.owes_answer and ticket.waits_due == ticket.due_at else None
        return self._row("shared", ticket, age=age, urgency=self._urgency(ticket.waits_due, near))

    def _left(self, ticket: Any) -> Row:
        if ticket.waits_since is None:
            return self._row("left", ticket, taken_by=_taker(ticket))
        rings = ticket.owed_rings or []
        newest = parse_datetime(rings[-1]["at"]) if rings else None
        times = ngettext("%(n)s call", "%(n)s calls", len(rings)) % {"n": len(rings)}
        return self._row(
            "left", ticket, icon=ICONS.get(ticket.waits_as, "phone-x"), icon_class="miss",
            who=" · ".join(filter(None, [times, _where(ticket)])),
            age=self._when(newest or ticket.waits_since), urgency=self._urgency(ticket.waits_due),
        )  # fmt: skip

    def _due(self, ticket: Any) -> Row | None:
        if ticket.owed_until is None:
            return None
        when = f"{clock_text(ticket.owed_from)}–{clock_text(ticket.owed_until)}"
        return self._row(
            "due", ticket, icon="phone-plus", who=f"{who(ticket)} · \u2066{when}\u2069",
            age=left_text(ticket.owed_until, now=self.at), urgency=self._urgency(ticket.owed_until),
        )  # fmt: skip

    def _release(self, ticket: Any) -> Row | None:
        if ticket.answer_at is None:
            return None
        own = ticket.answer_author == self.user.pk
        return self._row(
            "release", ticket, icon="scale", age=span_text(self.at - ticket.answer_at),
            who=_("yours, a colleague releases it") if own else who(ticket),
        )  # fmt: skip

    def _urgency(self, due: datetime | None, near: datetime | None = None) -> str:
        return urgency(due, near, now=self.at)

    def _when(self, moment: datetime) -> str:
        same_day = timezone.localtime(moment).date() == timezone.localtime(self.at).date()
        return clock_text(moment) if same_day else span_text(self.at - moment)


def who(ticket: Any) -> str:
    """Who asks and from where, in a few words."""
    name = str(ticket.person) if ticket.person else ""
    group = ticket.association.shown_name if ticket.association else ""
    place = province_name(ticket.province) if ticket.province else ""
    return " · ".join([part for part in (name, group, place) if part][:2]) or _("nobody named")


def title(ticket: Any) -> str:
    """What it is about; of a call without words, who called."""
    if ticket.subject:
        return str(ticket.subject)
    if ticket.person:
        return str(ticket.person)
    return ticket.contact_number.masked if ticket.contact_number else _("Number withheld")


def is_number(ticket: Any) -> bool:
    """Whether the title is a telephone number, which has a direction of its own."""
    return not ticket.subject and not ticket.person and bool(ticket.contact_number)


def _where(ticket: Any) -> str:
    name = ticket.association.shown_name if ticket.association else ""
    return name or (province_name(ticket.province) if ticket.province else "")


def _taker(ticket: Any) -> str:
    if ticket.assignee is None:
        return str(_("gone from the queue"))
    return str(_("taken by %(name)s") % {"name": ticket.assignee.shown_name})


_WORDS = {
    "mine": lambda: (_("My turn"), _("What you take from the queue shows here."), "?who=me"),
    "shared": lambda: (_("Shared queue"), _("Every question has been taken."), "?who=nobody"),
    "left": lambda: (_("Missed calls"), _("No call in vain waits."), "?only=left"),
    "due": lambda: (_("Due today"), _("No call is owed today."), "?who=me"),
    "release": lambda: (_("Awaiting release"), _("No answer waits for a second person."), ""),
}
