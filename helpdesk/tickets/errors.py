"""Refusals: what a person is told when an act cannot be done. The message is for them."""

from typing import Any

from django.utils.translation import gettext as _


class Refusal(Exception):
    """An act that is not possible now; `str()` is the sentence for the person."""


class AlreadyTaken(Refusal):
    """Somebody else was quicker."""

    def __init__(self, taker: Any) -> None:
        super().__init__(_("Already taken by %(name)s.") % {"name": taker.shown_name})
        self.taker = taker


class MergedAway(Refusal):
    """The request goes on as another one."""

    def __init__(self, ticket: Any, target: Any, *, by: Any = None) -> None:
        named = {"source": ticket.reference, "target": target.reference}
        if by is None:
            super().__init__(_("%(source)s was merged into %(target)s.") % named)
        else:
            named["name"] = by.shown_name
            super().__init__(_("%(name)s merged %(source)s into %(target)s already.") % named)
        self.ticket, self.target = ticket, target


class StillMerged(Refusal):
    """What would be taken apart was itself merged into another."""

    def __init__(self, ticket: Any, target: Any) -> None:
        named = {"source": ticket.reference, "target": target.reference}
        super().__init__(_("%(source)s was merged into %(target)s: undo that first.") % named)


class Overtaken(Refusal):
    """The row moved since it was read."""

    def __init__(self) -> None:
        super().__init__(_("Somebody changed this in the meantime. Your text is kept."))


class NotYours(Refusal):
    """The rights are there, the rules say no."""


class FourEyes(NotYours):
    def __init__(self) -> None:
        super().__init__(_("An answer like this is released by somebody other than its author."))
