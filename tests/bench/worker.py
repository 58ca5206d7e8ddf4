"""`python -m tests.bench.worker load N | serve`: one database of the desk bench, in a process of its own.

`serve` reads lines of JSON (`{"page": "list", "round": 3}`) and answers each with milliseconds,
queries and status, so that the bench can ask two databases in turn.
"""

import json
import os
import sys
import time
from typing import Any

import django

PAGES = {
    "list": "/desk/queue/",
    "closed list": "/desk/queue/?state=closed",
    "filtered list": "/desk/queue/?state=closed&channel=web&language=fr",
    "ticket page": "/desk/tickets/{pk}/",
    "by reference": "/desk/search/?q={reference}",
    "by number": "/desk/queue/?q={number}",
    "by name": "/desk/queue/?q={name}",
    "by words": "/desk/queue/?q={words}",
}
"""Addresses of the product; what is in braces is another ticket's each round."""
SUPERVISED = {
    "board": "/desk/board/",
    "figures": "/desk/figures/",
    "programme": "/desk/programme/",
}
"""Those of a supervisor, whose figures are of all tickets."""
NAIVE = {
    "list": "/desk/naive/queue/",
    "closed list": "/desk/naive/queue/?state=closed",
    "filtered list": "/desk/naive/queue/?state=closed&channel=web&language=fr",
    "ticket page": "/desk/naive/tickets/{pk}/",
    "by number": "/desk/naive/queue/?q={number}",
    "by name": "/desk/naive/queue/?q={name}",
    "by words": "/desk/naive/queue/?q={words}",
}


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.naive.settings"
    django.setup()
    if sys.argv[1] == "load":
        load(int(sys.argv[2]))
    else:
        serve()


def load(count: int) -> None:
    """A fresh installation with so many tickets, and the twin's copies of them."""
    from django.core.management import call_command

    from tests.bench.naive import tables

    call_command("setup", stdout=sys.stderr)
    call_command("demo", tickets=count, at="2026-11-24T10:00:00+00:00", stdout=sys.stderr)
    call_command("index_tickets", rebuild=True, stdout=sys.stderr)
    tables.lay()


def serve() -> None:
    """Answer questions until there are none."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from helpdesk.accounts.models import User

    amina, brahim = (User.objects.get(username=f"demo-{name}") for name in ("amina", "brahim"))
    browsers = {user: Client(SERVER_NAME="localhost") for user in (amina, brahim)}
    for user, one in browsers.items():
        one.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    samples = Samples(amina)
    for line in sys.stdin:
        asked = json.loads(line)
        browser = browsers[brahim if asked["page"] in SUPERVISED else amina]
        address = samples.address(asked["page"], asked["round"], naive=asked.get("naive", False))
        if asked.get("count"):
            with CaptureQueriesContext(connection) as captured:
                answer = browser.get(address)
            told: dict[str, Any] = {"queries": len(captured)}
        else:
            began = time.perf_counter()
            answer = browser.get(address)
            told = {"ms": (time.perf_counter() - began) * 1000}
        print(json.dumps({**told, "status": answer.status_code}), flush=True)


class Samples:
    """Tickets to ask for, spread over the whole of what is there, the same share of each size."""

    def __init__(self, user: Any) -> None:
        from helpdesk.tickets.models import Ticket

        rows = Ticket.objects.visible_to(user).exclude(person=None)
        rows = rows.exclude(association=None).select_related("person").order_by("pk")
        count = rows.count()
        self.tickets = [rows[int(count * share / 40)] for share in range(1, 40)]

    def address(self, page: str, turn: int, *, naive: bool) -> str:
        from urllib.parse import quote

        ticket = self.tickets[(turn * 7) % len(self.tickets)]
        phone = ticket.person.phones.first()
        form = NAIVE[page] if naive else {**PAGES, **SUPERVISED}[page]
        return form.format(
            pk=ticket.pk, reference=ticket.reference, name=quote(ticket.person.name),
            words=quote(" ".join(ticket.subject.split()[2:5])),
            number="0" + phone.number.for_storage().removeprefix("+212"),
        )  # fmt: skip


if __name__ == "__main__":
    main()
