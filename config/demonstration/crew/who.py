"""Who the colleagues are. They are there while the network rings, and posted to the team for just so long."""

from datetime import datetime, timedelta

from django.contrib.auth.models import Group
from django.db import transaction

from config.demonstration.cast import NO_PASSWORD, PREFIX, Player
from helpdesk.accounts.models import Posting, Team, User
from helpdesk.accounts.rules import Role
from helpdesk.queues.actions import STATES, be

COLLEAGUES = (
    Player("karim", Role.ADVISOR, "كريم الإدريسي", "Karim Idrissi"),
    Player("leila", Role.ADVISOR, "ليلى المنصوري", "Leïla Mansouri"),
    Player("yassine", Role.ADVISOR, "ياسين أوبلا", "Yassine Oubella", ("ar", "fr", "ary", "shi")),
    Player("hanane", Role.ADVISOR, "حنان الزهراوي", "Hanane Zahraoui"),
    Player("omar", Role.ADVISOR, "عمر بلمقدم", "Omar Belmokadem"),
    Player("rachida", Role.ADVISOR, "رشيدة أمزيان", "Rachida Ameziane", ("ar", "fr", "ary", "shi")),
)
SUPERVISOR = Player("fouzia", Role.SUPERVISOR, "فوزية الحسني", "Fouzia El Hassani")


def come(count: int, *, at: datetime) -> list[Player]:
    """So many advisors and their supervisor, made where missing, posted from yesterday on."""
    chosen = [*COLLEAGUES[:count], SUPERVISOR]
    with transaction.atomic():
        team = Team.objects.order_by("pk").first()
        for player in chosen:
            user, _made = User.objects.get_or_create(
                username=PREFIX + player.name,
                defaults={
                    "password": NO_PASSWORD, "date_joined": at, "name_ar": player.name_ar,
                    "name_fr": player.name_fr, "speaks": list(player.speaks),
                },
            )  # fmt: skip
            user.groups.set(Group.objects.filter(name=player.role.value))
            Posting.objects.filter(user=user).delete()
            since = (at - timedelta(days=1)).date()
            Posting.objects.create(user=user, team=team, starts_on=since)
    return chosen


def go(*, at: datetime) -> None:
    """Everybody is away and posted no more: the team is as it was."""
    names = [PREFIX + player.name for player in (*COLLEAGUES, SUPERVISOR)]
    for user in User.objects.filter(username__in=names):
        be(user, STATES["away"], at=at)
        Posting.objects.filter(user=user).delete()
