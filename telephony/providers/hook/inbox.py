"""What was told is stored, which is all that its sender waits for."""

from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import transaction

from telephony.providers.hook.applier import wake
from telephony.providers.hook.fields import Said
from telephony.providers.hook.models import Told
from telephony.providers.hook.signing import Signed
from telephony.providers.hook.telling import centre

KEPT = timedelta(days=90)
"""Of raw events, as of every provider's."""


def keep(said: Said, *, who: Signed, at: datetime) -> Told:
    """Store one event, in the caller's transaction; it is applied as soon as that has ended.

    Raises NoCentre.
    """
    _is_set_up()
    told = Told.objects.create(
        key=who.key, event=said.event, call=said.call, number=said.number or "",  # type: ignore[misc]
        extension=said.extension, line=said.line, language=said.language, sequence=said.sequence,
        seconds=said.seconds, recording=said.recording, at=said.at, received_at=at, due_at=at,
    )  # fmt: skip
    if settings.LINE_HOOK_APPLIES:
        transaction.on_commit(wake, robust=True)
    return told


@lru_cache(maxsize=1)
def _is_set_up() -> bool:
    """A centre that is there stays: asked until then. Raises NoCentre."""
    return bool(centre())


def forget_old(*, at: datetime) -> int:
    """Delete what was told long ago, with the numbers of what was set aside; how many."""
    return Told.objects.older_than(at - KEPT).delete()[0]
