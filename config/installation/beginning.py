"""An empty installation's first administrator: a link, printed once, by which somebody becomes it."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from helpdesk.accounts.actions import people
from helpdesk.accounts.models import Team, User
from helpdesk.accounts.rules import Role

NAME = "administrator"


def first_administrator(*, at: datetime) -> str:
    """The address where the first administrator chooses a password; empty once somebody signed in.

    Printed again at each start until then: the link before it still holds, and whoever sees the
    output of the server may run it anyway. `manage.py administrator` is the way back in later.
    """
    if settings.DEMO or User.objects.exclude(last_login=None).exists():
        return ""
    user = User.objects.filter(username=NAME).first()
    if user is None:
        if User.objects.exists():
            return ""
        user = people.add_person(username=NAME, roles=[Role.ADMINISTRATOR], by=None, at=at)
        team = Team.objects.order_by("pk").first()
        if team is not None:
            today = timezone.localdate(at)
            people.post(user, team, province="", starts_on=today, ends_on=None, by=None, at=at)
    return settings.PUBLIC_URL + people.first_link(user, by=None, at=at)
