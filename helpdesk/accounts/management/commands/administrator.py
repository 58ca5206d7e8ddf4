"""`manage.py administrator NAME`: the first administrator, or the way back in when none is left."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from helpdesk.accounts.actions import lay_groups, people
from helpdesk.accounts.models import Team, User
from helpdesk.accounts.rules import Role


class Command(BaseCommand):
    help = "Make an administrator of the centre and print the link to choose a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="user name: letters, digits and . - _ only")

    def handle(self, *args: Any, **options: Any) -> None:
        name, now = options["name"], timezone.now()
        team = Team.objects.order_by("pk").first()
        if team is None:
            raise CommandError("There is no centre yet: run `manage.py setup` first.")
        try:
            User._meta.get_field("username").run_validators(name)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        lay_groups()
        user = User.objects.filter(username=name).first()
        if user is None:
            user = people.add_person(username=name, roles=[Role.ADMINISTRATOR], by=None, at=now)
        else:
            held = {role.value for role in user.roles} | {Role.ADMINISTRATOR.value}
            people.change_roles(user, held, by=None, at=now)
            people.set_active(user, True, by=None, at=now)
        self._post(user, team, today=timezone.localdate(now), at=now)
        self.stdout.write(settings.PUBLIC_URL + people.first_link(user, by=None, at=now))

    @staticmethod
    def _post(user: User, team: Team, *, today: date, at: Any) -> None:
        if not user.postings.in_force(on=today).exists():
            people.post(user, team, province="", starts_on=today, ends_on=None, by=None, at=at)
