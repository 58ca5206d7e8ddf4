"""`manage.py restore FILE --identity KEYFILE`: a backup put in place, proved, and made usable."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.installation.backups import keys, restoring
from helpdesk.centre import backing

AFTER = (("migrate", "--noinput", "-v0"), ("index", "--rebuild"), ("index_tickets", "--rebuild"))


class Command(BaseCommand):
    help = "Restore a backup into an empty data folder and database (services stopped)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file")
        parser.add_argument(
            "--identity", required=True, help="file with the private key; - reads it from the input"
        )
        parser.add_argument(
            "--without-sounds", action="store_true", help="though recordings are missing beside it"
        )
        parser.add_argument("--over", action="store_true", help="put the centre that is here aside")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        identity = read_identity(options["identity"])
        file = Path(options["file"])
        without = options["without_sounds"]
        try:
            said, aside, gone = restoring.restore(
                file, identity, over=options["over"], at=at, without_sounds=without
            )
        except restoring.NotRestored as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"equal to its manifest: {len(said.tables)} tables with {said.rows} rows,"
            f" {len(said.files)} files and {len(said.apart) - len(gone)} recordings, of {said.made_at}"
        )
        for name in gone:
            self.stdout.write(f"{name} was deleted since: the recording is noted as deleted")
        for command in (
            *AFTER,
            *([("sounds_gone",)] if gone else []),
        ):  # processes of their own: this one has the former secrets
            done = subprocess.run(
                [sys.executable, str(settings.BASE_DIR / "manage.py"), *command],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            if done.returncode:
                raise CommandError(f"manage.py {' '.join(command)}: {done.stderr.strip()[-500:]}")
        backing.restored(
            started_at=datetime.fromisoformat(said.made_at), file=file.name, at=timezone.now()
        )
        if aside:
            self.stdout.write(f"what was here lies in {aside}; delete it when it is not needed")
        for name in _others_in_use():
            self.stderr.write(
                f"{name} of the environment is not that of the backup: with it,"
                " follow codes, keys or sign-ins of the backup are void."
            )
        self.stdout.write("restored; the search indexes are built anew")


def read_identity(given: str) -> Any:
    """The private key from a file or, by `-`, from the input. Raises CommandError."""
    try:
        text = sys.stdin.read() if given == "-" else Path(given).read_text("utf-8")
        return keys.private_key(text)
    except keys.NotAKey:
        raise CommandError(f"{given} holds no private key (one line AGE-SECRET-KEY-1…).") from None
    except (OSError, UnicodeDecodeError):
        raise CommandError(f"The key file {given} cannot be read.") from None


def _others_in_use() -> list[str]:
    """Secrets that the environment gives otherwise than the backup does."""
    kept = {"SECRET_KEY": "secret_key", "PEPPER": "pepper", "BUNDLE_KEY": "bundle_key"}
    return [
        name
        for name, file in kept.items()
        if os.environ.get(name) and os.environ[name] != (settings.DATA_DIR / file).read_text()
    ]
