"""How a citation reads in a language: « art. 5 » of a dahir is الفصل 5, of a law المادة 5."""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language

from knowledge.articles import speaking

_FASL = ("dahir", "dahir-law", "constitution")
_ARTICLE = re.compile(r"\bart\. ?", re.IGNORECASE)
_RANGE = re.compile(r"\bart\. ?(\d+) ?[-–] ?(\d+)(?![-\w°])", re.IGNORECASE)
_TWO = re.compile(r"\bart\. ?(\d+)(?: and |, )(\d+)(?!\w|[-,]| (?:bis|ter|and))", re.IGNORECASE)
_REPEATED = re.compile(r" (bis|ter|quater)\b")
_PARAGRAPH = re.compile(r"\bpara\. ?(\d+)", re.IGNORECASE)
_LAST = re.compile(r"\blast para\.?", re.IGNORECASE)
_TIMES = {"bis": "", "ter": " مرتين", "quater": " ثلاث مرات"}
_PIECES = re.compile(r"\d+(?:-[A-Za-z0-9°]+)*-[A-Za-z°][A-Za-z0-9°]*(?:-[A-Za-z0-9°]+)*")


def place(kind: str, words: str, language: str | None = None) -> str:
    """The place within an instrument of that kind, in the reader's language."""
    if (language or get_language()) == "fr":
        return _in_french(words)
    return _in_arabic(kind, words)


def line(citation: Any, language: str | None = None) -> str:
    """One citation as a line, such as « Dahir 1-58-376, art. 5 »."""
    return written(citation.instrument, citation.place, language)


def written(instrument: Any, words: str, language: str | None = None) -> str:
    """A place within an instrument as a line to copy; the instrument alone without a place."""
    french = (language or get_language()) == "fr"
    name = (
        (instrument.short_fr or instrument.name_fr)
        if french
        else (instrument.short_ar or instrument.name_ar)
    )
    where = place(instrument.kind, words, language)
    return f"{name}{', ' if french else '، '}{where}" if where else name


def said(instrument: Any, words: str, language: str) -> str:
    """The same made for the telephone: numbers, article and date in words."""
    return speaking.citation(instrument, place(instrument.kind, words, language), language)


def frozen(version: Any, *, keys: Iterable[str] = ()) -> list[dict[str, str]]:
    """The citations of a version (of those statements only, when keys are given) as plain data."""
    wanted = set(keys)
    language = version.edition.language
    found = []
    for statement in version.statements.all():
        if wanted and statement.key not in wanted:
            continue
        found += [
            {
                "statement": statement.key,
                "text": line(c, language),
                "mark": statement.mark,
                "kind": c.instrument.kind,
            }
            for c in statement.citations.all()
        ]
    return found


def _in_french(words: str) -> str:
    words = _neighbours(words)
    words = _RANGE.sub(r"art. \1 à \2", words)
    words = _TWO.sub(r"art. \1 et \2", words)
    words = _LAST.sub("dernier alinéa", words)
    return _PARAGRAPH.sub(r"alinéa \1", words)


def _in_arabic(kind: str, words: str) -> str:
    """Moroccan use: الفصل 32 المكرر for bis, المكرر مرتين for ter; المادة is feminine."""
    fasl = kind in _FASL
    one, two, many = ("الفصل", "الفصلان", "الفصول") if fasl else ("المادة", "المادتان", "المواد")
    words = _neighbours(words)
    words = _RANGE.sub(rf"{many}" + "\xa0من \\1 إلى \\2", words)
    words = _TWO.sub(rf"{two}" + "\xa0\\1 و\\2", words)
    words = _ARTICLE.sub(f"{one}\xa0", words)
    words = _LAST.sub("الفقرة الأخيرة", words)
    words = _PARAGRAPH.sub("الفقرة\xa0\\1", words)
    again = "المكرر" if fasl else "المكررة"
    words = _REPEATED.sub(lambda found: f" {again}{_TIMES[found[1]]}", words)
    # Letters among digits would turn an Arabic line round: 6-I-A-1° stands isolated.
    words = _PIECES.sub(lambda found: f"\u2066{found[0]}\u2069", words)
    return words.replace(", ", "، ")


def _neighbours(words: str) -> str:
    """A range of just two, « art. 2-3 », is those two."""
    return _RANGE.sub(
        lambda m: f"art. {m[1]}, {m[2]}" if int(m[2]) == int(m[1]) + 1 else m[0], words
    )
