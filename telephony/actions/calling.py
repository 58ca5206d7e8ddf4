"""A caller's own acts: to arrive, to be heard of, to ask for a call-back, to leave a message, to hang up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from helpdesk.associations import actions as associations
from helpdesk.associations.numbers import Number
from helpdesk.queues import actions as queues
from helpdesk.tickets.models import Promise, Ticket
from helpdesk.tickets.rules import Channel
from telephony.actions import timing
from telephony.actions.noting import Source, note
from telephony.facts import Fact, Why
from telephony.models import Call, CallPayload, Leg

SEEN_EACH = timedelta(seconds=4)
"""How often it is written down that a page is there."""


@dataclass(frozen=True)
class Caller:
    """What is known of a caller at the start; everything may be empty."""

    number: Number | None = None
    name: str = ""
    words: str = ""
    language: str = "ary"
    """Code of accounts.Tongue."""
    theme: Any = None
    province: str = ""


@transaction.atomic
def arrive(
    line: Call.Line, caller: Caller, *, centre: Any, at: datetime, key: str, source: Source,
    waits: bool = True, received_at: datetime | None = None, line_name: str = "",
) -> Call:  # fmt: skip
    """A call comes in: it becomes a request and, unless `waits=False`, stands in line.

    A caller whose call is already owed comes back to that request. The same `key` is one call. Its row is
    locked until the transaction ends. `at` is when it rang, `received_at` when that was told, `line_name` the exchange's name for its line.
    """
    call, leg = known(line, caller, centre=centre, at=at, key=key)
    if leg is None:
        return call
    call.ticket = received(call, caller, at=at, waits=waits, line_name=line_name)
    call.save(update_fields=["ticket"])
    kinds = [Fact.ARRIVED, Fact.QUEUED] if waits else [Fact.ARRIVED]
    note(call, *kinds, at=at, source=source, received_at=received_at, is_held=True)
    if waits:
        timing.start_waiting(call, at=at)
    return call


def known(
    line: Call.Line, caller: Caller, *, centre: Any, at: datetime, key: str
) -> tuple[Call, Leg | None]:  # fmt: skip
    """The call of that key, its row locked, and its caller's end where both were made just now."""
    try:
        with transaction.atomic():
            call = Call.objects.create(
                centre=centre, line=line, language=caller.language, started_at=at, key=key
            )
    except IntegrityError:
        return Call.objects.held().get(key=key), None
    CallPayload.objects.create(
        call=call, number=caller.number or "", name=caller.name, words=caller.words,  # type: ignore[misc]
    )  # fmt: skip
    return call, Leg.objects.create(call=call, role=Leg.Role.CALLER, made_at=at, seen_at=at)


def received(
    call: Call, caller: Caller, *, at: datetime, waits: bool, line_name: str = ""
) -> Ticket:
    """The request of a call: the one on which it is owed, or a new one."""
    person = _person(call, caller, at=at)
    owed = _owed_to(caller.number, centre=call.centre)
    opened: dict[str, Any] = {} if owed else {"contact_number": caller.number or ""}
    return queues.receive(
        Channel.PHONE, key=f"call:{call.pk}", at=at, centre=call.centre, words=caller.words,
        language=caller.language, ticket=owed, person=person, theme=caller.theme,
        province=caller.province, waits=waits, subject=_subject(caller),
        data={"call": call.pk, "direction": call.direction, "line": call.line, "act": "arrived",
              "line_name": line_name},
        **opened,
    ).ticket  # fmt: skip


def number_told(call: Call, number: Number) -> None:
    """The number of a caller became known after the call."""
    CallPayload.objects.filter(call=call, number="").update(number=number)
    call.payload.refresh_from_db()
    if call.ticket is None:
        return
    rows = Ticket.objects.filter(pk=call.ticket.pk)
    rows.filter(contact_number="").update(contact_number=number)
    if only := _only_person(call, number):
        rows.filter(person=None).update(person=only)
    call.ticket.refresh_from_db()


def _subject(caller: Caller) -> str:
    if caller.words or caller.theme is None:
        return ""
    return str(caller.theme)


def _person(call: Call, caller: Caller, *, at: datetime) -> Any:
    """The one person known by the number; else whoever gives a name; nobody is guessed."""
    if caller.name:
        return associations.person_for(
            centre=call.centre, at=at, name=caller.name, number=caller.number,
            language="fr" if caller.language == "fr" else "ar", speaks=caller.language,
        )  # fmt: skip
    if caller.number is None:
        return None
    return _only_person(call, caller.number)


def _only_person(call: Call, number: Number) -> Any:
    """The one who uses a number; None where several share it."""
    known = associations.by_number(number, centre=call.centre)
    return known[0] if len(known) == 1 else None


def _owed_to(number: Number | None, *, centre: Any) -> Ticket | None:
    """The request on which a call to this number is owed, the newest first."""
    if number is None:
        return None
    promises = Promise.objects.owed().filter(
        ticket__centre=centre, ticket__contact_number=number,
        kind__in=[Promise.Kind.MISSED, Promise.Kind.VOICEMAIL, Promise.Kind.CALL_BACK],
    )  # fmt: skip
    found = promises.select_related("ticket").order_by("-made_at").first()
    return found.ticket if found else None


def seen(leg: Leg, *, at: datetime) -> bool:
    """The page of a leg was heard of. True when it had been silent and is back."""
    rows = Leg.objects.here().filter(pk=leg.pk)
    if leg.silent_since is not None:
        return bool(rows.update(seen_at=at, silent_since=None))
    if not leg.was_seen(since=at - SEEN_EACH):
        rows.update(seen_at=at)
    return False


def leave_page(leg: Leg, *, at: datetime) -> None:
    """The page is being left; no hang-up: it may come back."""
    Leg.objects.here().filter(pk=leg.pk, silent_since=None).update(silent_since=at)
    timing.hasten(leg, at=at)


def ask_call_back(call: Call, *, at: datetime, number: Number | None = None) -> None:
    """The caller would rather be called; the line is left, the place counts by the arrival."""
    if number is not None:
        CallPayload.objects.filter(call=call).update(number=number)
        Ticket.objects.filter(pk=call.ticket_id, contact_number="").update(contact_number=number)  # type: ignore[misc]
        call = _fresh(call)
    note(call, Fact.CALL_BACK, at=at, source=Source.BROWSER)
    hang_up(call, why=Why.CALLER, at=at, source=Source.BROWSER)


def left_message(call: Call, *, at: datetime, source: Source) -> None:
    """A voice message was left."""
    note(call, Fact.VOICEMAIL, at=at, source=source)
    hang_up(call, why=Why.CALLER, at=at, source=source)


def hang_up(
    call: Call, *, why: Why, at: datetime, source: Source, by: Any = None, key: str = ""
) -> None:
    """The call is over. Harmless when repeated."""
    note(call, Fact.ENDED, at=at, why=why, source=source, user=by, key=key)


def missed(call: Call, *, at: datetime) -> None:
    """Nobody answered: as the exchange or a sweep tells it."""
    hang_up(call, why=Why.MISSED, at=at, source=Source.WEBHOOK)


def _fresh(call: Call) -> Call:
    return Call.objects.select_related("payload", "ticket", "centre").get(pk=call.pk)
