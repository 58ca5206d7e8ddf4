"""`manage.py index_tickets`: bring the search index of requests up to date, or build it anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helpdesk.tickets import indexing
from knowledge.search.engines.port import EngineBroken, EngineBusy


class Command(BaseCommand):
    help = "Bring the index of tickets up to date; --rebuild builds it anew beside the old one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="build the whole index anew")

    def handle(self, *args: Any, **options: Any) -> None:
        anew = options["rebuild"] or not indexing.engine().is_current
        try:
            touched = indexing.rebuild() if anew else indexing.refresh()
        except EngineBusy:
            self.stdout.write("index: a serving process keeps it up to date")
            return
        except EngineBroken as error:
            raise CommandError(f"The index cannot be written now: {error}") from error
        finally:
            indexing.engine().release()
        self.stdout.write(f"index: {touched} tickets written")
