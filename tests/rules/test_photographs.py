"""What a camera notes beside a picture: place, owner and device go, the day, the orientation and the pixels stay."""

import io
import random

import pytest
from PIL import Image, PngImagePlugin

from helpdesk.files.photographs import blanked

WHO, PLACE = "Fatima Zahra", (31.0, 37.0, 48.25)
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r exif:GPSLatitude="31,37.8N" dc:creator="Fatima"/></x:xmpmeta>'


def taken(form: str) -> bytes:
    """A photograph as a telephone saves it."""
    picture = Image.effect_noise((32, 24), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x0112], exif[0x0132], exif[0x013B], exif[0x0110] = 6, "2026:11:24 10:00:00", WHO, "Phone"
    exif.get_ifd(0x8825).update({1: "N", 2: PLACE, 3: "W", 4: PLACE})
    exif.get_ifd(0x8769).update(
        {0xA430: WHO, 0xA431: "SN-4711", 0x927C: b"maker " * 9, 0x9003: "2026:11:24 10:00:00"}
    )
    out = io.BytesIO()
    told = PngImagePlugin.PngInfo()
    told.add_itxt("XML:com.adobe.xmp", XMP.decode())
    more = {"pnginfo": told} if form == "PNG" else {"xmp": XMP}
    picture.save(out, form, exif=exif, **more)
    return out.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_place_owner_and_device_go_and_the_picture_stays(form: str) -> None:
    raw = taken(form)
    kept = blanked(raw)
    assert len(kept) == len(raw)
    for said in (b"Fatima", b"SN-4711", b"maker", b"GPSLatitude"):
        assert said in raw
        assert said not in kept
    with Image.open(io.BytesIO(raw)) as before, Image.open(io.BytesIO(kept)) as after:
        after.load()
        assert dict(before.getexif().get_ifd(0x8825))[2] == PLACE
        assert not after.getexif().get_ifd(0x8825)
        assert after.getexif()[0x0112] == 6, "else it lies on its side"
        assert after.getexif().get_ifd(0x8769)[0x9003] == "2026:11:24 10:00:00"
        assert before.tobytes() == after.tobytes()
    assert blanked(kept) == kept


def test_press_captions_go() -> None:
    caption = b"8BIM\x04\x04\0\0\0\0\0\x10\x1c\x02\x50\0\x0bFatima Zahr"
    raw = b"\xff\xd8\xff\xed" + caption + b"\xff\xd9"
    assert blanked(raw) == raw.replace(caption[12:], bytes(16))


def test_a_heic_has_its_facts_in_the_same_form() -> None:
    with Image.open(io.BytesIO(taken("JPEG"))) as picture:
        exif = picture.info["exif"]
    raw = b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + b"\x51" * 90 + exif + b"\x52" * 200
    kept = blanked(raw)
    assert b"Fatima" in raw
    assert b"Fatima" not in kept
    assert (kept[:110], kept[-200:]) == (raw[:110], raw[-200:])


def test_a_picture_without_them_is_kept_as_it_came() -> None:
    for form in ("JPEG", "PNG", "WEBP"):
        out = io.BytesIO()
        Image.effect_noise((64, 64), 60).convert("RGB").save(out, form)
        assert blanked(out.getvalue()) == out.getvalue()


def test_broken_fields_break_nothing() -> None:
    """Tables that lead round in a circle, outside or nowhere; whatever comes, it is as long as it was."""
    raw, chance = taken("JPEG"), random.Random(7)
    for _ in range(300):
        broken = bytearray(raw[: chance.randrange(40, len(raw))])
        for _ in range(12):
            broken[chance.randrange(20, min(400, len(broken)))] = chance.randrange(256)
        assert len(blanked(bytes(broken))) == len(broken)
    assert blanked(b"MM\0\x2a\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x08")
