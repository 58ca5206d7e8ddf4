"""`manage.py restore_drill`: the newest backup restored into a temporary place, and that noted."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from config.installation.backups import engine, postgres
from config.management.commands.restore import read_identity
from helpdesk.centre import backing

ALONE = ("SECRET_KEY", "PEPPER", "BUNDLE_KEY", "ELASTICSEARCH_URL", "REDIS_URL", "DATABASE_URL")
"""Of the environment, what a restore elsewhere has not, or may not touch."""


class Command(BaseCommand):
    help = "Restore the newest backup elsewhere, prove that it is the same, and note it."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--identity", required=True, help="file with the private key; - input")
        parser.add_argument("--from", dest="folder", default=settings.BACKUP_DIR, help="a folder")

    def handle(self, *args: Any, **options: Any) -> None:
        identity = read_identity(options["identity"])
        row = next(
            (r for r in backing.newest() if (Path(options["folder"]) / r.file).is_file()), None
        )
        if not options["folder"] or row is None:
            raise CommandError("There is no verified backup in the folder: take one first.")
        begun = timezone.now()
        with tempfile.TemporaryDirectory(prefix=".drill-", dir=settings.DATA_DIR) as folder:
            try:
                with _database(f"wasl_drill_{begun:%Y%m%d%H%M%S}") as url:
                    self._restore(Path(options["folder"]) / row.file, str(identity), folder, url)
            except postgres.Failed as error:
                raise CommandError(f"PostgreSQL gives no temporary database: {error}") from None
        backing.drill(row, at=timezone.now())
        seconds = (timezone.now() - begun).total_seconds()
        self.stdout.write(f"{row.file} was restored elsewhere in {seconds:.0f} s and is the same")

    def _restore(self, file: Path, identity: str, folder: str, url: str) -> None:
        """By the very command that a real restore would use."""
        kept = {name: value for name, value in os.environ.items() if name not in ALONE}
        done = subprocess.run(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "restore", str(file), "--identity", "-"],
            env={**kept, "DATA_DIR": folder, **({"DATABASE_URL": url} if url else {})},
            input=identity, capture_output=True, text=True, check=False,
        )  # fmt: skip
        self.stdout.write(done.stdout.strip())
        if done.returncode:
            raise CommandError(done.stderr.strip() or "the restore failed")


@contextmanager
def _database(name: str) -> Iterator[str]:
    """Address of an empty database; empty for SQLite, which makes its file in the folder."""
    if engine.name() != postgres.ENGINE:
        yield ""
        return
    with postgres.temporary(name):
        given = connection.settings_dict
        user = quote(given["USER"], safe="")
        word = f":{quote(given['PASSWORD'], safe='')}" if given["PASSWORD"] else ""
        host = quote(given["HOST"], safe="") or "localhost"
        port = f":{given['PORT']}" if given["PORT"] else ""
        yield f"postgres://{user}{word}@{host}{port}/{name}"
