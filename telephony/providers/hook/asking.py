"""Who is calling, for a greeting: how sure it is, in which language, how many requests are open."""

from typing import Any

from django.utils import timezone

from helpdesk.associations import actions as associations
from helpdesk.associations.numbers import Number
from helpdesk.centre import practice
from helpdesk.tickets.models import Ticket
from telephony.providers.hook.telling import centre
from telephony.rules import recognition


def known_of(number: Number | None, *, signed: str = "") -> dict[str, Any]:
    """`caller` is known, perhaps (several share the number), unknown or withheld; `language` is empty
    where it is not known for sure; `open` counts ordinary requests only: a sealed one is not told of."""
    whose = practice.answering(centre(signed), at=timezone.now())
    persons = associations.by_number(number, centre=whose) if number else []
    only = persons[0] if len(persons) == 1 else None
    return {
        "caller": str(recognition(len(persons), withheld=number is None)),
        "language": (only.speaks or only.language) if only else "",
        "open": Ticket.objects.open().filter(level=0, person__in=persons).count() if persons else 0,
    }
