"""What the API says of the library, field by field: only what readers see on the pages."""

from datetime import date, datetime
from html import unescape
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import override
from ninja import Schema

from helpdesk.portal.api.fields import Paged
from helpdesk.tickets.rules import CAUTION
from knowledge.articles import reading, register
from knowledge.articles.models import Instrument, Theme, Version


class ThemeShape(Schema):
    """A theme; `articles` counts those that can be read in the language."""

    code: str
    name: str
    articles: int


class ThemeName(Schema):
    code: str
    name: str


class ArticleShape(Schema):
    """An article as lists show it. `force`: unknown, coming, in-force or ended."""

    topic: str
    language: str
    title: str
    question: str
    theme: ThemeName
    version: int
    published_at: datetime | None
    checked_on: date
    reviewed_on: date | None
    reviewer: str
    force: str
    in_force_from: date | None
    in_force_until: date | None
    territory: list[str]
    successor: str | None
    url: str


class ArticlePage(Paged):
    items: list[ArticleShape]


class StatementShape(Schema):
    """One statement. `mark`: seen, secondary or general; `texts`: numbers of the texts it leans on."""

    key: str
    text: str
    mark: str
    texts: list[int]


class SectionShape(Schema):
    code: str
    title: str
    statements: list[StatementShape]


class TextShape(Schema):
    """A legal text that an article cites; `code` names it in the register."""

    number: int
    code: str
    name: str
    bulletin: str
    places: list[str]
    is_over: bool


class WholeArticle(ArticleShape):
    sections: list[SectionShape]
    texts: list[TextShape]
    sources: list[str]
    caution: str
    translations: dict[str, str]
    """Address of each language that has the article."""


class HitShape(Schema):
    topic: str
    language: str
    title: str
    theme: str
    section: str
    passage: str
    force: str
    is_provisional: bool
    url: str


class Found(Schema):
    """`items` are in the language asked for, `also` exist in the other one only."""

    text: str
    language: str
    items: list[HitShape]
    also: list[HitShape]
    understood: list[str]
    is_simple: bool
    """Only titles and questions were compared."""


class InstrumentShape(Schema):
    """A legal text of the register. `mark`: how far number, date and bulletin were checked."""

    code: str
    kind: str
    number: str
    day: date | None
    name: str
    short: str
    bulletin: str
    mark: str
    force: str
    in_force_from: date | None
    in_force_until: date | None
    ended_by: str | None
    url: str


class InstrumentPage(Paged):
    items: list[InstrumentShape]


class RelationShape(Schema):
    says: str
    texts: list[str]


class LeaningShape(Schema):
    topic: str
    title: str
    statements: list[str]
    """Keys of the statements."""


class WholeInstrument(InstrumentShape):
    relations: list[RelationShape]
    articles: list[LeaningShape]


class TermShape(Schema):
    ar: list[str]
    fr: list[str]
    darija: list[str]


class TermPage(Paged):
    items: list[TermShape]


def theme(found: Theme, language: str, articles: int) -> dict[str, Any]:
    return {**_theme(found, language), "articles": articles}


def _theme(found: Theme, language: str) -> dict[str, Any]:
    return {"code": found.code, "name": found.name_fr if language == "fr" else found.name_ar}


def article(version: Version) -> dict[str, Any]:
    """A version that readers see, as a list shows it."""
    of, language = version.edition.article, version.edition.language
    return {
        "topic": of.topic, "language": language, "title": version.title,
        "question": version.question, "theme": _theme(of.theme, language),
        "version": version.number, "published_at": version.published_at,
        "checked_on": version.checked_on, "reviewed_on": version.reviewed_on,
        "reviewer": version.reviewer_name if version.reviewed_on else "",
        "force": of.force.value, "in_force_from": of.in_force_from,
        "in_force_until": of.in_force_until, "territory": of.territory,
        "successor": _successor(of),
        "url": _public(language, "articles:article", of.topic),
    }  # fmt: skip


def _successor(article: Any) -> str | None:
    """Topic to read instead of one that is over, where readers can open it."""
    other = article.successor if article.is_over else None
    return other.topic if other and any(e.current_id for e in other.editions.all()) else None


def whole_article(version: Version, languages: list[str]) -> dict[str, Any]:
    """The same with what it says: no statement that nobody is sure of, no line to read aloud."""
    language, topic = version.edition.language, version.edition.article.topic
    with override(language):
        page = reading.lay_out(version, unsure=False)
        parts = [part for part in (*page.main, page.deadlines) if part.lines]
        sections = [
            {"code": part.name, "title": part.title,
             "statements": [_statement(line) for line in part.lines]}
            for part in parts
        ]  # fmt: skip
        texts = [
            {"number": text.number, "code": text.code, "name": text.name,
             "bulletin": text.bulletin, "places": text.places, "is_over": text.is_over}
            for text in page.texts
        ]  # fmt: skip
    return {
        **article(version), "sections": sections, "texts": texts, "sources": page.sources,
        "caution": str(CAUTION[language]),
        "translations": {one: _public(one, "articles:article", topic) for one in languages},
    }  # fmt: skip


def _statement(line: reading.Line) -> dict[str, Any]:
    return {"key": line.key, "text": line.text, "mark": line.mark, "texts": list(line.texts)}


def hit(found: Any) -> dict[str, Any]:
    return {
        "topic": found.topic, "language": found.lang, "title": found.title, "theme": found.theme,
        "section": found.section, "passage": unescape(strip_tags(found.snippet)),
        "force": found.force.value, "is_provisional": found.provisional,
        "url": f"{settings.PUBLIC_URL}{found.url}",
    }  # fmt: skip


def instrument(text: Instrument, language: str) -> dict[str, Any]:
    return {
        "code": text.code, "kind": text.kind, "number": text.number, "day": text.day,
        "name": getattr(text, f"name_{language}"), "short": getattr(text, f"short_{language}"),
        "bulletin": getattr(text, f"bulletin_{language}"), "mark": text.mark,
        "force": text.force.value, "in_force_from": text.in_force_from,
        "in_force_until": text.in_force_until,
        "ended_by": text.ended_by.code if text.ended_by else None,
        "url": _public(language, "articles:text", text.code),
    }  # fmt: skip


def whole_instrument(text: Instrument, leaning: list[Any], language: str) -> dict[str, Any]:
    """With what it does to others and they to it, and the statements that lean on it."""
    with override(language):
        relations = [
            {"says": str(says), "texts": [other.code for other in others]}
            for says, others in register.relations(text)
        ]
    return {
        **instrument(text, language), "relations": relations,
        "articles": [
            {"topic": one.version.edition.article.topic, "title": one.version.title,
             "statements": [statement.key for statement, _places in one.statements]}
            for one in register.leaning(leaning, text, language)
        ],
    }  # fmt: skip


def _public(language: str, name: str, *args: Any) -> str:
    with override(language):
        return f"{settings.PUBLIC_URL}{reverse(name, args=args)}"
