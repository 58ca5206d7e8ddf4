"""Counts of use: one more reading, print or copy on a day. Nothing of who it was is looked at or kept."""

import logging
import re
from datetime import datetime

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from knowledge.articles.models import UseCount
from knowledge.articles.rules import Use
from knowledge.uncounted import is_uncounted

log = logging.getLogger("wasl.library")
LIBRARY = "library"
"""Subject of the copy of the whole library."""
_MACHINE = re.compile(
    r"bot|crawl|spider|slurp|preview|monitor|probe|fetch|scan|feed|curl|wget|python|java/|go-http"
    r"|okhttp|axios|node|headless|lighthouse|facebookexternalhit|whatsapp|^$",
    re.IGNORECASE,
)


def is_machine(user_agent: str) -> bool:
    """Whether the words a program gives for itself are those of a robot; saying nothing is one."""
    return bool(_MACHINE.search(user_agent.strip()))


def count(use: Use, subject: str, language: str, *, at: datetime, province: str = "") -> None:
    """One more. A count that fails is lost: it must never cost a reader the page."""
    if is_uncounted():
        return
    key = {
        "subject": subject[:40], "kind": use, "language": language, "province": province,
        "day": timezone.localdate(at),
    }  # fmt: skip
    try:
        if not _add(key):
            _begin(key)
    except DatabaseError:
        log.warning("a use was not counted", exc_info=True)


def _add(key: dict[str, object]) -> bool:
    with transaction.atomic():
        return bool(UseCount.objects.filter(**key).update(times=F("times") + 1))


def _begin(key: dict[str, object]) -> None:
    """The first of the day; another reader may begin the same row in the same moment."""
    try:
        with transaction.atomic():
            UseCount.objects.create(**key, times=1)
    except IntegrityError:
        _add(key)
