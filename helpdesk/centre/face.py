"""What every public page asks of the centre: is it open, and how does it look. One question in ten seconds.

Kept in the cache, because each page of each visitor asks; whoever changes any of it calls `forget`.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import get_language

from helpdesk.centre.models import Centre

KEPT = 10
"""Seconds after which other processes see a change, where they share no cache."""
KEY = "centre:face"
COME_BACK = 86_400
"""Seconds after which whoever was turned away before the opening may try again."""


@dataclass(frozen=True)
class Face:
    """Of an installation without a centre: open, so that nothing is hidden by mistake."""

    is_open: bool = True
    reads_early: bool = True
    name_ar: str = ""
    name_fr: str = ""
    colour: str = ""
    logo: str = ""

    @property
    def colour_code(self) -> str:
        """Its six digits, for an address."""
        return self.colour.removeprefix("#")

    @property
    def name(self) -> str:
        return self.name_fr if get_language() == "fr" else self.name_ar


def face() -> Face:
    """The face of the first centre: its pages are those of the installation."""
    kept: Any = cache.get(KEY)
    if kept is None:
        kept = _look()
        cache.set(KEY, kept, KEPT)
    found: Face = kept
    return found


def is_held_back() -> bool:
    """Whether whoever asks from outside, by whatever channel, is still told that the centre opens soon."""
    return not settings.DEMO and not face().is_open


def forget() -> None:
    cache.delete(KEY)


def _look() -> Face:
    said = (
        Centre.objects.order_by("pk")
        .values_list("opened_at", "reads_early", "name_ar", "name_fr", "colour", "logo__digest")
        .first()
    )
    if said is None:
        return Face()
    opened, early, arabic, french, colour, logo = said
    return Face(opened is not None, early, arabic, french, colour, logo or "")
