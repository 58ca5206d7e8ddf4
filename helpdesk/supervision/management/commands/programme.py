"""`manage.py programme verify`: every frozen copy against its digests, drawn anew from its content."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from helpdesk.supervision.models import FrozenPeriod
from helpdesk.supervision.programme.freezing import proofs


class Command(BaseCommand):
    help = "Prove the frozen copies of the programme report."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["verify"])

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for copy in FrozenPeriod.objects.select_related("centre").order_by("pk"):
            for proof in proofs(copy):
                drawn = {True: "drawn anew: same", False: "drawn anew: differs", None: "not drawn"}
                kept = "ok" if proof.kept else "CHANGED"
                self.stdout.write(f"{copy.pk} {proof.name}: {kept}, {drawn[proof.drawn]}")
                wrong += not proof.kept
        if wrong:
            raise CommandError(f"{wrong} changed since they were kept")
