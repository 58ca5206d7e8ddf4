"""Every address of the product, read from the resolver at run time: a page added later is covered too."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import get_resolver, reverse

OUTSIDE = ("django.", "allauth.")


@dataclass(frozen=True)
class Route:
    """One named address. `args` names what stands in it."""

    name: str
    args: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def is_public(self) -> bool:
        return not getattr(self.view, "login_required", True)

    @property
    def is_ours(self) -> bool:
        """Not a page of the sign-in library."""
        return not inspect.unwrap(self.view).__module__.startswith(OUTSIDE)

    def url(self, **values: Any) -> str:
        return reverse(self.name, kwargs=values)


def _walk(patterns: Any, prefix: str = "", args: tuple[str, ...] = ()) -> Iterator[Route]:
    for entry in patterns:
        own = (*args, *entry.pattern.converters)
        if not own and getattr(entry.pattern, "regex", None) is not None:
            own = (*args, *entry.pattern.regex.groupindex)
        if hasattr(entry, "url_patterns"):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _walk(entry.url_patterns, space, own)
        else:
            yield Route(f"{prefix}{entry.name}", own, entry.callback)


@cache
def routes() -> tuple[Route, ...]:
    return tuple(_walk(get_resolver().url_patterns))
