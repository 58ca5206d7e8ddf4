"""Reads the papers: models of documents that an association adapts, fills in and signs.

A *paper* is one file a language, `<code>.<ar|fr>.md`: a TOML header between `+++` lines, then blocks
(`blocks.py`). Everything malformed is a SheetError with file, line and reason. No query here.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.articles.citable import (
    INSTRUMENT,
    MARKS,
    SOURCE,
    Instrument,
    SheetError,
    Source,
    Wrong,
    load_instruments,
    load_sources,
    read_text,
    read_toml,
)
from knowledge.articles.papers import blocks
from knowledge.articles.papers.blocks import Block
from knowledge.articles.sheets import FENCE, LANGS, THEMES, TOPIC

FOLDER = Path(__file__).parent
LIBRARY = FOLDER.parent / "library"
CODES = (
    "statutes", "founding-minutes", "board-list", "declaration", "convocation", "attendance",
    "moral-report", "financial-report", "hall-request", "information-request", "receipt-reminder",
    "refusal-appeal",
)  # fmt: skip
"""All papers, in the order in which an association meets them."""

HEADER: dict[str, type] = {
    "code": str, "lang": str, "title": str, "purpose": str, "signer": str, "themes": list,
    "topics": list, "mark": str, "sources": list, "needs": list, "hints": list, "landscape": bool,
    "checked": date,
}  # fmt: skip
_LISTS = ("themes", "topics", "sources", "needs", "hints")


@dataclass(frozen=True)
class Cited:
    """A source of the paper: a legal text with its place, or where the rule was read."""

    text: Instrument | Source
    place: str = ""


@dataclass(frozen=True)
class Paper:
    """One model in one language."""

    code: str
    lang: str
    title: str
    purpose: str
    signer: str
    themes: list[str]
    topics: list[str]
    mark: str
    cited: tuple[Cited, ...]
    needs: list[str]
    hints: list[str]
    """What to know before signing; shown beside the paper, not printed on it."""
    landscape: bool
    checked: date
    blocks: tuple[Block, ...]


def paper(code: str, language: str) -> Paper | None:
    """One paper; None when there is none by that name in that language."""
    return _all().get((code, language))


def papers(language: str) -> list[Paper]:
    """All papers in a language, in their order."""
    return [_all()[code, language] for code in CODES]


def for_topic(topic: str, language: str) -> list[Paper]:
    """The papers that belong to an article."""
    return [one for one in papers(language) if topic in one.topics]


@cache
def _all() -> dict[tuple[str, str], Paper]:
    return read_papers(FOLDER)


def read_papers(folder: Path) -> dict[tuple[str, str], Paper]:
    """All papers of a folder; raises SheetError, also for a language that is missing."""
    texts = {**load_instruments(LIBRARY), **load_sources(LIBRARY)}
    found = {}
    for code in CODES:
        for lang in LANGS:
            path = folder / f"{code}.{lang}.md"
            one = parse(read_text(path), name=path.name, texts=texts)
            if (one.code, one.lang) != (code, lang):
                reason = f"the header says {one.code} in {one.lang}, the file name does not"
                raise SheetError(reason, name=path.name, line=1)
            found[code, lang] = one
    return found


def parse(text: str, *, name: str, texts: dict[str, Any]) -> Paper:
    """One paper from its text; `texts` are the instruments and sources it may cite, by code."""
    rows = text.removeprefix("\ufeff").splitlines()
    if not rows or rows[0].strip() != FENCE:
        raise SheetError("a paper opens with a +++ line", name=name, line=1)
    end = next((n for n, row in enumerate(rows[1:], 1) if row.strip() == FENCE), None)
    if end is None:
        raise SheetError("the header is not closed by a second +++ line", name=name, line=1)
    head = read_toml("\n".join(rows[1:end]), name=name, offset=1)
    written = blocks.parse(rows[end + 1 :], name=name, start=end + 1)
    try:
        _check(head, written)
        cited = tuple(_cited(words, texts) for words in head.pop("sources"))
    except Wrong as wrong:
        raise SheetError(str(wrong), name=name, line=1) from wrong
    return Paper(**head, cited=cited, blocks=written)


def _check(head: dict[str, Any], written: tuple[Block, ...]) -> None:
    if strange := sorted(set(head) ^ set(HEADER)):
        raise Wrong(f"the header lacks or should not have {strange[0]}")
    for key, kind in HEADER.items():
        if type(head[key]) is not kind or (kind is str and not head[key].strip()):
            raise Wrong(f"{key} must be a {kind.__name__} that says something")
    for key in _LISTS:
        if not all(isinstance(word, str) and word.strip() for word in head[key]):
            raise Wrong(f"{key} is a list of words")
    if head["lang"] not in LANGS or head["mark"] not in MARKS:
        raise Wrong("lang or mark is unknown")
    if not head["topics"] or not all(TOPIC.fullmatch(topic) for topic in head["topics"]):
        raise Wrong("topics are written like T03-receipt")
    if not head["themes"] or not set(head["themes"]) <= set(THEMES):
        raise Wrong("themes are letters A to I")
    if not head["sources"]:
        raise Wrong("a paper names its sources")
    kinds = [block.kind for block in written]
    if kinds[:1] != ["title"] or kinds.count("title") != 1 or "signatures" not in kinds:
        raise Wrong("a paper opens with its one title and says who signs")
    used = set().union(*(block.names for block in written)) | {b.list for b in written if b.list}
    if used != set(head["needs"]):
        raise Wrong(f"needs and the fields used differ: {sorted(used ^ set(head['needs']))}")


def _cited(words: str, texts: dict[str, Any]) -> Cited:
    match = INSTRUMENT.fullmatch(words)
    code, place = (match["code"], match["place"] or "") if match else (words, "")
    if code not in texts or not (match or SOURCE.fullmatch(words)):
        raise Wrong(f"the source {words!r} is in neither instruments.toml nor sources.toml")
    return Cited(texts[code], place)
