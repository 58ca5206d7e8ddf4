"""`manage.py backup`: database, stored files and secrets in one sealed file, written and proved."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.installation.backups import sounds, taking
from helpdesk.centre import backing


class Command(BaseCommand):
    help = "Back up the running centre into BACKUP_DIR, or into the folder given by --to."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--to", default=settings.BACKUP_DIR, help="a folder")
        parser.add_argument("--row", type=int, help="of the night's backup that a sweep began")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["to"]:
            raise CommandError("Say where to: BACKUP_DIR, or --to FOLDER.")
        folder = Path(options["to"])
        row = backing.begun(options["row"]) if options["row"] else None
        if row:
            os.nice(10)  # callers and desks come first
        try:
            taken = taking.take(folder, at=row.started_at if row else timezone.now(), row=row)
        except taking.NotTaken as error:
            raise CommandError(str(error)) from None
        finally:  # what was deleted here goes there, whether or not tonight's was taken
            gone = sounds.forget(folder, at=timezone.now())
        old = taking.forget_old(folder, at=timezone.now())
        self.stdout.write(
            f"{taken.file}: {taken.size} bytes, {len(taken.manifest.tables)} tables with"
            f" {taken.manifest.rows} rows, {len(taken.manifest.files)} files; read again and the same;"
            f" {len(taken.manifest.apart)} recordings beside it"
            + (f", {gone} deleted ones taken away" if gone else "")
            + (f"; {old} old ones deleted" if old else "")
        )
