"""`python -m tests.bench.phone_outage_play BASE CALLS MINUTES`: the network and the people of `phone_outage`.

Pages are asked at the server, documents at its public address, which is nginx. Prints `begun`, and at the end one
line of JSON.
"""

import json
import os
import sys
from dataclasses import replace
from typing import Any

import django

SETTLES = 240
"""Seconds at most until the sweeps have found out what was told while the database was away."""


def main(base: str, calls: int, minutes: float) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from urllib.parse import urlsplit

    from django.conf import settings

    from config.demonstration.crew.shift import Shift
    from config.management.commands import simulate
    from telephony.simulator import load
    from telephony.simulator.live import Live

    plan = load.read("demo")
    callers = replace(plan.callers, patience=150, talk=12)
    plan = replace(plan, calls=calls, minutes=minutes, shape=(), callers=callers)
    ours = simulate.account()
    options = {
        **simulate.HOOKS, "base": settings.PUBLIC_URL, "public": settings.PUBLIC_URL, "seed": 4,
        "number": ours["TWILIO_NUMBER"],
    }  # fmt: skip
    world = simulate.network(options, plan, ours)
    shift = Shift(world, plan, number=ours["TWILIO_NUMBER"], application=ours["TWILIO_APP_SID"])
    with Live(world, port=urlsplit(settings.TWILIO_API_URL).port or 0, threads=32) as live:
        shift.begin(base, say=lambda line: None)
        print("begun", flush=True)
        live.run(minutes * 60)
        live.run(90, until=shift.is_over)
        shift.cut_off()
        live.run(SETTLES, until=lambda: not still_live())
        shift.end()
    print(json.dumps(told(world)))


def still_live() -> int:
    from django.db import connection

    from telephony.models import Call

    connection.close()  # the one from before has been cut off
    return Call.objects.live().filter(line=Call.Line.PUBLIC).count()


def told(world: Any) -> dict[str, Any]:
    from telephony.models import Call
    from telephony.simulator.truth import tell

    live = still_live()
    truth = tell(world.history, world.clock.now)
    known = {key.removeprefix("public:") for key in Call.objects.values_list("key", flat=True)}
    bodies = [asked.body for call in world.calls.values() for asked in call.requests]
    wrong = sorted({str(one).partition(" [seed")[0] for one in world.complaints})
    return {
        "calls": len(truth.calls), "lost": len(truth.lost), "outcomes": truth.outcomes(),
        "unknown": len(truth.calls.keys() - known), "live": live,
        "asked_again": sum('<Pause length="5"/>' in body for body in bodies),
        # What only tells meets a 5xx while the database is away: it is told again, or looked up.
        "complaints": [one for one in wrong if "answered with 5xx" not in one],
    }  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
