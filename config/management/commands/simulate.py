"""`manage.py simulate`: plays Twilio for a running server, over loopback and in real time."""

import os
from argparse import ArgumentParser
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from telephony.simulator import load
from telephony.simulator.actors import Desk
from telephony.simulator.adversary import Adversary
from telephony.simulator.clock import WallClock
from telephony.simulator.documents import Reader
from telephony.simulator.live import Live, Reach
from telephony.simulator.simulator import Simulator
from telephony.simulator.state import Account, Hooks
from telephony.simulator.traffic import Traffic
from telephony.simulator.truth import tell

HELP = """
Play the telephone network for a server that runs beside us: callers by lot ring its number, wait,
press keys, leave messages, hang up. The REST surface is served on --port; the server's Twilio client
is to be pointed there. At the end it says what really happened, and what in the server's answers
Twilio would not have taken. The same --seed rings the same people at the same moments.

Account and token are those of the server: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.
"""

HOOKS = {
    "voice": "/hooks/twilio/voice/",
    "fallback": "",
    "status": "/hooks/twilio/status/",
    "message": "/hooks/twilio/message/",
    "desk": "/hooks/twilio/desk/",
}
ACCOUNT, TOKEN = "AC" + "0" * 31 + "1", "simulated"
APPLICATION = "AP" + "0" * 31 + "1"
AFTER = 30
"""Seconds at the end for what is still on its way."""


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--calls", type=int, help="how many; else as the load says")
        parser.add_argument("--minutes", type=float, help="over which time they come")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--load", default="demo", help="a file of seeds/, or a path to one")
        parser.add_argument("--base", default="http://127.0.0.1:8000", help="where the server is")
        parser.add_argument("--public", help="its public address, which is signed; else PUBLIC_URL")
        parser.add_argument("--number", default="+212520000001", help="the one that is called")
        parser.add_argument("--port", type=int, default=8009, help="of the REST surface; 0: any")
        for name, path in HOOKS.items():
            parser.add_argument(f"--{name}", default=path, help=f"path of its {name} hook")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = load.read(options["load"])
        given = {key: options[key] for key in ("calls", "minutes") if options[key] is not None}
        plan = replace(plan, **given)
        simulator = _simulator(options, plan)
        with Live(simulator, port=options["port"]) as live:
            self.stdout.write(f"REST surface at {live.address}, seed {options['seed']}")
            traffic = Traffic(
                simulator, plan, Desk(), number=options["number"], application=APPLICATION
            )  # fmt: skip
            traffic.begin()
            try:
                live.run(plan.minutes * 60)
                live.run(AFTER, until=lambda: all(call.over for call in traffic.callers))
            except KeyboardInterrupt:
                self.stdout.write("stopped")
        self._report(simulator)

    def _report(self, simulator: Simulator) -> None:
        truth = tell(simulator.history, simulator.clock.now)
        told = ", ".join(f"{count} {name}" for name, count in sorted(truth.outcomes().items()))
        self.stdout.write(
            f"{len(truth.calls)} calls: {told or 'none'}; {simulator.sent} requests, "
            f"{len(simulator.rest.log)} asked of us, {len(truth.lost)} callers lost"
        )
        wrong = [str(one).partition(" [seed")[0] for one in simulator.complaints]
        for line in sorted(set(wrong)):
            self.stderr.write(f"{wrong.count(line)} x {line}")
        if wrong or truth.lost:
            raise CommandError(f"{len(wrong)} complaints, {len(truth.lost)} callers lost")


def _simulator(options: dict[str, Any], plan: load.Load) -> Simulator:
    public = (options["public"] or settings.PUBLIC_URL).rstrip("/")
    reach = Reach(options["base"], public)

    def at(name: str) -> str:
        return f"{public}{options[name]}" if options[name] else ""

    hooks = Hooks(at("voice"), at("fallback"), at("status"), at("message"))
    account = Account(
        os.environ.get("TWILIO_ACCOUNT_SID", ACCOUNT), os.environ.get("TWILIO_AUTH_TOKEN", TOKEN),
        numbers={options["number"]: hooks, f"whatsapp:{options['number']}": hooks},
        applications={APPLICATION: Hooks(at("desk"), "", at("status"))},
    )  # fmt: skip
    parts = urlsplit(public)
    simulator = Simulator(
        reach.post, account=account, seed=options["seed"], clock=WallClock(), get=reach.get,
        adversary=Adversary(plan.adversary, options["seed"]),
        reader=Reader(frozenset({f"{parts.scheme}://{parts.netloc}"})),
    )  # fmt: skip
    simulator.rest.faults.rates = plan.faults
    return simulator
