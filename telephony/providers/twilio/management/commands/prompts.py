"""`manage.py prompts`: placeholders for the prompts that nobody has recorded yet, and what is missing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from telephony.providers.twilio.prompts import placeholders, standing


class Command(BaseCommand):
    help = "Have espeak-ng read what has no placeholder with its present words; then say what is missing."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--again", action="store_true", help="all of them anew")
        parser.add_argument("--list", action="store_true", help="only say what is missing")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["list"]:
            try:
                made = placeholders.lay_missing(at=timezone.now(), again=options["again"])
            except placeholders.NoReader:
                raise CommandError("espeak-ng is not installed: Twilio reads the words") from None
            self.stdout.write(f"placeholders: {made} made")
        for one in standing.counts():
            self.stdout.write(
                f"{one.language or 'music'}: {one.recorded} of {one.wanted} recorded by people, "
                f"{one.placeholders} placeholders, {one.read} "
                f"{'read by Twilio' if one.language else 'silent'}, {one.stale} to record again"
            )
