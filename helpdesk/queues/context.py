"""What the desk's templates may show on any page: the top bar's figures and the start pane.

Nothing is read before a template asks for it, so public pages and plain forms pay nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from helpdesk.accounts.scope import Scope
from helpdesk.live import passes, streams
from helpdesk.queues import figures
from helpdesk.queues.lists import Lists
from helpdesk.queues.models import Presence

CLASSES = {"free": "", "busy": "busy", "break": "wrap", "away": "gone"}


@dataclass
class Desk:
    """The desk as one person sees it at one moment."""

    user: Any
    at: datetime
    open_pk: int | None = None
    kept: dict[str, list[int]] | None = None
    also: Any = None
    """A list of tickets to count in the same question."""
    shows: Literal["bar", "list", "pane"] = "bar"
    """The page shows the top bar only, a list of its own beside it, or the start pane: it pays for
    what it shows, and the pane's lists are most of the question."""

    @cached_property
    def found(self) -> figures.Figures | None:
        """None for who reads no tickets."""
        if not self.user.is_authenticated or not self.user.has_perm("tickets.read_ticket"):
            return None
        pane = self.shows == "pane"
        late = self.shows == "list" or (pane and self.open_pk is None and not self.kept)
        return figures.read(self.user, at=self.at, also=self.also, late=late, lists=pane)

    @cached_property
    def lists(self) -> Lists | None:
        if self.shows != "pane":
            # A page that did not say so before: asked once more, with the lists.
            self.shows = "pane"
            self.__dict__.pop("found", None)
        if self.found is None:
            return None
        return Lists(self.user, self.at, self.found, self.kept or {}, self.open_pk)

    @cached_property
    def live(self) -> passes.Listening:
        """The streams of the person's teams."""
        teams = sorted({reach.team for reach in Scope.of(self.user).reaches})
        return passes.listening(self.user, *(streams.team(pk) for pk in teams))

    @property
    def topbar(self) -> dict[str, Any] | None:
        """What parts/waiting.html and parts/state.html show."""
        found = self.found
        if found is None:
            return None
        since, due = found.waiting_since, found.waiting_due
        left = (due - self.at).total_seconds() if due else None
        state = Presence.State(found.state)
        does = _does(found, state)
        return {
            "waiting": found.waiting_count,
            "longest": int((self.at - since).total_seconds()) if since else None,
            "pressure": "" if left is None else "late" if left < 0 else "soon" if left < 3600 else "",
            "waiting_url": reverse("queues:list") + "?who=nobody",
            "state": does[0] if does else CLASSES[state],
            "state_code": state.value,
            "state_label": does[1] if does else capfirst(state.label),
            "is_engaged": bool(does),
            "states": [(code, capfirst(label)) for code, label in Presence.State.choices],
            "load": found.load,
            "room": found.room,
            "state_url": reverse("queues:presence"),
            "sent_at": found.sent_at,
        }  # fmt: skip


def _does(found: figures.Figures, state: Presence.State) -> tuple[str, str] | None:
    """Class and words of what a person does, where it goes before what they say of themselves."""
    if found.in_call:
        return "busy", _("In a call")
    if found.in_wrap and state in (Presence.State.FREE, Presence.State.BUSY):
        return "wrap", _("Writing a call down")
    return None


def desk_of(request: HttpRequest, **shown: Any) -> Desk:
    """The desk of this request, read at most once."""
    kept = getattr(request, "wasl_desk", None)
    if kept is None:
        kept = Desk(request.user, timezone.now(), **shown)
        request.wasl_desk = kept  # type: ignore[attr-defined]
    return kept


def desk(request: HttpRequest) -> dict[str, Any]:
    """Context of every page; lazy, and empty away from the desk."""
    if not request.path.startswith("/desk/") or not hasattr(request, "user"):
        return {}
    match = request.resolver_match
    pk = match.kwargs.get("pk") if match and "tickets/<int:pk>/" in match.route else None
    mine = desk_of(request, open_pk=pk, shows="bar" if pk is None else "pane")
    return {
        "desk": mine,
        "topbar": SimpleLazyObject(lambda: mine.topbar),
    }
