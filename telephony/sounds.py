"""Sound as browsers record it, told by its content: its kind, its length, a length written into it.

A recording of a browser is a stream cut into pieces: joined in order they are a valid file, and only the
first piece carries the header. WebM made so has no length inside, so players can neither show nor seek:
`with_length` writes it in.
"""

import io
import struct
import wave
from collections.abc import Iterator
from dataclasses import dataclass

_EBML, _SEGMENT, _INFO, _SEEK = b"\x1a\x45\xdf\xa3", 0x18538067, 0x1549A966, 0x114D9B74
_CLUSTER, _GROUP, _SCALE, _LENGTH = 0x1F43B675, 0xA0, 0x2AD7B1, 0x4489
_TIME, _BLOCKS = 0xE7, (0xA3, 0xA1)
_INSIDE = (_SEGMENT, _CLUSTER, _GROUP)
"""Elements that are walked into; their own size may be unknown, as in everything that is streamed."""
_OPUS_RATE = 48_000
_BYTES_A_SECOND = 3_200
"""At the rate our pages record with; only where a kind tells no time."""


@dataclass(frozen=True)
class Kind:
    content_type: str
    ending: str


WAV = Kind("audio/wav", "wav")
"""Of a telephone network: never taken from a browser."""
WEBM, MP4, OGG = Kind("audio/webm", "webm"), Kind("audio/mp4", "m4a"), Kind("audio/ogg", "ogg")


def kind_of(start: bytes) -> Kind | None:
    """The kind that begins so; None when it is no sound that we take."""
    if start[:4] == _EBML and b"webm" in start[:64]:
        return WEBM
    if start[4:8] == b"ftyp":
        return MP4
    return OGG if start[:4] == b"OggS" else None


def wav_seconds(sound: bytes) -> float | None:
    """How long sound of a telephone network plays; None when it is none, or was cut short."""
    try:
        with wave.open(io.BytesIO(sound)) as file:
            width = file.getnchannels() * file.getsampwidth()
            whole = len(file.readframes(file.getnframes())) == file.getnframes() * width
            return file.getnframes() / file.getframerate() if whole and width else None
    except (wave.Error, EOFError, ZeroDivisionError, struct.error):
        return None


def seconds_of(sound: bytes, kind: Kind) -> float:
    """How long it plays, as its own time stamps say; an estimate where they say nothing."""
    found = {WEBM: _webm_seconds, OGG: _ogg_seconds}.get(kind, lambda _sound: 0.0)(sound)
    return found or len(sound) / _BYTES_A_SECOND


def with_length(sound: bytes, kind: Kind, seconds: float) -> bytes:
    """The same with its length written inside, where the kind needs that and it can be done safely."""
    if kind != WEBM:
        return sound
    head = list(_until(sound, _CLUSTER))
    info = next((one for one in head if one.name == _INFO), None)
    segment = next((one for one in head if one.name == _SEGMENT), None)
    moves = any(one.name == _SEEK for one in head) or (segment and segment.size is not None)
    if info is None or info.size is None or moves:
        return sound
    inner = sound[info.inside : info.inside + info.size]
    if any(one.name == _LENGTH for one in _elements(inner)):
        return sound
    value = struct.pack(">d", seconds * 1e9 / _scale(inner))
    inner += b"\x44\x89\x88" + value
    size = bytes([1]) + len(inner).to_bytes(7, "big")
    return sound[: info.at + 4] + size + inner + sound[info.inside + info.size :]


@dataclass(frozen=True)
class _Element:
    """`size` in bytes, None where the stream did not know it; `inside` is where its content begins."""

    name: int
    at: int
    inside: int
    size: int | None


def _elements(data: bytes) -> Iterator[_Element]:
    """One after the other, walking into those that only hold others; ends where nothing can be read."""
    at = 0
    while at < len(data):
        name, after = _number(data, at, keeps_mark=True)
        size, inside = _number(data, after)
        if not after or not inside or name is None:
            return
        yield _Element(name, at, inside, size)
        if name in _INSIDE:
            at = inside
        elif size is None:
            return
        else:
            at = inside + size


def _until(data: bytes, name: int) -> Iterator[_Element]:
    for one in _elements(data):
        if one.name == name:
            return
        yield one


def _number(data: bytes, at: int, *, keeps_mark: bool = False) -> tuple[int | None, int]:
    """A number of variable length and where it ends: None = unknown, end 0 = not readable."""
    if not at and keeps_mark is False:
        return None, 0
    if at >= len(data) or not data[at]:
        return None, 0
    width = 9 - data[at].bit_length()
    if at + width > len(data):
        return None, 0
    value = int.from_bytes(data[at : at + width], "big")
    if keeps_mark:
        return value, at + width
    value &= (1 << (7 * width)) - 1
    return (None if value == (1 << (7 * width)) - 1 else value), at + width


def _scale(info: bytes) -> int:
    """Nanoseconds of one unit of time."""
    for one in _elements(info):
        if one.name == _SCALE and one.size:
            return int.from_bytes(info[one.inside : one.inside + one.size], "big") or 1_000_000
    return 1_000_000


def _webm_seconds(sound: bytes) -> float:
    scale, base, last, before = 1_000_000, 0, 0, 0
    for one in _elements(sound):
        if one.name == _INFO and one.size:
            scale = _scale(sound[one.inside : one.inside + one.size])
        elif one.name == _TIME and one.size:
            base = int.from_bytes(sound[one.inside : one.inside + one.size], "big")
        elif one.name in _BLOCKS and one.size:
            _track, after = _number(sound, one.inside)
            if after and after + 2 <= len(sound):
                before, last = last, base + struct.unpack_from(">h", sound, after)[0]
    # The last block still sounds: as long as the one before.
    return (last + min(max(last - before, 0), 120)) * scale / 1e9 if last else 0.0


def _ogg_seconds(sound: bytes) -> float:
    at = sound.rfind(b"OggS")
    if at < 0 or at + 14 > len(sound):
        return 0.0
    samples = struct.unpack_from("<q", sound, at + 6)[0]
    return max(0, samples) / _OPUS_RATE
