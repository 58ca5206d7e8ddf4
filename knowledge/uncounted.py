"""Readers whose searches, readings and opinions are nobody's figures, such as staff who rehearse."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_uncounted: ContextVar[bool] = ContextVar("uncounted", default=False)


def is_uncounted() -> bool:
    return _uncounted.get()


@contextmanager
def uncounted() -> Iterator[None]:
    """Nothing of what is read, searched or said until the end is kept."""
    token = _uncounted.set(True)
    try:
        yield
    finally:
        _uncounted.reset(token)
