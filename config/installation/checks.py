"""Who says how the installation stands: every check, and on which page it is read.

A source is a function `(*, centre, at) -> list[Check]` in an app's `health.py` (the shape is in
`knowledge/health.py`); `centre` is the key of the centre asked about, and what belongs to the whole
installation disregards it. A source that fails is a red check of its own, never a page that fails.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from django.utils.translation import gettext as _

from knowledge.health import Check, Light

log = logging.getLogger("wasl.checks")


@dataclass(frozen=True)
class Source:
    """`path` names the function; `opening` and `running` say on which page its checks are read.

    `opening`: before a centre opens to the public. `running`: each day from then on.
    """

    path: str
    opening: bool = False
    running: bool = False

    def checks(self, *, centre: int, at: datetime) -> list[Check]:
        """What the app says, or one red check when it could not say anything."""
        module, _dot, name = self.path.rpartition(".")
        try:
            told: Callable[..., list[Check]] = getattr(import_module(module), name)
            return told(centre=centre, at=at)
        except Exception:
            log.exception("check failed", extra={"check": self.path})
            return [_silent(self.path)]


SOURCES: list[Source] = [
    Source("helpdesk.centre.health.checks", opening=True),
    Source("helpdesk.hours.health.checks", opening=True),
    Source("helpdesk.accounts.health.checks", opening=True),
    Source("helpdesk.queues.health.checks", opening=True, running=True),
    Source("config.installation.standing.checks", running=True),
    Source("config.installation.backups.health.checks", opening=True, running=True),
]

STOPPERS = frozenset({"hours", "mail", "reviewer", "cndp", "backup"})
"""Keys of checks that keep a centre closed to the public while they are red."""


def before_opening(*, centre: int, at: datetime) -> list[Check]:
    """The checks of the go-live page, in the order of the list."""
    return _all((source for source in SOURCES if source.opening), centre=centre, at=at)


def of_every_day(*, centre: int, at: datetime) -> list[Check]:
    """The checks of the health page, in the order of the list."""
    return _all((source for source in SOURCES if source.running), centre=centre, at=at)


def stopping(checks: Iterable[Check]) -> list[Check]:
    """Those among the checks for which the centre must stay closed."""
    return [c for c in checks if c.light == Light.RED and c.key in STOPPERS]


def _all(sources: Iterable[Source], *, centre: int, at: datetime) -> list[Check]:
    return [check for source in sources for check in source.checks(centre=centre, at=at)]


def _silent(path: str) -> Check:
    return Check(
        key=path,
        light=Light.RED,
        name=_("A check"),
        sentence=_("It could not be made: %(path)s.") % {"path": path},
        to_do=_("Read the log of the server."),
        who=_("whoever looks after the server"),
    )
