"""What an editor works on: of each language the open draft, else what readers see.

A *stamp* names one text of one part: who saves shows the stamp of the text that was typed over, and a
text that moved has another one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from knowledge.articles import parts
from knowledge.articles.draft_models import Beside, Draft, DraftPart, Pairing
from knowledge.articles.drifting import Drifted, Pair, drifts
from knowledge.articles.models import Article, Edition, Version

LANGUAGES = ("ar", "fr")


@dataclass(frozen=True)
class Working:
    """One language of one article. `edition` is None as long as nothing was written in it."""

    language: str
    edition: Edition | None = None
    draft: Draft | None = None
    shown: Version | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, DraftPart] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.texts.get(name, "")

    def stamp(self, name: str) -> str:
        if self.draft is not None:
            return f"{self.draft.pk}.{self.rows[name].number}"
        return f"0.{self.shown.pk if self.shown else 0}"

    def besides(self, name: str) -> list[Beside]:
        """Second texts that nobody settled yet."""
        row = self.rows.get(name)
        return [] if row is None else [b for b in row.besides.all() if b.settled_at is None]

    @property
    def unsettled(self) -> list[Beside]:
        return [beside for name in self.rows for beside in self.besides(name)]

    @property
    def review(self) -> Version | None:
        """The version that was handed in, frozen until it is published or comes back."""
        return self.draft.handed_in if self.draft is not None else None


@dataclass(frozen=True)
class Desk:
    """An article as its editors have it before them: both languages and their last pairs."""

    article: Article
    works: Mapping[str, Working]
    last: Mapping[str, Pair]

    def __getitem__(self, language: str) -> Working:
        return self.works[language]

    @property
    def drifted(self) -> dict[str, Drifted]:
        """Where the two languages stand, part by part."""
        return drifts(self.works["ar"].texts, self.works["fr"].texts, self.last)


def shown(edition: Edition) -> Version | None:
    """What readers see, loaded whole."""
    return Version.objects.whole().filter(current_of=edition).first()


def desk(article: Article, *, paired: bool = True) -> Desk:
    return desks([article], paired=paired)[article.pk]


def desks(articles: Collection[Article], *, paired: bool = True) -> dict[int, Desk]:
    """By article, in as many queries for one as for all; without their last pairs unless `paired`."""
    editions = list(Edition.objects.filter(article__in=articles))
    drafts = {
        draft.edition_id: draft
        for draft in Draft.objects.open().filter(edition__in=editions).whole()
    }
    shown_now = {v.edition_id: v for v in Version.objects.whole().filter(current_of__in=editions)}
    sheets = _newest_sheets(editions, shown_now) if paired else {}
    pairs: dict[int, dict[str, Pair]] = {}
    for row in Pairing.objects.of_articles(articles) if paired else ():
        pairs.setdefault(row.article_id, {})[row.name] = Pair(row.arabic, row.french)
    found: dict[int, Desk] = {}
    for article in articles:
        own = {e.language: e for e in editions if e.article_id == article.pk}
        works = {
            language: _working(language, own.get(language), drafts, shown_now)
            for language in LANGUAGES
        }
        last = {**_paired_by_sheets(own, sheets), **pairs.get(article.pk, {})}
        found[article.pk] = Desk(article, works, last)
    return found


def overview(articles: Collection[Article]) -> dict[int, Desk]:
    """The same for a list: of what nobody ever wrote in, the titles are enough.

    As long as both languages say what their sheets said, they say the same.
    """
    editions = list(Edition.objects.filter(article__in=articles).select_related("current"))
    untouched: dict[int, dict[str, Edition]] = {}
    for edition in editions:
        if edition.current is not None and edition.current.author_id is None:
            untouched.setdefault(edition.article_id, {})[edition.language] = edition
    written = {
        *Draft.objects.open().values_list("edition__article", flat=True),
        *Pairing.objects.of_articles(articles).values_list("article", flat=True),
    }
    whole = [a for a in articles if a.pk in written or len(untouched.get(a.pk, ())) < 2]
    found = desks(whole)
    for article in articles:
        if article.pk not in found:
            found[article.pk] = _as_the_sheets(article, untouched[article.pk])
    return found


def was_seen(draft: Draft, part: DraftPart, seen: str) -> bool:
    """Whether the text as it is now is the one with that stamp.

    A page opened before the draft was begun shows its first text: that of the version it began from.
    """
    if seen == f"{draft.pk}.{part.number}":
        return True
    return part.number == 1 and seen == f"0.{draft.base_id or 0}"


def _newest_sheets(
    editions: Collection[Edition], shown_now: Mapping[int, Version]
) -> dict[int, Version]:
    """By edition, the newest version that a sheet of the starter library said: mostly what readers see."""
    found = {pk: v for pk, v in shown_now.items() if v.author_id is None}
    others = [edition.pk for edition in editions if edition.pk not in found]
    if others:
        rows = Version.objects.filter(edition__in=others, author=None).exclude(published_at=None)
        older = dict(rows.order_by("number").values_list("edition_id", "pk"))
        found |= {v.edition_id: v for v in Version.objects.whole().filter(pk__in=older.values())}
    return found


def _paired_by_sheets(own: Mapping[str, Edition], sheets: Mapping[int, Version]) -> dict[str, Pair]:
    """Sheets are written in pairs: until somebody pairs a part, its last pair is what they said."""
    rows = [sheets.get(own[language].pk) if language in own else None for language in LANGUAGES]
    if rows[0] is None or rows[1] is None:
        return {}
    arabic, french = parts.of_version(rows[0]), parts.of_version(rows[1])
    return {name: Pair(arabic[name], french[name]) for name in parts.NAMES}


def _as_the_sheets(article: Article, own: Mapping[str, Edition]) -> Desk:
    works = {}
    for language, edition in own.items():
        version: Any = edition.current
        works[language] = Working(language, edition, shown=version, texts={"title": version.title})
    titles = Pair(works["ar"].text("title"), works["fr"].text("title"))
    empty = Pair("", "")
    last = {name: titles if name == "title" else empty for name in parts.NAMES}
    return Desk(article, works, last)


def _working(
    language: str, edition: Edition | None, drafts: Mapping[int, Draft],
    versions: Mapping[int, Version],
) -> Working:  # fmt: skip
    if edition is None:
        return Working(language)
    draft, version = drafts.get(edition.pk), versions.get(edition.pk)
    if draft is None:
        return Working(
            language, edition, shown=version, texts=parts.of_version(version) if version else {}
        )
    rows = {part.name: part for part in draft.parts.all()}
    texts = {name: row.text for name, row in rows.items()}
    return Working(language, edition, draft, version, texts, rows)
