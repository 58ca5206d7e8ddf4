"""The dark band of the call card: how the call stands for one person, and what they can do now."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from helpdesk.queues.rules import WRAP_UP
from telephony import actions, callers, providers
from telephony.actions import dialling, made, recording
from telephony.actions.noting import facts_of
from telephony.facts import Fact, State, Why
from telephony.models import Leg
from telephony.providers import Capabilities, Page
from telephony.rules import Recognition, has_call, recognition

LISTENING = tuple(actions.LISTENING)
_HOW = {
    str(Fact.MACHINE): Fact.MACHINE.label, str(Why.MISSED): Why.NO_ANSWER.label,
    str(Why.ADVISOR): _("you hung up"),
}  # fmt: skip


@dataclass(frozen=True)
class Band:
    """`leg` is the person's own end; None on a line without one, and once they have left."""

    call: Any
    leg: Any
    user: Any
    at: datetime

    @property
    def kind(self) -> str:
        """`live`, `claimed` (being connected), `beside`, `back` (in line again), `gone` (somebody else
        has it), `over` (to be written down), `written`."""
        call = self.call
        if self.leg is not None and not has_call(self.leg) and call.has_voice:
            return "beside"
        if call.user_id != self.user.pk:
            return "gone"
        if call.wrapped_at:
            return "written"
        if not call.is_live:
            return "over"
        if not call.has_voice:
            return "back"
        return "claimed" if call.state == State.CLAIMED else "live"

    @property
    def can(self) -> Capabilities:
        return providers.of(self.call).capabilities

    @cached_property
    def page(self) -> Page:
        """What this page is given to speak in the call."""
        return providers.of(self.call).page_of(self.call) if self.has_voice else Page()

    @property
    def given(self) -> str:
        """The same for its scripts, as JSON."""
        return json.dumps(dict(self.page.given))

    @property
    def has_voice(self) -> bool:
        """The person speaks in this page."""
        return self.can.voice_in_page and self.leg is not None and self.call.has_voice

    @property
    def may_record(self) -> bool:
        """The page of who has the call records it."""
        in_page = self.can.record and self.has_voice
        return in_page and has_call(self.leg) and recording.may_record(self.call)

    @cached_property
    def tape(self) -> str:
        """How the line records the talk; empty = it does not."""
        if not (self.has_voice and has_call(self.leg)):
            return ""
        return providers.of(self.call).recorded(self.call)

    @property
    def is_withdrawn(self) -> bool:
        """The caller had agreed to a recording and does not any more."""
        consent = self.call.recording_consent
        return consent is not None and consent.withdrawn_at is not None

    @property
    def is_made(self) -> bool:
        """Made from this page, and rung by the line."""
        return dialling.is_by_page(self.call)

    @property
    def rings(self) -> bool:
        """It rings at theirs."""
        return self.is_made and self.call.dial.ringing_at is not None

    @cached_property
    def vain(self) -> str:
        """Why a call that was made reached nobody; empty where it did, or goes on."""
        if not self.is_made or self.call.state != State.FAILED:
            return ""
        facts = facts_of(self.call)
        why = made.vain(self.call, facts) or (facts.end.why if facts.end else "")
        return str({**dict(Why.choices), **_HOW}.get(why, ""))

    @property
    def is_muted(self) -> bool:
        return self.leg is not None and self.leg.mode == Leg.Mode.MUTE

    @property
    def aloud(self) -> str:
        """The request's number in groups, to be read out to who gave none."""
        reference = self.call.ticket.reference if self.call.ticket else ""
        letter, year, number = [*reference.split("-"), "", ""][:3]
        return f"{letter}  {year}  {number[:3]}  {number[3:]}"

    @property
    def is_held(self) -> bool:
        return bool(self.call.state == State.HELD)

    @cached_property
    def persons(self) -> list[Any]:
        return callers.persons_of(self.call)

    @property
    def recognition(self) -> Recognition:
        return recognition(len(self.persons), withheld=not self.call.number)

    @cached_property
    def _others(self) -> list[Any]:
        rows = self.call.legs.here().exclude(user=self.user.pk).exclude(role=Leg.Role.CALLER)
        return list(rows.select_related("user"))

    @property
    def listeners(self) -> list[Any]:
        """Who hears the call beside its advisor."""
        return [leg for leg in self._others if leg.role == Leg.Role.SUPERVISOR]

    @property
    def asked(self) -> Any:
        """The colleague who is asked; `seen_at` says whether they have come."""
        found = [leg for leg in self._others if leg.mode == Leg.Mode.CONSULT]
        return found[0] if found else None

    @cached_property
    def left(self) -> int:
        """Seconds until another call is offered; 0 once it is so."""
        row = actions.work_on(self.call) if self.call.ended_at else None
        if row is None or row.wrapped_at or not row.ended_at:
            return 0
        until = row.peace_until or row.ended_at + WRAP_UP
        return max(0, int((until - self.at).total_seconds()))
