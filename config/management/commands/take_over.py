"""`manage.py take_over FILE --identity KEYFILE [--centre SLUG]`: open the pack of a predecessor in a fresh centre."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.handover.opening import open_pack
from config.handover.refusing import NotOpened
from config.management.commands.handover import centre_named
from config.management.commands.restore import read_identity

NOTHING = _("Nothing was taken over.")


class Command(BaseCommand):
    help = "Bring in what another centre handed over; all of it, proved equal, or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        how = parser.add_mutually_exclusive_group(required=True)
        how.add_argument("--identity", help="file with the private key; - reads it from the input")
        how.add_argument("--clear", action="store_true", help="the pack is in clear text")
        parser.add_argument("--centre", help="short name; needed where there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        centre = centre_named(options["centre"])
        identity = None if options["clear"] else read_identity(options["identity"])
        try:
            manifest = open_pack(options["file"], centre, at=timezone.now(), identity=identity)
        except NotOpened as why:
            raise CommandError(f"{why.told}\n{NotOpened(NOTHING).told}") from why
        for name, (number, sha256) in manifest.tables.items():
            self.stdout.write(f"{number:>8} {name} {sha256} equal")
        self.stdout.write(f"{len(manifest.files):>8} files equal; manifest {manifest.sum}")
