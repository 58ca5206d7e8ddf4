"""What a bundle would change here, edition by edition. Reads our library, writes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from knowledge.articles import comparing, differing
from knowledge.articles.actions import digest
from knowledge.articles.bundles import content
from knowledge.articles.bundles.exporting import sheet_of
from knowledge.articles.bundles.opening import Bundle
from knowledge.articles.models import Instrument, Version
from knowledge.articles.rules import Mark, State
from knowledge.articles.terms import COLUMNS, Term


class Standing(models.TextChoices):
    """How their edition stands to ours."""

    NEW = "new", _("not in our library")
    CHANGED = "changed", _("changed there")
    OURS_NEWER = "ours-newer", _("ours was checked later")
    OLDER = "older", _("what we said before")
    WAITING = "waiting", _("taken, waits for our signature")
    SAME = "same", _("the same")


PROPOSED = (Standing.NEW, Standing.CHANGED)
"""What the page ticks from the start."""
OPEN = (*PROPOSED, Standing.OURS_NEWER, Standing.OLDER)
"""What can be taken."""


@dataclass(frozen=True)
class Row:
    """One edition of the bundle beside ours; `other_text` is a text of law that is another here."""

    article: content.Article
    theirs: content.Edition
    ours: Any
    standing: Standing
    other_text: str = ""

    @property
    def topic(self) -> str:
        return self.article.topic

    @property
    def language(self) -> str:
        return self.theirs.language

    @property
    def title(self) -> str:
        return self.theirs.sheet.title

    @property
    def code(self) -> str:
        """Names the row in a form."""
        return f"{self.topic}.{self.language}"

    @property
    def is_takable(self) -> bool:
        return self.standing in OPEN and not self.other_text

    @property
    def is_proposed(self) -> bool:
        return self.is_takable and self.standing in PROPOSED


def rows(bundle: Bundle, topics: Collection[str] | None = None) -> list[Row]:
    """Every edition of the bundle, or of some of its articles, by topic and language."""
    chosen = [one for topic, one in bundle.articles.items() if topics is None or topic in topics]
    ours, said = _said_here([one.topic for one in chosen])
    strange = _other_texts(bundle)
    found = []
    for article in chosen:
        for theirs in article.editions:
            key = (article.topic, theirs.language)
            standing = _standing(theirs, ours.get(key), said.get(key, {}))
            found.append(Row(article, theirs, ours.get(key), standing, _cited(theirs, strange)))
    return found


def only_here(bundle: Bundle, language: str) -> int:
    """Articles that readers open here in a language and that the bundle does not have in it."""
    there = [
        topic for topic, one in bundle.articles.items()
        if any(edition.language == language for edition in one.editions)
    ]  # fmt: skip
    found = Version.objects.current().in_language(language)
    return found.exclude(edition__article__topic__in=there).count()


def fields(row: Row) -> list[tuple[str, Sequence[differing.Piece]]]:
    """What differs beside the statements: title, question and keywords."""
    return heads(row.ours, row.theirs.sheet, row.language)


def new_terms(bundle: Bundle) -> list[content.Term]:
    """Of their glossary, what no term of ours says in the same words. People add what they want."""
    ours = {tuple(tuple(row) for row in term.columns) for term in Term.objects.all()}
    return [term for term in bundle.terms if _columns(term) not in ours]


def _columns(term: content.Term) -> tuple[tuple[str, ...], ...]:
    return tuple(getattr(term, name) for name in COLUMNS)


def heads(ours: Any, theirs: Any, language: str) -> list[tuple[str, Sequence[differing.Piece]]]:
    """The same of anything with title, question and keywords; `ours` may be None."""
    between = "، " if language == "ar" else ", "
    found = [
        (_("Title"), ours.title if ours else "", theirs.title),
        (_("Question"), ours.question if ours else "", theirs.question),
        (_("Keywords"), between.join(ours.keywords if ours else ()), between.join(theirs.keywords)),
    ]  # fmt: skip
    return [(str(name), differing.pieces(*both)) for name, *both in found if both[0] != both[1]]


def parts(row: Row, bundle: Bundle) -> list[comparing.Part]:
    """What differs in the statements, ours first; of a new article, all of it."""
    before = (
        [line for line in comparing.said_in(row.ours) if line.mark != Mark.UNSURE]
        if row.ours
        else []
    )
    return comparing.parts(before, comparing.said(row.theirs.sheet, bundle.texts))


def _standing(theirs: content.Edition, ours: Any, said: Mapping[str, str]) -> Standing:
    sum_there = digest(theirs.sheet)
    if ours is not None and digest(sheet_of(ours)) == sum_there:
        return Standing.SAME
    if said.get(sum_there) == State.REVIEW:
        return Standing.WAITING
    if ours is None:
        return Standing.NEW
    if digest(sheet_of(ours)) in theirs.earlier:
        return Standing.CHANGED
    if sum_there in said:
        return Standing.OLDER
    return Standing.OURS_NEWER if ours.checked_on > theirs.sheet.checked else Standing.CHANGED


def _said_here(
    topics: Collection[str],
) -> tuple[dict[tuple[str, str], Version], dict[tuple[str, str], dict[str, str]]]:
    """By topic and language: what readers see, and state by digest of what was said or waits."""
    found = Version.objects.filter(edition__article__topic__in=topics)
    waits = Q(state=State.REVIEW, origin__isnull=False)
    found = found.filter(waits | Q(published_at__isnull=False))
    ours: dict[tuple[str, str], Version] = {}
    said: dict[tuple[str, str], dict[str, str]] = {}
    for version in found.whole().select_related("current_of").order_by("pk"):
        key = (version.edition.article.topic, version.edition.language)
        said.setdefault(key, {})[digest(sheet_of(version))] = version.state
        if hasattr(version, "current_of"):
            ours[key] = version
    return ours, said


def _other_texts(bundle: Bundle) -> set[str]:
    """Codes that name another text of law here than there: what cites them would cite the wrong one."""
    rows = {row.code: row for row in Instrument.objects.filter(code__in=bundle.texts)}
    return {code for code, row in rows.items() if _is_other(bundle.texts[code], row)}


def _is_other(theirs: content.Text, ours: Any) -> bool:
    known = [(theirs.number, ours.number), (theirs.day, ours.day)]
    return theirs.kind != ours.kind or any(a and b and a != b for a, b in known)


def _cited(theirs: content.Edition, strange: Collection[str]) -> str:
    cited = (place.code for line in theirs.sheet.lines() for place in line.citations)
    return next((code for code in cited if code in strange), "")
