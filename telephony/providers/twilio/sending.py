"""Orders go out: one after the other, by a sweep; what moves a caller to a waiting advisor at once.

An order is taken by compare-and-set before it is sent, and is due again a while later: whoever is killed
in between leaves it to be sent once more. So every order must bear being sent twice, and all here do:
what has been done already is answered by Twilio as gone, or changes nothing.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from helpdesk.accounts.actions import audit
from telephony.providers.twilio import messages
from telephony.providers.twilio.account import account, address
from telephony.providers.twilio.client import Rest
from telephony.providers.twilio.models import Order, Voice
from telephony.providers.twilio.prompts import sounds
from telephony.providers.twilio.reaching import NotTaken
from telephony.providers.twilio.rendering import ASKED

Kind = Order.Kind
log = logging.getLogger("wasl.line")
LEASE = timedelta(seconds=20)
"""An order on its way for so long has nobody who waits for its answer."""
PAUSES = [timedelta(seconds=seconds) for seconds in (1, 2, 4, 8, 15, 30, 60, 300)]
"""After each try that may pass; after one more it is given up."""
AT_ONCE = 50
A_CALL_EACH = timedelta(seconds=1)
KEPT = timedelta(days=90)
"""As raw events of every provider."""
ROOT = "/hooks/twilio/"


def send_due(*, at: datetime) -> int:
    """Sweep: send what is due; how many were tried."""
    if account() is None:
        return 0
    before = Order.objects.open().filter(voice=OuterRef("voice"), pk__lt=OuterRef("pk"))
    rows = Order.objects.due(at=at).exclude(Exists(before)).values_list("pk", flat=True)
    return sum(send(pk, at=at) for pk in list(rows[:AT_ONCE]))


def send_now(pk: int) -> None:
    """Right after the commit that wrote it; what fails is left to the sweep."""
    try:
        send(pk, at=timezone.now())
    except Exception:
        log.exception("an order waits for the sweep")


def send(pk: int, *, at: datetime) -> bool:
    """Send one order that is due; False when another process has it, or nothing is to be done."""
    ours = account()
    taken = Order.objects.due(at=at).filter(pk=pk)
    row = taken.select_related("voice", "room", "call").first()
    if ours is None or row is None:
        return False
    if row.kind == Kind.DIAL and _dialled_lately(row, at=at):
        return False
    mine = taken.filter(tries=row.tries)
    if not mine.update(due_at=at + LEASE, sent_at=at, tries=row.tries + 1):
        return False
    row.tries += 1
    try:
        _SENDS[Kind(row.kind)](row, Rest(ours), at)
    except NotTaken as no:
        _not_taken(row, no, at=at)
    except Exception as error:
        # Ours, not Twilio's: told with its place, and in nobody's way.
        log.exception("an order could not be sent", extra={"kind": row.kind})
        _again(row, type(error).__name__, at=at)
    else:
        _done(row, at=at)
    return True


def _dialled_lately(row: Order, *, at: datetime) -> bool:
    """Twilio begins one call a second for an account, and lets the others wait where nobody sees them."""
    rows = Order.objects.filter(kind=Kind.DIAL, sent_at__gt=at - A_CALL_EACH).exclude(pk=row.pk)
    return rows.exists()


def _done(row: Order, *, at: datetime, error: str = "") -> None:
    Order.objects.filter(pk=row.pk).update(done_at=at, error=error)


def _not_taken(row: Order, no: NotTaken, *, at: datetime) -> None:
    if row.kind == Kind.LOOK:
        _done(row, at=at)  # another look follows, or the sweep of quiet calls
        return
    # A sound may be told of before it can be had.
    is_awaited = row.kind == Kind.FETCH and no.is_gone
    if no.is_gone and not is_awaited:
        _done(row, at=at)
        if row.kind in (Kind.MOVE, Kind.PARK) and row.voice is not None:
            _has_hung_up(row.voice, at=at)
        return
    if no.may_pass or is_awaited:
        _again(row, no.words, at=at)
    else:
        _give_up(row, no.words, at=at)


def _again(row: Order, words: str, *, at: datetime) -> None:
    if row.tries > len(PAUSES):
        _give_up(row, words, at=at)
        return
    due = at + PAUSES[row.tries - 1]
    Order.objects.filter(pk=row.pk).update(due_at=due, error=words)


def _give_up(row: Order, words: str, *, at: datetime) -> None:
    _done(row, at=at, error=words)
    log.error("an order was given up", extra={"kind": row.kind, "error": words})


def _has_hung_up(voice: Voice, *, at: datetime) -> None:
    """Twilio knows the caller no more: the advisor is free."""
    from telephony.providers.twilio.reconciling import over

    over(voice, at=at)


def _move(row: Order, rest: Rest, at: datetime) -> None:
    """Out of the line into the room; from wherever they are, where Twilio's line has them no more."""
    assert row.voice is not None
    assert row.room is not None
    may_be_done = row.tries > 1 and not row.error.startswith("429")
    if may_be_done and row.voice.sid in rest.in_room(row.room.name):
        return  # its answer was lost: moved again the caller would leave the room
    url = address(f"{ROOT}enter/{row.room.name}/") + ASKED
    if row.voice.line_sid:
        try:
            rest.take_from_line(row.voice.line_sid, row.voice.sid, url)
            return
        except NotTaken as no:
            if no.status != 404:
                raise
    rest.send_to(row.voice.sid, url)


def _park(row: Order, rest: Rest, at: datetime) -> None:
    assert row.voice is not None
    if row.voice.room_id is not None:
        return  # somebody has them again: parked now they would leave that room
    rest.send_to(row.voice.sid, address(f"{ROOT}back/") + ASKED)


def _set(row: Order, rest: Rest, at: datetime) -> None:
    """Hold with our music where some was recorded, else with Twilio's."""
    if row.voice is None or row.room is None or not row.room.sid:
        return
    how: dict[str, Any] = {}
    if "hold" in row.data:
        how["hold"] = row.data["hold"]
        music = sounds.music()
        if row.data["hold"] and music:
            how |= {"hold_url": address(music), "hold_method": "GET"}
    if "muted" in row.data:
        how["muted"] = row.data["muted"]
    if "coach" in row.data:
        how["coaching"] = bool(row.data["coach"])
        if row.data["coach"]:
            how["call_sid_to_coach"] = row.data["coach"]
    rest.tell(row.room.sid, row.voice.sid, **how)


def _drop(row: Order, rest: Rest, at: datetime) -> None:
    assert row.voice is not None
    if row.room is not None and row.room.sid:
        rest.drop(row.room.sid, row.voice.sid)
    else:
        rest.end(row.voice.sid)


def _close(row: Order, rest: Rest, at: datetime) -> None:
    """Also where nothing was told of a room somebody was found in: who only listens would stay for ever."""
    assert row.room is not None
    room = row.room.sid
    if not room and row.room.voices.exclude(joined_at=None).exists():
        room = rest.room_named(row.room.name)
    if room:
        rest.close(room)


def _end(row: Order, rest: Rest, at: datetime) -> None:
    assert row.voice is not None
    rest.end(row.voice.sid)


def _fetch(row: Order, rest: Rest, at: datetime) -> None:
    messages.fetch(row, rest, at=at)


def _forget(row: Order, rest: Rest, at: datetime) -> None:
    try:
        rest.forget(row.data["recording"])
    except NotTaken as no:
        if not no.is_gone:
            raise
    facts = {name: row.data[name] for name in ("recording", "size", "sha256")}
    audit("deleted-at-provider", by=None, at=at, subject=row.call, reason="kept here", facts=facts)


def _look(row: Order, rest: Rest, at: datetime) -> None:
    from telephony.providers.twilio.reconciling import look

    assert row.room is not None
    look(row.room, rest, at=at)


def _dial(row: Order, rest: Rest, at: datetime) -> None:
    from telephony.providers.twilio.dialled import send as dial

    dial(row, rest, at=at)


def _tape(row: Order, rest: Rest, at: datetime) -> None:
    from telephony.providers.twilio.tapes import send as tape

    tape(row, rest, at=at)


_SENDS: dict[Order.Kind, Callable[[Order, Rest, datetime], None]] = {
    Kind.MOVE: _move, Kind.PARK: _park, Kind.SET: _set, Kind.DROP: _drop, Kind.CLOSE: _close,
    Kind.END: _end, Kind.FETCH: _fetch, Kind.FORGET: _forget,
    Kind.LOOK: _look, Kind.DIAL: _dial, Kind.TAPE: _tape,
}  # fmt: skip


def orders_set_aside() -> int:
    return Order.objects.set_aside().count()


def forget_old(*, at: datetime) -> int:
    """Sweep: what was ordered long ago is of no use; what was deleted at Twilio is in the audit."""
    old = Order.objects.filter(made_at__lt=at - KEPT).exclude(done_at=None).order_by("pk")
    pks = list(old.values_list("pk", flat=True)[:500])
    return Order.objects.filter(pk__in=pks).delete()[0]
