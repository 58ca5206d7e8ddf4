"""Every template loads, and holds to the strict content policy and to both directions."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(
    (path, str(path.relative_to(folder)))
    for area in ("config", "helpdesk", "knowledge", "telephony")
    for folder in (ROOT / area).rglob("templates")
    for path in folder.rglob("*.html")
)
PAGES = pytest.mark.parametrize("path", [p for p, _ in TEMPLATES], ids=[n for _, n in TEMPLATES])
OUTSIDE = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//(?!www\.w3\.org)""")
SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)")
HANDLER = re.compile(r"<[^>]*\son[a-z]+=", re.IGNORECASE)
STYLE = re.compile(r"<style|<[a-z][^>]*\sstyle=", re.IGNORECASE)
EMAIL = "mail"
BOTH_AT_ONCE = {"bare.html", "413.html", "500.html", "503.html", "507.html"}


@pytest.mark.parametrize("name", [name for _, name in TEMPLATES])
def test_a_template_loads(name: str) -> None:
    get_template(name)


@PAGES
def test_a_page_keeps_the_content_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not SCRIPT.search(text), "inline script"
    assert not HANDLER.search(text), "inline handler"
    assert not OUTSIDE.search(text), "outside host"
    if EMAIL not in path.parts and "printing" not in path.parts:
        assert not STYLE.search(text), "inline style"


@PAGES
def test_a_page_has_its_words_through_gettext(path: Path) -> None:
    """Arabic or accented letters in a template are text that no translation reaches."""
    if path.name in BOTH_AT_ONCE:
        return
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text(encoding="utf-8"))
    text = re.sub(r"العربية|Français|>FR<|}ع{", "", text)  # a language's own name
    assert not re.findall(r"[\u0600-\u06ff]{2,}|[éèàçùêîôÉÀ]", text)
