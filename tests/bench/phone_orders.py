"""What the public network tells of a call, in every order: one end, and nothing done twice.

Each event of the plot comes one to three times and one of them is found last, by seed; every order is its own
seed. All in one transaction that is taken back, so nothing is sent. `python -m tests.bench.phone_orders [ORDERS]`;
100 of each by default, and with 0 all 750.
"""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.server import ROOT, environment

Act = Callable[[], None]
MOST = 100
"""Orders of each plot; 0 = all."""
RIGHT: dict[str, Any] = {
    "talked": ("wrap-up", 18, 0, 1, (), (("phone", "claimed"),), 1, 1),
    "message": ("voicemail", 0, 0, 0, (("voicemail", "open"),),
                (("phone", "voicemail"), ("voicemail", "")), 1, 1),
    "given_up": ("abandoned", 0, 0, 0, (("missed", "open"),),
                 (("missed", ""), ("phone", "abandoned")), 0, 1),
}  # fmt: skip
"""The one end of each plot, as `ended` tells it."""


def main(most: int = MOST) -> int:
    """Print how many orders ended right; 1 when one did not."""
    from tests.faults.test_kill import (
        stage,
    )  # brings pytest, with which the settings are those of a test

    with TemporaryDirectory(prefix="wasl-orders-") as folder:
        data = Path(folder) / "centre"
        data.mkdir()
        stage(data, 2)
        made = environment(data, LOG_LEVEL="CRITICAL")
        command = [sys.executable, "-m", "tests.bench.phone_orders", "play", str(most)]
        return subprocess.run(command, cwd=ROOT, env=made, check=False).returncode


def play(most: int) -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings

    from tests.bench.phone_doors_worker import always_open
    from tests.telephony.twilio import carrier

    settings.ALLOWED_HOSTS = ["*"]
    carrier.switch_on(settings)
    always_open()
    missed = 0
    for plot in (talked, message, given_up):
        told, ends = orders(plot, most)
        print(
            f"{plot.__name__.replace('_', ' ')}: {told} orders, {len(ends)} end{'s' * (len(ends) > 1)}",
            flush=True,
        )
        wrong = {end: order for end, order in ends.items() if end != RIGHT[plot.__name__]}
        missed += len(wrong)
        for end, order in list(wrong.items())[:4]:
            print(f"MISSED {end}\n       order {order}")
    return int(bool(missed))


def orders(plot: Callable[[], list[Act]], most: int) -> tuple[int, dict[Any, Any]]:
    """How many orders were told, and each end that came of them with the first that led to it."""
    from django.db import transaction

    ends: dict[Any, Any] = {}
    told = 0
    with transaction.atomic():
        acts = plot()
        every = list(permutations(range(len(acts))))
        chosen = random.Random(1).sample(every, most) if 0 < most < len(every) else every
        for order in chosen:
            with transaction.atomic():
                for place in repeated(order):
                    acts[place]()
                ends.setdefault(ended(), order)
                transaction.set_rollback(True)
            told += 1
        transaction.set_rollback(True)
    return told, ends


def repeated(order: tuple[int, ...]) -> list[int]:
    """The first is lost at first, and found at the end; the others come up to three times."""
    chance = random.Random(str(order))
    told = [one for one in order[1:] for _ in range(chance.choice((1, 1, 2, 3)))]
    late = [order[0], *(one for one in order if chance.random() < 0.3)]
    return told + late


def ended() -> Any:
    """What there is of the call, as far as it must be the same: state, seconds of talk and on hold, how often
    somebody worked on it, what is owed, how it stood in line, what was asked of Twilio, its entries."""
    from helpdesk.queues.models import Handling, Waiting
    from helpdesk.tickets.models import Promise
    from telephony.models import Call
    from telephony.providers.twilio.models import Order

    call = Call.objects.latest("pk")
    of = {"ticket": call.ticket_id}
    owed = Promise.objects.filter(**of).order_by("kind", "state")
    return (
        call.state, call.talk_seconds, call.hold_seconds,
        Handling.objects.filter(**of).count(),
        # An end told before the beginning owes a call until the beginning is told: dropped, it is no more owed.
        tuple(owed.exclude(state="dropped").values_list("kind", "state")),
        tuple(sorted(Waiting.objects.filter(**of).values_list("channel", "ended_how"))),
        Order.objects.filter(call=call, kind__in=("move", "fetch")).count(),
        call.ticket.entries.filter(kind="call").count(),
    )  # fmt: skip


# --- plots: what happened, as far as it may be told in any order ---------------------------------------------


def talked() -> list[Act]:
    """An advisor's page is in the room; then the caller comes, they talk, and both go."""
    from helpdesk.accounts.models import User
    from telephony import actions
    from tests.telephony.twilio.caller import Page, Telephone, code

    began, phone = now(), Telephone()
    with before(began, 60):
        call = phone.waits()
    with before(began, 31):
        leg = actions.answer(call, by=User.objects.get(username="advisor-0"), at=now())
        page = Page(leg)
        page.connects(code(leg))
    room = page.voice.room

    def of(end: Any, event: str, second: int) -> Act:
        at = stamp(began, second)
        return lambda: end.in_room(event, room, at=at)

    of(page, "participant-join", -30)()
    return [
        of(phone, "participant-join", -28), of(phone, "participant-leave", -10),
        of(page, "participant-leave", -9), of(page, "conference-end", -9),
        lambda: phone.hangs_up(Timestamp=stamp(began, -10)),
        lambda: page.hangs_up(Timestamp=stamp(began, -9)),
    ]  # fmt: skip


def message() -> list[Act]:
    """By a key the caller leaves the line and a message."""
    from tests.telephony.twilio import carrier
    from tests.telephony.twilio.caller import ROOT as DOORS
    from tests.telephony.twilio.caller import Telephone

    began, phone = now(), Telephone()
    with before(began, 60):
        phone.waits()
    phone.presses("wait/keys/", "2")
    sent = {
        "AccountSid": carrier.ACCOUNT, "CallSid": phone.sid, "RecordingSid": carrier.sid("RE", 7),
        "RecordingStatus": "completed", "RecordingDuration": "9",
    }  # fmt: skip
    return [
        lambda: (phone.leaves_line("leave"), None)[1],
        lambda: (phone.carrier.post(f"{DOORS}recorded/", sent), None)[1],
        lambda: (phone.asked("message/"), None)[1],
        lambda: phone.hangs_up(Timestamp=stamp(began, -1)),
    ]


def given_up() -> list[Act]:
    """The caller hangs up in line."""
    from tests.telephony.twilio.caller import Telephone

    began, phone = now(), Telephone()
    with before(began, 60):
        phone.waits()
    return [
        lambda: (phone.leaves_line("hangup"), None)[1],
        lambda: (phone.listens(), None)[1],
        lambda: phone.hangs_up(Timestamp=stamp(began, -1)),
    ]


def before(began: datetime, seconds: int) -> Any:
    """The clock stands so long before: what is set up is older than what is told."""
    import time_machine

    return time_machine.travel(began - timedelta(seconds=seconds), tick=False)


def now() -> datetime:
    from django.utils import timezone

    return timezone.now()


def stamp(began: datetime, second: int) -> str:
    return format_datetime(began + timedelta(seconds=second))


if __name__ == "__main__":
    os.chdir(ROOT)
    given = [int(one) for one in sys.argv[1:] if one.isdigit()]
    raise SystemExit((play if "play" in sys.argv else main)(*given))
