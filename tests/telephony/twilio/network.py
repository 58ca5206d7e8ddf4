"""What the tests of faults need beside the world: a network that loses all it should tell, and a day later."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

from helpdesk.notices.actions import write
from helpdesk.notices.models import Notice
from telephony.providers.twilio import comparing, sending, texting
from telephony.simulator.adversary import Adversary
from telephony.simulator.people import Person, Scripted
from telephony.simulator.posting import Fate
from telephony.simulator.state import Hooks
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio.world import HOOKS, at

NIGHT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
"""Of the day after `make.NOW`."""
CALLER = "+212612345678"


@dataclass
class Deaf(Adversary):
    """While `deaf` what the network says is lost: what begins with one of these kinds, or everything."""

    deaf: tuple[str, ...] = ()

    def fate(self, kind: str, wants: bool) -> Fate:
        fate = super().fate(kind, wants)
        fate.lost = fate.lost or any(kind.startswith(one) for one in self.deaf)
        return fate


def deafen(world: Any, *kinds: str) -> None:
    """From now on nothing of these kinds arrives; without any, nothing at all."""
    world.adversary.deaf = kinds or ("",)


@contextmanager
def losing(world: Any, *kinds: str) -> Iterator[None]:
    """So for a while."""
    deafen(world, *kinds)
    try:
        yield
    finally:
        world.adversary.deaf = ()


def with_texts(world: Any) -> Any:
    """The same network with numbers that write, and one that can be deafened."""
    world.adversary = Deaf()
    hooks = Hooks("", message=f"{HOOKS}text/")
    world.account.numbers |= {c.SMS_NUMBER: hooks, f"whatsapp:{c.WHATSAPP_NUMBER}": hooks}
    return world


def rings(world: Any, person: Person | None = None, number: str = CALLER) -> Any:
    """Somebody calls and chooses Darija, no theme."""
    return world.ring(number, c.OUR_NUMBER, person or Scripted(["2", "0"]))


def text(world: Any, key: str = "n1") -> Notice:
    """An SMS to a caller, due now."""
    return write(
        key=key, channel="sms", kind="question-received", address=CALLER, language="ar", at=world.clock.now,
        context={"reference": "W-2026-000001", "link": "https://wasl.example/follow/"},
    )  # fmt: skip


def sends(world: Any) -> None:
    """Texts that are due leave."""
    with at(world):
        texting.send_due(at=world.clock.now)


def night(moment: datetime = NIGHT) -> None:
    """The day is compared, and what was ordered by that goes out."""
    with time_machine.travel(moment, tick=False):
        comparing.compare_due(at=moment)
        for second in range(3):
            sending.send_due(at=moment + timedelta(seconds=second))
