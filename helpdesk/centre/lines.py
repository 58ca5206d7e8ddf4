"""One-line texts that people typed (names, subjects, file names), made safe to show beside others.

A control character or an override of direction inside a name can turn a whole line round and make
`exe.pdf` of `fdp.exe`; an isolate keeps a right-to-left name from moving the words around it.
Pure functions.
"""

import unicodedata

FIRST_STRONG, LEFT_TO_RIGHT, POP = "\u2068", "\u2066", "\u2069"
_JOINERS = "\u200c\u200d"
"""Meant by those who type them; every other invisible sign goes."""


def clean_line(text: str, *, limit: int = 200) -> str:
    """One line without control, format, surrogate and private signs, at most `limit` long."""
    kept = "".join(
        " " if c.isspace() else c
        for c in text[: limit * 20]
        if c.isspace() or c in _JOINERS or unicodedata.category(c)[0] != "C"
    )
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def clean_text(text: str, *, limit: int) -> str:
    """The same for several lines: line ends stay, and so do marks and isolates of direction.

    Overrides and embeddings go: they are the signs that deceive.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(c for c in lines[:limit] if c == "\n" or _is_harmless(c)).strip()


def isolated(text: str) -> str:
    """The text between a first-strong isolate and its end, for plain text such as a mail."""
    return f"{FIRST_STRONG}{text}{POP}"


def isolated_ltr(text: str) -> str:
    """The same for a reference or a number, which always reads from the left."""
    return f"{LEFT_TO_RIGHT}{text}{POP}"


def _is_harmless(c: str) -> bool:
    if "\u202a" <= c <= "\u202e":
        return False
    return unicodedata.category(c) not in ("Cc", "Cs")
