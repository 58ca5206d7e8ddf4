"""`manage.py blank_papers`: writes the blank PDF of every paper, to be committed with its text."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from knowledge.articles import printing
from knowledge.articles.papers.filling import fill
from knowledge.articles.papers.texts import papers
from knowledge.articles.sheets import LANGS


class Command(BaseCommand):
    help = "Write the blank PDF of every paper; needs libpango."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("languages", nargs="*", default=LANGS)

    def handle(self, *args: Any, **options: Any) -> None:
        printing.BLANKS.mkdir(exist_ok=True)
        for language in options["languages"] or LANGS:
            for paper in papers(language):
                try:
                    made = printing.pdf(fill(paper))
                except printing.NoPdf as missing:
                    raise CommandError("libpango is missing: no PDF can be made here") from missing
                path = printing.blank_path(paper.code, language)
                path.write_bytes(made)
                self.stdout.write(f"{path.name} {len(made) // 1024} KB")
