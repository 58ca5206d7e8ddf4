"""`manage.py new_centre SLUG`: one more centre on this installation, closed, with its first administrator."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug
from django.db import transaction
from django.utils import timezone

from config.installation.actions import make_centre
from helpdesk.accounts.actions import audit, lay_groups, people
from helpdesk.accounts.models import Team, User
from helpdesk.accounts.rules import Role
from helpdesk.centre.models import Centre


class Command(BaseCommand):
    help = (
        "Make a centre beside the others: its own staff, queues, requests and figures, one library."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="short name: letters, digits and - only")
        parser.add_argument("--name-ar", required=True)
        parser.add_argument("--name-fr", required=True)
        parser.add_argument("--administrator", required=True, help="user name of a new account")

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
        lay_groups()
        with transaction.atomic():
            centre = make_centre(slug=slug, name_ar=options["name_ar"], name_fr=options["name_fr"])
            user = people.add_person(username=name, roles=[Role.ADMINISTRATOR], by=None, at=now)
            team = Team.objects.get(centre=centre)
            people.post(
                user, team, province="", starts_on=timezone.localdate(now), ends_on=None, by=None,
                at=now,
            )  # fmt: skip
            audit("changed-rights", by=None, at=now, subject=centre, facts={"new_centre": slug})
        self.stdout.write(settings.PUBLIC_URL + people.first_link(user, by=None, at=now))
