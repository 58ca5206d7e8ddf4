"""Finding people, associations and tickets by what somebody says: a number, a name, some words.

Every way in goes by an index: references by key, numbers by equality, names by their words, and
the words of texts by the search index; without that, tickets are found by the first three alone.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from helpdesk.accounts.scope import Scope
from helpdesk.associations import names
from helpdesk.associations.models import Association, Person, Phone
from helpdesk.associations.numbers import Number
from helpdesk.associations.numbers import as_number as as_number
from helpdesk.associations.spotting import covered, numbers_in
from helpdesk.tickets import indexed, indexing
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.querysets import TicketQuerySet
from knowledge.search.engines.port import EngineBroken
from knowledge.search.engines.record_terms import Wanted
from knowledge.search.folding import storable
from knowledge.search.reading import meaning

log = logging.getLogger("wasl.search")
SHOWN = 8
LONGEST = 120
"""Characters of what was typed that are looked for."""
WEIGHED, WEIGHED_DEEP = 1001, 5000
"""Tickets found that are looked through; the list shows a thousand."""
_REFERENCE = re.compile(r"\bw[\s-]{0,2}(\d{4})[\s-]{1,2}0*(\d{1,9})\b", re.IGNORECASE)
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def people(user: Any, text: str) -> list[Person]:
    """Persons with that number, or that name in either script."""
    rows = Person.objects.visible_to(user).unmerged()
    if number := as_number(text):
        return list(rows.with_number(number)[:SHOWN])
    return list(rows.looked_up(text).order_by("name", "pk")[:SHOWN]) if text else []


def person(user: Any, pk: str) -> Person | None:
    return Person.objects.visible_to(user).unmerged().filter(pk=_key(pk)).first()


def associations(user: Any, text: str) -> list[Association]:
    rows = Association.objects.visible_to(user)
    return list(rows.looked_up(text).order_by("name_ar", "pk")[:SHOWN]) if text else []


def association(user: Any, pk: str) -> Association | None:
    return Association.objects.visible_to(user).filter(pk=_key(pk)).first()


@dataclass(frozen=True)
class Found:
    """Tickets that a text finds. Whoever asked sees `rows` and nothing else."""

    rows: TicketQuerySet
    ranked: Sequence[int] = ()
    """Their keys and perhaps some others', the best first; empty where relevance says nothing."""
    stems: Mapping[str, float] = field(default_factory=dict)
    """Weighted stems that were looked for in the texts."""
    is_simple: bool = False
    """Without the index: only numbers, names and references were looked up."""


def tickets(rows: TicketQuerySet, user: Any, text: str, *, deep: bool = False) -> Found:
    """Of these tickets those with that reference, that number, those names or those words.

    The index only proposes: `rows`, which must be visible to the user, decides. `deep` weighs more
    proposals, for lists that other filters narrow. Never raises on what was typed.
    """
    text = storable(text[: LONGEST * 2]).strip()[:LONGEST]
    if not text:
        return Found(rows)
    number = as_number(text)
    if number is None:
        by_reference = rows.going_on_for(text)
        if not by_reference.query.is_empty():
            return Found(by_reference)
    try:
        return _by_index(rows, user, text, number, WEIGHED_DEEP if deep else WEIGHED)
    except EngineBroken as error:
        log.info("tickets are searched without the index", extra={"reason": str(error)})
        return Found(rows.filter(pk__in=_looked_up(user, text, number)), is_simple=True)


def near(user: Any, ticket: Ticket, *, at: datetime) -> list[Ticket]:
    """Open requests that may be the same as this one: of its person, its association, its address."""
    names = ("person_id", "association_id", "contact_email", "contact_number")
    same = [Q(**{name: value}) for name in names if (value := getattr(ticket, name))]
    rows = _others(user, ticket, at).open().filter(pk__in=_either(*same) if same else [])
    return list(rows.order_by("-moved_at")[:SHOWN])


def others(user: Any, ticket: Ticket, text: str, *, at: datetime) -> list[Ticket]:
    """Other requests that a reference, a name, a number or words find."""
    found = tickets(_others(user, ticket, at), user, text)
    return list(found.rows.order_by("-moved_at")[:SHOWN])


def _others(user: Any, ticket: Ticket, at: datetime) -> TicketQuerySet:
    rows = Ticket.objects.visible_to(user, at=at).unmerged().for_list()
    return rows.exclude(pk=ticket.pk)


def _by_index(
    rows: TicketQuerySet, user: Any, text: str, number: Number | None, limit: int
) -> Found:
    scopes, live = indexed.scopes_of(Scope.of(user)), indexing.engine()
    if number:
        written = live.find(
            Wanted(codes=[indexed.number_code(number)]), scopes=scopes, limit=WEIGHED
        )
        keys = {*written, *_looked_up(user, text, number)}
        return Found(rows.filter(pk__in=keys))
    words = covered(text, " ")
    meant = meaning(words, holds=live.holds)
    asked, ordinary = names.question(words), set(names.telling(" ".join(meant.ordinary)))
    wanted = Wanted(
        stems=meant.stems,
        typed=meant.typed,
        names=[(word, () if word in ordinary else keys) for word, keys in asked],
        codes=[*map(indexed.number_code, numbers_in(text)), *_references(text)],
    )
    ranked = live.find(wanted, scopes=scopes, limit=limit)
    return Found(rows.filter(pk__in=ranked), ranked, meant.stems)


def _references(text: str) -> list[str]:
    """Codes of the references that stand among other words."""
    found = _REFERENCE.findall(text.translate(_DIGITS))
    return [indexed.reference_code(f"W-{year}-{int(number):06d}") for year, number in found]


def _looked_up(user: Any, text: str, number: Number | None) -> list[int]:
    """Keys of tickets by the database's own indexes: that number, or those names."""
    if number:
        callers = Phone.objects.filter(number=number).values("person_id")
        return _either(Q(contact_number=number), Q(person_id__in=callers))
    named = Person.objects.visible_to(user).looked_up(text).values("pk")
    groups = Association.objects.visible_to(user).looked_up(text).values("pk")
    return _either(Q(person_id__in=named), Q(association_id__in=groups))


def _either(one: Q, *others: Q) -> list[int]:
    """Keys of tickets by one index or another; a plain OR makes a planner walk the whole team."""
    every = Ticket.objects.order_by()
    further = [every.filter(other).values_list("pk") for other in others]
    keys = every.filter(one).values_list("pk").union(*further)
    return [key for (key,) in keys.order_by("-id")[:WEIGHED]]


def _key(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0
