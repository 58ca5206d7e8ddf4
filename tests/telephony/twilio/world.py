"""Our server and the simulated network in one process, on one clock: people call, advisors answer.

The simulator's own truth is compared with our rows at the end.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any

import time_machine
from django.db.models import Min
from django.test import Client

from helpdesk.tickets.errors import Refusal
from telephony import actions, jobs, providers
from telephony.models import Call, Leg, Timer
from telephony.providers.twilio import claims, client, sending
from telephony.providers.twilio.models import Order
from telephony.simulator.actors import Desk, Taken
from telephony.simulator.adversary import Adversary
from telephony.simulator.rest.adapter import SimulatedAdapter
from telephony.simulator.simulator import Simulator
from telephony.simulator.state import Account, Hooks
from telephony.simulator.traffic import Traffic
from tests import make
from tests.telephony.simulator import product
from tests.telephony.twilio import carrier as c

HOOKS = f"{c.PUBLIC}/hooks/twilio/"
STATUS = f"{HOOKS}status/#rt=4000&rc=3&rp=all"
ASKED = "#rt=7000&rc=1&rp=all"


class OurDesk(Desk):
    """What advisors do on our pages."""

    def __init__(self, users: list[Any]) -> None:
        self.users = {claims.identity(user): user for user in users}
        self.world: Simulator
        self.refused: list[str] = []

    @property
    def now(self) -> Any:
        return self.world.clock.now

    def take(self, identity: str) -> Taken | None:
        user = self.users[identity]
        with at(self.world):
            self._write_down(user)
            for call in Call.objects.filter(state="waiting").order_by("started_at")[:5]:
                try:
                    leg = actions.answer(call, by=user, at=self.now)
                except Refusal as no:
                    self.refused.append(type(no).__name__)
                    continue
                code = providers.of(call).pass_for(leg)
                return Taken({"claim": code}, call.key.removeprefix("public:"))
        return None

    def listen(self, identity: str) -> Taken | None:
        with at(self.world):
            for call in Call.objects.with_voice().order_by("started_at")[:5]:
                leg = actions.listen(call, by=self.users[identity], at=self.now)
                return Taken({"claim": providers.of(call).pass_for(leg)})
        return None

    def _leg(self, identity: str) -> Leg | None:
        rows = Leg.objects.here().filter(user=self.users[identity], role="advisor")
        return rows.select_related("call").first()

    def hold(self, identity: str, on: bool) -> None:
        with at(self.world):
            if leg := self._leg(identity):
                actions.set_hold(leg, on, at=self.now)

    def hang_up(self, identity: str) -> None:
        with at(self.world):
            if leg := self._leg(identity):
                actions.end(leg, at=self.now)

    def free(self, identity: str) -> None:
        with at(self.world):
            self._write_down(self.users[identity])

    def _write_down(self, user: Any) -> None:
        for call in Call.objects.of(user).unwrapped().filter(state="wrap-up").for_card():
            said = actions.Wrapup(
                words="x", help="info", outcome="solved-first-contact", language="ar"
            )
            actions.wrap_up(call, said, by=user, at=self.now)


@contextmanager
def at(world: Any) -> Iterator[None]:
    """Something of ours happens: what is due next is not known any more."""
    world.next_due = None
    with time_machine.travel(world.clock.now, tick=False):
        yield
    world.next_due = None


class Network(Simulator):
    """It knows when our sweeps have something to do: a look at nothing, each second, was near half of a day."""

    next_due: datetime | None = None
    """None: not known."""

    def run(self, seconds: float | None = None, *, until: datetime | None = None) -> None:
        """A test may have written something itself before."""
        self.next_due = None
        super().run(seconds, until=until)

    def sweep(self) -> None:
        """As each second in the product."""
        now = self.clock.now
        if self.next_due is None:
            self.next_due = next_due()
        if self.next_due > now:
            return
        with at(self):
            sending.send_due(at=now)
            jobs.timers_due(at=now)


def next_due() -> datetime:
    """The first moment at which a sweep of each second has something to do, as our rows stand."""
    rows = (Order.objects.open(), Timer.objects.filter(done_at=None))
    found = [row.aggregate(first=Min("due_at"))["first"] for row in rows]
    return min((one for one in found if one), default=datetime.max.replace(tzinfo=UTC))


def repeatable(traffic: Traffic, seed: int) -> None:
    """Our names of advisors follow the secret key and their numbers, which are others in each run: what
    they do must not."""
    for place, advisor in enumerate(traffic.advisors):
        advisor.random = Random(f"{seed}/advisor/{place}")


def build(
    users: list[Any], monkeypatch: Any, *, seed: int, rates: Any = None, start: datetime = make.NOW
) -> tuple[Network, OurDesk]:
    """A network for these advisors, and their desk. Our sweeps run on its clock."""
    account = Account(
        c.ACCOUNT,
        c.TOKEN,
        keys={c.API_KEY: c.API_SECRET},
        numbers={c.OUR_NUMBER: Hooks(f"{HOOKS}voice/{ASKED}", status=STATUS)},
        applications={c.APP: Hooks(f"{HOOKS}application/{ASKED}", status=STATUS)},
    )
    browser, desk = Client(), OurDesk(users)
    ask = product.post(browser)

    def post(url: str, form: Any, headers: Any, /) -> Any:
        with at(desk.world):
            return ask(url, form, headers)

    world = Network(
        post,
        get=product.get(browser),
        account=account,
        seed=seed,
        start=start,
        adversary=Adversary(rates, seed=seed) if rates else None,
    )
    desk.world = world
    real = client.http_client

    def http() -> Any:
        made = real()
        made.session.mount("https://", SimulatedAdapter(world.rest))
        return made

    monkeypatch.setattr(client, "http_client", http)
    monkeypatch.setattr(jobs, "_begun", -1000.0)

    def sweep() -> None:
        world.sweep()
        world.later(1, sweep)

    def minute() -> None:
        with at(world):
            jobs.reconcile(at=world.clock.now)
        world.later(60, minute)

    world.later(1, sweep)
    world.later(60, minute)
    return world, desk
