"""What another centre would send: our words on a topic with its own changes, under its own key."""

import atexit
import re
import shutil
import tempfile
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.test import override_settings

from knowledge.articles import actions
from knowledge.articles.actions import bundling, digest
from knowledge.articles.bundle_models import Bundle, TrustedKey
from knowledge.articles.bundles import content, exporting, keys, opening, packing
from knowledge.articles.models import Version
from tests.make import NOW

MAKER = opening.Centre("agadir", "مركز أكادير", "Centre d’Agadir")
THEIR_SECRET = "the secret of another centre, fifty signs long"
CHANGED = {"ar": "يقول المركز الآخر شيئا آخر.", "fr": "L’autre centre dit autre chose."}


SMALL = ("T03-receipt", "T33-seat")


@cache
def _two_sheets() -> Path:
    """Two articles of the starter library with the texts they cite."""
    folder = Path(tempfile.mkdtemp(prefix="wasl-library-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for topic in SMALL:
        for path in actions.LIBRARY.glob(f"{topic}.*.md"):
            shutil.copy(path, folder)
    said = " ".join(path.read_text() for path in folder.glob("*.md"))
    for name in ("instruments.toml", "sources.toml"):
        blocks = re.split(r"^(?=\[)", (actions.LIBRARY / name).read_text(), flags=re.MULTILINE)
        codes = [re.escape(block[1:].split("]")[0]) for block in blocks]
        cited = [
            b for b, code in zip(blocks, codes, strict=True) if re.search(rf"[|;] {code}\b", said)
        ]
        (folder / name).write_text("".join(cited))
    return folder


def lay_small_library(*, at: datetime = NOW) -> None:
    """The whole of it takes its time."""
    actions.load_library(at=at, folder=_two_sheets())


def their_key() -> str:
    with override_settings(BUNDLE_KEY=THEIR_SECRET):
        return keys.own()


def sent(*topics: str, on: date) -> bytes:
    """A bundle of these topics in both languages; the first line of each says something else."""
    found = Version.objects.current().filter(edition__article__topic__in=topics).whole()
    articles: dict[str, content.Article] = {}
    for version in found.order_by("edition__article__topic", "edition__language"):
        one = exporting.article_of([version], {})
        articles[one.topic] = replace(
            one,
            editions=(
                *(articles[one.topic].editions if one.topic in articles else ()),
                *(_changed(edition) for edition in one.editions),
            ),
        )
    with override_settings(BUNDLE_KEY=THEIR_SECRET):
        return exporting.signed(exporting.files_of(articles.values()), MAKER, on=on)


def _changed(edition: content.Edition) -> content.Edition:
    ours = digest(edition.sheet)
    first, *others = edition.sheet.sections["in-short"]
    said = replace(first, text=CHANGED[edition.language])
    sheet = replace(edition.sheet, sections={**edition.sheet.sections, "in-short": [said, *others]})
    return replace(
        edition, sheet=sheet, number=edition.number + 1, reviewer="Rachid", earlier=(ours,),
        reviewed_on=date(2026, 11, 2), bulletin="BO 7455",
    )  # fmt: skip


def came(*topics: str, by: Any, at: Any) -> tuple[TrustedKey, Bundle]:
    """One that was brought in here, its key trusted."""
    key, _made = bundling.trust(their_key(), centre="Agadir", by=by, at=at)
    return key, bundling.receive(sent(*topics, on=at.date()), by=by, at=at)[0]


def repacked(data: bytes, **files: bytes) -> bytes:
    """The same with other files in it."""
    return packing.pack({**packing.unpack(data), **files})
