"""`manage.py sounds_gone`: after a restore, recordings whose sound is not here are noted as deleted."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from config.installation.backups import sounds


class Command(BaseCommand):
    help = "Note recordings whose sound is not on the disk as deleted; `restore` runs it."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(str(sounds.note_gone(at=timezone.now())))
