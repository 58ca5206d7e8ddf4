"""The passage of a text that answers a question best, its words marked.

Marks are made in the text as it is stored, word by word, by stem; the terms of the index are never
shown.
"""

import math
import re
from collections.abc import Mapping, Sequence

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from knowledge.search.analysis import is_stop, stems_of
from knowledge.search.folding import MARKS, words
from knowledge.search.stemming import stem

LONGEST = 240
"""Characters of a snippet."""
MARKED_FROM = 0.3
"""Weight a stem needs to be marked: faint guesses are not shown as matches."""
_WORD = re.compile(f"[\\w{MARKS}]+")
_UNIT = re.compile(rf"[0-9]{{1,3}}(?:[ \u00a0\u202f][0-9]{{3}})+(?![\w{MARKS}])|{_WORD.pattern}")
"""What is marked as one: a word, or a number written in groups such as `50 000`."""
_GAP = re.compile(r"[\s'’\-]*")


def best_passage(weights: Mapping[str, float], passages: Sequence[str]) -> int | None:
    """Place of the passage that holds most of the weight; rare words count more than frequent.

    None when no passage holds any of the stems.
    """
    held = [{stem for stem in stems_of(text) if stem in weights} for text in passages]
    spread = {stem: sum(stem in some for some in held) for some in held for stem in some}
    scores = [
        sum(weights[stem] * math.log(1 + len(passages) / spread[stem]) for stem in some)
        for some in held
    ]
    best = max(scores, default=0.0)
    return scores.index(best) if best > 0 else None


def marked(text: str, weights: Mapping[str, float], *, longest: int = LONGEST) -> SafeString:
    """The text, cut to length around its first match, with matching words in <mark>."""
    spans = _spans(text, weights)
    start, end = _window(text, spans[0][0] if spans else 0, longest)
    inside = [span for span in spans if start <= span[0] and span[1] <= end]
    pieces: list[SafeString] = []
    at = start
    for first, last in inside:
        pieces.append(conditional_escape(text[at:first]))
        pieces.append(format_html("<mark>{}</mark>", text[first:last]))
        at = last
    pieces.append(conditional_escape(text[at:end]))
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return format_html_join("", "{}", ((piece,) for piece in (before, *pieces, after)))


def written_forms(texts: Sequence[str]) -> dict[str, str]:
    """{word in normal form: as it is written} over the texts, the first writing of each."""
    forms: dict[str, str] = {}
    for text in texts:
        for match in _WORD.finditer(text):
            for word in words(match[0]):
                forms.setdefault(word, match[0])
    return forms


def _spans(text: str, weights: Mapping[str, float]) -> list[tuple[int, int]]:
    """Places of matching words; neighbours become one."""
    spans: list[tuple[int, int]] = []
    for match in _UNIT.finditer(text):
        enough = all if match[0][0].isdigit() else any
        if enough([_matches(word, weights) for word in words(match[0])]):
            start, end = match.span()
            if spans and _GAP.fullmatch(text, spans[-1][1], start):
                start = spans.pop()[0]
            spans.append((start, end))
    return spans


def _matches(word: str, weights: Mapping[str, float]) -> bool:
    return not is_stop(word) and weights.get(stem(word), 0.0) >= MARKED_FROM


def _window(text: str, first: int, longest: int) -> tuple[int, int]:
    """From where to where to show, between words, with the first match inside."""
    if len(text) <= longest:
        return 0, len(text)
    start = max(0, min(first - longest // 3, len(text) - longest))
    if start and (blank := text.find(" ", start, first)) >= 0:
        start = blank + 1
    end = min(len(text), start + longest)
    if end < len(text) and (blank := text.rfind(" ", first + 1, end)) > 0:
        end = blank
    return start, end
