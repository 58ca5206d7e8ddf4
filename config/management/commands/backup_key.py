"""`manage.py backup_key`: the key that opens backups, shown once and kept nowhere on this machine."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.installation.backups import keys

NOTES = """# Opens the backups of {url}. Keep it off this server, in two places, on paper as well.
# Without it no backup can be restored; whoever has it reads everything.
# public key: {public}"""


class Command(BaseCommand):
    help = "Make the pair of keys for backups; prints the private one. Redirect it to a file elsewhere."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--replace", action="store_true", help="though there is one")
        parser.add_argument(
            "--public", help="age1…: take this one, whose private half is elsewhere"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.BACKUP_KEY:
            raise CommandError("BACKUP_KEY of the environment is used; change it there.")
        if keys.public_key() and not options["replace"]:
            raise CommandError(
                f"There is one: {keys.public_key()}. With --replace later backups need the new one,"
                " those taken so far still the old."
            )
        if options["public"]:
            try:
                keys.keep(options["public"].strip())
            except keys.NoKey:
                raise CommandError("That is no public key of age (age1…).") from None
            self.stdout.write(f"Backups are sealed for {keys.public_key()}.")
            return
        private = keys.make()
        self.stdout.write(NOTES.format(url=settings.PUBLIC_URL, public=keys.public_key()))
        self.stdout.write(private)
