"""Reads plain data word by word: each of the kind and length it must have, and nothing beside."""

import unicodedata
from collections.abc import Callable, Collection
from datetime import date
from typing import Any, TypeVar

from knowledge.articles.bundles.refusals import Malformed

T = TypeVar("T")
_OVERRIDES = "\u202d\u202e"
"""Signs that show words in another order than they are read."""


class Reader:
    """One table of names and values. All raise Malformed with the file and the name."""

    def __init__(self, name: str, content: Any, where: str = "") -> None:
        self.name, self.where = name, where
        if not isinstance(content, dict):
            raise Malformed(name, where)
        self.content: dict[str, Any] = content
        self._read: set[str] = set()

    def inner(self, key: str) -> "Reader":
        return Reader(self.name, self._take(key), self._at(key))

    def rows(self, key: str, most: int, read: "Callable[[Reader], T]") -> list[T]:
        """Tables in a row."""
        found = self._list(key, most)
        return [read(Reader(self.name, row, self._at(f"{key} {n}"))) for n, row in enumerate(found)]

    def pairs(self, key: str, most: int, longest: int) -> list[tuple[str, str]]:
        """Two words each; the second may be empty."""
        found = []
        for row in self._list(key, most):
            if not isinstance(row, list) or len(row) != 2:
                raise Malformed(self.name, self._at(key))
            found.append((self._words(row[0], key, longest), self._words(row[1], key, longest, 0)))
        return found

    def texts(self, key: str, longest: int, most: int) -> list[str]:
        return [self._words(row, key, longest) for row in self._list(key, most)]

    def text(self, key: str, longest: int, *, empty: bool = False) -> str:
        return self._words(self._take(key), key, longest, 0 if empty else 1)

    def one_of(self, key: str, allowed: Collection[str]) -> str:
        value = self._take(key)
        if not isinstance(value, str) or value not in allowed:
            raise Malformed(self.name, self._at(key))
        return value

    def yes(self, key: str) -> bool:
        value = self._take(key)
        if not isinstance(value, bool):
            raise Malformed(self.name, self._at(key))
        return value

    def count(self, key: str) -> int:
        value = self._take(key)
        if type(value) is not int or not 0 < value < 100_000:
            raise Malformed(self.name, self._at(key))
        return value

    def day(self, key: str) -> date | None:
        """None where no day is established."""
        value = self._take(key)
        if value is None:
            return None
        try:
            found = date.fromisoformat(value)
        except (TypeError, ValueError):
            raise Malformed(self.name, self._at(key)) from None
        if found.isoformat() != value:
            raise Malformed(self.name, self._at(key))
        return found

    def given_day(self, key: str) -> date:
        found = self.day(key)
        if found is None:
            raise Malformed(self.name, self._at(key))
        return found

    def nothing_else(self) -> None:
        """A name that nobody reads would be signed and not seen."""
        if strange := sorted(set(self.content) - self._read):
            raise Malformed(self.name, self._at(strange[0][:40]))

    def _take(self, key: str) -> Any:
        if key not in self.content:
            raise Malformed(self.name, self._at(key))
        self._read.add(key)
        return self.content[key]

    def _list(self, key: str, most: int) -> list[Any]:
        found = self._take(key)
        if not isinstance(found, list) or len(found) > most:
            raise Malformed(self.name, self._at(key))
        return found

    def _words(self, value: Any, key: str, longest: int, least: int = 1) -> str:
        if not isinstance(value, str) or not least <= len(value) <= longest:
            raise Malformed(self.name, self._at(key))
        if value != value.strip() or any(is_strange(sign) for sign in value):
            raise Malformed(self.name, self._at(key))
        return value

    def _at(self, key: str) -> str:
        return f"{self.where} {key}".strip()


def is_strange(sign: str) -> bool:
    """A sign that no text has: controls but the end of a line, halves of characters, overrides."""
    if sign == "\n":
        return False
    return sign in _OVERRIDES or unicodedata.category(sign) in ("Cc", "Cs")
