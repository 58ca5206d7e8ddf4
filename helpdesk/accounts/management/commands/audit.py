"""`manage.py audit verify`: walk the audit's chain and name the first row that does not fit."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from helpdesk.accounts.chain import verify
from helpdesk.accounts.models import Audit


class Command(BaseCommand):
    help = "Prove that nobody changed the audit: sums over every row, in order."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["verify"])

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify(Audit.objects.order_by("pk").iterator(chunk_size=2000))
        if verdict.broken is not None:
            raise CommandError(
                f"audit row {verdict.broken} does not fit the chain;"
                f" {verdict.rows} rows before it are whole"
            )
        self.stdout.write(f"whole: {verdict.rows} rows, last sum {verdict.last}")
