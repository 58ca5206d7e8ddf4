"""Whether the Arabic and the French of a part still say the same. No query here.

They did at their last *pairing*. What changed since in one language only is what the other lacks; what
changed in both is for a person to read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.articles import differing, parts
from knowledge.articles.differing import Change


class Drift(models.TextChoices):
    """Of one part of an article."""

    SAME = "same", _("both say the same")
    ARABIC = "arabic", _("the Arabic is behind")
    FRENCH = "french", _("the French is behind")
    BOTH = "both", _("both changed: to be read together")
    NEVER = "never", _("never read together")


@dataclass(frozen=True)
class Pair:
    """Both texts of a part."""

    arabic: str
    french: str


@dataclass(frozen=True)
class Drifted:
    """Where one part stands, with what each language changed since the pairing."""

    drift: Drift
    arabic: Sequence[Change] = ()
    french: Sequence[Change] = ()

    @property
    def is_apart(self) -> bool:
        return self.drift != Drift.SAME

    def behind(self, language: str) -> Sequence[Change]:
        """What the other language changed and this one has to follow."""
        return self.french if language == "ar" else self.arabic


def drift(name: str, now: Pair, last: Pair | None) -> Drifted:
    """`last` is what both said when they were last read together; None when they never were."""
    if last is None:
        empty = not now.arabic.strip() and not now.french.strip()
        return Drifted(Drift.SAME if empty else Drift.NEVER)
    arabic = differing.changes(name, last.arabic, now.arabic)
    french = differing.changes(name, last.french, now.french)
    if name == "checked":  # a day is the same in both languages, or it is not
        same = now.arabic.strip() == now.french.strip()
        return Drifted(Drift.SAME if same else Drift.BOTH, arabic, french)
    if arabic and french:
        return Drifted(Drift.BOTH, arabic, french)
    if arabic or french:
        return Drifted(Drift.FRENCH if arabic else Drift.ARABIC, arabic, french)
    return Drifted(Drift.SAME)


def drifts(
    arabic: Mapping[str, str], french: Mapping[str, str], last: Mapping[str, Pair]
) -> dict[str, Drifted]:
    """Every part; an article that has one language only is `never` in what it says."""
    return {
        name: drift(name, Pair(arabic.get(name, ""), french.get(name, "")), last.get(name))
        for name in parts.NAMES
    }
