"""A sound file made fit for the telephone, or refused. Told by content; no query here.

WAV is written anew as a telephone carries it: one channel, 8000 values a second, 16 bits, loud enough. MP3
is walked through frame by frame and kept: Twilio plays it as it is.
"""

import array
import io
import struct
import wave
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image

RATE = 8000
LARGEST = 10 * 1024 * 1024
"""Bytes of an upload."""
RATES = range(8000, 96_001)
LOUD, SILENT = 0.7, 0.01
"""Parts of the loudest value: what the peak is raised to, and under which nothing is heard."""
LONGEST, LONGEST_MUSIC, SHORTEST = 60, 600, 0.2
"""Seconds."""
WAV, MP3 = "audio/wav", "audio/mpeg"
REST = 64 * 1024
"""Bytes after the last frame of an MP3: names of pieces and pictures of covers."""


class BadSound(Exception):
    """Not taken; the message is for the person."""

    def __init__(self, message: "str | Promise") -> None:
        super().__init__(str(message))


@dataclass(frozen=True)
class Audio:
    content: bytes
    content_type: str
    seconds: float


def fit(content: bytes, *, longest: int = LONGEST) -> Audio:
    """The sound as it will be played. Raises BadSound."""
    if len(content) > LARGEST:
        raise BadSound(_("The file is larger than 10 MB."))
    is_wav = content[:4] == b"RIFF" and content[8:12] == b"WAVE"
    made = _wav(content, longest) if is_wav else _mp3(content)
    if made.seconds > longest:
        raise BadSound(_too_long(longest))
    if made.seconds < SHORTEST:
        raise BadSound(_("The sound is too short: nothing would be heard."))
    return made


def _too_long(longest: int) -> str:
    return _("The sound is too long: at most %(n)s seconds.") % {"n": longest}


# --- WAV ------------------------------------------------------------------------------------------


def _wav(content: bytes, longest: int) -> Audio:
    try:
        with wave.open(io.BytesIO(content)) as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            # What a broken header says of its length is not believed.
            frames = file.readframes(len(content))
    except (wave.Error, EOFError, struct.error, ZeroDivisionError):
        raise BadSound(_("The WAV file cannot be read: save it as PCM, 16 bits.")) from None
    if channels not in (1, 2) or width not in (1, 2, 3) or rate not in RATES:
        raise BadSound(_("The WAV file cannot be read: save it as PCM, 16 bits."))
    count = len(frames) // (channels * width)
    if count > rate * longest:
        raise BadSound(_too_long(longest))
    if not count:
        raise BadSound(_("The sound is too short: nothing would be heard."))
    values = _mixed(_values(frames[: count * channels * width], width), channels)
    return _written(values, rate)


def _values(frames: bytes, width: int) -> "array.array[int]":
    """Signed, of 16 bits."""
    if width == 1:
        return array.array("h", ((one - 128) << 8 for one in frames))
    if width == 3:
        # The low byte of three is not heard on a telephone.
        two = bytearray(len(frames) // 3 * 2)
        two[0::2], two[1::2] = frames[1::3], frames[2::3]
        frames = bytes(two)
    return array.array("h", frames)


def _mixed(values: "array.array[int]", channels: int) -> "array.array[int]":
    if channels == 1:
        return values
    pairs: Iterable[tuple[int, int]] = zip(values[0::2], values[1::2], strict=True)
    return array.array("h", ((left + right) // 2 for left, right in pairs))


def _written(values: "array.array[int]", rate: int) -> Audio:
    """At the rate of a telephone. Pillow's filter for making pictures smaller does the same for a line of
    sound, and takes away what would be heard as a whistle."""
    line = Image.frombytes("F", (len(values), 1), array.array("f", values).tobytes())
    length = max(1, round(len(values) * RATE / rate))
    if rate != RATE:
        line = line.resize((length, 1), Image.Resampling.LANCZOS)
    low, high = line.getextrema()
    peak = max(abs(float(low)), abs(float(high))) / 32767  # type: ignore[arg-type]
    if peak < SILENT:
        raise BadSound(_("Nothing is heard in the file."))
    louder = LOUD / peak
    sound = array.array("f", line.tobytes())
    heard = array.array("h", (max(-32767, min(32767, round(one * louder))) for one in sound))
    kept = io.BytesIO()
    with wave.open(kept, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(heard.tobytes())
    return Audio(kept.getvalue(), WAV, len(heard) / RATE)


# --- MP3 ------------------------------------------------------------------------------------------

_KBITS = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""By the version in a frame's header: 3 is MPEG-1, 2 is MPEG-2, 0 is MPEG-2.5. Source: ISO 11172-3, 13818-3."""


def _mp3(content: bytes) -> Audio:
    """Every frame follows the one before. Raises BadSound for anything else."""
    at = _begin(content)
    frames, seconds = 0, 0.0
    while found := _frame(content[at : at + 4]):
        size, lasts = found
        if at + size > len(content):
            break
        at, frames, seconds = at + size, frames + 1, seconds + lasts
    if frames < 3 or len(content) - at > REST:
        raise BadSound(_("This is neither an MP3 nor a WAV file that can be played."))
    return Audio(content, MP3, seconds)


def _begin(content: bytes) -> int:
    """Where the first frame stands: after names and pictures."""
    if content[:3] != b"ID3" or len(content) < 10:
        return 0
    size = 0
    for one in content[6:10]:
        size = size << 7 | one & 0x7F
    return 10 + size


def _frame(header: bytes) -> tuple[int, float] | None:
    """(bytes, seconds) of the frame that begins so; None when none does."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    kbits, hertz = header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or layer != 1 or not 0 < kbits < 15 or hertz == 3:
        return None
    rate = _HERTZ[version][hertz]
    per_frame = 1152 if version == 3 else 576
    bits = _KBITS[3 if version == 3 else 2][kbits] * 1000
    return per_frame // 8 * bits // rate + (header[2] >> 1 & 1), per_frame / rate
