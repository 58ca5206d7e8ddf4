"""What the library offers while somebody speaks: articles, what to read aloud, the theme they point to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import override

from helpdesk.tickets.actions.suggesting import refuse
from knowledge.articles import advising, register
from knowledge.search import counting, query
from knowledge.search.actions import opening_key
from knowledge.search.models import Act, Place
from knowledge.search.templatetags.opening import opening

GIVEN = "given_"
"""Name of the tick of an article told to the caller, before the key of its version."""
REFUSED = "refused_"
"""The same of one that does not fit what is asked."""
MOST = 6
CLEAR = 1.3
"""So many times the next one's score makes the first article of another theme the clear one."""


@dataclass(frozen=True)
class Offer:
    """An article as the card shows it. `version` is the key of the version readers see now."""

    version: int
    title: str
    url: str
    snippet: SafeString | str = ""
    is_given: bool = False
    is_refused: bool = False
    topic: str = ""
    language: str = ""


@dataclass(frozen=True)
class Offered:
    language: str
    offers: list[Offer] = field(default_factory=list)
    """Those told to the caller are always among them."""
    spoken: list[str] = field(default_factory=list)
    cited: list[register.Cited] = field(default_factory=list)
    theme: str = ""
    """Code of the theme that the answers clearly point to; empty when they do not."""


def offered(
    words: str, language: str, *, given: Mapping[int, Any], refused: Collection[int] = ()
) -> Offered:
    """For what is asked. `given` are the versions told already, `refused` the keys of those that do not
    fit."""
    hits = query.suggest(words[:2000], lang=language, limit=3) if words.strip() else []
    versions = advising.current([hit.topic for hit in hits])
    found = [
        (hit, versions[hit.topic, hit.lang]) for hit in hits if (hit.topic, hit.lang) in versions
    ]
    shown, key = {version.pk for _hit, version in found}, opening_key(Place.CALL)
    told = [
        Offer(pk, version.title, _address(version), is_given=True)
        for pk, version in given.items()
        if pk not in shown
    ]
    offers = [
        Offer(
            version.pk,
            hit.title,
            opening(hit, key),
            hit.snippet,
            version.pk in given,
            version.pk in refused and version.pk not in given,
            hit.topic,
            hit.lang,
        )
        for hit, version in found
    ]
    return Offered(
        language=language,
        offers=told + offers,
        spoken=advising.spoken(hits[0].topic, language) if hits else [],
        cited=advising.cited(hits[0].topic, language) if hits else [],
        theme=_clear_theme([(h.score, _in_use(v.edition.article.theme)) for h, v in found]),
    )


def facts(words: str, language: str) -> dict[str, None]:
    """Codes of the facts that the suggested articles need, in order, once each."""
    if not words.strip():
        return {}
    hits = query.suggest(words, lang=language, limit=2)
    return dict.fromkeys(advising.intake([hit.topic for hit in hits]))


def settle(
    ticket: Any, words: str, language: str, typed: Mapping[str, str], *, at: datetime
) -> None:
    """The call is written down: what was suggested for its last words, told and found not to fit."""
    shown = offered(words, language, given={}).offers
    of = {offer.version: (offer.topic, offer.language) for offer in shown}
    given = [of[key] for key in told(typed) if key in of]
    counting.count(Act.SHOWN, of.values(), place=Place.CALL, at=at)
    counting.count(Act.INSERTED, given, place=Place.CALL, at=at)
    for topic, tongue in (of[key] for key in refused(typed) if key in of):
        if (topic, tongue) not in given:
            refuse(ticket, topic, tongue, at=at, place=Place.CALL)


def refused(typed: Mapping[str, str]) -> list[int]:
    """Keys of the versions that do not fit."""
    return told(typed, by=REFUSED)


def told(typed: Mapping[str, str], *, by: str = GIVEN) -> list[int]:
    """Keys of the versions ticked."""
    keys = [name.removeprefix(by) for name in typed if name.startswith(by)]
    return [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 10][:MOST]


def _address(version: Any) -> str:
    """Of the version as it was given, in its language."""
    with override(version.edition.language):
        return reverse("articles:version", args=[version.edition.article.topic, version.number])


def _in_use(theme: Any) -> str:
    """Its letter; empty when it was withdrawn."""
    return "" if theme.withdrawn_at else str(theme.code)


def _clear_theme(ranked: Sequence[tuple[float, str]]) -> str:
    """The theme of the first, when the second is of the same or far behind."""
    if not ranked:
        return ""
    score, theme = ranked[0]
    if len(ranked) == 1 or ranked[1][1] == theme or score >= CLEAR * ranked[1][0]:
        return theme
    return ""
