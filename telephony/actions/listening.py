"""A supervisor listens to a call. The advisor sees it, and each change is on record."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from helpdesk.accounts.actions import audit
from helpdesk.tickets.errors import Refusal
from telephony import providers
from telephony.actions.noting import regrouped
from telephony.actions.taking import CallerGone
from telephony.facts import VOICE
from telephony.models import Call, Leg

LISTENING = {str(one): one for one in (Leg.Mode.LISTEN, Leg.Mode.WHISPER, Leg.Mode.BARGE)}
"""Ways to be in a call that one does not have, by their codes."""


class NotHeard(Refusal):
    def __init__(self) -> None:
        super().__init__(_("Nobody can listen in on this line."))


@transaction.atomic
def listen(call: Call, *, by: Any, at: datetime, mode: Leg.Mode = Leg.Mode.LISTEN) -> Leg:
    """Join as a listener, or change between listening, whispering and speaking. Raises CallerGone, and
    NotHeard on a line whose voices are not ours to join."""
    held = Call.objects.select_for_update().get(pk=call.pk)
    if held.state not in VOICE:
        raise CallerGone
    if not providers.of(held).capabilities.listen:
        raise NotHeard
    leg = held.legs.here().filter(user=by, role=Leg.Role.SUPERVISOR).first()
    if leg is not None and leg.mode == mode:
        return leg
    if leg is None:
        try:
            with transaction.atomic():
                leg = Leg.objects.create(
                    call=held, role=Leg.Role.SUPERVISOR, user=by, mode=mode, made_at=at, seen_at=at
                )
        except IntegrityError:
            return held.legs.here().get(user=by)
    else:
        Leg.objects.filter(pk=leg.pk).update(mode=mode)
        leg.mode = mode
    audit(f"call-{mode}", by=by, at=at, subject=held)
    regrouped(held, at=at)
    return leg
