"""The whole library in one zip of plain pages: both languages, for a telephone without a line.

The pages lead to each other by relative addresses, so that they open from a phone's storage. A copy
is made once for a state of the library and kept beside the database, named by that state's digest.
"""

import hashlib
import os
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from knowledge.articles import access, reading, shelving

LANGUAGES = ("ar", "fr")
SHEET = Path(__file__).parent / "copying.css"
PAGES = Path(__file__).parent / "templates" / "articles" / "copy"
_one_at_a_time = threading.Lock()


def copy() -> Path:
    """The zip of the library as it stands; made when the library changed since the last one."""
    kept = settings.DATA_DIR / "copies" / f"{digest()}.zip"
    with _one_at_a_time:
        if not kept.exists():
            _make(kept)
    return Path(kept)


def digest() -> str:
    """Names the state of the library: differs when anything in the copy would."""
    state = hashlib.sha256(_looks())
    for language in LANGUAGES:
        for version in access.shelf(language=language):
            state.update(repr(_seen(version)).encode())
    return state.hexdigest()[:24]


def _seen(version: Any) -> tuple[Any, ...]:
    """What a reader can tell apart; an article that ends today differs tomorrow."""
    article = version.edition.article
    signed = (version.reviewed_on, version.reviewer_name)
    dates = (article.in_force_from, article.in_force_until, article.successor_id)
    return (version.pk, version.digest, version.number, *signed, article.force.value, *dates)


@cache
def _looks() -> bytes:
    return b"".join(path.read_bytes() for path in (*sorted(PAGES.iterdir()), SHEET))


def _make(kept: Path) -> None:
    """Beside first, then in its place: a reader never meets half a copy."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(dir=kept.parent, suffix=".part")
    try:
        with (
            os.fdopen(handle, "wb") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as box,
        ):
            for name, content in _files():
                box.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        Path(made).replace(kept)
    finally:
        Path(made).unlink(missing_ok=True)
    for old in kept.parent.glob("*.zip"):
        if old != kept:
            old.unlink(missing_ok=True)


def _files() -> Iterator[tuple[str, str]]:
    yield "style.css", SHEET.read_text(encoding="utf-8")
    yield "index.html", render_to_string("articles/copy/start.html", {"home": settings.PUBLIC_URL})
    for language in LANGUAGES:
        with override(language):
            yield from _in(language)


def _in(language: str) -> Iterator[tuple[str, str]]:
    """The pages of one language, each with the way to its twin."""
    other = "fr" if language == "ar" else "ar"
    twins = {v.edition.article.topic for v in access.shelf(language=other)}
    versions = {v.edition.article.topic: v for v in access.whole_shelf(language=language)}
    frame = {
        "language": language,
        "other": other,
        "direction": "rtl" if language == "ar" else "ltr",
    }
    shelves = shelving.shelves(access.themes(), versions.values())
    yield f"{language}/index.html", _page("index", frame, shelves=shelves, twin="index")
    for topic, version in versions.items():
        page = _page(
            "article", frame, version=version, page=reading.lay_out(version, unsure=False),
            successor=versions.get(_instead(version)),
            twin=topic if topic in twins else "index",
        )  # fmt: skip
        yield f"{language}/{topic}.html", page


def _instead(version: Any) -> str:
    successor = version.edition.article.successor
    return str(successor.topic) if successor else ""


def _page(name: str, frame: dict[str, str], **content: Any) -> str:
    return render_to_string(f"articles/copy/{name}.html", {**frame, **content})
