"""Which kinds of file are kept, told by their content and never by their name. No query here."""

import io
import zipfile
from dataclasses import dataclass

from PIL import Image

MAX_PIXELS = 60_000_000
"""A telephone's largest photograph has about 50 million; a bomb has thousands of millions."""
MAX_PACKED_FILES = 2_000
MAX_UNPACKED = 100 * 1024 * 1024
"""Bytes that an office file may claim to unfold to."""


@dataclass(frozen=True)
class Kind:
    content_type: str
    endings: tuple[str, ...]
    """Endings a name of this kind may have; the first is given to a name with another."""


_OPEN = "application/vnd.oasis.opendocument."
_OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = Kind("application/pdf", ("pdf",))
JPEG = Kind("image/jpeg", ("jpg", "jpeg", "jfif"))
PNG = Kind("image/png", ("png",))
WEBP = Kind("image/webp", ("webp",))
HEIC = Kind("image/heic", ("heic", "heif"))
DOCX = Kind(_OFFICE + "wordprocessingml.document", ("docx",))
XLSX = Kind(_OFFICE + "spreadsheetml.sheet", ("xlsx",))
ODT = Kind(_OPEN + "text", ("odt",))
ODS = Kind(_OPEN + "spreadsheet", ("ods",))
TXT = Kind("text/plain", ("txt", "csv"))
KINDS = (PDF, JPEG, PNG, WEBP, HEIC, DOCX, XLSX, ODT, ODS, TXT)

ACCEPT = ",".join(f".{ending}" for kind in KINDS for ending in kind.endings)
"""For the `accept` attribute of a file field."""
_PICTURES = {"JPEG": JPEG, "MPO": JPEG, "PNG": PNG, "WEBP": WEBP}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}


def kind_of(content: bytes, name: str) -> Kind | None:
    """The kind of a file, None when it is none of ours or pretends to be one.

    The name counts only for plain text, where content alone cannot tell a page with script in it.
    """
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return PDF
    if content[:4] == b"PK\x03\x04":
        return _packed(content)
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return HEIC
    return _picture(content) or _plain(content, name)


def fitting_name(name: str, kind: Kind) -> str:
    """The name, with an ending that tells the truth about the content."""
    if ending_of(name) in kind.endings:
        return name
    return f"{name[:110]}.{kind.endings[0]}"


def ending_of(name: str) -> str:
    head, dot, ending = name.rpartition(".")
    return ending.lower() if dot and head else ""


def _picture(content: bytes) -> Kind | None:
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as picture:
            kind = _PICTURES.get(picture.format or "")
            if picture.width * picture.height > MAX_PIXELS:
                return None
            picture.verify()
    except Exception:  # Pillow raises whatever its decoders raise on broken data
        return None
    return kind


def _packed(content: bytes) -> Kind | None:
    """An office file: a zip with the parts of one, without macros, that unfolds to a sane size."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            names = {part.filename for part in parts}
            if len(parts) > MAX_PACKED_FILES or sum(p.file_size for p in parts) > MAX_UNPACKED:
                return None
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return None
            if "[Content_Types].xml" in names:
                return DOCX if "word/document.xml" in names else _xlsx(names)
            return _open_document(packed, names)
    except Exception:  # zipfile raises many kinds on broken data
        return None


def _xlsx(names: set[str]) -> Kind | None:
    return XLSX if "xl/workbook.xml" in names else None


def _open_document(packed: zipfile.ZipFile, names: set[str]) -> Kind | None:
    if "mimetype" not in names or packed.getinfo("mimetype").file_size > 100:
        return None
    said = packed.read("mimetype").decode("ascii", "replace").strip()
    return {ODT.content_type: ODT, ODS.content_type: ODS}.get(said)


def _plain(content: bytes, name: str) -> Kind | None:
    if ending_of(name) not in TXT.endings:
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if any(c < " " and c not in "\t\n\r\f" for c in text) else TXT
