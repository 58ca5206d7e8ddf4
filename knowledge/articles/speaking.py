"""Law said aloud: numbers, dates and citations spelled out for the ear, in Arabic and French.

An advisor reads « القانون رقم خمسة وسبعين فاصل صفر صفر » to a caller without stopping to think.
Arabic numbers stand in the form they have in speech after رقم (خمسة وسبعين). Pure functions.
"""

import re
from datetime import date
from typing import Any

UNITS = {
    "ar": (
        "صفر", "واحد", "اثنين", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة",
        "أحد عشر", "اثني عشر", "ثلاثة عشر", "أربعة عشر", "خمسة عشر", "ستة عشر", "سبعة عشر",
        "ثمانية عشر", "تسعة عشر",
    ),
    "fr": (
        "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
        "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
    ),
}  # fmt: skip
TENS = {
    "ar": ("", "", "عشرين", "ثلاثين", "أربعين", "خمسين", "ستين", "سبعين", "ثمانين", "تسعين"),
    "fr": ("", "", "vingt", "trente", "quarante", "cinquante", "soixante", "soixante",
           "quatre-vingt", "quatre-vingt"),
}  # fmt: skip
HUNDREDS = ("", "مائة", "مائتين", "ثلاثمائة", "أربعمائة", "خمسمائة", "ستمائة", "سبعمائة",
            "ثمانمائة", "تسعمائة")  # fmt: skip
MONTHS = {
    "ar": ("يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر",
           "نونبر", "دجنبر"),
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
           "octobre", "novembre", "décembre"),
}  # fmt: skip
ORDINALS = ("", "أول", "ثاني", "ثالث", "رابع", "خامس", "سادس", "سابع", "ثامن", "تاسع", "عاشر")
KINDS = {
    "dahir": ("الظهير الشريف", "dahir"),
    "dahir-law": ("الظهير الشريف بمثابة قانون", "dahir portant loi"),
    "law": ("القانون", "loi"),
    "organic-law": ("القانون التنظيمي", "loi organique"),
    "decree": ("المرسوم", "décret"),
}
_BY_DAHIR = ("الصادر بتنفيذه ظهير", "promulguée par le dahir du")
_DATED = ("الصادر في", "du")
_SINCE = {
    kind: _BY_DAHIR if kind.endswith("law") and kind != "dahir-law" else _DATED for kind in KINDS
}
LARGEST = 999_999
"""Longer rows of digits are read one by one."""
LETTERS = {"A": "ألف", "B": "باء", "C": "جيم", "D": "دال"}
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}
_NUMBER = re.compile(r"\d+(?:[-./]\d+)*")
_SIGNS = {
    "ar": {"-": "فاصل", ".": "فاصل", "/": "على"},
    "fr": {"-": "tiret", ".": "point", "/": "barre"},
}
_FEMININE = re.compile(r"(المادة\s)(\d+)\b(?![-./])")
_MASCULINE = re.compile(r"(الفصل\s)(\d+)\b(?![-./])")


def number(value: int, language: str) -> str:
    """A whole number from 0 to 999 999 in words; a larger one digit by digit."""
    if value > LARGEST:
        return " ".join(UNITS[language][int(digit)] for digit in str(value))
    return _french(value) if language == "fr" else _arabic(value)


def code(text: str, language: str) -> str:
    """The number of a text: `75-00` « soixante-quinze tiret zéro zéro »; zeros in front are said."""
    pieces = re.split(r"([-./])", text)
    said = [_SIGNS[language].get(piece) or _digits(piece, language) for piece in pieces if piece]
    return " ".join(said)


def day(value: date, language: str) -> str:
    """A date in words: « quinze novembre mille neuf cent cinquante-huit »; the first is its own word."""
    first = "premier" if language == "fr" else "فاتح"
    spoken = first if value.day == 1 else number(value.day, language)
    return f"{spoken} {MONTHS[language][value.month - 1]} {number(value.year, language)}"


def aloud(text: str, language: str) -> str:
    """Any short text with its numbers in words."""
    text = text.replace("n°", "numéro") if language == "fr" else text
    return _NUMBER.sub(lambda found: code(found[0], language), text)


def instrument(text: Any, language: str) -> str:
    """A legal text by kind, number and date: what an advisor says to name it."""
    french = language == "fr"
    full, short = (text.name_fr, text.short_fr) if french else (text.name_ar, text.short_ar)
    if text.kind not in KINDS:
        if text.kind == "circular":
            short = re.sub(r"(?=\b\d)", "numéro " if french else "رقم ", short, count=1)
        return aloud(short if short and text.kind != "code" else full, language)
    numbered = "numéro" if french else "رقم"
    name = f"{KINDS[text.kind][french]} {numbered} {code(text.number, language)}"
    if not text.day:
        return name
    return f"{name}{', ' if french else '، '}{_SINCE[text.kind][french]} {day(text.day, language)}"


def place(words: str, language: str) -> str:
    """A place as it is written in that language (citing.place), said aloud."""
    words = words.replace("\xa0", " ").replace("\u2066", "").replace("\u2069", "")
    if language == "fr":
        words = re.sub(r"\bart\. ?(?=\d+ (?:à|et) \d)", "articles ", words)
        words = re.sub(r"\bart\. ?", "article ", words)
        words = re.sub(r"\barticle 1(?!\w|[-./])", "article premier", words)
    else:
        words = _FEMININE.sub(lambda m: m[1] + _ordinal(int(m[2]), feminine=True), words)
        words = _MASCULINE.sub(lambda m: m[1] + _ordinal(int(m[2]), feminine=False), words)
    words = re.sub(r"[A-Za-z0-9°]+(?:-[A-Za-z0-9°]+)+", lambda m: _parts(m[0], language), words)
    return aloud(words, language)


def citation(text: Any, where: str, language: str) -> str:
    """A whole citation; `where` as it is written in that language, or empty."""
    name = instrument(text, language)
    return f"{name}{', ' if language == 'fr' else '، '}{place(where, language)}" if where else name


def _digits(piece: str, language: str) -> str:
    if not piece.isdigit():
        return piece
    zero = UNITS[language][0]
    bare = piece.lstrip("0")
    return " ".join(
        [zero] * (len(piece) - len(bare)) + ([number(int(bare), language)] if bare else [])
    )


def _parts(text: str, language: str) -> str:
    """The parts of a code's article, such as 6-I-A-1°, one after the other."""
    said = []
    for piece in text.split("-"):
        value = piece.removesuffix("°")
        if value in ROMAN and language == "ar":
            said.append(number(ROMAN[value], language))
        elif value in ROMAN:
            said.append(f"{number(ROMAN[value], language)} romain")
        elif value.isdigit():
            said.append(_digits(value, language))
        else:
            said.append(LETTERS.get(value, value) if language == "ar" else value)
    return ("، " if language == "ar" else ", ").join(said)


def _ordinal(value: int, *, feminine: bool) -> str:
    if not 1 <= value <= 10:
        return number(value, "ar")
    if value == 1:
        return "الأولى" if feminine else "الأول"
    return f"ال{ORDINALS[value]}{'ة' if feminine else ''}"


def _arabic(value: int) -> str:
    if value < 20:
        return UNITS["ar"][value]
    if value < 100:
        tens = TENS["ar"][value // 10]
        return f"{UNITS['ar'][value % 10]} و{tens}" if value % 10 else tens
    if value < 1000:
        return _and(HUNDREDS[value // 100], value % 100)
    thousands = value // 1000
    if thousands <= 2:
        return _and("ألف" if thousands == 1 else "ألفين", value % 1000)
    return _and(f"{_arabic(thousands)} {'آلاف' if thousands <= 10 else 'ألف'}", value % 1000)


def _and(head: str, rest: int) -> str:
    return f"{head} و{_arabic(rest)}" if rest else head


def _french(value: int) -> str:
    if value < 20:
        return UNITS["fr"][value]
    if value < 100:
        return _french_tens(value)
    if value < 1000:
        hundreds, rest = divmod(value, 100)
        head = "cent" if hundreds == 1 else f"{UNITS['fr'][hundreds]} cent"
        return f"{head} {_french(rest)}" if rest else head + ("s" if hundreds > 1 else "")
    thousands, rest = divmod(value, 1000)
    many = re.sub(r"(cent|vingt)s$", r"\1", _french(thousands))
    head = "mille" if thousands == 1 else f"{many} mille"
    return f"{head} {_french(rest)}" if rest else head


def _french_tens(value: int) -> str:
    tens, rest = divmod(value, 10)
    head = TENS["fr"][tens]
    if tens in (7, 9):
        rest += 10
    if not rest:
        return head + ("s" if tens == 8 else "")
    if rest in (1, 11) and tens < 8:
        return f"{head} et {UNITS['fr'][rest]}"
    return f"{head}-{UNITS['fr'][rest]}"
