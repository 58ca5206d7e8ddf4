"""What the cast writes: answers made of the library's own statements, in the asker's language."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.tickets.actions.answering import Quote
from knowledge.articles.models import Version
from knowledge.articles.rules import Mark, Section

OPENS = {"ar": "شكرا على سؤالكم. هذا هو المهم:", "fr": "Merci pour votre question. L'essentiel :"}
CLOSES = {
    "ar": "إذا تغير شيء في وضعيتكم، فاكتبوا لنا في هذا الطلب نفسه.",
    "fr": "Si votre situation change, écrivez-nous dans cette même demande.",
}
TAKEN = (Section.IN_SHORT, Section.STEPS)
PER_ARTICLE = 4
"""Statements taken of each article at most."""


@dataclass(frozen=True)
class Written:
    text: str
    quotes: tuple[Quote, ...]


def answer(topics: Sequence[str], language: str) -> Written:
    """An answer from the current versions of these topics, each sentence one of theirs."""
    versions = Version.objects.current().in_language(language)
    found = {
        v.edition.article.topic: v
        for v in versions.filter(edition__article__topic__in=topics).whole()
    }
    lines, quotes = [OPENS[language], ""], []
    for topic in topics:
        version = found[topic]
        taken = [
            s for s in version.statements.all() if s.section in TAKEN and s.mark != Mark.UNSURE
        ][:PER_ARTICLE]
        lines += [f"- {statement.text}" for statement in taken]
        quotes.append(Quote(version, tuple(statement.key for statement in taken)))
    return Written("\n".join([*lines, "", CLOSES[language]]), tuple(quotes))
