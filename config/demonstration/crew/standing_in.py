"""A real person at the desk takes calls beside the colleagues. Their page finds no network to dial, since the
simulated one has no sound: their leg dials in without it, and all the rest is what happens with a voice.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from telephony.models import Call, Leg
from telephony.providers.twilio import claims
from telephony.simulator.simulator import Simulator
from telephony.simulator.state import Call as Voice

AFTER = timedelta(seconds=1.5)
"""A page that does find its way has come in by then."""


class StandIn:
    """`crew`: user names of those who dial for themselves."""

    def __init__(self, world: Simulator, application: str, crew: Collection[str]) -> None:
        self.world, self.application, self.crew = world, application, crew
        self.voices: dict[int, Voice] = {}
        """By leg."""

    def look(self, *, at: datetime) -> None:
        """Let in whoever has taken a call, or listens to one, and is not heard yet."""
        legs = Leg.objects.here().filter(call__line=Call.Line.PUBLIC, voices=None)
        waiting = legs.filter(made_at__lt=at - AFTER).exclude(user=None)
        for leg in waiting.exclude(user__username__in=self.crew).select_related("user", "call"):
            before = self.voices.get(leg.pk)
            if leg.call.has_voice and (before is None or before.over):
                code = claims.code_for(leg, at=at)
                name = claims.identity(leg.user)
                self.voices[leg.pk] = self.world.connect(name, self.application, claim=code)
