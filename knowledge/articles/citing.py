"""How a citation reads in a language: « art. 5 » of a dahir is الفصل 5, of a law المادة 5."""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language

_ARTICLE = re.compile(r"\bart\. ?", re.IGNORECASE)
_FASL = ("dahir", "dahir-law", "constitution")


def place(kind: str, words: str, language: str | None = None) -> str:
    """The place within an instrument of that kind, in the reader's language."""
    if (language or get_language()) == "fr":
        return words
    return _ARTICLE.sub("الفصل\xa0" if kind in _FASL else "المادة\xa0", words)


def line(citation: Any, language: str | None = None) -> str:
    """One citation as a line, such as « Dahir 1-58-376, art. 5 »."""
    instrument = citation.instrument
    french = (language or get_language()) == "fr"
    name = (
        (instrument.short_fr or instrument.name_fr)
        if french
        else (instrument.short_ar or instrument.name_ar)
    )
    where = place(instrument.kind, citation.place, language)
    return f"{name}{', ' if french else '، '}{where}" if where else name


def frozen(version: Any, *, keys: Iterable[str] = ()) -> list[dict[str, str]]:
    """The citations of a version (of those statements only, when keys are given) as plain data."""
    wanted = set(keys)
    language = version.edition.language
    found = []
    for statement in version.statements.all():
        if wanted and statement.key not in wanted:
            continue
        found += [
            {"statement": statement.key, "text": line(c, language), "mark": statement.mark}
            for c in statement.citations.all()
        ]
    return found
