"""What a draft still lacks before it is handed in. No query here.

A *must* stops it; a *look* is advice: a person reads it and decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from knowledge.articles import parts
from knowledge.articles.parts import Item
from knowledge.articles.rules import Mark, Section

OLD = timedelta(days=365)
"""Sources read longer ago are read again."""
LONG_WORDS, LONG_SPOKEN, LONG_TITLE = 30, 25, 90
"""Words of a statement, words of a line read aloud, letters of a title: beyond, plain language suffers."""
NEEDS_TEXT = (Mark.SEEN, Mark.SECONDARY)
_MARKUP = ("**", "__", "](", "`", "#")


@dataclass(frozen=True)
class Known:
    """What may be cited: code -> whether the text is over."""

    texts: Mapping[str, bool]


@dataclass(frozen=True)
class Check:
    """One line of the list. `part` is where; `about` the statement in question."""

    must: bool
    part: str
    words: str
    about: str = ""

    @property
    def where(self) -> str:
        return str(parts.LABELS[self.part]) if self.part else ""


def checks(
    texts: Mapping[str, str], known: Known, *, on: date, apart: Mapping[str, Any],
    review_on: date | None,
) -> list[Check]:  # fmt: skip
    """What to mend comes first, what to look at afterwards; both in the order of the article.

    `apart`: the parts of which the two languages differ, with the words for it; `review_on`: the day
    by which the article is to be read again.
    """
    found = [*_head(texts, on=on), *_sections(texts, known)]
    found += [Check(False, part, str(words)) for part, words in apart.items()]
    if review_on is None:
        found.append(Check(False, "", _("No day is set for the next review of the article.")))
    return sorted(found, key=lambda check: not check.must)


def stops(found: list[Check]) -> bool:
    return any(check.must for check in found)


def _head(texts: Mapping[str, str], *, on: date) -> Iterator[Check]:
    title, question = (texts.get(name, "").strip() for name in ("title", "question"))
    if not title:
        yield Check(True, "title", _("The article has no title."))
    elif len(title) > 200:
        yield Check(True, "title", _("The title is longer than 200 letters."))
    elif len(title) > LONG_TITLE:
        yield Check(False, "title", _("The title is long: shorter is found and read more easily."))
    if not question:
        yield Check(True, "question", _("Write the question as an association would ask it."))
    elif len(question) > 300:
        yield Check(True, "question", _("The question is longer than 300 letters."))
    if not parts.keywords(texts.get("keywords", "")):
        yield Check(False, "keywords", _("There are no words by which people search it."))
    day = parts.day(texts.get("checked", ""))
    if day is None:
        yield Check(True, "checked", _("Give the day on which the sources were read."))
    elif day > on:
        yield Check(True, "checked", _("The day on which the sources were read is still to come."))
    elif day < on - OLD:
        yield Check(False, "checked", _("The sources were read more than a year ago."))


def _sections(texts: Mapping[str, str], known: Known) -> Iterator[Check]:
    if not parts.items(texts.get(Section.IN_SHORT, "")):
        yield Check(True, Section.IN_SHORT.value, _("The answer in short is empty."))
    seen: set[str] = set()
    for section in Section:
        for row in parts.items(texts.get(section.value, "")):
            for must, words in _of_item(row, section, known, seen):
                yield Check(must, section.value, words, row.text[:120])
            seen.add(row.key)


def _of_item(
    row: Item, section: Section, known: Known, seen: set[str]
) -> Iterator[tuple[bool, str]]:
    for wrong in row.wrong:
        yield True, str(wrong)
    if row.key and row.key in seen:
        yield True, _("The key %(key)s is used twice.") % {"key": row.key}
    if row.key and row.key.startswith("p") != (section == Section.SPOKEN):
        yield True, _("Keys of lines to read aloud begin with p, all others with s.")
    yield from _mark(row, section)
    yield from _cited(row, known)
    yield from _plain(row, section)


def _mark(row: Item, section: Section) -> Iterator[tuple[bool, str]]:
    if not row.mark:
        yield True, _("The statement has no mark: how sure is it?")
    elif row.mark == Mark.UNSURE and section == Section.SPOKEN:
        yield True, _("What is not certain is never read aloud.")
    elif row.mark == Mark.UNSURE:
        yield False, _("Not certain: readers do not see this statement.")


def _cited(row: Item, known: Known) -> Iterator[tuple[bool, str]]:
    if row.mark in NEEDS_TEXT and not row.places:
        yield True, _("The statement cites nothing: where was it read?")
    elif row.mark == Mark.GENERAL and not row.places:
        yield False, _("General knowledge without a citation: look for the text behind it.")
    for code, _place in row.places:
        if code not in known.texts:
            yield True, _("%(code)s is in no register of texts.") % {"code": code}
        elif known.texts[code]:
            yield False, _("%(code)s is no longer in force.") % {"code": code}


def _plain(row: Item, section: Section) -> Iterator[tuple[bool, str]]:
    most = LONG_SPOKEN if section == Section.SPOKEN else LONG_WORDS
    words = len(row.text.split())
    if words > most:
        given: dict[str, Any] = {"n": words, "most": most}
        yield False, _("%(n)d words: plain language has at most %(most)d in a sentence.") % given
    if any(sign in row.text for sign in _MARKUP):
        yield False, _("Bold and links are not shown: the words are also spoken, printed and sent.")
