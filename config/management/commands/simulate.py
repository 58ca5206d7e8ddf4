"""`manage.py simulate`: plays Twilio for a running server, over loopback and in real time."""

from argparse import ArgumentParser
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demonstration.crew.browser import NoPage
from config.demonstration.crew.shift import Shift
from config.lines import simulated
from telephony.simulator import load, parameters
from telephony.simulator.adversary import Adversary
from telephony.simulator.clock import WallClock
from telephony.simulator.documents import Reader
from telephony.simulator.live import Live, Reach
from telephony.simulator.posting import Answer, Delivery, Failure
from telephony.simulator.simulator import Simulator
from telephony.simulator.state import Account, Call, Hooks
from telephony.simulator.truth import tell

HELP = """
Play the telephone network for a server that runs beside us (`make run SIMULATED=1`): callers by lot ring
its number, wait, press keys, leave messages, hang up; colleagues and a supervisor enter the
demonstration and work at its pages: they come on shift, take calls, talk, hold, hand over, write down,
call back what is owed. A person signed in beside them can take calls too. At the end it says what
really happened, what the pages say of it, and what in the server's answers Twilio would not have
taken. The same --seed rings the same people at the same moments.

With --advisors 0 nobody answers, and the server may be any: account and token are those of its
settings, which this command must have too.
"""

HOOKS = {
    "voice": "/hooks/twilio/voice/#rt=7000&rc=1&rp=all",
    "fallback": "",
    "status": "/hooks/twilio/status/#rt=4000&rc=3&rp=all",
    "message": "/hooks/twilio/text/",
    "desk": "/hooks/twilio/application/#rt=7000&rc=1&rp=all",
}
AFTER = 40
"""Seconds at the end for those who still wait or talk."""
SETTLES = 5
"""Seconds in which the server is told of the last end, and its sweeps have done what follows."""


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--calls", type=int, help="how many; else as the load says")
        parser.add_argument("--minutes", type=float, help="over which time they come")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--load", default="demo", help="a file of seeds/, or a path to one")
        parser.add_argument("--advisors", type=int, help="colleagues at the desk, at most 6")
        parser.add_argument("--base", default="http://127.0.0.1:8000", help="where the server is")
        parser.add_argument("--public", help="its public address, which is signed; else PUBLIC_URL")
        parser.add_argument("--number", help="the one that is called; else TWILIO_NUMBER")
        parser.add_argument("--port", type=int, help="of the REST surface; else as TWILIO_API_URL")
        for name, path in HOOKS.items():
            parser.add_argument(f"--{name}", default=path, help=f"path of its {name} hook")

    def handle(self, *args: Any, **options: Any) -> None:
        plan, ours = _plan(options), account()
        options["number"] = options["number"] or ours["TWILIO_NUMBER"]
        simulator = network(options, plan, ours)
        port = options["port"]
        if port is None:
            port = urlsplit(ours["TWILIO_API_URL"]).port or 8009
        shift = Shift(simulator, plan, number=options["number"], application=ours["TWILIO_APP_SID"])
        with Live(simulator, port=port) as live:
            self.stdout.write(f"REST surface at {live.address}, seed {options['seed']}")
            if plan.advisors.number:
                check(simulator, options["number"])
            try:
                shift.begin(options["base"], say=self.stdout.write)
                live.run(plan.minutes * 60)
                shift.close()
                live.run(AFTER, until=shift.is_over)
                shift.cut_off()
                live.run(SETTLES if plan.advisors.number else 1)
            except KeyboardInterrupt:
                self.stdout.write("stopped")
            except NoPage as no:
                raise CommandError(str(no)) from None
            finally:
                shift.end()
        self._report(simulator, shift)

    def _report(self, simulator: Simulator, shift: Shift) -> None:
        truth = tell(simulator.history, simulator.clock.now)
        told = ", ".join(f"{count} {name}" for name, count in sorted(truth.outcomes().items()))
        self.stdout.write(
            f"{len(truth.calls)} calls: {told or 'none'}; {simulator.sent} requests, "
            f"{len(simulator.rest.log)} asked of us, {len(truth.lost)} callers lost"
        )
        for line in shift.report(truth):
            self.stdout.write(line)
        wrong = [str(one).partition(" [seed")[0] for one in simulator.complaints]
        for line in sorted(set(wrong)):
            self.stderr.write(f"{wrong.count(line)} x {line}")
        if wrong or truth.lost:
            raise CommandError(f"{len(wrong)} complaints, {len(truth.lost)} callers lost")


def _plan(options: dict[str, Any]) -> load.Load:
    """The load, with what was asked for. Fewer minutes are fewer calls: the pace stays."""
    plan = load.read(options["load"])
    minutes, calls = options["minutes"] or plan.minutes, options["calls"]
    if calls is None:
        calls = max(1, round(plan.calls * minutes / plan.minutes))
    count = plan.advisors.number if options["advisors"] is None else options["advisors"]
    if count > 6:
        raise CommandError("--advisors: six colleagues can come at most.")
    staff = replace(
        plan.advisors, number=count, supervisors=plan.advisors.supervisors if count else 0
    )
    return replace(plan, calls=calls, minutes=minutes, advisors=staff)


def check(simulator: Simulator, number: str) -> None:
    """Raises CommandError where the server does not believe us: what is told here changes nothing."""
    hooks = simulator.account.numbers[number]
    call = Call("CA" + "0" * 32, number, number, "inbound", simulator.clock.now, "ringing", hooks)
    told: list[Answer | Failure] = []
    form = parameters.voice(simulator.account, call)
    simulator.perform(Delivery("status", hooks.status, form, told.append, wants=False))
    simulator.complaints.clear()
    if isinstance(told[0], Failure):
        raise CommandError(
            f"{told[0].url} does not take what is signed here ({told[0].why}): start the server by "
            "`make run SIMULATED=1`, with the same DATA_DIR."
        )


def account() -> dict[str, str]:
    """The account as the server has it."""
    made = simulated(settings.SECRET_KEY)
    if not settings.TWILIO_ACCOUNT_SID:
        return made
    return {name: getattr(settings, name) or one for name, one in made.items()}


def network(options: dict[str, Any], plan: load.Load, ours: dict[str, str]) -> Simulator:
    """The simulated network, told where the server is (`base`, `public`), its paths, `number` and `seed`."""
    public = (options["public"] or settings.PUBLIC_URL).rstrip("/")
    reach = Reach(options["base"], public)

    def at(name: str) -> str:
        return f"{public}{options[name]}" if options[name] else ""

    hooks = Hooks(at("voice"), at("fallback"), at("status"), at("message"))
    number = options["number"]
    account = Account(
        ours["TWILIO_ACCOUNT_SID"], ours["TWILIO_AUTH_TOKEN"],
        keys={ours["TWILIO_API_KEY"]: ours["TWILIO_API_SECRET"]},
        numbers={number: hooks, f"whatsapp:{number}": hooks},
        applications={ours["TWILIO_APP_SID"]: Hooks(at("desk"), "", at("status"))},
    )  # fmt: skip
    parts = urlsplit(public)
    simulator = Simulator(
        reach.post, account=account, seed=options["seed"], clock=WallClock(), get=reach.get,
        adversary=Adversary(plan.adversary, options["seed"]),
        reader=Reader(frozenset({f"{parts.scheme}://{parts.netloc}"})),
    )  # fmt: skip
    simulator.rest.faults.rates = plan.faults
    return simulator
