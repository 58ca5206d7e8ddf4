"""An article laid out for its editors: part by part, both languages side by side, with what drifted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from knowledge.articles import differing, parts
from knowledge.articles.actions.publishing import to_check
from knowledge.articles.checking import Check, Known
from knowledge.articles.differing import Change
from knowledge.articles.drifting import Drift, Drifted
from knowledge.articles.working import Desk, Working
from knowledge.languages import reading_language

TAGS = {
    Drift.SAME: "ok", Drift.ARABIC: "late", Drift.FRENCH: "late", Drift.BOTH: "soon",
    Drift.NEVER: "soon",
}  # fmt: skip


@dataclass(frozen=True)
class Second:
    """A text kept beside, with what differs from the saved one."""

    pk: int
    text: str
    by: Any
    at: Any
    changes: Sequence[Change]


@dataclass(frozen=True)
class Pane:
    """One part in one language."""

    language: str
    name: str
    text: str
    stamp: str
    by: Any
    at: Any
    besides: Sequence[Any]
    behind: Sequence[Change]
    """What the other language changed and this one has to follow."""
    frozen: bool
    """In review: not to be written in."""
    number: int = 0

    @property
    def is_line(self) -> bool:
        return self.name in ("title", "checked")

    @property
    def rows(self) -> int:
        """Lines that the field shows before it is scrolled."""
        if self.name in parts.HEAD:
            return 2
        return min(16, max(4, self.text.count("\n") * 2 + 2))

    @property
    def shown_besides(self) -> list[Second]:
        return [
            Second(b.pk, b.text, b.by, b.at, differing.changes(self.name, self.text, b.text))
            for b in self.besides
        ]

    @property
    def id(self) -> str:
        return f"{self.language}-{self.name}"


@dataclass(frozen=True)
class Row:
    """One part in both languages."""

    name: str
    label: Any
    drifted: Drifted
    panes: Sequence[Pane]

    @property
    def look(self) -> str:
        return TAGS[self.drifted.drift]

    @property
    def is_section(self) -> bool:
        """A list of statements; the others are single texts."""
        return self.name not in parts.HEAD

    @property
    def may_pair(self) -> bool:
        """Both hold a text that nobody said yet to say the same."""
        return self.drifted.is_apart and self.name != "checked" and all(p.text for p in self.panes)


@dataclass(frozen=True)
class Side:
    """One language as a whole: its state, its list of checks, who wrote."""

    work: Working
    state: str
    look: str
    checks: Sequence[Check] = field(default_factory=list)

    @property
    def language(self) -> str:
        return self.work.language

    @property
    def name(self) -> str:
        return language_name(self.work.language)

    @property
    def must(self) -> int:
        return sum(check.must for check in self.checks)

    @property
    def look_at(self) -> int:
        return len(self.checks) - self.must


def rows(desk: Desk) -> list[Row]:
    found = desk.drifted
    return [
        Row(
            name, parts.LABELS[name], found[name],
            [_pane(desk[language], name, found[name]) for language in ("ar", "fr")],
        )
        for name in parts.NAMES
    ]  # fmt: skip


def sides(desk: Desk, known: Known, *, on: Any) -> list[Side]:
    return [
        Side(work, *_state(work), to_check(desk, language, known, on=on) if work.texts else [])
        for language, work in desk.works.items()
    ]


@dataclass(frozen=True)
class Listed:
    """One article of the list."""

    article: Any
    title: str
    sides: Sequence[Side]
    apart: int
    """Parts of which the two languages no longer say the same."""


def listed(desks: Sequence[Desk]) -> list[Listed]:
    return [
        Listed(
            desk.article, title(desk),
            [Side(work, *_state(work)) for work in desk.works.values()],
            sum(found.is_apart for found in desk.drifted.values()),
        )
        for desk in desks
    ]  # fmt: skip


VIEWS: Mapping[str, Any] = {
    "open": lambda row: any(side.work.draft for side in row.sides),
    "review": lambda row: any(side.work.review for side in row.sides),
    "apart": lambda row: row.apart > 0,
    "all": lambda row: True,
}


def view_names() -> dict[str, str]:
    return {
        "open": _("Being written"), "review": _("In review"), "apart": _("Languages apart"),
        "all": _("All"),
    }  # fmt: skip


def title(desk: Desk) -> str:
    """In the language of the page where there is one, else in the other."""
    first = reading_language()
    other = "ar" if first == "fr" else "fr"
    return desk[first].text("title") or desk[other].text("title") or desk.article.topic


def told(acts: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Acts of the history, each with the label of the part that it is about, if of one."""
    return [(row, parts.LABELS.get(row.after.get("part", ""), "")) for row in acts]


def newest_title(versions: Sequence[Any]) -> str:
    """The same of a list of versions, the newest of each language first."""
    first = reading_language()
    titles: dict[str, str] = {}
    for version in versions:
        titles.setdefault(version.edition.language, version.title)
    return titles.get(first) or next(iter(titles.values()), "")


def language_name(language: str) -> str:
    return _("Arabic edition") if language == "ar" else _("French edition")


def _pane(work: Working, name: str, found: Drifted) -> Pane:
    row = work.rows.get(name)
    return Pane(
        work.language, name, work.text(name), work.stamp(name),
        by=row.by if row else None, at=row.at if row else None, besides=work.besides(name),
        behind=found.behind(work.language) if found.is_apart else (),
        frozen=work.review is not None, number=row.number if row else 0,
    )  # fmt: skip


def _state(work: Working) -> tuple[str, str]:
    """In words, and the colour of its tag."""
    review = work.review
    if review is not None and review.publish_at is not None:
        return _("released for a day"), "law"
    if review is not None:
        return _("in review"), "soon"
    if work.draft is not None:
        return _("draft"), "soon"
    if work.shown is not None:
        return _("published"), "ok"
    return _("not written"), ""
