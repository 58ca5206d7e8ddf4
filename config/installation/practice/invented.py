"""Invented requests for a practice: the sample cases of the demonstration, some at a time."""

from datetime import datetime

from django.utils.translation import gettext, override

from config.demonstration import sheets
from helpdesk.associations import actions as associations
from helpdesk.centre.models import Centre
from helpdesk.queues.actions import receive
from helpdesk.tickets.models import Entry
from helpdesk.tickets.rules import AnswerBy, Channel

AT_ONCE = 5


def bring(practice: Centre, *, at: datetime) -> int:
    """The next few cases come in as written questions; how many, 0 when all have come."""
    new = [case for case in sheets.cases().values() if not _has(practice, case)][:AT_ONCE]
    for case in new:
        _receive(practice, case, at=at)
    return len(new)


def _key(practice: Centre, case: sheets.Case) -> str:
    return f"practice:{practice.pk}:{case.number}"


def _has(practice: Centre, case: sheets.Case) -> bool:
    return Entry.objects.filter(key=_key(practice, case)).exists()


def _receive(practice: Centre, case: sheets.Case, *, at: datetime) -> None:
    read = "fr" if case.lang == "fr" else "ar"
    with override(read):
        name = gettext("Invented person %(n)s") % {"n": case.number}
    person = associations.person_for(
        centre=practice, at=at, name=name, number=None, email="", language=read
    )
    receive(
        Channel.WEB, key=_key(practice, case), at=at, centre=practice, words=case.words,
        language=case.lang, subject=case.subject, person=person, province=case.province,
        answer_by=AnswerBy.EMAIL, contact_email=f"invented-{case.number}@example.org",
    )  # fmt: skip
