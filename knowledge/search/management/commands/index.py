"""`manage.py index`: bring the search index up to date with the library, or build it anew."""

from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from knowledge.search import cluster, index
from knowledge.search.engines import dense
from knowledge.search.engines.port import EngineBroken, EngineBusy

if TYPE_CHECKING:
    from knowledge.search.feeding import Feeder


class Command(BaseCommand):
    help = "Bring the search index up to date; --rebuild builds it anew beside the old one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--vectors", action="store_true", help="embed all that has none yet")
        parser.add_argument("--rebuild", action="store_true", help="build the whole index anew")

    def handle(self, *args: Any, **options: Any) -> None:
        self._write(anew=options["rebuild"])
        if named := cluster.link():
            self._feed(named.feeder, anew=options["rebuild"])
        if options["vectors"]:
            self._embed()

    def _write(self, *, anew: bool) -> None:
        try:
            touched = index.rebuild() if anew else index.refresh()
        except EngineBusy:
            self.stdout.write("index: a serving process keeps it up to date")
        except EngineBroken as error:
            raise CommandError(f"The index cannot be written now: {error}") from error
        else:
            self.stdout.write(f"index: {touched} documents written")
        finally:
            index.engine().release()

    def _feed(self, feeder: "Feeder", *, anew: bool) -> None:
        try:
            touched = feeder.rebuild() if anew else feeder.catch_up()
        except EngineBroken as error:
            if anew:
                raise CommandError(f"The cluster cannot be fed now: {error}") from error
            self.stderr.write(f"Elasticsearch does not answer, the sweep will feed it: {error}")
        else:
            self.stdout.write(f"Elasticsearch: {touched} documents written")

    def _embed(self) -> None:
        if not dense.is_available():
            raise CommandError("No vectors: the model is not installed, or the CPU has no AVX2.")
        embedded = 0
        while some := index.refresh_vectors(most=8):
            embedded += some
        self.stdout.write(f"vectors: {embedded} documents embedded")
