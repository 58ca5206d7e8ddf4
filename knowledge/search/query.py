"""Asking the library: `search` for pages of results, `suggest` for the few best answers.

Results go by topic: both editions of an article speak for it, one is shown, in the language asked
for. Without a usable index a simple search in titles and questions answers, and says so.
"""

import logging
import math
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import override

from knowledge.articles.models import Statement, Version
from knowledge.articles.rules import Section
from knowledge.search import index, library, simple
from knowledge.search.arabizi import is_arabizi
from knowledge.search.engines import dense
from knowledge.search.engines.port import EngineBroken, Found
from knowledge.search.expansion import Question, understand
from knowledge.search.folding import is_arabic, normalise
from knowledge.search.fusion import fuse, readable
from knowledge.search.snippets import best_passage, marked, written_forms
from knowledge.search.thesaurus import written_form

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
class Hit:
    """One topic, by the edition shown. `section` is where its best passage stands, or empty."""

    topic: str
    lang: str
    title: str
    section: str
    section_name: str
    url: str
    score: float
    snippet: SafeString
    theme: str
    provisional: bool
    other_lang: str
    other_url: str
    """The translation; both empty when there is none."""


@dataclass(frozen=True)
class Results:
    """`hits` are in the language asked for, `also` topics that only the other language has."""

    text: str
    lang: str
    hits: list[Hit] = field(default_factory=list)
    also: list[Hit] = field(default_factory=list)
    understood: list[str] = field(default_factory=list)
    degraded: bool = False


def search(text: str, *, lang: str = "", theme: str = "", limit: int = 10) -> Results:
    """The best topics for a question; never raises on what was typed, nor on a broken index."""
    question, ranked, degraded = _ask(text, theme=theme)
    lang = lang if lang in LANGUAGES else _language_of(text, question)
    shown = ranked[: 2 * limit]
    versions = library.versions_of([topic for topic, _ in shown])
    hits: list[Hit] = []
    also: list[Hit] = []
    for topic, score in shown:
        for language, row in ((lang, hits), (_other(lang), also)):
            if version := versions.get((topic, language)):
                twin = versions.get((topic, _other(language)))
                row.append(_hit(version, twin, question, score))
                break
    hits, also = hits[:limit], also[:limit]
    understood = _understood(question, versions.values())
    return Results(text, lang, hits, also, understood, degraded)


def suggest(text: str, *, lang: str, limit: int = 3) -> list[Hit]:
    """The few best answers for a question as somebody words it, in `lang` where it exists."""
    found = search(text, lang=lang, limit=limit)
    return (found.hits + found.also)[:limit]


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


def _ask(text: str, *, theme: str) -> tuple[Question, list[tuple[str, float]], bool]:
    """(what was understood, topics with scores, whether only the simple search answered)."""
    try:
        live = index.engine()
        question = understand(text, live.vocabulary)
        if not any(map(live.vocabulary.has_stem, question.stems)):
            # Only scraps of words would match: better to say that nothing was found.
            return question, [], False
        found = [
            hit
            for lang in LANGUAGES
            for hit in live.find(question, lang=lang, theme=theme, limit=DEPTH)
        ]
        return question, _by_meaning(text, question, _by_topic(found), theme=theme), False
    except EngineBroken as error:
        _tell(str(error))
        question = understand(text, simple.vocabulary())
        return question, _by_topic(simple.find(question, theme=theme, limit=DEPTH)), True


def _tell(reason: str) -> None:
    """Log that the index fails, once a minute: every search meets it."""
    if time.monotonic() - _told[-1] >= QUIET_SECONDS:
        _told[-1] = time.monotonic()
        log.warning("simple search instead of the index", extra={"reason": reason})


def _by_topic(found: Iterable[Found]) -> list[tuple[str, float]]:
    """Topics, the best first: what both editions say for a topic counts together."""
    scores: dict[str, float] = defaultdict(float)
    for hit in found:
        scores[hit.topic] += hit.score
    ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
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


def _hit(version: Version, twin: Version | None, question: Question, score: float) -> Hit:
    article, lang = version.edition.article, version.edition.language
    passage = _passage(version, question)
    with override(lang):
        name = str(Section(passage.section).label) if passage else ""
    return Hit(
        topic=article.topic,
        lang=lang,
        title=version.title,
        section=passage.section if passage else "",
        section_name=name,
        url=_url(article.topic, lang, passage.section if passage else ""),
        score=round(score, 4),
        snippet=marked(passage.text if passage else version.question, question.stems),
        theme=str(article.theme),
        provisional=version.is_provisional,
        other_lang=twin.edition.language if twin else "",
        other_url=_url(article.topic, twin.edition.language, "") if twin else "",
    )


def _passage(version: Version, question: Question) -> Statement | None:
    """The statement to show: the one that answers best, else the first.

    The spoken lines repeat the others for advisors; readers find them on no page.
    """
    shown: list[Statement] = [s for s in version.statements.all() if s.section != Section.SPOKEN]
    if not shown:
        return None
    return shown[best_passage(question.stems, [s.text for s in shown]) or 0]


def _url(topic: str, lang: str, section: str) -> str:
    with override(lang):
        url = reverse("articles:article", args=[topic])
    return f"{url}#{section}" if section else url


def _understood(question: Question, versions: Iterable[Version]) -> list[str]:
    """Words that were read as others, as people write them; those nobody writes are left out."""
    if not question.understood:
        return []
    texts = (text for v in versions for text in (v.title, v.question, *_texts(v)))
    written = written_forms(list(texts))
    read = (written_form(u.read) or written.get(u.read) for u in question.understood if u.sure)
    return list(dict.fromkeys(form for form in read if form))


def _texts(version: Version) -> list[str]:
    return [statement.text for statement in version.statements.all()]


def _other(lang: str) -> str:
    return "fr" if lang == "ar" else "ar"
