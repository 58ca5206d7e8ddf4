"""Finding people, associations and tickets by what somebody says: a number, a name, a reference.

Every way in goes by an index: references by key, numbers by equality, names by their words.
"""

from typing import Any

from django.db.models import Q

from helpdesk.associations.models import Association, Person, Phone
from helpdesk.associations.numbers import BadNumber, Number
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.querysets import TicketQuerySet

SHOWN = 8
WEIGHED = 1001
"""Tickets found by a name or number that are looked through, the newest first."""


def people(user: Any, text: str) -> list[Person]:
    """Persons with that number, or that name in either script."""
    rows = Person.objects.visible_to(user)
    if number := as_number(text):
        return list(rows.with_number(number)[:SHOWN])
    return list(rows.looked_up(text).order_by("name", "pk")[:SHOWN]) if text else []


def person(user: Any, pk: str) -> Person | None:
    return Person.objects.visible_to(user).filter(pk=_key(pk)).first()


def associations(user: Any, text: str) -> list[Association]:
    rows = Association.objects.visible_to(user)
    return list(rows.looked_up(text).order_by("name_ar", "pk")[:SHOWN]) if text else []


def association(user: Any, pk: str) -> Association | None:
    return Association.objects.visible_to(user).filter(pk=_key(pk)).first()


def tickets(rows: TicketQuerySet, user: Any, text: str) -> TicketQuerySet:
    """Of these tickets those with that reference, that number, or that name."""
    text = text.strip()[:120]
    if not text:
        return rows
    if number := as_number(text):
        callers = Phone.objects.filter(number=number).values("person_id")
        found = [Q(contact_number=number), Q(person_id__in=callers)]
    else:
        by_reference = rows.with_reference(text)
        if not by_reference.query.is_empty():
            return by_reference
        named = Person.objects.visible_to(user).looked_up(text).values("pk")
        groups = Association.objects.visible_to(user).looked_up(text).values("pk")
        found = [Q(person_id__in=named), Q(association_id__in=groups)]
    return rows.filter(pk__in=_either(*found))


def _either(one: Q, other: Q) -> list[int]:
    """Keys of tickets by one index or the other; a plain OR makes a planner walk the whole team."""
    every = Ticket.objects.order_by()
    keys = every.filter(one).values_list("pk").union(every.filter(other).values_list("pk"))
    return [key for (key,) in keys.order_by("-id")[:WEIGHED]]


def as_number(text: str) -> Number | None:
    """A telephone number, in any spelling; a reference or a name is none."""
    if sum(c.isdigit() for c in text) < 8 or any(c.isalpha() for c in text):
        return None
    try:
        return Number.parse(text)
    except BadNumber:
        return None


def _key(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0
