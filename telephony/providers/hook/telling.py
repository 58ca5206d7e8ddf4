"""What an exchange tells becomes facts of a call, in whatever order, however late and however often."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction

from helpdesk.accounts.models import User
from helpdesk.centre import practice
from helpdesk.centre.models import Centre
from helpdesk.queues.models import Waiting
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.rules import Kind
from telephony import actions
from telephony.actions import calling, turning
from telephony.facts import Fact, State, Why
from telephony.models import Call
from telephony.providers.hook.fields import Said

WEBHOOK = actions.Source.WEBHOOK


class NoCentre(Exception):
    """Nobody has set the installation up yet."""


def centre(key: str = "") -> Centre:
    """Whose line it is: that of the centre which has the key by name, else the first's. Raises NoCentre."""
    rows = list(Centre.objects.real().order_by("pk"))
    if not rows:
        raise NoCentre
    found: Centre = next((row for row in rows if key in row.line_keys), rows[0])
    return found


@transaction.atomic
def tell(said: Said, *, at: datetime, signed: str = "") -> Call:
    """One event, signed by the key of that name. An event of a call not heard of yet makes the call: what
    was lost may come later."""
    call = _call(said, signed, at=at)
    _ACTS[said.event](call, said, at)
    return call


def key_of(name: str, of: str = "") -> str:
    """Our key of the exchange's call: of one length, and nothing of it is readable. `of` is the centre's
    slug where its exchange is its own: two exchanges may give one name to two calls."""
    return f"hook:{sha256(f'{of}/{name}'.encode() if of else name.encode()).hexdigest()[:40]}"


def _call(said: Said, signed: str, *, at: datetime) -> Call:
    line = centre(signed)
    key = key_of(said.call, line.slug if signed in line.line_keys else "")
    held = Call.objects.held().filter(key=key).first()
    if held is None:
        caller = actions.Caller(number=said.number, language=said.language or "ary")
        held = actions.arrive(
            Call.Line.HOOK, caller, centre=practice.answering(line, at=at), at=said.at, key=key,
            source=WEBHOOK, received_at=at, line_name=said.line,
        )  # fmt: skip
    elif said.number is not None and held.number is None:
        calling.number_told(held, said.number)
    if said.at < held.started_at:
        Call.objects.filter(pk=held.pk).update(started_at=said.at)
        actions.note(
            held, Fact.ARRIVED, Fact.QUEUED, at=said.at, source=WEBHOOK, received_at=at,
            key=f"since:{said.mark}", is_held=True,
        )  # fmt: skip
    return held


def _note(
    call: Call, said: Said, at: datetime, *kinds: Fact, turn: int = 0, user: Any = None,
    why: Why | str = "",
) -> None:  # fmt: skip
    actions.note(
        call, *kinds, at=said.at, source=WEBHOOK, turn=turn, user=user, why=why,
        key=f"{said.mark}:{turn}", received_at=at, is_held=True,
    )  # fmt: skip


def _is_told(call: Call, said: Said) -> bool:
    return call.events.filter(key__startswith=f"{call.pk}:{said.mark}:").exists()


def _ringing(call: Call, said: Said, at: datetime) -> None:
    """It rings at a telephone: whose that is, is asked first."""
    user = _user(said.extension, call)
    if user is None or call.state != State.WAITING:
        return
    rows = Waiting.objects.now().filter(ticket=call.ticket_id).exclude(offered_to=user)
    row = rows.first()
    if row is None or user.pk in row.passed:
        return
    try:
        with transaction.atomic():
            rows.update(offered_to=user, offered_at=at)
    except IntegrityError:
        return  # somebody else's call is offered to them: this one stands in the list of all


def _answered(call: Call, said: Said, at: datetime) -> None:
    if not _is_told(call, said):
        turning.picked_up(
            call, user=_user(said.extension, call), sequence=said.sequence, at=said.at, received_at=at,
            key=said.mark,
        )  # fmt: skip


def _ended(call: Call, said: Said, at: datetime) -> None:
    if not _is_told(call, said):
        _note(call, said, at, Fact.ENDED, why=Why.CALLER)


def _missed(call: Call, said: Said, at: datetime) -> None:
    if not _is_told(call, said):
        _note(call, said, at, Fact.ENDED, why=Why.MISSED)


def _voicemail(call: Call, said: Said, at: datetime) -> None:
    if _is_told(call, said):
        return
    _note(call, said, at, Fact.VOICEMAIL)
    _note(call, said, at, Fact.ENDED, why=Why.CALLER)
    assert call.ticket is not None
    facts = {"call": call.pk, "seconds": said.seconds, "recording": said.recording}
    entry(
        call.ticket, Kind.NOTE, at=at, data={"about": "voicemail", **facts},
        key=f"voicemail:{call.pk}", public=False,
    )  # fmt: skip


def _user(extension: str, call: Call) -> User | None:
    """Whose telephone it is, in the centre of the call."""
    if not extension:
        return None
    found = User.objects.filter(extension=extension, is_active=True)
    return found.filter(postings__team__centre=call.centre_id).first()


_ACTS = {
    "ringing": _ringing, "answered": _answered, "ended": _ended, "missed": _missed,
    "voicemail": _voicemail,
}  # fmt: skip
