"""One file made of several, and back: a zip whose every byte is known beforehand.

Its files are stored as they are, so nothing can unfold to more than was sent, and the same library
gives the same bytes on every machine. What is read is packed again and must give the same file: no
byte of it goes unlooked at, whatever other programs make of zips.
"""

import io
import json
import struct
import zipfile
from collections.abc import Mapping
from typing import Any

from knowledge.articles.bundles.refusals import Damaged, TooLarge

LARGEST = 9 * 1024 * 1024
"""Bytes of a bundle; the library of a centre has about a seventh of it."""
MOST_FILES = 2_000
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_LOCAL = b"PK\x03\x04"


def pack(files: Mapping[str, bytes]) -> bytes:
    """The zip of these files, by name; the same files give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as box:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            box.writestr(entry, content)
    return made.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """The files of a zip that `pack` made. Raises TooLarge and Damaged."""
    if len(data) > LARGEST:
        raise TooLarge
    found: dict[str, bytes] = {}
    at = 0
    while data[at : at + 4] == _LOCAL and len(found) < MOST_FILES:
        try:
            size, named = struct.unpack_from("<I", data, at + 22)[0], data[at + 26 : at + 28]
            start = at + 30 + int.from_bytes(named, "little")
            found[data[at + 30 : start].decode("ascii")] = data[start : start + size]
        except (struct.error, UnicodeDecodeError):
            raise Damaged from None
        at = start + size
    if not found or pack(found) != data:
        raise Damaged
    return found


def canonical(content: Any) -> bytes:
    """JSON in the one way it is written here."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return f"{text}\n".encode()


def parse(data: bytes) -> Any:
    """What canonical JSON says; ValueError for anything else, such as a name given twice."""
    try:
        content = json.loads(data)
        if canonical(content) != data:
            raise ValueError("not written as it is written here")
    except RecursionError:
        raise ValueError("too deep") from None
    return content
