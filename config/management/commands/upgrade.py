"""`manage.py upgrade`: a proved backup, then everything that a new version needs. The new code is in place."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.installation.backups import engine, taking
from helpdesk.centre import backing


class Command(BaseCommand):
    help = "Back up, migrate, load the library, build the index. Harmless when repeated."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--to", default=settings.BACKUP_DIR, help="folder of the backup")
        parser.add_argument("--no-backup", action="store_true", help="there is another way back")

    def handle(self, *args: Any, **options: Any) -> None:
        at, taken = timezone.now(), None
        if not options["no_backup"] and not engine.is_empty():
            taken = self._back_up(options["to"])
        try:
            call_command("setup", stdout=self.stdout, stderr=self.stderr)
        except (Exception, SystemExit):
            self.stderr.write(f"The upgrade stopped. {_way_back(taken)}")
            raise
        if taken:  # its table is there from here on, whatever version this came from
            taking.note(backing.begin(at=at), taken)
        self.stdout.write(f"Upgraded; restart the services. {_way_back(taken)}")

    def _back_up(self, to: str) -> taking.Taken:
        if not to:
            raise CommandError(
                "Set BACKUP_DIR, or --to FOLDER: nothing is changed without a backup."
            )
        try:
            taken = taking.write(Path(to), at=timezone.now())
        except taking.NotTaken as error:
            raise CommandError(
                f"Nothing was changed, since no backup could be taken: {error}"
            ) from None
        self.stdout.write(f"backup: {taken.file}")
        return taken


def _way_back(taken: taking.Taken | None) -> str:
    if taken is None:
        return "No backup was taken."
    version = f" (git checkout {taken.manifest.version})" if taken.manifest.version else ""
    return (
        f"The way back: stop the services, install the former version{version}, then"
        f" {sys.executable} manage.py restore {taken.file} --identity KEYFILE --over"
    )
