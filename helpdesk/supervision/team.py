"""Who works today and how they stand. In the order of their states and names: nobody is ranked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from helpdesk.accounts.models import Posting, User
from helpdesk.accounts.rules import DESK
from helpdesk.accounts.scope import Scope
from helpdesk.queues.models import Handling, Presence, Serving
from helpdesk.queues.rules import GONE_AFTER
from helpdesk.tickets.rules import Channel

FREE, CALL, CHAT, WRAP, BUSY, BREAK, GONE, AWAY = (
    "free", "call", "chat", "wrap", "busy", "break", "gone", "away",
)  # fmt: skip
ORDER = (FREE, CALL, CHAT, WRAP, BUSY, BREAK, GONE, AWAY)
LOOKS = {
    FREE: ("st-free", "circle-check"), CALL: ("st-call", "phone-call"),
    CHAT: ("st-chat", "message-circle"), WRAP: ("st-wrap", "pencil"),
    BUSY: ("st-wrap", "circle-dot"), BREAK: ("st-pause", "coffee"),
    GONE: ("st-off", "wifi-off"), AWAY: ("st-off", "user-off"),
}  # fmt: skip
"""Class and icon of each state's word."""
CALLING = Q(channel=Channel.PHONE, ended_at=None)
CHATTING = Q(channel=Channel.CHAT, ended_at=None)
WRITING = Q(ended_at__isnull=False)


@dataclass(frozen=True)
class Member:
    """One advisor now. `since` is when the state began; None where nothing was ever said."""

    user: Any
    state: str
    label: str
    since: datetime | None
    queue: str
    """The queue served first today, by name."""
    queue_pk: int | None
    chats: int
    room: int
    """How many more contacts they may take at once."""
    sent_at: datetime | None = None
    """When ignored offers put them on the break they are on."""

    @property
    def look(self) -> str:
        return LOOKS[self.state][0]

    @property
    def icon(self) -> str:
        return LOOKS[self.state][1]

    @property
    def is_free(self) -> bool:
        return self.state == FREE


def members(user: Any, *, at: datetime) -> list[Member]:
    """Everybody posted to the reader's teams today, in one query."""
    day = timezone.localdate(at)
    teams = {reach.team for reach in Scope.of(user).reaches}
    posted = Posting.objects.in_force(on=day).filter(team__in=teams, user=OuterRef("pk"))
    desk = User.groups.through.objects.filter(user=OuterRef("pk"), group__name__in=DESK)
    hand = Handling.objects.in_hand(at=at).filter(user=OuterRef("pk"))
    serving = Serving.objects.on(day).filter(user=OuterRef("pk"))
    name = "queue__name_fr" if get_language() == "fr" else "queue__name_ar"
    rows = (
        User.objects.filter(Exists(posted), Exists(desk), is_active=True)
        .select_related("presence")
        .annotate(
            in_call=_count(hand, CALLING),
            in_chat=_count(hand, CHATTING),
            in_wrap=_count(hand, WRITING),
            call_since=_since(hand, CALLING),
            chat_since=_since(hand, CHATTING),
            wrap_since=_since(hand, WRITING, of="ended_at"),
            served=Subquery(serving.values("queue")[:1]),
            served_name=Subquery(serving.values(name)[:1]),
        )
        .order_by("pk")
    )
    found = [_member(row, at=at) for row in rows]
    return sorted(found, key=lambda one: (ORDER.index(one.state), one.user.shown_name))


def in_state(team: Iterable[Member], state: str) -> list[Member]:
    """Those of one state, or of all that are at work but not free (`busy-all`)."""
    if state == "occupied":
        return [one for one in team if one.state in (CALL, CHAT, WRAP, BUSY)]
    return [one for one in team if not state or one.state == state]


def turns(team: Iterable[Member]) -> list[datetime]:
    """When those who are shown as free would be shown as gone, unless their desk speaks."""
    found = []
    for one in team:
        if one.is_free and (seen := one.user.presence.seen_at):
            found.append(seen + GONE_AFTER)
    return found


def _count(hand: Any, which: Q) -> Subquery:
    counted = hand.filter(which).order_by().values("user").annotate(n=Count("pk"))
    return Subquery(counted.values("n"))


def _since(hand: Any, which: Q, *, of: str = "started_at") -> Subquery:
    """Since when, of what one is in: an older thing that waits in hand is not meant."""
    found = hand.filter(which).order_by().values("user").annotate(first=Min(of))
    return Subquery(found.values("first"))


def _member(row: Any, *, at: datetime) -> Member:
    presence = getattr(row, "presence", None)
    chats = row.in_chat or 0
    state = _state(row, presence, at=at)
    since = presence.since if presence else None
    sent_at = presence.sent_at if presence and state == BREAK else None
    if state in (CALL, CHAT, WRAP):
        since = getattr(row, f"{state}_since")
    if state == GONE and presence:
        since = presence.seen_at or presence.since
    return Member(
        user=row, state=state, label=_label(state, chats, is_sent=sent_at is not None),
        since=since, sent_at=sent_at,
        queue=row.served_name or "", queue_pk=row.served, chats=chats,
        room=0 if row.in_call else max(0, row.capacity - chats),
    )  # fmt: skip


def _state(row: Any, presence: Any, *, at: datetime) -> str:
    """What one does goes before what one says; who is free must also be there."""
    if row.in_call:
        return CALL
    if presence is None or presence.state == Presence.State.AWAY:
        return CHAT if row.in_chat else AWAY
    if presence.state == Presence.State.FREE:
        if presence.seen_at is None or at - presence.seen_at > GONE_AFTER:
            return GONE
        if not row.in_chat and not row.in_wrap:
            return FREE
        return FREE if row.in_chat and row.in_chat < row.capacity else CHAT if row.in_chat else WRAP
    if row.in_chat:
        return CHAT
    return BREAK if presence.state == Presence.State.BREAK else WRAP if row.in_wrap else BUSY


def _label(state: str, chats: int, *, is_sent: bool) -> str:
    if is_sent:
        return _("On a break: two offers ignored")
    if state == CHAT or (state == FREE and chats):
        with_chats = ngettext("%(n)s chat", "%(n)s chats", chats) % {"n": chats}
        return capfirst(with_chats) if state == CHAT else f"{_('Available')} · {with_chats}"
    return {
        FREE: _("Available"), CALL: _("In a call"), WRAP: _("After the contact"),
        BUSY: _("Occupied"), BREAK: _("On a break"), GONE: _("Not connected"), AWAY: _("Away"),
    }[state]  # fmt: skip
