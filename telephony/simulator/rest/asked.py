"""A request as it arrived at the REST surface, and what is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from telephony.simulator.rest import errors

if TYPE_CHECKING:
    from telephony.simulator.simulator import Simulator


@dataclass(frozen=True)
class Fields:
    """Form or query: names to lists, as repeated keys make them."""

    values: Mapping[str, list[str]] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def one(self, name: str, default: str = "") -> str:
        return self.values.get(name, [default])[-1]

    def all(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        return tuple(word for value in self.values.get(name, default) for word in value.split())

    def truth(self, name: str, default: bool = False) -> bool:
        value = self.one(name, str(default)).lower()
        if value not in ("true", "false"):
            raise errors.wrong(name, value)
        return value == "true"

    def number(self, name: str, default: int) -> int:
        value = self.one(name, str(default))
        if not value.isdigit():
            raise errors.wrong(name, value)
        return int(value)


@dataclass(frozen=True)
class Request:
    world: "Simulator"
    method: str
    path: str
    ids: Mapping[str, str]
    fields: Fields


@dataclass(frozen=True)
class Reply:
    status: int
    content: dict[str, Any] | bytes | None = None
    kind: str = "application/json"
    leads_to: str = ""
    """Another address, where it is to be had."""


Handler = Callable[[Request], Reply]


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    """With {names}; `Sid` and the like."""
    handler: Handler
    takes: frozenset[str] = frozenset()
    """Fields that are honoured here. Another one is a complaint: it would be lost in silence."""
    name: str = ""
    is_open: bool = False
    """Given out to whoever knows its address."""


def route(
    method: str, path: str, handler: Handler, takes: str = "", *, is_open: bool = False
) -> Route:
    return Route(method, path, handler, frozenset(takes.split()), handler.__name__, is_open)
