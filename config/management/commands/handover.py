"""`manage.py handover FILE [--centre SLUG]`: the records of a centre as one file for its successor."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.handover.packing import pack
from helpdesk.centre.models import Centre


class Command(BaseCommand):
    help = "Write the records of a centre, with its files and checksums, into one file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--centre", help="short name; needed where there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        centre = centre_named(options["centre"])
        try:
            manifest = pack(centre, options["file"], at=timezone.now())
        except OSError as error:
            raise CommandError(str(error)) from error
        for name, (number, sha256) in manifest.tables.items():
            self.stdout.write(f"{number:>8} {name} {sha256}")
        self.stdout.write(f"{len(manifest.files):>8} files; missing: {len(manifest.missing)}")
        self.stdout.write(f"manifest {manifest.sum}")


def centre_named(slug: str | None) -> Centre:
    """The only one, or the one with that short name. Raises CommandError."""
    found = list(Centre.objects.filter(slug=slug) if slug else Centre.objects.all()[:2])
    if len(found) != 1:
        names = ", ".join(Centre.objects.order_by("pk").values_list("slug", flat=True))
        raise CommandError(f"Say which centre by --centre: {names or 'there is none'}.")
    return found[0]
