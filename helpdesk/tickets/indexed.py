"""What of a ticket is searched: its words, the names on it, and its numbers as keyed hashes.

A sealed ticket is indexed by its reference alone. No telephone number enters the index: those on
the ticket, of the person who asks and written into the texts become hashes keyed with the pepper,
which lies elsewhere.
"""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from helpdesk.accounts.scope import Scope
from helpdesk.associations import names
from helpdesk.associations.models import Phone
from helpdesk.associations.numbers import Number
from helpdesk.associations.spotting import covered, numbers_in
from helpdesk.tickets.models import Entry, Ticket
from helpdesk.tickets.rules import Level, reference
from knowledge.search.engines.record_terms import Record

VERSION = 1
"""Raise it whenever the same ticket gives another record: the index is then built anew."""
LONGEST = 60_000
"""Characters of one ticket's texts that are searched, the first of them."""
_NAMES = (
    "person__name", "person__other_name", "association__name_ar", "association__name_fr",
)  # fmt: skip
_FIELDS = (
    "pk", "opened_at", "last", "level", "team_id", "province", "subject", "contact_number",
    "person_id", *_NAMES,
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A ticket as the index reads it, without its entries: those are told by how many there are."""

    pk: int
    opened_at: datetime
    last: int
    level: int
    scopes: tuple[str, ...]
    subject: str
    names: tuple[str, ...]
    numbers: tuple[Number, ...] = field(repr=False)

    @property
    def stamp(self) -> str:
        """Another one means that the ticket must be indexed anew. Nothing can be read from it."""
        told = [self.level, self.last, self.scopes, self.subject, self.names]
        told += [sorted(map(number_code, self.numbers))]
        return hashlib.blake2b(repr(told).encode(), digest_size=9, key=_pepper()).hexdigest()

    @property
    def is_sealed(self) -> bool:
        return self.level == Level.SEALED


def feed_version() -> str:
    """Names this way of making records, and the pepper without telling it."""
    return f"{VERSION}-{_hashed('feed')[:8]}"


def rows_of(keys: Collection[int]) -> dict[int, Row]:
    """{key: row} of those tickets that there are, in two queries."""
    found = list(Ticket.objects.filter(pk__in=keys).order_by().values(*_FIELDS))
    phones: dict[int, list[Number]] = defaultdict(list)
    people = {one["person_id"] for one in found}
    for person, number in Phone.objects.filter(person__in=people).values_list("person", "number"):
        phones[person].append(number)  # type: ignore[arg-type]
    return {one["pk"]: _row(one, phones) for one in found}


def records_of(rows: Iterable[Row]) -> list[Record]:
    """The records of these tickets, in one query."""
    rows = list(rows)
    readable = [row.pk for row in rows if not row.is_sealed]
    said: dict[int, list[str]] = defaultdict(list)
    entries = Entry.objects.filter(ticket__in=readable).exclude(text="")
    for ticket, text in entries.order_by("ticket", "number").values_list("ticket", "text"):
        said[ticket].append(text)
    return [_record(row, said[row.pk]) for row in rows]


def scopes_of(scope: Scope) -> list[str]:
    """The parts of the index that a user's postings reach."""
    found = []
    for reach in scope.reaches:
        provinces = ("", reach.province) if reach.province else ("*",)
        found += [_scope(reach.team, province) for province in provinces]
    return list(dict.fromkeys(found))


def number_code(number: Number) -> str:
    return "n" + _hashed(number.for_storage())[:24]


def reference_code(text: str) -> str:
    """`w-2026-000123` for any reference of that ticket."""
    return text.lower()


def _row(one: dict[str, Any], phones: Mapping[int, list[Number]]) -> Row:
    number, team = one["contact_number"], one["team_id"]
    numbers = [*([number] if number else []), *phones.get(one["person_id"], ())]
    return Row(
        pk=one["pk"], opened_at=one["opened_at"], last=one["last"], level=one["level"],
        scopes=(_scope(team, "*"), _scope(team, one["province"])),
        subject=one["subject"],
        names=tuple(one[name] for name in _NAMES if one[name]),
        numbers=tuple(dict.fromkeys(numbers)),
    )  # fmt: skip


def _record(row: Row, said: list[str]) -> Record:
    codes = [reference_code(reference(row.pk, row.opened_at))]
    if row.is_sealed:
        return Record(row.pk, row.stamp, codes=codes, scopes=row.scopes)
    text = "\n".join([row.subject, *said])[:LONGEST]
    numbers = dict.fromkeys([*row.numbers, *numbers_in("\n".join([text, *row.names]))])
    return Record(
        key=row.pk,
        stamp=row.stamp,
        text=covered(text, " "),
        names=sorted(names.index_words(*(covered(name, " ") for name in row.names))),
        codes=[*codes, *map(number_code, numbers)],
        scopes=row.scopes,
    )


def _scope(team: int, province: str) -> str:
    """`*` stands for every province; empty for a ticket without one."""
    return f"t{team}:{province}"


def _hashed(text: str) -> str:
    return hmac.new(_pepper(), b"search:" + text.encode(), hashlib.sha256).hexdigest()


def _pepper() -> bytes:
    return hashlib.sha256(settings.PEPPER.encode()).digest()
