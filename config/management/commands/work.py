"""`manage.py work`: the sweeps as a process of their own, beside the web processes."""

import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from config.schedule import SWEEPS, Sweeper, run_logged


class Command(BaseCommand):
    help = "Run the sweeps until stopped; --once runs each of them once."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--once", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            for sweep in SWEEPS:
                self.stdout.write(f"{sweep.path}: {run_logged(sweep)}")
            return
        sweeper = Sweeper()

        def stop(number: int, frame: FrameType | None) -> None:
            sweeper.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        self.stdout.write(f"sweeps since {timezone.now():%Y-%m-%d %H:%M} UTC")
        sweeper.start()
        while sweeper.is_alive():
            sweeper.join(1)
