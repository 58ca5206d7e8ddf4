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


class Overtaken(Refusal):
    """The row moved since it was read."""

    def __init__(self) -> None:
        super().__init__(_("Somebody changed this in the meantime. Your text is kept."))


class NotYours(Refusal):
    """The rights are there, the rules say no."""


class FourEyes(NotYours):
    def __init__(self) -> None:
        super().__init__(_("An answer like this is released by somebody other than its author."))
