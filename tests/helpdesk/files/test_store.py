"""Stored files: what they are is read from their content, and nothing else is kept."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
from PIL import Image

from helpdesk.files.actions import FileRefused, path_of, store
from tests.rules.test_photographs import taken

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def picture(form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "green").save(out, form)
    return out.getvalue()


def packed(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in parts.items():
            zipped.writestr(name, text)
    return out.getvalue()


DOCX = {"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}
ODT = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}


def by_name(value: object) -> str:
    """Names of cases that are the same in every process: an archive's bytes hold the time."""
    return value if isinstance(value, str) else "bytes"


@pytest.mark.parametrize(
    ("name", "content", "kind", "shown"),
    [
        ("وصل.pdf", b"%PDF-1.7\n", "application/pdf", "وصل.pdf"),
        ("photo.JPG", picture("JPEG"), "image/jpeg", "photo.JPG"),
        ("photo.png", picture("WEBP"), "image/webp", "photo.png.webp"),
        ("IMG.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic", "IMG.HEIC"),
        ("statuts.docx", packed(**DOCX), "document", "statuts.docx"),
        ("pv.odt", packed(**ODT), "opendocument.text", "pv.odt"),
        ("liste.csv", "الاسم;الصفة\n".encode(), "text/plain", "liste.csv"),
        ("C:\\Temp\\..\\a.txt", b"a", "text/plain", "a.txt"),
        ("../../etc/passwd", b"%PDF-1.4", "application/pdf", "passwd.pdf"),
        ("gpj\u202efdp.exe", b"%PDF-1.4", "application/pdf", "gpjfdp.exe.pdf"),
    ],
    ids=by_name,
)
def test_kept_by_content(name: str, content: bytes, kind: str, shown: str) -> None:
    kept = store(name, content, at=AT)
    assert kept.content_type.endswith(kind)
    assert kept.shown_name == shown
    assert path_of(kept.name).read_bytes() == content
    assert len(kept.name) == 32
    assert path_of(kept.name).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.pdf", b""),
        ("large.pdf", b"%PDF-" + b"0" * (10 * 1024 * 1024)),
        ("run.exe", b"MZ\x90\0"),
        ("page.html", b"<script>alert(1)</script>"),
        ("page.svg", b"<svg onload=alert(1)>"),
        ("script.pdf", b"<script>%PDF-"),
        ("bin.txt", b"a\0b"),
        ("latin.txt", "é".encode("latin-1")),
        ("fake.png", b"\x89PNG\r\n\x1a\nrubbish"),
        ("cut.jpg", picture("JPEG")[:40]),
        ("plain.zip", packed(a="b")),
        ("cut.docx", packed(**DOCX)[:60]),
        ("macro.docx", packed(**DOCX, **{"word/vbaProject.bin": "x"})),
        ("bomb.docx", packed(**DOCX, **{"word/x": "0" * (101 * 1024 * 1024)})),
        ("many.docx", packed(**DOCX, **{f"n{i}": "" for i in range(2001)})),
    ],
    ids=by_name,
)
def test_refused_with_a_sentence(name: str, content: bytes) -> None:
    with pytest.raises(FileRefused) as refused:
        store(name, content, at=AT)
    assert name in str(refused.value)


def test_a_photograph_is_kept_without_where_and_by_whom() -> None:
    raw = taken("JPEG")
    kept = path_of(store("photo.jpg", raw, at=AT).name).read_bytes()
    assert b"GPSLatitude" in raw
    assert b"GPSLatitude" not in kept
    assert b"Fatima" not in kept
