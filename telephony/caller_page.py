"""What the templates of a caller's page are given. Plain data, and the words of the waiting."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.centre.wording import clock_text, day_text
from helpdesk.portal import opinion, talk
from helpdesk.portal.actions.following import new_key
from helpdesk.queues import reception
from helpdesk.tickets.models import Promise
from telephony.actions.entering import is_first
from telephony.actions.recording import may_record
from telephony.calling_forms import BackForm
from telephony.doors import Door
from telephony.facts import State
from telephony.models import Leg
from telephony.providers.web.actions import open_leg

ENDS = {
    State.DONE: "talked", State.WRAP_UP: "talked", State.VOICEMAIL: "message",
    State.CALL_BACK: "call-back", State.FAILED: "lost",
}  # fmt: skip
"""How a call ended, as its page tells it; every other way is giving up."""


@dataclass
class Standing:
    """A call as its caller sees it."""

    leg: Leg
    at: datetime

    @property
    def call(self) -> Any:
        return self.leg.call

    @property
    def header(self) -> str:
        return open_leg(self.leg)

    @property
    def is_message(self) -> bool:
        """It came only to leave a message: it stands in no line."""
        return bool(self.call.state == State.ARRIVING)

    @cached_property
    def place(self) -> reception.Place | None:
        if self.call.state != State.WAITING:
            return None
        return reception.place_of(self.call.ticket, at=self.at)

    @property
    def number(self) -> int:
        """The place in line, from 1."""
        return self.place.before + 1 if self.place else 1

    @property
    def wait(self) -> str:
        """Who is before, and how long it usually takes."""
        return talk.wait_text(self.place)

    @property
    def is_long(self) -> bool:
        """Longer than anybody should wait: the other ways come first."""
        if self.call.state != State.WAITING:
            return False
        return bool(self.at - self.call.started_at >= reception.longest_wait(self.call.ticket))

    @property
    def mark(self) -> str:
        """Changes whenever the place would show something else."""
        return f"{self.call.state}-{self.number}-{self.wait}-{self.is_long}"

    @property
    def is_recorded(self) -> bool:
        return may_record(self.call)

    @property
    def has_number(self) -> bool:
        return bool(self.call.number)

    @cached_property
    def end(self) -> str:
        """talked, message, call-back, lost or given-up."""
        if self.call.answered_at is not None and self.call.state not in ENDS:
            return "talked"
        return ENDS.get(State(self.call.state), "given-up")

    @cached_property
    def is_first(self) -> bool:
        return is_first(self.call)

    @cached_property
    def promised(self) -> str:
        """Before when we call back; empty when nothing is owed."""
        owed = Promise.objects.owed().filter(ticket=self.call.ticket).first()
        return before(owed.window_until) if owed and self.call.number else ""

    @property
    def shown_number(self) -> str:
        """The caller's own, masked: somebody else may look on."""
        return str(self.call.number or "")

    @property
    def opinion(self) -> opinion.Opinion | None:
        if self.end != "talked" or not self.is_first:
            return None
        return opinion.opinion(self.call.ticket, at=self.at, url=reverse("calling:rating"))

    def context(self, **more: Any) -> dict[str, Any]:
        return {"standing": self, "back": BackForm(), "key": new_key(), **more}


def before(at: datetime) -> str:
    """`Today, Tuesday 24 November, before 16:30`."""
    return _("%(day)s before %(time)s") % {
        "day": day_text(at), "time": f"\u2066{clock_text(at)}\u2069",
    }  # fmt: skip


def door_context(door: Door, *, language: str) -> dict[str, Any]:
    """What the pages say of the centre now, and of the languages spoken."""
    return {
        "door": door, "hours": talk.hours_line(door.now), "promised": before(door.window[1]),
        "language_asked": language,
    }  # fmt: skip
