"""`manage.py line_events`: events of a line that could not be applied; `--again` tries them once more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from telephony.providers.hook.applying import try_again
from telephony.providers.hook.models import Told


class Command(BaseCommand):
    help = "List what lines told and could not be applied to its call, without any number."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="store_true", help="apply them as if just told")

    def handle(self, *args: Any, **options: Any) -> None:
        for told in Told.objects.failing():
            when = f"again at {told.due_at:%H:%M:%S}" if told.due_at else "set aside"
            self.stdout.write(
                f"{told.pk} {told.received_at:%Y-%m-%d %H:%M:%S} UTC {told.event}"
                f" · {told.tries} tries · {when} · {told.error}"
            )
        if options["again"]:
            self.stdout.write(f"due now: {try_again(at=timezone.now())}")
