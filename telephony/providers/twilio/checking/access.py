"""Doorways to the check of the public line."""

from typing import Any

from django.core.exceptions import PermissionDenied

from telephony.providers.twilio.account import account
from telephony.providers.twilio.checking.running import ORDER
from telephony.providers.twilio.models import Finding, LineCheck

HEALTH = "centre.view_health"


def may_check(user: Any) -> None:
    if not user.has_perm(HEALTH):
        raise PermissionDenied


def findings(user: Any) -> list[Finding]:
    """What was found last, in the order of the page."""
    may_check(user)
    rows = {row.code: row for row in Finding.objects.all()}
    return [rows[code] for code in ORDER if code in rows]


def last(user: Any) -> LineCheck:
    may_check(user)
    return LineCheck.objects.filter(pk=1).first() or LineCheck()


def is_red(user: Any) -> bool:
    """Whether an administrator must be told, on whatever page; asks nothing where the line is off."""
    if account() is None or not user.has_perm(HEALTH):
        return False
    return Finding.objects.red().exists()
