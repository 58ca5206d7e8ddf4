"""Notices to the desk: written, ended, put away by each for themselves."""

from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk.accounts.actions import audit
from helpdesk.supervision import notes
from helpdesk.supervision.models import DeskNotice


@transaction.atomic
def tell_desk(
    team: Any, *, text_ar: str, text_fr: str, starts_at: datetime, ends_at: datetime, by: Any,
    at: datetime,
) -> DeskNotice:  # fmt: skip
    """Show a sentence over every page of the team's desk, from a time until a time."""
    notice = DeskNotice.objects.create(
        team=team, text_ar=text_ar[:300], text_fr=text_fr[:300], starts_at=starts_at,
        ends_at=ends_at, by=by, written_at=at,
    )  # fmt: skip
    audit("told-desk", by=by, at=at, subject=notice, facts={"until": ends_at.isoformat()})
    notes.forget(team.pk)
    return notice


@transaction.atomic
def end_notice(notice: DeskNotice, *, by: Any, at: datetime) -> bool:
    """From now on nobody sees it. False when it was over already."""
    ended = bool(DeskNotice.objects.filter(pk=notice.pk, ends_at__gt=at).update(ends_at=at))
    if ended:
        notes.forget(notice.team_id)
        audit("told-desk", by=by, at=at, subject=notice, facts={"ended": True})
    return ended


def put_away(notice: DeskNotice, *, by: Any) -> None:
    """This person has read it; harmless twice."""
    notice.put_away_by.add(by)
    notes.forget_own(by)
