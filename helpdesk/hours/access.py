"""Doorways to holidays: a supervisor's."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from helpdesk.accounts.scope import Scope
from helpdesk.hours.models import Holiday, Ramadan
from helpdesk.hours.querysets import HolidayQuerySet, RamadanQuerySet


def holidays(user: Any, *, year: int) -> HolidayQuerySet:
    """The year's days. Raises PermissionDenied."""
    _enter(user)
    return Holiday.objects.of_year(year)


def holiday_for(user: Any, pk: int) -> Holiday:
    _enter(user)
    holiday = Holiday.objects.filter(pk=pk).first()
    if holiday is None:
        raise Http404
    return holiday


def ramadans(user: Any, *, on: date) -> RamadanQuerySet:
    """Those under way or to come. Raises PermissionDenied."""
    _enter(user)
    return Ramadan.objects.coming(on=on)


def ramadan_for(user: Any, pk: int) -> Ramadan:
    _enter(user)
    month = Ramadan.objects.filter(pk=pk).first()
    if month is None:
        raise Http404
    return month


def _enter(user: Any) -> None:
    if not Scope.of(user).can("hours.confirm_holiday"):
        raise PermissionDenied
