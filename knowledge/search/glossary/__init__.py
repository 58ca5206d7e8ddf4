"""The glossary as data: the words of associations in Arabic, French, Darija and Latin letters.

`terms.csv` holds the terms shown to people, `equivalents.csv` further everyday words, both with the
columns ar, fr, darija, latin, en; variants in a cell are parted by semicolons. The column latin
holds spellings that people type and articles do not use, such as Darija in Latin letters.
`stopwords.txt` lists the words that say nothing.

What ships is the base. What a centre keeps itself is laid over it (`use`), for questions only: nothing
of the entries goes into an index, so a change needs no indexing.
"""

import csv
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from knowledge.search.folding import fold, normalise

_FOLDER = Path(__file__).parent
_TABLES = ("terms.csv", "equivalents.csv")


@dataclass(frozen=True)
class Entry:
    """One notion and the ways people write it; those in `latin` are never looked for in texts."""

    ar: tuple[str, ...]
    fr: tuple[str, ...]
    darija: tuple[str, ...]
    latin: tuple[str, ...]
    en: str = ""
    key: str = ""
    """Names an entry that ships, whatever further spellings a later release gives it."""
    term: int = 0
    """Key of the row, where the staff keep it."""
    is_shown: bool = False
    """To people; the others only help to find."""
    meaning_ar: str = ""
    meaning_fr: str = ""

    @property
    def written(self) -> tuple[str, ...]:
        """The spellings that occur in articles."""
        return self.ar + self.fr + self.darija


class Glossary:
    """The entries in use at one moment, never changed: told apart by identity, so that what is reckoned
    from it can be kept beside it."""

    def __init__(self, own: Collection[Entry] = (), *, without: Collection[str] = ()) -> None:
        """What ships, less the entries with the keys in `without`, and the centre's own."""
        self.own = tuple(own)
        self.entries = tuple(e for e in shipped() if e.key not in without) + self.own


def in_use() -> Glossary:
    return _in_use[-1]


def use(glossary: Glossary | None) -> None:
    """From now on this one, in this process; None is what ships."""
    _in_use[-1] = glossary or _base


def entries() -> tuple[Entry, ...]:
    return in_use().entries


def terms() -> tuple[Entry, ...]:
    """Those shown to people."""
    return tuple(entry for entry in entries() if entry.is_shown)


@cache
def shipped() -> tuple[Entry, ...]:
    return tuple(entry for table in _TABLES for entry in _read(table))


@cache
def stop_words() -> frozenset[str]:
    lines = (_FOLDER / "stopwords.txt").read_text(encoding="utf-8").splitlines()
    text = " ".join(line for line in lines if not line.startswith("#"))
    return frozenset(fold(word) for word in normalise(text).split())


@cache
def version() -> str:
    """Changes with any word of the glossary: an index built with another one is out of date."""
    digest = sha256()
    for name in (*_TABLES, "stopwords.txt"):
        digest.update((_FOLDER / name).read_bytes())
    return digest.hexdigest()[:12]


def _read(table: str) -> Iterator[Entry]:
    seen: Counter[str] = Counter()
    with (_FOLDER / table).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ar, fr = _variants(row["ar"]), _variants(row["fr"])
            lead = "|".join([table, *(cell[0] if cell else "" for cell in (ar, fr))])
            seen[lead] += 1
            key = sha256(f"{lead}|{seen[lead]}".encode()).hexdigest()[:10]
            yield Entry(
                ar, fr, _variants(row["darija"]), _variants(row["latin"]), row["en"], key,
                is_shown=table == _TABLES[0],
            )  # fmt: skip


def _variants(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


_base = Glossary()
_in_use = [_base]
