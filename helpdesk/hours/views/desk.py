"""The year's holidays: a supervisor confirms, moves, refuses or adds them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from helpdesk.hours import access, actions
from helpdesk.hours.forms import ConfirmForm, NewHolidayForm, RamadanForm


@dataclass(frozen=True)
class Row:
    """A holiday with the form that confirms it."""

    holiday: Any
    form: Any


@require_safe
def holidays(request: HttpRequest) -> HttpResponse:
    return _page(request, _year(request.GET.get("year", "")))


def _page(request: HttpRequest, year: int, **bound: Any) -> HttpResponse:
    rows = list(access.holidays(request.user, year=year))
    refused: ConfirmForm | None = bound.get("refused_form")
    context = {
        "year": year,
        "years": _years(),
        "rows": [_row(row, refused if row.pk == bound.get("refused") else None) for row in rows],
        "fixed_left": sum(
            not (row.estimated or row.confirmed_at or row.refused_at) for row in rows
        ),
        "months": _months(request, bound.get("month"), bound.get("month_form")),
        "month_form": bound.get("month_form") if bound.get("month") == 0 else _empty_month(),
        "new_form": bound.get("new_form") or NewHolidayForm(auto_id="new_%s"),
    }
    return render(request, "hours/holidays.html", context, status=422 if bound else 200)


def _row(holiday: Any, refused: ConfirmForm | None) -> Row:
    form = refused or ConfirmForm(
        proposed=holiday.day, initial={"day": holiday.day}, auto_id=f"h{holiday.pk}_%s"
    )
    return Row(holiday, form)


@require_POST
def confirmation(request: HttpRequest, pk: int) -> HttpResponse:
    holiday = access.holiday_for(request.user, pk)
    proposed = holiday.day
    form = ConfirmForm(request.POST, proposed=proposed, auto_id=f"h{pk}_%s")
    if form.is_valid():
        try:
            actions.confirm(
                holiday, day=form.cleaned_data["day"], by=request.user, at=timezone.now()
            )
            return _back(proposed.year)
        except actions.DayTaken as taken:
            form.add_error("day", str(taken))
    return _page(request, proposed.year, refused=pk, refused_form=form)


@require_POST
def refusal(request: HttpRequest, pk: int) -> HttpResponse:
    """The centre works on that day."""
    holiday = access.holiday_for(request.user, pk)
    actions.refuse(holiday, by=request.user, at=timezone.now())
    return _back(holiday.day.year)


@require_POST
def fixed(request: HttpRequest) -> HttpResponse:
    """Confirm all days of the year that do not follow the moon."""
    year = _year(request.POST.get("year", ""))
    access.holidays(request.user, year=year)
    actions.confirm_fixed(year=year, by=request.user, at=timezone.now())
    return _back(year)


@require_POST
def ramadan(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a Ramadan, on the days announced."""
    return _ramadan(request, access.ramadan_for(request.user, pk))


@require_POST
def new_ramadan(request: HttpRequest) -> HttpResponse:
    """One that nobody proposed."""
    access.ramadans(request.user, on=timezone.localdate())
    return _ramadan(request, None)


def _ramadan(request: HttpRequest, month: Any) -> HttpResponse:
    pk = month.pk if month else 0
    form = RamadanForm(request.POST, auto_id=f"m{pk}_%s")
    if form.is_valid():
        try:
            actions.confirm_ramadan(month, **form.cleaned_data, by=request.user, at=timezone.now())
            return redirect(f"{reverse('hours:holidays')}#ramadan")
        except actions.DayTaken as taken:
            form.add_error("starts_on", str(taken))
    return _page(request, _years()[0], month=pk, month_form=form)


def _months(request: HttpRequest, pk: int | None, form: Any) -> list[Row]:
    return [
        Row(month, form if month.pk == pk else RamadanForm(
            initial={"starts_on": month.starts_on, "ends_on": month.ends_on},
            auto_id=f"m{month.pk}_%s",
        ))
        for month in access.ramadans(request.user, on=timezone.localdate())[:3]
    ]  # fmt: skip


def _empty_month() -> RamadanForm:
    return RamadanForm(auto_id="m0_%s")


@require_POST
def new(request: HttpRequest) -> HttpResponse:
    year = _year(request.POST.get("year", ""))
    access.holidays(request.user, year=year)
    form = NewHolidayForm(request.POST, auto_id="new_%s")
    if form.is_valid():
        try:
            made = actions.add(**form.cleaned_data, by=request.user, at=timezone.now())
            return _back(made.day.year)
        except actions.DayTaken as taken:
            form.add_error("day", str(taken))
    return _page(request, year, new_form=form)


def _years() -> list[int]:
    this = timezone.localdate().year
    return [this, this + 1]


def _year(text: str) -> int:
    """A year on offer; anything else is this year."""
    years = _years()
    return int(text) if text.isascii() and text.isdigit() and int(text[:6]) in years else years[0]


def _back(year: int) -> HttpResponse:
    return redirect(f"{reverse('hours:holidays')}?year={year}")
