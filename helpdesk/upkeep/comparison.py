"""A bundle as its page shows it: groups by how they stand to ours, one edition beside ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.articles import access, comparing
from knowledge.articles.bundles import differences
from knowledge.articles.bundles.differences import Row, Standing
from knowledge.articles.bundles.opening import Bundle

LOOKS = {Standing.NEW: "ok", Standing.CHANGED: "law", Standing.WAITING: "soon"}


@dataclass(frozen=True)
class Group:
    """Editions that stand alike to ours."""

    standing: Standing
    rows: Sequence[Row]

    @property
    def look(self) -> str:
        return LOOKS.get(self.standing, "")

    @property
    def is_open(self) -> bool:
        """Something of it may be taken."""
        return self.standing in differences.OPEN


def groups(bundle: Bundle) -> list[Group]:
    """What may be taken first."""
    rows = differences.rows(bundle)
    found = [Group(one, [row for row in rows if row.standing == one]) for one in Standing]
    return [group for group in found if group.rows]


def only_here(bundle: Bundle, language: str) -> int:
    return differences.only_here(bundle, language)


def new_terms(bundle: Bundle) -> Sequence[Any]:
    return differences.new_terms(bundle)


def of(bundle: Bundle, topic: str, language: str) -> dict[str, Any] | None:
    """One edition beside ours, for its page; None when the bundle has none such."""
    rows = [row for row in differences.rows(bundle, [topic]) if row.language == language]
    if not rows:
        return None
    row = rows[0]
    return {
        "row": row, "look": LOOKS.get(row.standing, ""), "fields": differences.fields(row),
        "parts": differences.parts(row, bundle),
    }  # fmt: skip


def of_waiting(version: Any) -> dict[str, Any]:
    """What a version that waits would change in what readers see."""
    article, language = version.edition.article, version.edition.language
    shown = access.current_version(article.topic, language=language)
    before = comparing.said_in(shown) if shown else []
    return {
        "shown": shown, "fields": differences.heads(shown, version, language),
        "parts": comparing.parts(before, comparing.said_in(version)),
    }  # fmt: skip
