"""A spreadsheet sent by somebody reads nothing of ours and unfolds to no more than it may."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from config.installation.sheets import BadSheet, read


def sheet(*rows: list[str]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(out)
    return out.getvalue()


def with_entity(content: bytes, declared: str) -> bytes:
    """The same sheet, whose texts name an entity that is declared so."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            if part == "xl/sharedStrings.xml":
                body = text.decode().split("?>", 1)[-1].replace("SECRET", "&e;")
                text = f"<?xml version='1.0'?><!DOCTYPE x [{declared}]>{body}".encode()
            new.writestr(part, text)
    return out.getvalue()


def told(content: bytes) -> str:
    try:
        return str(read(content, "x.xlsx", {"name": "name"}))
    except BadSheet as refusal:
        return str(refusal)


def test_a_sheet_reads_no_file_of_ours(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("gold-of-the-house")
    good = sheet(["name"], ["SECRET"])
    assert "SECRET" in told(good)
    assert "gold-of-the-house" not in told(
        with_entity(good, f'<!ENTITY e SYSTEM "file://{secret}">')
    )


def test_what_unfolds_without_end_is_refused() -> None:
    laughs = (
        '<!ENTITY a "'
        + "ha" * 500
        + '">'
        + "".join(
            f'<!ENTITY {name} "{f"&{before};" * 50}">'
            for before, name in zip("abcd", "bcde", strict=True)
        )
    )
    assert len(told(with_entity(sheet(["name"], ["SECRET"]), laughs))) < 10_000


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("xl/workbook.xml", "0" * (41 * 1024 * 1024))
    with pytest.raises(BadSheet):
        read(out.getvalue(), "x.xlsx", {"name": "name"})
