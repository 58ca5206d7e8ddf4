"""The people of the demonstration: they enter by one click and have no password."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import Group

from config.installation.actions import first_centre
from helpdesk.accounts.models import Posting, Team, User
from helpdesk.accounts.rules import Role
from helpdesk.centre.models import Centre, Operator

PREFIX = "demo-"
NO_PASSWORD = "!"
"""Django's mark of an unusable password, without its random tail: the same rows for the same seed."""


@dataclass(frozen=True)
class Player:
    name: str
    role: Role
    name_ar: str
    name_fr: str
    speaks: tuple[str, ...] = ("ar", "fr", "ary")


PLAYERS = (
    Player("amina", Role.ADVISOR, "أمينة الوردي", "Amina El Ouardi"),
    Player("salma", Role.SENIOR, "سلمى بنيس", "Salma Bennis"),
    Player("brahim", Role.SUPERVISOR, "إبراهيم أيت علي", "Brahim Aït Ali", ("ar", "fr", "ary", "shi")),
    Player("idriss", Role.EDITOR, "إدريس العلمي", "Idriss Alami"),
    Player("mina", Role.PARTNER, "مينة الصقلي", "Mina Sqalli"),
    Player("nabil", Role.ADMINISTRATOR, "نبيل التازي", "Nabil Tazi"),
    Player("chama", Role.MEMBER, "شامة بناني", "Chama Bennani", ("ar", "ary")),
    Player("driss", Role.MEMBER, "ادريس الفاسي", "Driss El Fassi", ("ar", "fr", "ary")),
)  # fmt: skip

CENTRE = {
    "name_ar": "مركز الاتصال والمواكبة - جهة مراكش-آسفي (تجربة)",
    "name_fr": "Centre d'appel et d'accompagnement - Marrakech-Safi (démonstration)",
    "phone_shown": "05 24 00 00 00",
    "email_shown": "centre@example.org",
    "always_open": True,
}
OPERATOR = {
    "name_ar": "جمعية مسيرة للتجربة",
    "name_fr": "Association gestionnaire (démonstration)",
}


def lay_centre(*, at: datetime) -> Centre:
    """The installation's centre under its demonstration names, open at any hour."""
    centre = first_centre(at=at)
    Centre.objects.filter(pk=centre.pk).update(**CENTRE)
    Operator.objects.filter(centres=centre).update(**OPERATOR)
    centre.refresh_from_db()
    return centre


def lay_cast(centre: Centre, *, at: datetime) -> dict[str, User]:
    """The cast by short name, made where missing. Harmless when repeated."""
    known = {u.username: u for u in User.objects.filter(username__startswith=PREFIX)}
    groups = {group.name: group for group in Group.objects.all()}
    team = Team.objects.filter(centre=centre).order_by("pk").first()
    found = {}
    for player in PLAYERS:
        user = known.get(PREFIX + player.name)
        if user is None:
            user = _join(player, groups[player.role.value], team, at=at)
        found[player.name] = user
    return found


def _join(player: Player, group: Group, team: Team | None, *, at: datetime) -> User:
    user: User = User.objects.create(
        username=PREFIX + player.name, password=NO_PASSWORD, date_joined=at,
        name_ar=player.name_ar, name_fr=player.name_fr, speaks=list(player.speaks),
    )  # fmt: skip
    user.groups.add(group)
    if player.role != Role.MEMBER and team is not None:
        since = (at - timedelta(days=400)).date()
        Posting.objects.create(user=user, team=team, starts_on=since)
    return user
