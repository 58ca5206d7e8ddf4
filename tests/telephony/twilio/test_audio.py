"""A file that is sent becomes sound that a telephone carries, or is refused with its reason."""

import io
import struct
import wave

import pytest
from django.utils import translation

from telephony.providers.twilio.prompts import audio
from tests.telephony.twilio import noises as n

TAG = b"ID3\x04\x00\x00" + bytes([0, 0, 2, 0]) + bytes(256)
BAD: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "neither"),
    "a page": (b"<html><script>alert(1)</script>", "neither"),
    "a picture called so": (b"\x89PNG\r\n\x1a\n" + bytes(500), "neither"),
    "two frames": (n.FRAME * 2, "neither"),
    "MP3 with a program behind": (n.mp3(1, after=b"MZ" + bytes(70_000)), "neither"),
    "MP3 cut to pieces": (n.FRAME + bytes(70_000) + n.mp3(1), "neither"),
    "layer two": (b"\xff\xfd\x90\x00" * 2000, "neither"),
    "a WAV without an end": (b"RIFF\xff\xff\xff\xffWAVE", "WAV"),
    "a WAV that is not PCM": (n.tone()[:20] + struct.pack("<H", 85) + n.tone()[22:], "WAV"),
    "six channels": (n.tone(channels=6), "WAV"),
    "four values a second": (n.tone()[:24] + struct.pack("<II", 4, 16) + n.tone()[32:], "WAV"),
    "silence": (n.tone(part=0), "Nothing is heard"),
    "a click": (n.tone(0.05), "too short"),
    "no value": (n.tone(0), "too short"),
    "a minute and more": (n.tone(61, rate=8000, channels=1), "too long"),
    "a minute and more as MP3": (n.mp3(61), "too long"),
    "too large": (bytes(audio.LARGEST + 1), "10 MB"),
}  # fmt: skip


@pytest.mark.parametrize("shape", [
    {"rate": 44_100, "channels": 2}, {"rate": 48_000, "channels": 1, "width": 3},
    {"rate": 8000, "channels": 1}, {"rate": 22_050, "channels": 1, "width": 1},
])  # fmt: skip
def test_a_wav_becomes_what_a_telephone_carries(shape: dict[str, int]) -> None:
    made = audio.fit(n.tone(1.5, part=0.1, **shape))
    with wave.open(io.BytesIO(made.content)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8000)
        assert file.getnframes() == 12_000
    assert (made.content_type, made.seconds) == ("audio/wav", 1.5)
    assert abs(n.loudness(made.content) - audio.LOUD) < 0.01


def test_what_a_telephone_cannot_carry_does_not_come_back_as_a_whistle() -> None:
    """7 kHz is above what 8000 values a second can tell: folded down it would be 1 kHz."""
    low, high = n.tone(0.5, part=0.3), n.tone(0.5, part=0.3, hertz=7000)
    mixed = bytearray(low[:44])
    for at in range(44, len(low), 2):
        one, two = struct.unpack_from("<h", low, at)[0], struct.unpack_from("<h", high, at)[0]
        mixed += struct.pack("<h", one + two)
    with wave.open(io.BytesIO(audio.fit(bytes(mixed)).content)) as file:
        heard = struct.unpack(f"<{file.getnframes()}h", file.readframes(file.getnframes()))
    with wave.open(io.BytesIO(audio.fit(low).content)) as file:
        pure = struct.unpack(f"<{file.getnframes()}h", file.readframes(file.getnframes()))
    inside = range(100, len(pure) - 100)
    assert max(abs(heard[at] - pure[at]) for at in inside) < 0.1 * 32767


@pytest.mark.parametrize(("before", "after"), [(b"", b""), (TAG, b""), (b"", b"TAG" + bytes(125))])
def test_an_mp3_is_kept_as_it_is(before: bytes, after: bytes) -> None:
    sent = n.mp3(2, before=before, after=after)
    made = audio.fit(sent)
    assert (made.content, made.content_type) == (sent, "audio/mpeg")
    assert abs(made.seconds - 2) < 0.05


@pytest.mark.parametrize("name", BAD)
def test_anything_else_is_refused_with_its_reason(name: str) -> None:
    content, why = BAD[name]
    with translation.override("en"), pytest.raises(audio.BadSound, match=why):
        audio.fit(content)


def test_music_may_be_longer() -> None:
    assert audio.fit(n.mp3(90), longest=audio.LONGEST_MUSIC).seconds > 89
