"""No request twice: its nonce is remembered for as long as its time stamp would still be good."""

from datetime import datetime

from django.db import IntegrityError

from telephony.providers.hook.models import Nonce
from telephony.providers.hook.signing import WINDOW, Signed, Unsigned


def use_once(who: Signed, *, at: datetime) -> None:
    """Remember the request, in the caller's transaction. Raises Unsigned, which must end it."""
    try:
        Nonce.objects.create(key=who.key, word=who.nonce, at=at)
    except IntegrityError:
        raise Unsigned("replayed") from None


def forget_old(*, at: datetime) -> int:
    """Drop what no time stamp could repeat any more; how many."""
    return Nonce.objects.older_than(at - 3 * WINDOW).delete()[0]
