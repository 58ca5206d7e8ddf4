"""Where a photograph was taken, by whom and with which device goes before it is kept; the picture stays to the bit.

Cameras and programs write these facts as TIFF fields (Exif), as a text (XMP) and as press captions (IPTC). They are blanked where they stand, so that
nothing moves: day, orientation and every pixel remain as they came. Pure functions.
"""

import re
import struct
import zlib
from collections.abc import Iterator

_TIFF = re.compile(rb"II\x2a\x00|MM\x00\x2a")
_XMP = re.compile(rb"<x:xmpmeta\b.*?</x:xmpmeta>|<x:xapmeta\b.*?</x:xapmeta>", re.DOTALL)
_IPTC = re.compile(rb"8BIM\x04\x04\x00\x00")
EXIF, GPS = 0x8769, 0x8825
"""Fields that lead to another table of fields."""
PERSONAL = {
    0x013B: "artist", 0x013C: "computer", 0x9C9D: "author", 0x8298: "copyright", 0x927C: "maker's note",
    0xA430: "owner", 0xA431: "serial number", 0xA435: "serial number of the lens", 0xA420: "number of the picture",
}  # fmt: skip
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
MOST_TABLES, MOST_FIELDS = 16, 400
"""In one place; a file that claims more is not from a camera."""


def blanked(content: bytes) -> bytes:
    """The photograph (JPEG, PNG, WebP, HEIC) without these facts; just as long, and the same if it had none."""
    data = bytearray(content)
    for place in [found.start() for found in _TIFF.finditer(content)][:MOST_TABLES]:
        _blank_fields(data, place)
    for found in _XMP.finditer(content):
        data[found.start() : found.end()] = b" " * (found.end() - found.start())
    for found in _IPTC.finditer(content):
        end = found.end() + 4 + _number(data, found.end(), ">I")
        if end <= len(data):
            data[found.end() + 4 : end] = bytes(end - found.end() - 4)
    if data != content and content.startswith(b"\x89PNG"):
        _count_anew(data)
    return bytes(data)


def _blank_fields(data: bytearray, base: int) -> None:
    """From a TIFF head on: of its tables, the fields named above. What does not hold together is left alone."""
    order = "<" if data[base : base + 2] == b"II" else ">"
    seen: set[int] = set()
    waiting = [(_number(data, base + 4, order + "I"), False)]
    while waiting and len(seen) < MOST_TABLES:
        offset, is_place = waiting.pop()
        if offset in seen or offset < 8:
            continue
        seen.add(offset)
        for at, tag, start, length in _fields(data, base, base + offset, order):
            if is_place or tag in PERSONAL:
                data[start : start + length] = bytes(length)
                if is_place:
                    data[at : at + 12] = bytes(12)
            elif tag in (EXIF, GPS):
                waiting.append((_number(data, at + 8, order + "I"), tag == GPS))
        if is_place and base + offset + 2 <= len(data):
            data[base + offset : base + offset + 2] = bytes(2)


def _fields(
    data: bytearray, base: int, table: int, order: str
) -> Iterator[tuple[int, int, int, int]]:
    """(place of the field, tag, place of its value, bytes of it); values that lie outside are not told."""
    count = _number(data, table, order + "H")
    if count > MOST_FIELDS:
        return
    for at in range(table + 2, table + 2 + 12 * count, 12):
        if at + 12 > len(data):
            return
        tag, kind, many = struct.unpack_from(order + "HHI", data, at)
        length = _SIZES.get(kind, 0) * many
        start = at + 8 if length <= 4 else base + _number(data, at + 8, order + "I")
        if start + length <= len(data):
            yield at, tag, start, length


def _number(data: bytearray, at: int, form: str) -> int:
    if at + struct.calcsize(form) > len(data):
        return 0
    return int(struct.unpack_from(form, data, at)[0])


def _count_anew(data: bytearray) -> None:
    """Each part of a PNG ends with its checksum."""
    at = 8
    while at + 12 <= len(data):
        end = at + 8 + _number(data, at, ">I")
        if end + 4 > len(data):
            return
        struct.pack_into(">I", data, end, zlib.crc32(data[at + 4 : end]))
        at = end + 4
