"""Numbers and dates of a text in Arabic, French or English, in one form, so that texts compare."""

import re
from collections import Counter

MONTHS = [
    ("يناير", "janvier", "january", "jan"),
    ("فبراير", "février", "february", "feb"),
    ("مارس", "mars", "march", "mar"),
    ("أبريل", "avril", "april", "apr"),
    ("ماي", "mai", "may"),
    ("يونيو", "juin", "june", "jun"),
    ("يوليوز", "juillet", "july", "jul"),
    ("غشت", "août", "august", "aug"),
    ("شتنبر", "septembre", "september", "sept", "sep"),
    ("أكتوبر", "octobre", "october", "oct"),
    ("نونبر", "novembre", "november", "nov"),
    ("دجنبر", "décembre", "december", "dec"),
]
MONTH = {name: number for number, names in enumerate(MONTHS, 1) for name in names}
NAMES = "|".join(sorted(MONTH, key=len, reverse=True))
DATE = re.compile(rf"(?:\b(\d{{1,2}}|فاتح)(?:er)?\s+)?\b({NAMES})\b\.?(?:\s+(\d{{4}}))?", re.I)
THOUSANDS = re.compile(r"(?<![\d.\-/])\d{1,3}(?:[.\s]\d{3})+(?![\d\-/]|\.\d)")
REFERENCE = re.compile(r"(?<![\d.\-/])(?:\d+[.\-]\d+(?:[.\-]\d+)?|\d{1,3}/\d{4})(?![\d/])")
NUMBER = re.compile(r"\d+")
WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905


def figures(text: str) -> Counter[str]:
    """Dates as 2009-02-26 (parts not said are left as x), references as 07-09, plain numbers."""
    found: Counter[str] = Counter()

    def date(match: re.Match[str]) -> str:
        day, _, year = match.groups()
        if day is None and year is None:
            return match[0]
        day = "1" if day == "فاتح" else day
        found[f"{year or 'x'}-{MONTH[match[2].lower()]}-{int(day) if day else 'x'}"] += 1
        return " "

    def reference(match: re.Match[str]) -> str:
        found[re.sub(r"[.\-]", "-", match[0])] += 1
        return " "

    text = DATE.sub(date, text)
    text = THOUSANDS.sub(lambda match: re.sub(r"[.\s]", "", match[0]), text)
    text = REFERENCE.sub(reference, text)
    found.update(str(int(number)) for number in NUMBER.findall(text))
    return found


def allowed(facts: str) -> set[str]:
    """What a topic's facts say, with English number words and the shorter forms of full dates."""
    said = set(figures(facts))
    said |= {str(n) for n, word in enumerate(WORDS) if re.search(rf"\b{word}\b", facts, re.I)}
    for figure in list(said):
        if re.fullmatch(r"\d{4}-\d+-\d+", figure):
            year, month, day = figure.split("-")
            said |= {f"x-{month}-{day}", f"{year}-{month}-x", year}
    for first, last in re.findall(r"\bart\. [^;\]]*?\b(\d+)-(\d+)\b", facts):
        said |= {str(number) for number in range(int(first), int(last) + 1)}
    return said
