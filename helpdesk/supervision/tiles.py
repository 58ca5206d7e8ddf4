"""The tiles in words: each figure with its threshold, how it stands, what to do now, and its rows."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from helpdesk.centre.wording import percent_text, timer_text
from helpdesk.queues.lists import title
from helpdesk.queues.narrowing import Only
from helpdesk.queues.rules import LIVE
from helpdesk.supervision import call_tiles, rules
from helpdesk.supervision.figures import Read
from helpdesk.supervision.rules import LATE, OK, SOON
from helpdesk.supervision.showing import Act, Now, Tile, Waits
from helpdesk.supervision.team import Member, in_state

WALL = ("calls", "longest", "chats", "oldest", "free", "service")


def tiles(waits: Waits) -> list[Tile]:
    """Twelve, in the order in which they press: two rows of six are read at a glance.

    Questions waiting stand by channel under them, and opinions of askers in the figures by month.
    """
    made: tuple[Callable[[Waits], Tile], ...] = (
        _calls, _longest, call_tiles.level, call_tiles.given_up, _chats, _free, _oldest, _late,
        _in_target, _promises, _day_61, _release,
    )  # fmt: skip
    return [one(waits) for one in made]


def _rows(**filters: str) -> str:
    return f"{reverse('queues:list')}?{urlencode(filters)}"


def _team(**filters: str) -> str:
    query = f"?{urlencode(filters)}" if filters else ""
    return f"{reverse('supervision:team')}{query}"


def _assign(waits: Waits, channels: Sequence[str], url: str, count: int) -> Act:
    """Give the longest of the channel to somebody, or see who could come back."""
    row = next((row for row in waits.first if row.channel in channels), None)
    if row is None:
        return Act(_("See the list"), url)
    if waits.free:
        return Act(_("Assign the longest"), reverse("supervision:assignment", args=[row.ticket_id]))
    return Act(_("Nobody is free: the team"), _team())


def _calls(waits: Waits) -> Tile:
    count, url = waits.count(Only.CALLS), _rows(only=Only.CALLS)
    return Tile(
        "calls", _("Calls waiting"), str(count), rules.at_most(count, rules.CALLS_MOST),
        _("at most %(n)s") % {"n": rules.CALLS_MOST}, _assign(waits, ("phone",), url, count),
        url, count, goal=str(rules.CALLS_MOST),
    )  # fmt: skip


def _chats(waits: Waits) -> Tile:
    count, url = waits.count(Only.CHATS), _rows(only=Only.CHATS)
    return Tile(
        "chats", _("Chats waiting"), str(count), rules.at_most(count, rules.CHATS_MOST),
        _("at most %(n)s") % {"n": rules.CHATS_MOST}, _assign(waits, ("chat",), url, count),
        url, count, goal=str(rules.CHATS_MOST),
    )  # fmt: skip


def _longest(waits: Waits) -> Tile:
    count, url = waits.count(Only.LIVE), _rows(only=Only.LIVE)
    row = waits.longest
    act = _assign(waits, (row.channel,) if row else LIVE, url, count)
    if row is None:
        return Tile("longest", _("Longest wait"), "–", OK, _("callers and chats"), act, url, count)
    seconds = int((row.due_at - row.since).total_seconds())
    goal = f"\u2066{timer_text(seconds).removeprefix('0')}\u2069"
    return Tile(
        "longest", _("Longest wait"), timer_text(int((waits.at - row.since).total_seconds())),
        rules.live_wait(row.since, row.due_at, at=waits.at), _("target %(time)s") % {"time": goal},
        act, url, count, since=row.since, is_clock=True, goal=goal,
    )  # fmt: skip


def _oldest(waits: Waits) -> Tile:
    found, url = waits.read, _rows(only=Only.UNANSWERED, sort="due")
    count = waits.count(Only.UNANSWERED)
    state = rules.written_wait(found.oldest_due, at=waits.at)
    act = Act(_("Open the most pressing") if count else _("See the list"), url)
    if found.oldest_at is None:
        return Tile("oldest", _("Oldest without answer"), "–", OK, _("all answered"), act, url, 0)
    value, unit = _in_words(waits.at - found.oldest_at)
    return Tile(
        "oldest", _("Oldest without answer"), value, state, _first_due(found, at=waits.at), act,
        url, count, unit=unit, since=found.oldest_at,
    )  # fmt: skip


def _in_words(age: timedelta) -> tuple[str, str]:
    """The largest unit alone: 22 hours, 3 days."""
    minutes = max(0, int(age.total_seconds()) // 60)
    if minutes < 60:
        return str(minutes), npgettext("unit", "minute", "minutes", minutes)
    if minutes < 48 * 60:
        return str(minutes // 60), npgettext("unit", "hour", "hours", minutes // 60)
    days = minutes // 1440
    return str(days), npgettext("unit", "day", "days", days)


def _first_due(found: Read, *, at: datetime) -> str:
    """Whether the nearest target has passed; when it will, no length of time that would tick."""
    if found.oldest_due is None:
        return ""
    return _("a target has passed") if found.oldest_due < at else _("all within their target")


def _late(waits: Waits) -> Tile:
    count, url = waits.count(Only.LATE), _rows(only=Only.LATE, sort="due")
    act = Act(_("Open the latest first") if count else _("See the list"), url)
    return Tile(
        "late",
        _("Past their target"),
        str(count),
        LATE if count else OK,
        _("target: none"),
        act,
        url,
        count,
    )


def _free(waits: Waits) -> Tile:
    free, busy = in_state(waits.team, "free"), in_state(waits.team, "occupied")
    here = len(waits.team)
    state = rules.free_advisors(len(free), here, callers=waits.count(Only.LIVE))
    act = Act(_("See the team"), _team())
    if state != OK:
        act = Act(_("Who is on a break?"), _team(state="break"))
    return Tile(
        "free", _("Advisors available"), str(len(free)), state,
        _("at least %(n)s") % {"n": rules.FREE_LEAST}, act, _team(state="free"), len(free),
        unit=_("of %(n)s") % {"n": here},
        of=_("%(n)s occupied") % {"n": len(busy)}, goal=str(rules.FREE_LEAST),
    )  # fmt: skip


def _in_target(waits: Waits) -> Tile:
    whole, part = waits.count(Only.FIRST), waits.count(Only.IN_TARGET)
    share = rules.share(part, whole)
    state = OK if share is None else rules.at_least(share, rules.IN_TARGET_LEAST)
    act = Act(_("See the late ones"), _rows(only=Only.LATE, sort="due"))
    if state == OK:
        act = Act(_("See all of today"), _rows(only=Only.FIRST))
    return Tile(
        "in-target", _("Answered in target today"), "–" if share is None else str(share), state,
        _("at least %(share)s") % {"share": f"\u2066{percent_text(rules.IN_TARGET_LEAST)}\u2069"},
        act, _rows(only=Only.IN_TARGET), part, unit="" if share is None else "%",
        goal=f"\u2066{percent_text(rules.IN_TARGET_LEAST)}\u2069", of=_("%(part)s of %(whole)s") % {"part": part, "whole": whole},
    )  # fmt: skip


def _promises(waits: Waits) -> Tile:
    due, broken = waits.count(Only.PROMISED), waits.count(Only.BROKEN)
    url = _rows(only=Only.PROMISED)
    act = Act(_("See the list"), url)
    if broken:
        act = Act(_("Call the overdue ones"), _rows(only=Only.BROKEN))
    return Tile(
        "promises", _("Calls owed today"), str(due), LATE if broken else SOON if due else OK,
        _("%(n)s overdue") % {"n": broken} if broken else _("none overdue"), act, url, due,
    )  # fmt: skip


def _day_61(waits: Waits) -> Tile:
    count, passed = waits.read.calls_to_make, waits.read.passed
    url = reverse("associations:day_61")
    return Tile(
        "day-61", _("Day-61 list"), str(count), LATE if passed else SOON if count else OK,
        _("%(n)s delays passed") % {"n": passed} if passed else _("no delay passed"),
        Act(_("Call them") if count else _("See the list"), url), url, count,
    )  # fmt: skip


def _release(waits: Waits) -> Tile:
    count, url = waits.count(Only.RELEASE), _rows(only=Only.RELEASE)
    return Tile(
        "release", _("Awaiting release"), str(count), SOON if count else OK,
        _("a second person decides") if count else _("nothing waits"),
        Act(_("Read and decide") if count else _("See the list"), url), url, count,
    )  # fmt: skip


def now(waits: Waits, made: Sequence[Tile]) -> list[Now]:
    """At most two things to do first: who waits on the line, then the figures past their threshold."""
    found = []
    row = waits.longest
    if row is not None:
        found.append(_now_live(waits, row))
    found += [_now_sent(one) for one in waits.team if one.sent_at]
    for state in (LATE, SOON):
        for tile in made:
            if tile.state == state and tile.name not in ("calls", "chats", "longest", "free"):
                found.append(Now(state, _now_text(tile), tile.act))
    return found[:2]


def _now_live(waits: Waits, row: Any) -> Now:
    state = rules.live_wait(row.since, row.due_at, at=waits.at)
    page = reverse("supervision:assignment", args=[row.ticket_id])
    where = f"\u2068{title(row.ticket)}\u2069"
    if waits.free:
        best = waits.free[0]
        name = f"\u2068{best.user.shown_name}\u2069"
        text = _("“%(subject)s” waits; %(name)s is available.") % {"subject": where, "name": name}
        act = Act(_("Assign to %(name)s") % {"name": name}, page)
        return Now(state, text, act, ticket=row.ticket_id, to=best.user.pk)
    text = _("“%(subject)s” waits and nobody is available.") % {"subject": where}
    return Now(state, text, Act(_("See the team"), _team()))


def _now_sent(one: Member) -> Now:
    """The supervisor is told once: whoever is away has callers wait for nobody."""
    name = f"\u2068{one.user.shown_name}\u2069"
    text = _("%(name)s let two offers run out and is on a break now.") % {"name": name}
    return Now(SOON, text, Act(_("See the team"), _team(state="break")))


def _now_text(tile: Tile) -> str:
    value = (
        f"\u2066{tile.value}%\u2069" if tile.unit == "%" else f"{tile.value} {tile.unit}".strip()
    )
    return _("%(label)s: %(value)s, %(state)s") % {
        "label": tile.label, "value": value, "state": tile.said,
    }  # fmt: skip
