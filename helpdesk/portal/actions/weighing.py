"""Which articles may answer a question while it is asked: those of the chosen theme before others.

What follows from them (the facts asked for, the papers on the receipt) follows from the best only,
and papers are named only when one article stands clearly before all others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk.portal.access import article_asked_about
from helpdesk.portal.asking import Asking
from helpdesk.portal.rules import MOST_FACTS, UNKNOWN_THEME
from helpdesk.tickets.facts import asked
from knowledge.articles import advising
from knowledge.search import actions as searching
from knowledge.search.hits import Hit, Results
from knowledge.search.models import Place
from knowledge.search.query import suggestions

SUGGESTED = 3
AHEAD = 1.3
"""How many times the score of the next an article needs to be taken for the one that is meant."""
FITTING = 0.3
"""Share of the best score from which an article of the chosen theme goes before the others."""


@dataclass(frozen=True)
class Weighed:
    """`topics` are the best first; `sure` is the one that is meant, empty when that is not clear."""

    hits: Sequence[Hit]
    topics: Sequence[str]
    sure: str
    theme: str = ""

    @property
    def facts(self) -> list[str]:
        """Codes of the facts an answer would need: with the theme chosen, then for the articles."""
        codes = advising.intake([self.sure] if self.sure else self.topics[:2])
        return asked(codes, theme=self.theme, most=MOST_FACTS)


def look_for_answers(asking: Asking, *, language: str, at: datetime) -> Sequence[Hit]:
    """The articles that may answer; remembers them and what follows from them."""
    found = _search(asking, language)
    theme = asking.fields.get("theme", "")
    kept = searching.record(
        found, place=Place.ASK, at=at, theme=theme if theme != UNKNOWN_THEME else "",
        province=asking.fields.get("province", ""),
    )  # fmt: skip
    weighed = _weigh(asking, found, language)
    asking.note_offered(kept.pk if kept else None, [(hit.topic, hit.lang) for hit in weighed.hits])
    searching.suggested(weighed.hits, place=Place.ASK, at=at)
    asking.note_answers(weighed.topics, weighed.facts, papers_of=weighed.sure)
    asking.note_seen()
    asking.save()
    return weighed.hits


def weigh_again(asking: Asking, *, language: str) -> None:
    """The theme was changed after the question: other facts and papers may follow."""
    if asking.fields.get("seen"):
        weighed = _weigh(asking, _search(asking, language), language)
        asking.note_answers(weighed.topics, weighed.facts, papers_of=weighed.sure)
        asking.save()


def answers_to(asking: Asking, *, language: str) -> Sequence[Hit]:
    """The same once more, for a page that is loaded again."""
    return _weigh(asking, _search(asking, language), language).hits


def pass_over(asking: Asking, *, at: datetime) -> None:
    """The question is sent though answers were suggested: they did not answer it."""
    if asking.search and asking.offered:
        searching.passed_over(asking.search, asking.offered, at=at)


def _search(asking: Asking, language: str, theme: str = "") -> Results:
    return suggestions(
        asking.fields.get("question", ""), lang=language, theme=theme, limit=SUGGESTED,
        province=asking.fields.get("province", ""),
    )  # fmt: skip


def _weigh(asking: Asking, found: Results, language: str) -> Weighed:
    anywhere = _best_first(found)
    theme = asking.fields.get("theme", "")
    within = []
    if theme and theme != UNKNOWN_THEME and anywhere:
        within = _best_first(_search(asking, language, theme))
    fitting = [hit for hit in within if hit.score >= FITTING * anywhere[0].score]
    hits = _once([*fitting, *anywhere])[:SUGGESTED]
    topics = [hit.topic for hit in hits]
    sure = "" if found.degraded else _sure(anywhere)
    if within and sure not in [hit.topic for hit in within]:
        sure = ""
    if about := article_asked_about(asking):
        named = about.edition.article.topic
        sure = named if named in topics else ""
        topics = [named, *(topic for topic in topics if topic != named)]
    return Weighed(hits, topics, sure, theme)


def _best_first(found: Results) -> list[Hit]:
    return sorted(found.hits + found.also, key=lambda hit: -hit.score)


def _sure(hits: Sequence[Hit]) -> str:
    if not hits:
        return ""
    ahead = len(hits) == 1 or hits[0].score >= AHEAD * hits[1].score
    return hits[0].topic if ahead else ""


def _once(hits: Sequence[Hit]) -> list[Hit]:
    return list({hit.topic: hit for hit in hits}.values())
