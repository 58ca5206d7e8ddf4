"""What a check finds: points, each with its level and the code of its sentence. No query here."""

from dataclasses import dataclass, field
from typing import Any

GREEN, AMBER, RED, OFF = "green", "amber", "red", "off"
_ORDER = (OFF, GREEN, AMBER, RED)


@dataclass(frozen=True)
class Point:
    level: str
    says: str
    facts: dict[str, Any] = field(default_factory=dict)


def worst(points: "list[Point]") -> str:
    return max((one.level for one in points), key=_ORDER.index, default=GREEN)


def point(level: str, says: str, **facts: Any) -> Point:
    return Point(level, says, facts)
