"""Sound files for tests: a tone as WAV of any shape, an MP3 of empty frames."""

import array
import io
import math
import wave


def tone(
    seconds: float = 1, *, rate: int = 44_100, channels: int = 2, width: int = 2, part: float = 0.3,
    hertz: float = 440,
) -> bytes:  # fmt: skip
    """`part` of the loudest."""
    top = part * 32767
    one = [
        round(top * math.sin(2 * math.pi * hertz * n / rate)) for n in range(int(seconds * rate))
    ]
    values = array.array("h", [value for value in one for _ in range(channels)]).tobytes()
    if width == 1:
        values = bytes((value >> 8) + 128 for value in array.array("h", values))
    if width == 3:
        values = b"".join(b"\0" + values[at : at + 2] for at in range(0, len(values), 2))
    kept = io.BytesIO()
    with wave.open(kept, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(values)
    return kept.getvalue()


def loudness(sound: bytes) -> float:
    """The peak of a WAV of 16 bits, as a part of the loudest."""
    with wave.open(io.BytesIO(sound)) as file:
        values = array.array("h", file.readframes(file.getnframes()))
    return max(map(abs, values)) / 32767


FRAME = b"\xff\xfb\x90\x00" + bytes(413)
"""MPEG-1, layer III, 128 kbit/s, 44100 Hz: 417 bytes, 1152 values."""


def mp3(seconds: float = 2, *, before: bytes = b"", after: bytes = b"") -> bytes:
    return before + FRAME * round(seconds * 44_100 / 1152) + after
