"""`manage.py demo`: lay the demonstration, or many made-up tickets for trials."""

import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from config.demonstration import laying, load

HELP = """
Lay the demonstration: its cast, 40 associations and the sample cases as tickets, at times counted
back from now. Every start brings them up to now: a ticket laid today that nobody touched moves its
times; one that a visitor worked on stays as it is for six hours after it was laid and is then told
anew, as is everything on the next day. There are always three items waiting, a call owed within the
hour, a first answer past its target and an answer awaiting release. Tickets that visitors opened
themselves are never touched.

With --tickets N: instead, add N made-up tickets for trials of speed. The same --seed and --at give
the same rows on either database.
"""


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fresh", action="store_true", help="tell every story anew")
        parser.add_argument("--tickets", type=int, metavar="N", help="add N made-up tickets")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--at", metavar="ISO", help="the moment from which times count back, with --tickets"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO and load.has_real_tickets():
            raise CommandError("This centre has real tickets: the demonstration stays out of it.")
        begun = time.monotonic()
        if options["tickets"] is not None:
            at = _moment(options["at"]) if options["at"] else timezone.now()
            if options["tickets"] < 1:
                raise CommandError("--tickets needs a number from 1.")
            count = load.tickets(options["tickets"], seed=options["seed"], at=at)
            self.stdout.write(f"{count} tickets in {time.monotonic() - begun:.0f} s")
            return
        laid = laying.lay(at=timezone.now(), fresh=options["fresh"], calls=True)
        self.stdout.write(
            f"demonstration: {laid.told} told anew, {laid.moved} moved, {laid.left} left; "
            f"{laid.calls} calls"
        )


def _moment(text: str) -> datetime:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"--at {text}: give a moment such as 2026-11-24T10:00:00+00:00.")
    return found if found.tzinfo else found.replace(tzinfo=UTC)
