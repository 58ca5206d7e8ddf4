"""`manage.py new_centre SLUG`: one more centre on this installation, closed, with its first administrator."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug
from django.db import transaction
from django.http.request import validate_host
from django.utils import timezone

from config.installation.actions import make_centre
from helpdesk.accounts.actions import audit, lay_groups, people
from helpdesk.accounts.models import Team, User
from helpdesk.accounts.rules import Role
from helpdesk.centre.face import address_of, forget
from helpdesk.centre.models import Centre
from helpdesk.centre.territory import province_choices


class Command(BaseCommand):
    help = (
        "Make a centre beside the others: its own staff, queues, requests and figures, one library."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="short name: letters, digits and - only")
        parser.add_argument("--name-ar", required=True)
        parser.add_argument("--name-fr", required=True)
        parser.add_argument("--administrator", required=True, help="user name of a new account")
        parser.add_argument("--host", default="", help="name of its own public site")
        parser.add_argument(
            "--provinces", nargs="*", default=[], help="codes of those it answers; none = all"
        )
        parser.add_argument(
            "--line-keys", nargs="*", default=[], help="names of its keys in LINE_HOOK_SECRET"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        slug, name, now = options["slug"], options["administrator"], timezone.now()
        try:
            validate_slug(slug)
            User._meta.get_field("username").run_validators(name)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if Centre.objects.filter(slug=slug).exists():
            raise CommandError(f"There is a centre {slug} already.")
        if User.objects.filter(username=name).exists():
            raise CommandError(f"There is a user {name} already: each centre has its own people.")
        own = self._own(options)
        lay_groups()
        with transaction.atomic():
            centre = make_centre(
                slug=slug, name_ar=options["name_ar"], name_fr=options["name_fr"], **own
            )  # fmt: skip
            user = people.add_person(username=name, roles=[Role.ADMINISTRATOR], by=None, at=now)
            team = Team.objects.get(centre=centre)
            people.post(
                user, team, province="", starts_on=timezone.localdate(now), ends_on=None, by=None,
                at=now,
            )  # fmt: skip
            transaction.on_commit(forget)
            audit("changed-rights", by=None, at=now, subject=centre, facts={"new_centre": slug})
        if own["host"]:
            self.stdout.write(f"{address_of(own['host'])}/ opens when its set-up is ready")
        self.stdout.write(settings.PUBLIC_URL + people.first_link(user, by=None, at=now))

    @staticmethod
    def _own(options: dict[str, Any]) -> dict[str, Any]:
        """What is the centre's alone. Raises CommandError for what would lead nowhere."""
        host = options["host"].strip().lower()
        if host and not validate_host(host, settings.ALLOWED_HOSTS):
            raise CommandError(f"This server does not answer to {host}: add it to ALLOWED_HOSTS.")
        if host and (host == urlsplit(settings.PUBLIC_URL).hostname or _is_held(host)):
            raise CommandError(f"{host} is the name of another centre's pages.")
        strange = set(options["provinces"]) - dict(province_choices()).keys()
        if strange:
            raise CommandError(f"No province has the code {', '.join(sorted(strange))}.")
        unknown = set(options["line_keys"]) - settings.LINE_HOOK_SECRETS.keys()
        if unknown:
            raise CommandError(f"LINE_HOOK_SECRET has no key {', '.join(sorted(unknown))}.")
        taken = {key for row in Centre.objects.all() for key in row.line_keys}
        if doubled := taken & set(options["line_keys"]):
            raise CommandError(f"The key {', '.join(sorted(doubled))} is another centre's.")
        return {"host": host, "served": options["provinces"], "line_keys": options["line_keys"]}


def _is_held(host: str) -> bool:
    return Centre.objects.filter(host=host).exists()
