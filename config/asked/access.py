"""Doorways to the lists: an administrator, from the centre of the own posting."""

from typing import Any

from django.http import Http404

from config.installation.access import centre_for as centre_for
from helpdesk.centre.models import Centre, Change
from helpdesk.centre.querysets import ChangeQuerySet
from helpdesk.tickets.facts import facts
from knowledge.articles.models import Theme

LATELY = 10


def theme(user: Any, code: str) -> Theme:
    centre_for(user)
    found = Theme.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return found


def fact_code(user: Any, code: str) -> str:
    """A code of the list."""
    centre_for(user)
    if code not in facts():
        raise Http404
    return code


def themes_for(held: list[str]) -> list[Theme]:
    """Those a fact can go with: in use, and those it has."""
    return [one for one in Theme.objects.all() if one.withdrawn_at is None or one.code in held]


def history(centre: Centre, step: str) -> list[Change]:
    """The newest lines of one list."""
    rows: ChangeQuerySet = centre.changes.of(centre)
    return list(rows.filter(step=step)[:LATELY])


def last_change(centre: Centre, step: str, code: str) -> Change | None:
    """Who changed a row last, if that is known."""
    rows = centre.changes.of(centre).filter(step=step)[:50]
    return next((row for row in rows if any(n.endswith(f"@{code}") for n in row.after)), None)
