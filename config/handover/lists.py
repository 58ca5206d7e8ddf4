"""The themes and facts that a centre added or changed: requests of the pack are filed and told by them."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from helpdesk.tickets.facts import AskedFact, forget
from knowledge.articles.models import Theme
from knowledge.articles.sheets import THEMES

LISTS = "lists"
THEME = ("name_ar", "name_fr", "hint_ar", "hint_fr", "rank")
FACT = ("label_ar", "label_fr", "shape", "rank")


def list_lines() -> Iterator[str]:
    """One JSON text a theme of the centre's own, then one a fact of which it said something."""
    for theme in Theme.objects.exclude(code__in=THEMES).order_by("code"):
        yield _line("theme", theme, THEME)
    for fact in AskedFact.objects.order_by("code"):
        themes = sorted(fact.themes.values_list("code", flat=True))
        yield _line("fact", fact, FACT, themes=themes)


def write_lists(lines: Iterable[bytes]) -> None:
    """Make what is not here; what is here stays, and is compared afterwards."""
    for line in lines:
        said: dict[str, Any] = json.loads(line)
        kind, code, themes = said.pop("kind"), said.pop("code"), said.pop("themes", [])
        at = said.pop("withdrawn_at")
        said["withdrawn_at"] = datetime.fromisoformat(at) if at else None
        if kind == "theme":
            Theme.objects.get_or_create(code=code, defaults=said)
            continue
        fact, made = AskedFact.objects.get_or_create(code=code, defaults=said)
        if made:
            fact.themes.set(Theme.objects.filter(code__in=themes))
    forget()


def _line(kind: str, row: Any, names: Iterable[str], **more: Any) -> str:
    at = row.withdrawn_at
    said = {
        "kind": kind, "code": row.code, **{name: getattr(row, name) for name in names},
        "withdrawn_at": at.astimezone(UTC).isoformat() if at else None, **more,
    }  # fmt: skip
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
