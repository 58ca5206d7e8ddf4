"""One sheet serves both directions, and the portal's stays within its weight."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHEETS = [
    path
    for folder in ("config", "helpdesk", "knowledge", "telephony")
    for path in (ROOT / folder).rglob("static/**/*.css")
]
PHYSICAL = re.compile(
    r"(?:^|[;{\s])(?:(?:margin|padding|border|inset)-(?:left|right|top|bottom)"
    r"|left|right|top|bottom)\s*:|text-align\s*:\s*(?:left|right)|float\s*:\s*(?:left|right)"
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_sheet_knows_no_left_and_no_right(sheet: Path) -> None:
    text = COMMENT.sub("", sheet.read_text(encoding="utf-8"))
    assert [match.group().strip() for match in PHYSICAL.finditer(text)] == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_sheet_asks_no_outside_host(sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    assert "http:" not in text
    assert "https:" not in text
    assert "url(//" not in text
    assert "@import" not in text
    assert "url(data:" not in text


def test_the_portal_sheets_stay_within_8_kb() -> None:
    folder = ROOT / "config" / "static" / "css"
    both = b"".join((folder / name).read_bytes() for name in ("tokens.css", "portal.css"))
    assert len(gzip.compress(both)) <= 8 * 1024
