"""`python -m tests.faults.stage USERS [GROUP]`: an installation with staff signed in and tickets to write into.

Prints what the clients need: the session cookies of its people and the numbers of the tickets.
"""

import json
import os
import sys
from datetime import date

import django

TICKETS = 40
LONG_AGO = date(2020, 1, 1)
"""Postings have begun, whichever day a story with a clock of its own is told on."""


def main(users: int, group: str = "advisor") -> None:
    print(json.dumps(lay(users, group)))


def lay(users: int, group: str = "advisor") -> dict[str, list[object]]:
    """The installation: session cookies of its people, numbers of its tickets."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone

    from config.installation.actions import first_centre
    from config.installation.gathering import gather
    from helpdesk.accounts.actions import lay_groups
    from helpdesk.accounts.models import Posting, Team, User
    from helpdesk.queues.actions import receive
    from helpdesk.tickets.rules import Channel

    now = timezone.now()
    call_command("migrate", verbosity=0, interactive=False)
    gather()
    lay_groups()
    centre = first_centre(at=now)
    sessions = []
    for number in range(users):
        user = User.objects.create(username=f"advisor-{number}", password="!", name_ar="مستشار")
        user.groups.set(_group(group))
        Posting.objects.create(user=user, team=Team.objects.get(), starts_on=LONG_AGO)
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        sessions.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    tickets = [
        receive(
            Channel.WEB, key=f"stage:{number}", at=now, centre=centre, words="سؤال", language="ar"
        ).ticket.pk
        for number in range(TICKETS)
    ]
    return {"sessions": sessions, "tickets": tickets}


def _group(name: str) -> list[object]:
    from django.contrib.auth.models import Group

    return list(Group.objects.filter(name=name))


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
