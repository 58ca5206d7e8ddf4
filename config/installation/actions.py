"""First things of an installation: one centre with one team, queue and schedule; then its opening."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from config.installation.checks import before_opening, stopping
from helpdesk.accounts.actions import audit, people
from helpdesk.accounts.models import Team, User
from helpdesk.centre.actions import open_to_public
from helpdesk.centre.models import Centre, Operator
from helpdesk.hours.models import Opening, Schedule
from helpdesk.queues.models import Queue

WORKING_WEEK = range(5)
HOURS = ((time(9), time(12, 30)), (time(14), time(17)))


@transaction.atomic
def first_centre(*, at: datetime, is_open: bool = True) -> Centre:
    """The installation's centre, made with plain defaults on the first start.

    A real one begins closed and without an operator: both are for its administrator to say.
    """
    if centre := Centre.objects.order_by("pk").first():
        return centre
    operator = (
        Operator.objects.create(name_ar="الجمعية المسيرة", name_fr="Association gestionnaire")
        if is_open
        else None
    )
    return make_centre(
        slug="centre", name_ar="مركز الاتصال والمواكبة",
        name_fr="Centre d'appel et d'accompagnement", operator=operator,
        opened_at=at if is_open else None,
    )  # fmt: skip


@transaction.atomic
def make_centre(**facts: Any) -> Centre:
    """A centre with one team, one queue and the office week; closed until its opening unless said."""
    centre = Centre.objects.create(**facts)
    team = Team.objects.create(
        centre=centre, name_ar="فريق المواكبة", name_fr="Équipe d'accompagnement"
    )
    schedule = Schedule.objects.create(centre=centre, name="ordinary week")
    Opening.objects.bulk_create(
        Opening(schedule=schedule, weekday=day, opens=opens, closes=closes)
        for day in WORKING_WEEK
        for opens, closes in HOURS
    )
    Queue.objects.create(
        team=team, name_ar="كل الأسئلة", name_fr="Toutes les questions", schedule=schedule
    )
    return centre


class NotReady(Exception):
    """Something that must be done first is red; the message names all of it."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(_("The centre cannot open yet: %(names)s.") % {"names": " · ".join(names)})


@transaction.atomic
def open_centre(centre: Centre, *, by: Any, at: datetime) -> bool:
    """Let visitors in; False when it was open already. Raises NotReady."""
    if red := stopping(before_opening(centre=centre.pk, at=at)):
        raise NotReady(check.name for check in red)
    opened = open_to_public(centre, by=by, at=at)
    if opened:
        audit("opened-centre", by=by, at=at, subject=centre)
    return opened


@transaction.atomic
def invite(
    *, team: Team, province: str, starts_on: date, said: Mapping[str, Any], by: Any, at: datetime
) -> User:
    """A new account with its first posting; the link by which the person comes in is made apart."""
    user = people.add_person(**said, by=by, at=at)
    people.post(user, team, province=province, starts_on=starts_on, ends_on=None, by=by, at=at)
    return user
