"""`python -m tests.bench.scale_worker lay N SECONDS | months N SECONDS | write`: a centre with so many tickets, and clients that write in it.

`lay` goes further on each time it is asked. Each step is one transaction of tickets of the demonstration's load: whatever ends the process, what was laid
stays and is whole, and the next call goes on from there. Prints where it stands; code 3 = not all of it yet.
`months` lays of so many tickets only those of this month and the last, in one go: a centre as busy but young.
`write` answers each line of its input with the writes since the last one, and the longest that one waited.
"""

import json
import os
import random
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import django

STEP, CLIENTS = 50_000, 20
UNFINISHED = 3
_CLOCK, INDEXED = "laid-at", "indexed"
"""Files of the data folder: the moment all times count back from, and how many tickets the index has."""


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.naive.settings"
    django.setup()
    if sys.argv[1] == "write":
        return write()
    wanted, until = int(sys.argv[2]), time.monotonic() + float(sys.argv[3])
    return lay(wanted, until=until, only_months=sys.argv[1] == "months")


def lay(wanted: int, *, until: float, only_months: bool) -> int:
    """Lay until all is there or the time is up; 0 or `UNFINISHED`."""
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from config.demonstration import load
    from helpdesk.hours.rules import add_months
    from helpdesk.tickets.models import Ticket

    folder = Path(settings.DATA_DIR)
    if not (folder / _CLOCK).exists():
        call_command("setup", stdout=sys.stderr)
    call_command("migrate", interactive=False, verbosity=0)
    at = _clock(folder / _CLOCK)
    _make_room()
    slowest = 0.0
    if only_months and not Ticket.objects.exists():
        since = add_months(timezone.localdate(at).replace(day=1), -1)
        load.tickets(wanted, seed=1, at=at, since=at.replace(year=since.year, month=since.month, day=1, hour=0))  # fmt: skip
    while not only_months and (there := Ticket.objects.count()) < wanted:
        if time.monotonic() + slowest > until:
            return _stands(there, wanted)
        begun = time.monotonic()
        load.tickets(min(STEP, wanted - there), seed=1, at=at)
        slowest = max(slowest, time.monotonic() - begun)
        _stands(Ticket.objects.count(), wanted)
    there, indexed = Ticket.objects.count(), folder / INDEXED
    if not indexed.exists() or int(indexed.read_text()) != there:
        # Of a size that a step of laying tells: an index is built in one go.
        if slowest and time.monotonic() + there / STEP * slowest > until:
            return _stands(there, wanted)
        print(f"index of {there} tickets …", flush=True)
        call_command("index_tickets", rebuild=True, stdout=sys.stderr)
        indexed.write_text(str(there))
    return 0


def write() -> int:
    """Twenty clients with a note each half second or so, until the input ends."""
    from django.db import connection
    from django.utils import timezone

    from helpdesk.accounts.models import User
    from helpdesk.tickets.actions.write import entry
    from helpdesk.tickets.models import Ticket
    from helpdesk.tickets.rules import Kind

    amina = User.objects.get(username="demo-amina")
    keys = list(Ticket.objects.visible_to(amina).order_by("-pk").values_list("pk", flat=True)[:500])
    over, waits = threading.Event(), list[float]()

    def client() -> None:
        while not over.wait(random.uniform(0.2, 0.8)):
            begun = time.monotonic()
            ticket = Ticket.objects.get(pk=random.choice(keys))
            entry(ticket, Kind.NOTE, at=timezone.now(), by=amina, text="ملاحظة", language="ar")
            waits.append(time.monotonic() - begun)
        connection.close()

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for one in clients:
        one.start()
    for _line in sys.stdin:
        done, waits[:] = list(waits), []
        print(json.dumps({"writes": len(done), "longest": max(done, default=0.0)}), flush=True)
    over.set()
    for one in clients:
        one.join()
    return 0


def _make_room() -> None:
    """Rows go all over indexes larger than the memory a serving process keeps of them."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size=-1000000")


def _clock(kept: Path) -> datetime:
    """The moment of the first step, which every other step counts back from too."""
    from django.utils import timezone

    if not kept.exists():
        kept.write_text(timezone.now().replace(microsecond=0).isoformat())
    return datetime.fromisoformat(kept.read_text())


def _stands(there: int, wanted: int) -> int:
    print(f"{there} of {wanted} tickets", flush=True)
    return UNFINISHED


if __name__ == "__main__":
    raise SystemExit(main())
