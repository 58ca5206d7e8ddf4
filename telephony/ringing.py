"""What rings at somebody's desk: a call offered to them, one that waits for whoever is free, a colleague
who asks them into a call; or the call they are in. One question while nothing rings."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.queues.rules import OFFERED_FOR
from telephony import callers, providers
from telephony.models import Call, Leg
from telephony.rules import Recognition, recognition

OFFER, PICK, ASKED = "offer", "pick", "asked"


@dataclass(frozen=True)
class Ring:
    """One call that rings here. `kind`: offered first to this person, to pick, or asked by a colleague."""

    call: Any
    kind: str
    user: Any
    at: datetime
    others: int = 0
    """How many more wait."""

    @cached_property
    def persons(self) -> list[Any]:
        return callers.persons_of(self.call)

    @cached_property
    def candidates(self) -> Sequence[callers.Candidate]:
        """Up to three who used this number, with what is known of each."""
        return callers.candidates(self.persons, ticket=self.call.ticket, user=self.user)

    @property
    def recognition(self) -> Recognition:
        return recognition(len(self.persons), withheld=not self.call.number)

    @property
    def warnings(self) -> list[str]:
        """Signs of a conflict around the request, before anything of it is shown."""
        return callers.signs(self.call.ticket, self.user)

    @property
    def line(self) -> str:
        """Line, theme and language, as the caller chose."""
        ticket = self.call.ticket
        theme = str(ticket.theme) if ticket and ticket.theme else ""
        parts = [self.call.get_line_display(), theme, self.call.tongue]
        return " · ".join(str(part) for part in parts if part)

    @property
    def left(self) -> int:
        """Seconds until somebody else is asked."""
        began = self.call.offered_at
        over = began + OFFERED_FOR - self.at if began else OFFERED_FOR
        return max(0, min(int(over.total_seconds()), self.seconds))

    @property
    def seconds(self) -> int:
        return int(OFFERED_FOR.total_seconds())

    @property
    def asker(self) -> str:
        return self.call.user.shown_name if self.call.user else ""

    @property
    def act(self) -> str:
        name = "telephony:joining" if self.kind == ASKED else "telephony:answer"
        return reverse(name, args=[self.call.pk])

    @property
    def pass_act(self) -> str:
        asked = self.kind == ASKED
        name = "telephony:consultation_ending" if asked else "telephony:refusal"
        return reverse(name, args=[self.call.pk])


@dataclass
class Telephone:
    """The telephone of one person at one moment."""

    user: Any
    at: datetime
    rows: list[Any] = field(default_factory=list)

    @cached_property
    def own(self) -> Any:
        """The call one is in, whoever one is there."""
        return next((row for row in self.rows if row.my_role and not self._asks(row)), None)

    @property
    def own_url(self) -> str:
        has_it = self.own.my_role == Leg.Role.ADVISOR and self.own.my_turn
        return reverse("telephony:card" if has_it else "telephony:beside", args=[self.own.pk])

    @property
    def own_says(self) -> str:
        if self.own.my_role == Leg.Role.SUPERVISOR:
            return _("You listen to a call")
        return _("A call is under way") if self.own.my_turn else _("A colleague asks you")

    @property
    def dials(self) -> bool:
        """Calls are made from the page; else on a telephone beside it."""
        return providers.dials()

    @cached_property
    def ring(self) -> Ring | None:
        """What rings, the most urgent first; nothing while one is in a call."""
        if self.own is not None:
            return None
        waiting = [row for row in self.rows if row.is_waiting]
        asks = [row for row in self.rows if self._asks(row)]
        mine = [row for row in waiting if self.user.pk in (row.offered_to, row.assignee)]
        open_ = [row for row in waiting if row not in mine and self._may_pick(row)]
        for kind, rows in ((ASKED, asks), (OFFER, mine), (PICK, open_)):
            if rows:
                others = len(mine) + len(open_) - (kind != ASKED)
                return Ring(rows[0], kind, self.user, self.at, others)
        return None

    @staticmethod
    def _asks(row: Any) -> bool:
        """A colleague asks this person, who has not come yet."""
        return row.my_mode == Leg.Mode.CONSULT and row.my_seen is None

    @staticmethod
    def _may_pick(row: Any) -> bool:
        return row.assignee is None and row.my_state in ("free", "busy")


def telephone_of(user: Any, *, at: datetime) -> Telephone:
    """One question."""
    return Telephone(user, at, list(Call.objects.at_desk_of(user, at=at)[:30]))
