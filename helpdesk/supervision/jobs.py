"""Sweep: on Monday supervisors hear how many questions of the week before the library did not answer."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from helpdesk.accounts.models import User
from helpdesk.hours.timetables import next_working_morning
from helpdesk.notices.actions import write
from helpdesk.notices.models import Notice
from helpdesk.supervision import gap_page

KIND = "gaps-weekly"


def tell_gaps(*, at: datetime) -> int:
    """Notices written: one a supervisor and week, with the number and the link, never the words.

    Who has no gap to read hears nothing. Harmless when repeated: the notice's key sees to it.
    """
    today = timezone.localtime(at)
    if today.weekday() != 0:
        return 0
    week = gap_page.last_week(at)
    code = gap_page.code_of(week)
    readers = (
        User.objects.filter(is_active=True, practising=None).exclude(email="").in_role("supervisor")
    )
    keys = {f"{KIND}:{code}:{reader.pk}": reader for reader in readers.order_by("pk")}
    known = set(Notice.objects.filter(key__in=keys).values_list("key", flat=True))
    told = 0
    for key, reader in keys.items():
        if key not in known and _tell(reader, key, code, at=at):
            told += 1
    return told


def _tell(reader: User, key: str, code: str, *, at: datetime) -> bool:
    shown = gap_page.page(reader, {"week": code}, at=at)
    if not shown.total:
        return False
    write(
        key=key, channel="email", kind=KIND, address=reader.email, language=reader.language, at=at,
        due_at=next_working_morning(at=at) or at + timedelta(hours=12),
        context={
            "name": reader.shown_name, "number": str(shown.total),
            "due": timezone.localdate(shown.first),
            "link": f"{settings.PUBLIC_URL}{reverse('supervision:gaps')}?week={code}",
        },
    )  # fmt: skip
    return True
