"""`manage.py library_bundle export|check|import FILE`, `key`, `trust`: the library between centres."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from helpdesk.accounts.models import User
from helpdesk.centre.models import Centre
from helpdesk.upkeep import bundle_actions as actions
from knowledge.articles.actions import bundling
from knowledge.articles.actions.reviewing import Refused
from knowledge.articles.bundle_models import TrustedKey
from knowledge.articles.bundles import differences, keys, opening
from knowledge.articles.bundles.packing import LARGEST


class Command(BaseCommand):
    help = "Take the signed library out, check a bundle, or take articles from one."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        export = acts.add_parser("export", help="write the signed library to FILE")
        check = acts.add_parser(
            "check", help="say whether FILE is whole and trusted, and what differs"
        )
        bring = acts.add_parser(
            "import", help="take what is new or changed: it waits for a signature"
        )
        for one in (export, check, bring):
            one.add_argument("file", type=Path)
        bring.add_argument("--only", nargs="+", metavar="TOPIC", help="these articles only")
        bring.add_argument(
            "--by", required=True, metavar="NAME", help="the account that answers for it"
        )
        export.add_argument("--by", metavar="NAME", help="the account that answers for it")
        acts.add_parser("key", help="print our key and its number")
        trust = acts.add_parser("trust", help="trust the key of a centre")
        trust.add_argument("key")
        trust.add_argument("centre", help="its name, as people here call it")
        trust.add_argument(
            "--number", required=True, help="the thirty digits that they read to you"
        )
        trust.add_argument(
            "--by", required=True, metavar="NAME", help="the account that answers for it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['act']}")(options)
        except (Refused, OSError) as refused:
            raise CommandError(str(refused)) from refused

    def _export(self, options: dict[str, Any]) -> None:
        centre, now = Centre.objects.order_by("pk").first(), timezone.now()
        if centre is None:
            raise CommandError("There is no centre yet: run `manage.py setup` first.")
        by = _user(options["by"]) if options["by"] else None
        made = actions.export(centre, on=timezone.localdate(now), by=by, at=now)
        options["file"].write_bytes(made)
        self.stdout.write(
            f"{options['file']}: {len(made)} bytes, key number {keys.number(keys.own())}"
        )

    def _check(self, options: dict[str, Any]) -> None:
        trusted = {row.key: row.centre for row in TrustedKey.objects.trusted()}
        found = opening.open_bundle(_read(options["file"]), trusted=[*trusted, keys.own()])
        whose = trusted.get(found.key, "this centre")
        self.stdout.write(f"whole, signed by {whose}, made on {found.made_on.isoformat()}")
        self._tell(found)

    def _import(self, options: dict[str, Any]) -> None:
        by, now = _user(options["by"]), timezone.now()
        row, _made = actions.receive(_read(options["file"]), by=by, at=now)
        found = bundling.opened(row)
        only = options["only"]
        chosen = {
            one.code
            for one in differences.rows(found)
            if (one.is_proposed if only is None else one.is_takable and one.topic in only)
        }
        taken = actions.take(row, chosen, by=by, at=now) if chosen else 0
        self.stdout.write(f"{taken} taken: they wait for a signature at /desk/bundles/")
        self._tell(found)

    def _key(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"key    {keys.own()}\nnumber {keys.number(keys.own())}")

    def _trust(self, options: dict[str, Any]) -> None:
        try:
            key = keys.typed(options["key"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["number"].split() != keys.number(key).split():
            raise CommandError("This is not the number of that key: do not trust it.")
        by, now = _user(options["by"]), timezone.now()
        made = actions.trust(key, centre=options["centre"][:120], by=by, at=now)
        self.stdout.write("trusted" if made else "trusted already")

    def _tell(self, found: opening.Bundle) -> None:
        for row in differences.rows(found):
            note = f" (cites another text as {row.other_text})" if row.other_text else ""
            self.stdout.write(f"{row.standing.value:11} {row.language} {row.topic}{note}")


def _read(path: Path) -> bytes:
    """At most one byte more than a bundle may have."""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _user(name: str) -> User:
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active account {name}.")
    return user
