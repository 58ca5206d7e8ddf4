"""First things of an installation: one centre with one team, queue and schedule to begin with."""

from datetime import datetime, time

from django.db import transaction

from helpdesk.accounts.models import Team
from helpdesk.centre.models import Centre, Operator
from helpdesk.hours.models import Opening, Schedule
from helpdesk.queues.models import Queue

WORKING_WEEK = range(5)
HOURS = ((time(9), time(12, 30)), (time(14), time(17)))


@transaction.atomic
def first_centre(*, at: datetime) -> Centre:
    """The installation's centre, made with plain defaults on the first start."""
    if centre := Centre.objects.order_by("pk").first():
        return centre
    operator = Operator.objects.create(
        name_ar="الجمعية المسيرة", name_fr="Association gestionnaire"
    )
    centre = Centre.objects.create(
        slug="centre",
        name_ar="مركز الاتصال والمواكبة",
        name_fr="Centre d'appel et d'accompagnement",
        operator=operator,
    )
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
