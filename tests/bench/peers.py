"""What a plain installation would search with, on the same texts: SQLite's FTS5 and LIKE."""

import sqlite3
from collections.abc import Iterable

from knowledge.search.engines.port import Document
from knowledge.search.folding import fold, words

_BEST = 50


class Fts5:
    """SQLite's full text search with its own analysis, the words of the question joined by OR."""

    name = "sqlite fts5"

    def __init__(self, documents: Iterable[Document]) -> None:
        self._base = sqlite3.connect(":memory:")
        self._base.execute("CREATE VIRTUAL TABLE d USING fts5(title, text, key UNINDEXED)")
        rows = ((d.title, d.text, d.key) for d in documents)
        self._base.executemany("INSERT INTO d VALUES (?, ?, ?)", rows)

    def find(self, text: str) -> list[str]:
        quoted = " OR ".join(f'"{fold(word)}"' for word in words(text))
        found = self._base.execute(
            f"SELECT key FROM d WHERE d MATCH ? ORDER BY rank LIMIT {_BEST}", [quoted]
        )
        return [key for (key,) in found]

    @property
    def megabytes(self) -> float:
        return _megabytes(self._base)


class Like:
    """What `icontains` of every word comes to."""

    name = "sqlite like"

    def __init__(self, documents: Iterable[Document]) -> None:
        self._base = sqlite3.connect(":memory:")
        self._base.execute("CREATE TABLE d (title, text, key)")
        rows = ((d.title, d.text, d.key) for d in documents)
        self._base.executemany("INSERT INTO d VALUES (?, ?, ?)", rows)

    def find(self, text: str) -> list[str]:
        parts = [f"%{word}%" for word in text.split()]
        where = " AND ".join("(title LIKE ? OR text LIKE ?)" for _ in parts)
        values = [value for part in parts for value in (part, part)]
        found = self._base.execute(f"SELECT key FROM d WHERE {where} LIMIT {_BEST}", values)
        return [key for (key,) in found]

    @property
    def megabytes(self) -> float:
        return _megabytes(self._base)


def _megabytes(base: sqlite3.Connection) -> float:
    (pages,), (size,) = (
        base.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size")
    )
    return float(pages * size / 1e6)
