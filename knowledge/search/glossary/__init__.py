"""The glossary as data: the words of associations in Arabic, French, Darija and Latin letters.

`terms.csv` holds the terms shown to people, `equivalents.csv` further everyday words, both with the
columns ar, fr, darija, latin, en; variants in a cell are parted by semicolons. The column latin
holds spellings that people type and articles do not use, such as Darija in Latin letters.
`stopwords.txt` lists the words that say nothing. Editors add lines; no code changes.
"""

import csv
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
    en: str

    @property
    def written(self) -> tuple[str, ...]:
        """The spellings that occur in articles."""
        return self.ar + self.fr + self.darija


@cache
def entries() -> tuple[Entry, ...]:
    return tuple(entry for table in _TABLES for entry in _read(table))


@cache
def terms() -> tuple[Entry, ...]:
    """Those shown to people; the equivalents only help to find."""
    return tuple(_read(_TABLES[0]))


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


def _read(table: str) -> list[Entry]:
    with (_FOLDER / table).open(encoding="utf-8", newline="") as file:
        return [
            Entry(
                _variants(row["ar"]),
                _variants(row["fr"]),
                _variants(row["darija"]),
                _variants(row["latin"]),
                row["en"],
            )
            for row in csv.DictReader(file)
        ]


def _variants(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())
