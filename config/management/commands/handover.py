"""`manage.py handover FILE --key KEYFILE [--centre SLUG]`: a centre as one file, sealed for its successor."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.handover.packing import pack
from config.handover.refusing import NotPacked
from config.installation.backups import keys
from helpdesk.centre.models import Centre


class Command(BaseCommand):
    help = "Write the records of a centre, with its files and checksums, into one file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        how = parser.add_mutually_exclusive_group(required=True)
        how.add_argument("--key", type=Path, help="file with the successor's public key (age1…)")
        how.add_argument(
            "--clear", action="store_true", help="in clear text, for everybody to read"
        )
        parser.add_argument("--centre", help="short name; needed where there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        centre = centre_named(options["centre"])
        try:
            recipient = None if options["clear"] else _recipient(options["key"])
            manifest = pack(centre, options["file"], at=timezone.now(), recipient=recipient)
        except NotPacked as why:
            raise CommandError(why.told) from why
        except OSError as error:
            raise CommandError(str(error)) from error
        for name, (number, sha256) in manifest.tables.items():
            self.stdout.write(f"{number:>8} {name} {sha256}")
        self.stdout.write(f"{len(manifest.files):>8} files; missing: {len(manifest.missing)}")
        for name, number in manifest.under_way.items():
            self.stdout.write(f"{number:>8} {name} have not ended and stay behind")
        self.stdout.write(f"manifest {manifest.sum}")


def _recipient(file: Path) -> Any:
    """Raises NotPacked."""
    try:
        return keys.recipient_of(file.read_text("utf-8"))
    except (keys.NoKey, UnicodeDecodeError) as error:
        raise NotPacked(
            _("%(name)s holds no public key (one line age1…): ask the successor for theirs."),
            name=file,
        ) from error
    except OSError as error:
        raise NotPacked(_("There is no file %(name)s."), name=file) from error


def centre_named(slug: str | None) -> Centre:
    """The only one, or the one with that short name. Raises CommandError."""
    found = list(Centre.objects.real().filter(slug=slug) if slug else Centre.objects.real()[:2])
    if len(found) != 1:
        names = ", ".join(Centre.objects.real().order_by("pk").values_list("slug", flat=True))
        raise CommandError(f"Say which centre by --centre: {names or 'there is none'}.")
    return found[0]
