"""The parts of an edition as editors type them, and back: a Markdown list, a statement an item.

    - The words of the statement.
      {s1 | seen | dahir-1-58-376 art. 5; A1}

The brace holds key, mark and citations as in the sheets of the library; it may be left out or hold no
key while one writes, and stands on a line of its own because a line of one direction is read more
easily. Pure text: no query here.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from knowledge.articles.citable import INSTRUMENT, SOURCE
from knowledge.articles.rules import Mark, Section

HEAD = ("title", "question", "keywords", "checked")
NAMES = (*HEAD, *Section.values)
LABELS: Mapping[str, Any] = {
    "title": _("Title"),
    "question": _("Question"),
    "keywords": _("Words people search"),
    "checked": _("Sources read on"),
    **{section.value: section.label for section in Section},
}
_ITEM = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_WHOLE = re.compile(r"(?P<words>[^{}]*)(?:\{(?P<brace>[^{}]*)\})?\s*")
_SPACES = re.compile(r"[ \t\r\n]+")
"""Not the unbreakable ones: they belong to numbers and to French punctuation."""
_KEY = re.compile(r"[sp][1-9]\d{0,4}")


@dataclass(frozen=True)
class Item:
    """One statement as it is typed. `row` is its line in the text; `wrong` says what cannot be read."""

    text: str
    key: str = ""
    mark: str = ""
    places: tuple[tuple[str, str], ...] = ()
    """(code of the text or source, place in it)."""
    row: int = 1
    wrong: tuple[Any, ...] = field(default=(), compare=False)


def items(text: str) -> list[Item]:
    """The statements of a section; what cannot be read is kept and says so."""
    return [_item(" ".join(rows), row) for row, rows in _gathered(text)]


def typed(rows: Iterable[Item]) -> str:
    """A section as it stands in the editor."""
    return "\n".join(_typed(row) for row in rows)


def of_version(version: Any) -> dict[str, str]:
    """All parts of a version whose statements and citations are loaded."""
    found: dict[str, list[Item]] = {name: [] for name in Section.values}
    for line in version.statements.all():
        places = tuple((c.instrument.code, c.place) for c in line.citations.all())
        found[line.section].append(Item(line.text, line.key, line.mark, places))
    return {
        "title": version.title,
        "question": version.question,
        "keywords": keywords_typed(version.keywords),
        "checked": version.checked_on.isoformat(),
        **{name: typed(rows) for name, rows in found.items()},
    }


def plain(text: str) -> str:
    """A text that nobody marked yet as a section: one statement a paragraph, nobody sure of it."""
    rows = [_one_line(row.replace("{", "(").replace("}", ")")) for row in text.splitlines()]
    return typed(Item(_ITEM.sub("", row), mark=Mark.UNSURE) for row in rows if row)


def keywords(text: str) -> list[str]:
    """Each word once, in the order typed."""
    found = (word.strip() for word in re.split(r"[,،;\n]", text))
    return list(dict.fromkeys(word for word in found if word))


def keywords_typed(words: Iterable[str]) -> str:
    return "، ".join(words)


def day(text: str) -> date | None:
    """Empty when it is no day."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def same(one: str, other: str) -> bool:
    """Whether two texts of a part differ by spaces at most."""
    return one.split() == other.split()


def with_keys(name: str, rows: Iterable[Item], *, taken: Collection[str]) -> list[Item]:
    """Every statement with a key; `taken` are those that stand anywhere else in the article."""
    letter = "p" if name == Section.SPOKEN else "s"
    used, made = set(taken), []
    for row in rows:
        key = row.key
        if not key:
            key = next(f"{letter}{n}" for n in range(1, 100_000) if f"{letter}{n}" not in used)
        used.add(key)
        made.append(Item(row.text, key, row.mark, row.places, row.row, row.wrong))
    return made


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text).strip(" ")


def _gathered(text: str) -> Iterable[tuple[int, list[str]]]:
    """(line, lines of one statement): an item goes on until the next one or an empty line."""
    rows: list[str] = []
    start, closed = 1, True
    for number, row in enumerate(text.splitlines(), 1):
        if not row.strip():
            closed = True
            continue
        if _ITEM.match(row) or (closed and not row.strip().startswith("{")):
            if rows:
                yield start, rows
            rows, start = [], number
        rows.append(_ITEM.sub("", row).strip(" \t"))
        closed = False
    if rows:
        yield start, rows


def _item(text: str, row: int) -> Item:
    whole = _WHOLE.fullmatch(text)
    if whole is None:
        return Item(_one_line(text), row=row, wrong=(_("Braces { } hold one mark, at the end."),))
    words = _one_line(whole["words"])
    key, mark, cited, wrong = _brace(whole["brace"] or "")
    if not words:
        wrong.append(_("There are no words before the mark."))
    return Item(words, key, mark, cited, row, tuple(wrong))


def _brace(brace: str) -> tuple[str, str, tuple[tuple[str, str], ...], list[Any]]:
    parts, wrong = [part.strip() for part in brace.split("|")], []
    key = parts.pop(0) if _KEY.fullmatch(parts[0]) else ""
    mark = parts.pop(0) if parts else ""
    if mark and mark not in Mark.values:
        wrong.append(_("The mark is one of: seen, secondary, general, unsure."))
        mark = ""
    if len(parts) > 1:
        wrong.append(_("In the braces stand the mark and, after a |, what is cited."))
    cited = []
    for words in filter(None, (one.strip() for one in ";".join(parts).split(";"))):
        if SOURCE.fullmatch(words):
            cited.append((words, ""))
        elif match := INSTRUMENT.fullmatch(words):
            cited.append((match["code"], match["place"] or ""))
        else:
            wrong.append(_("A citation is the code of a text and the place in it."))
    return key, mark, tuple(cited), wrong


def _typed(row: Item) -> str:
    brace = " | ".join(filter(None, (row.key, row.mark)))
    if row.places:
        brace += " | " + "; ".join(f"{code} {place}".strip() for code, place in row.places)
    return f"- {row.text}" + (f"\n  {{{brace}}}" if brace else "")
