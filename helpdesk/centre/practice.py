"""Whether what is done just now is practice: said once a request, so that no function has to be told."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.conf import settings

from helpdesk.centre.models import Centre

_within: ContextVar[int | None] = ContextVar("practice", default=None)


def current() -> int | None:
    """The centre in which the person of this request practises; None = all is real."""
    return _within.get()


@contextmanager
def within(centre: int) -> Iterator[None]:
    token = _within.set(centre)
    try:
        yield
    finally:
        _within.reset(token)


def answering(line: Centre, *, at: datetime) -> Centre:
    """Who answers a telephone line of that centre, and what is told of it late: before its opening the
    practice, where one is under way; from then on itself."""
    if settings.DEMO or was_open(line, at=at):
        return line
    return Centre.objects.filter(practice_of=line).first() or line


def was_open(line: Centre, *, at: datetime) -> bool:
    """Whether everybody could call and write at that moment."""
    return line.opened_at is not None and line.opened_at <= at
