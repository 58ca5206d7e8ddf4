"""The audit's chain: each row's sum covers the row and the sum before it.

Change a row, take one out or put one in, and every sum from there on is wrong. Cutting off the newest
rows leaves a whole chain: note the last sum somewhere else (`manage.py audit verify` prints it).
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

START = "0" * 64


@dataclass(frozen=True)
class Verdict:
    """`broken` is the key of the first row whose sum is wrong, None when all are right."""

    rows: int
    last: str
    broken: int | None = None


def link(before: str, row: Any) -> str:
    """SHA-256 over the sum before and every column of the row, in one written form on any database."""
    told = [
        row.pk, row.at.astimezone(UTC).isoformat(timespec="microseconds"), row.user_id, row.act,
        row.subject_kind, row.subject_id, row.reason, row.facts,
    ]  # fmt: skip
    text = json.dumps(told, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{before}{text}".encode()).hexdigest()


def verify(rows: Iterable[Any], *, start: str = START) -> Verdict:
    """Walk the rows in key order; rows not sealed yet may only stand at the end. `start` is the sum of
    the row before the first, where it is not the whole chain."""
    before, count, open_row = start, 0, None
    for row in rows:
        if not row.chained:
            open_row = open_row or row.pk
            continue
        if open_row is not None:
            return Verdict(count, before, open_row)
        if row.chained != link(before, row):
            return Verdict(count, before, row.pk)
        before, count = row.chained, count + 1
    return Verdict(count, before)
