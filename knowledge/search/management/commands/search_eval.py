"""`manage.py search_eval DIR`: how well the product's search does on a labelled set."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from knowledge.search.engines import dense
from knowledge.search.engines.port import EngineBroken
from knowledge.search.evaluation import BadSet, evaluate

if TYPE_CHECKING:
    from knowledge.search.engines.elastic_client import Cluster

NODE = "http://127.0.0.1:9200"


class Command(BaseCommand):
    help = "Index DIR/docs.jsonl apart from the live index, ask DIR/queries.jsonl, judge by qrels."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument(
            "--distractors", type=Path, nargs="+", default=[], action="extend", metavar="DIR"
        )
        parser.add_argument("--engine", choices=["embedded", "elastic"], default="embedded")
        parser.add_argument("--lang", default="", help="only documents of this language")
        parser.add_argument("--semantic", action="store_true", help="by meaning too")
        parser.add_argument("--json", action="store_true", help="JSON (this is the only form)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["semantic"] and not dense.is_available():
            raise CommandError(
                "The semantic extra is not here: `make semantic` on a CPU with AVX2."
            )
        try:
            figures = evaluate(
                options["folder"], options["distractors"],
                lang=options["lang"], semantic=options["semantic"],
                cluster=_cluster() if options["engine"] == "elastic" else None,
            )  # fmt: skip
        except BadSet as error:
            raise CommandError(f"No labelled set: {error}") from error
        except EngineBroken as error:
            raise CommandError(f"{error} (make services starts a node)") from error
        self.stdout.write(json.dumps(figures, ensure_ascii=False))


def _cluster() -> "Cluster":
    """That of the settings, or the node that `make services` starts."""
    from knowledge.search.engines.elastic_client import Cluster

    return Cluster(
        settings.ELASTICSEARCH_URL or NODE, settings.ELASTICSEARCH_API_KEY,
        settings.ELASTICSEARCH_CA, settings.ELASTICSEARCH_PREFIX,
    )  # fmt: skip
