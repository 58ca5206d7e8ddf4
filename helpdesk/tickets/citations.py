"""The citations an answer gave, as frozen that day: legal texts first, and the sources that report them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpdesk.tickets.models import GivenVersion
from knowledge.articles.models import Citation

SOURCE = "source"


@dataclass(frozen=True)
class Parted:
    """Lines once each: `texts` of law, `sources` where a rule was read when not in the text itself."""

    texts: Sequence[str]
    sources: Sequence[str]


def parted(row: GivenVersion) -> Parted:
    """What an answer gave from one version, in the words of that day."""
    lines = _with_kind(row)
    return Parted(
        texts=list(dict.fromkeys(text for _, text, kind in lines if kind != SOURCE)),
        sources=list(dict.fromkeys(text for _, text, kind in lines if kind == SOURCE)),
    )


def by_statement(row: GivenVersion) -> dict[str, list[str]]:
    """The same for each statement by its key, legal texts first."""
    found: dict[str, list[str]] = {}
    for key, text, _ in sorted(_with_kind(row), key=lambda line: line[2] == SOURCE):
        found.setdefault(key, []).append(text)
    return found


def _with_kind(row: GivenVersion) -> list[tuple[str, str, str]]:
    """(statement, line, kind). Rows frozen before kinds were kept follow the order of the version."""
    kinds: Mapping[str, Sequence[str]] = {}
    if any("kind" not in one for one in row.citations):
        kinds = _kinds(row.version_id)
    found, places = [], dict.fromkeys(kinds, 0)
    for one in row.citations:
        key = one["statement"]
        kind = one.get("kind", "")
        if key in places and places[key] < len(kinds[key]):
            kind = kind or kinds[key][places[key]]
            places[key] += 1
        found.append((key, one["text"], kind))
    return found


def _kinds(version: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = Citation.objects.filter(statement__version_id=version)
    for key, kind in rows.order_by("statement__rank", "rank").values_list(
        "statement__key", "instrument__kind"
    ):
        found.setdefault(key, []).append(kind)
    return found
