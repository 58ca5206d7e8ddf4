"""The glossary as those who keep it look at it: rows of a list, what a form begins with."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy

from helpdesk.upkeep.listing import View
from knowledge.articles.terms import COLUMNS, Term
from knowledge.search.folding import fold, is_arabic, normalise
from knowledge.search.glossary import Entry, shipped
from knowledge.search.related import related_entries

MOST = 100
"""Rows of a page: who looks for one more types a word."""
NEAR = 4


@dataclass(frozen=True)
class Row:
    """A term, or an entry that ships (`term` None)."""

    url: str
    columns: tuple[Sequence[str], ...]
    term: Any = None
    is_shown: bool = False

    @property
    def is_resting(self) -> bool:
        return self.term is not None and self.term.state == Term.State.RESTING

    @property
    def is_kept(self) -> bool:
        return self.term is not None and self.term.state == Term.State.USED

    @property
    def lead(self) -> str:
        return next((texts[0] for texts in self.columns if texts), "")


_VIEWS: dict[str, tuple[Any, Callable[[Row], bool]]] = {
    "all": (gettext_lazy("All terms"), lambda row: not row.is_resting),
    "kept": (gettext_lazy("Kept here"), lambda row: row.is_kept),
    "resting": (gettext_lazy("At rest"), lambda row: row.is_resting),
}


def rows(terms: Iterable[Term]) -> list[Row]:
    """The centre's own, those changed last first, then what ships and nobody changed."""
    kept = [term for term in terms if term.state != Term.State.SHIPPED]
    taken = {term.stands_for for term in kept}
    own = [Row(address(t.pk), t.columns, t, t.is_shown) for t in kept]
    return own + [
        Row(reverse("upkeep:entry", args=[e.key]), columns_of(e), None, e.is_shown)
        for e in shipped()
        if e.key not in taken
    ]


def holding(found: Iterable[Row], text: str) -> list[Row]:
    """Those of which a spelling holds the text, whatever accents and letter variants; all without one."""
    sought = _folded(text)
    return [
        row
        for row in found
        if not sought or any(sought in _folded(said) for col in row.columns for said in col)
    ]


def views(found: Sequence[Row], code: str, text: str) -> list[View]:
    made = []
    for name, (label, holds) in _VIEWS.items():
        url = "?" + urlencode({"view": name, **({"q": text} if text else {})})
        made.append(View(name, str(label), url, sum(map(holds, found)), name == code))
    return made


def view_code(asked: str) -> str:
    return asked if asked in _VIEWS else "all"


def shown(found: Iterable[Row], code: str) -> list[Row]:
    return [row for row in found if _VIEWS[code][1](row)]


def address(pk: int) -> str:
    return reverse("upkeep:term", args=[pk])


def columns_of(entry: Entry) -> tuple[Sequence[str], ...]:
    return tuple(getattr(entry, name) for name in COLUMNS)


def begun(of: Term | Entry | None, word: str) -> dict[str, Any]:
    """What a form shows first; a word out of searches is put where it belongs."""
    values: dict[str, Any] = {name: list(getattr(of, name, ())) for name in COLUMNS}
    for name in ("meaning_ar", "meaning_fr", "note", "is_shown"):
        values[name] = getattr(of, name, "")
    values["revision"] = getattr(of, "revision", 0)
    if word and not any(word in values[name] for name in COLUMNS):
        values[_column(word)].append(word)
    return values


def near(word: str) -> list[tuple[str, str]]:
    """(address of the form, name) of entries that the word may belong to."""
    if not word:
        return []
    asked = "?" + urlencode({"word": word})
    return [(_form(entry) + asked, _name(entry)) for entry in related_entries(word)[:NEAR]]


def _column(word: str) -> str:
    """Where a word goes that no article holds: it is typed, never looked for."""
    return "darija" if is_arabic(normalise(word)) else "latin"


def _form(entry: Entry) -> str:
    return address(entry.term) if entry.term else reverse("upkeep:entry", args=[entry.key])


def _name(entry: Entry) -> str:
    return " · ".join(texts[0] for texts in (entry.ar, entry.fr) if texts)


def _folded(text: str) -> str:
    return fold(normalise(text)).strip()
