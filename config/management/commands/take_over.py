"""`manage.py take_over FILE [--centre SLUG]`: open the pack of a predecessor in a fresh centre."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.handover.opening import NotOpened, open_pack
from config.management.commands.handover import centre_named


class Command(BaseCommand):
    help = "Bring in what another centre handed over; all of it, proved equal, or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--centre", help="short name; needed where there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        centre = centre_named(options["centre"])
        try:
            manifest = open_pack(options["file"], centre, at=timezone.now())
        except NotOpened as why:
            raise CommandError(f"Nothing was taken over: {why}") from why
        for name, (number, sha256) in manifest.tables.items():
            self.stdout.write(f"{number:>8} {name} {sha256} equal")
        self.stdout.write(f"{len(manifest.files):>8} files equal; manifest {manifest.sum}")
