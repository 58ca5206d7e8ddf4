"""Asking the library: `search` for pages of results, `suggest` for the few best answers.

Results go by topic: both editions of an article speak for it, one is shown, in the language asked
for. A cluster of Elasticsearch that does not answer is replaced by the index of this host; without a
usable index a simple search in titles and questions answers. Both are told.
"""

import logging
import math
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.search import answering, index, kept, library, simple
from knowledge.search.arabizi import is_arabizi
from knowledge.search.counting import useful_first
from knowledge.search.engines import dense
from knowledge.search.engines.port import EngineBroken, Found
from knowledge.search.expansion import Question, understand
from knowledge.search.folding import is_arabic, normalise
from knowledge.search.fusion import fuse, readable
from knowledge.search.hits import Hit, Results, hit_of, read_as

LANGUAGES = ("ar", "fr")
DEPTH = 50
"""Documents of each language that are weighed."""
WEAK = 0.2
"""Share of the best score under which a topic is left out, after the first three."""
NEAREST = 3
"""Topics that may be shown for their meaning alone."""
QUIET_SECONDS = 60
log = logging.getLogger("wasl.search")
_told = [-math.inf]


@dataclass(frozen=True)
class _Asked:
    """What was understood, and topics with scores, the best first."""

    question: Question
    ranked: list[tuple[str, float]]
    degraded: bool = False
    by_host: bool = False


def search(text: str, *, lang: str = "", theme: str = "", limit: int = 10) -> Results:
    """The best topics for a question, those not in force last; never raises on what was typed, nor on
    a broken index."""
    found = _found(text, lang=lang, theme=theme, limit=limit)
    for row in (found.hits, found.also):
        row.sort(key=lambda hit: not hit.applies)
        del row[limit:]
    return found


def suggest(text: str, *, lang: str, limit: int = 3, province: str = "") -> list[Hit]:
    """The few best answers for a question as somebody words it, in `lang` where it exists."""
    found = suggestions(text, lang=lang, limit=limit, province=province)
    return (found.hits + found.also)[:limit]


def suggestions(
    text: str, *, lang: str, theme: str = "", limit: int = 3, province: str = ""
) -> Results:
    """As `search`, for pages that offer answers nobody looked for.

    What is not in force is never among them; of what is over its successor stands in its place. With
    a `province`, what holds only elsewhere is left out too.
    """
    found = _found(text, lang=lang, theme=theme, limit=limit)
    best = (found.hits + found.also)[:limit]
    for row in (found.hits, found.also):
        row[:] = [hit for hit in row if hit.applies and hit.holds_in(province)][:limit]
    shown = {hit.topic for hit in found.hits + found.also}
    found.hits[:0] = _successors(best, text, lang, but=shown)
    del found.hits[limit:]
    return found


def _found(text: str, *, lang: str, theme: str, limit: int) -> Results:
    """Twice as many topics as wanted, the best first, whatever is in force."""
    kept.follow()
    asked = _ask(text, theme=theme)
    question = asked.question
    lang = lang if lang in LANGUAGES else _language_of(text, question)
    shown = asked.ranked[: 2 * limit]
    versions = library.versions_of([topic for topic, _ in shown])
    hits: list[Hit] = []
    also: list[Hit] = []
    for topic, score in shown:
        for language, row in ((lang, hits), (_other(lang), also)):
            if version := versions.get((topic, language)):
                twin = versions.get((topic, _other(language)))
                row.append(hit_of(version, twin, question, score))
                break
    understood = read_as(question, versions.values())
    return Results(
        text, lang, hits, also, understood, asked.degraded, asked.by_host, question.unknown, theme
    )


def _successors(hits: Iterable[Hit], text: str, lang: str, *, but: set[str]) -> list[Hit]:
    """What stands in for articles that are over, where it may be answered from."""
    scores = {hit.successor: hit.score for hit in hits if hit.is_over and hit.successor}
    topics = [topic for topic in scores if topic not in but]
    if not topics:
        return []
    question, versions = understand(text, simple.vocabulary()), library.versions_of(topics)
    found = []
    for topic in topics:
        twins = versions.get((topic, lang)), versions.get((topic, _other(lang)))
        shown, twin = twins if twins[0] else twins[::-1]
        if shown and shown.edition.article.applies:
            found.append(hit_of(shown, twin, question, scores[topic]))
    return found


def _language_of(text: str, question: Question) -> str:
    """Arabic for Arabic letters and for Darija in Latin letters, else French."""
    start = text[:400]
    read = sum(is_arabic(understood.read) for understood in question.understood)
    if (
        is_arabic(normalise(start))
        or is_arabizi(start.split())
        or read * 2 >= len(start.split()) > 0
    ):
        return "ar"
    return "fr"


def _ask(text: str, *, theme: str) -> _Asked:
    try:
        live = index.engine()
        question = understand(text, live.vocabulary)
        if not any(map(live.vocabulary.has_stem, question.stems)):
            # Only scraps of words would match: better to say that nothing was found.
            return _Asked(question, [])
        found, by_host = answering.find(live, question, langs=LANGUAGES, theme=theme, limit=DEPTH)
        ranked = _by_meaning(text, question, _by_topic(found), theme=theme)
        return _Asked(question, ranked, by_host=by_host)
    except EngineBroken as error:
        _tell(str(error))
        question = understand(text, simple.vocabulary())
        found = simple.find(question, theme=theme, limit=DEPTH)
        return _Asked(question, _by_topic(found), degraded=True)


def _tell(reason: str) -> None:
    """Log that the index fails, once a minute: every search meets it."""
    if time.monotonic() - _told[-1] >= QUIET_SECONDS:
        _told[-1] = time.monotonic()
        log.warning("simple search instead of the index", extra={"reason": reason})


def _by_topic(found: Iterable[Found]) -> list[tuple[str, float]]:
    """Topics, the best first: what both editions say for a topic counts together; equals by their use."""
    scores: dict[str, float] = defaultdict(float)
    for hit in found:
        scores[hit.topic] += hit.score
    ranked = useful_first(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))
    return ranked[:3] + [pair for pair in ranked[3:] if pair[1] >= WEAK * ranked[0][1]]


def _by_meaning(
    text: str, question: Question, ranked: list[tuple[str, float]], *, theme: str
) -> list[tuple[str, float]]:
    """With the semantic extra: the same topics and the nearest by meaning, in one order."""
    shelf = index.shelf()
    if not dense.is_available() or shelf.is_empty:
        return ranked
    vector = dense.embed_question(readable(text, question))
    # The model prefers the question's own language, so each language has its own row of ranks.
    near = [shelf.find(vector, lang=lang, theme=theme, limit=DEPTH) for lang in LANGUAGES]
    ranks: dict[str, int] = {}
    for row in near:
        for rank, hit in enumerate(row):
            ranks[hit.topic] = min(rank, ranks.get(hit.topic, rank))
    nearest = sorted(ranks, key=lambda topic: (ranks[topic], topic))
    kept = {topic for topic, _ in ranked} | set(nearest[:NEAREST])
    fused = fuse([topic for topic, _ in ranked], nearest)
    return [pair for pair in fused if pair[0] in kept]


def _other(lang: str) -> str:
    return "fr" if lang == "ar" else "ar"
