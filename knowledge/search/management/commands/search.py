"""`manage.py search TEXT`: what the library answers, as a list of hits in JSON, best first."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from knowledge.search import query


class Command(BaseCommand):
    help = "Search the library; prints a JSON list of hits, best first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", help="the question, in Arabic, French, Darija or Latin letters")
        parser.add_argument("--lang", choices=query.LANGUAGES, default="", help="language of hits")
        parser.add_argument("--limit", type=int, default=10)
        parser.add_argument("--json", action="store_true", help="JSON (this is the only form)")

    def handle(self, *args: Any, **options: Any) -> None:
        found = query.search(options["text"], lang=options["lang"], limit=options["limit"])
        if found.degraded:
            self.stderr.write(
                "simple search: the index is missing or out of date (manage.py index)"
            )
        fields = ("topic", "lang", "title", "section", "url", "score")
        rows = [{name: getattr(hit, name) for name in fields} for hit in found.hits]
        self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
