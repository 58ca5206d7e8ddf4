"""Days off, as a supervisor types them."""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.centre.lines import clean_line
from helpdesk.centre.wording import weekday_name
from helpdesk.hours.rules import Window


def day_field(**kwargs: Any) -> forms.DateField:
    """A day as browsers send it."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "dir": "ltr"})
    return forms.DateField(widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)


class ConfirmForm(forms.Form):
    """The day may be corrected while confirming: moon dates move."""

    day = day_field(label=gettext_lazy("Day"))

    def __init__(self, *args: Any, proposed: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposed = proposed

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if abs((day - self.proposed).days) > 10:
            raise forms.ValidationError(_("This is more than ten days from the proposed day."))
        return day


class NewHolidayForm(forms.Form):
    day = day_field(label=gettext_lazy("Day"))
    name_ar = forms.CharField(
        label=gettext_lazy("Name in Arabic"), max_length=120,
        widget=forms.TextInput(attrs={"dir": "rtl", "lang": "ar"}),
    )  # fmt: skip
    name_fr = forms.CharField(
        label=gettext_lazy("Name in French"), max_length=120,
        widget=forms.TextInput(attrs={"dir": "ltr", "lang": "fr"}),
    )  # fmt: skip

    def clean_name_ar(self) -> str:
        return clean_line(self.cleaned_data["name_ar"], limit=120)

    def clean_name_fr(self) -> str:
        return clean_line(self.cleaned_data["name_fr"], limit=120)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not timezone.localdate().year - 1 <= day.year <= timezone.localdate().year + 5:
            raise forms.ValidationError(_("Check the year."))
        return day


class RamadanForm(forms.Form):
    starts_on = day_field(label=gettext_lazy("First day"))
    ends_on = day_field(label=gettext_lazy("Last day"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and not 28 <= (ends - starts).days + 1 <= 31:
            self.add_error("ends_on", _("Ramadan has 29 or 30 days."))
        return data


@dataclass(frozen=True)
class Day:
    """One weekday of the form: its name and its four times."""

    name: str
    fields: list[Any]
    errors: list[str]


_CLOCK = re.compile(r"(\d{1,2})\s*(?:[:.hسH]\s*)?(\d{2})?")


class ClockField(forms.CharField):
    """A time of day on twenty-four hours: `9`, `9:30`, `9h30`, `0930`, digits in any script.

    Browsers' own field follows the language of the browser, with AM and PM where nobody says so.
    """

    def __init__(self, **kwargs: Any) -> None:
        attrs = {
            "dir": "ltr",
            "inputmode": "numeric",
            "placeholder": "--:--",
            "autocomplete": "off",
        }
        super().__init__(
            required=False, max_length=10, widget=forms.TextInput(attrs=attrs), **kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def clean(self, value: Any) -> time | None:  # type: ignore[override]
        text = super().clean(value)
        if not text:
            return None
        found = _CLOCK.fullmatch(text)
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
        if hour > 23 or minute > 59:
            raise forms.ValidationError(_("Write the time as 09:30."))
        return time(hour, minute)


PARTS = ("opens", "rest", "back", "closes")


class WeekForm(forms.Form):
    """A week: each day from when until when, with one break; empty is closed."""

    all_optional = True
    LABELS = {
        "opens": gettext_lazy("Opens"), "rest": gettext_lazy("Break from"),
        "back": gettext_lazy("Break until"), "closes": gettext_lazy("Closes"),
    }  # fmt: skip

    def __init__(
        self, *args: Any, openings: Iterable[Any] = (), in_ramadan: bool = False, **kwargs: Any
    ) -> None:
        self.in_ramadan = in_ramadan
        kept = _times(opening for opening in openings if opening.in_ramadan == in_ramadan)
        super().__init__(*args, initial=kept, prefix="r" if in_ramadan else "w", **kwargs)
        for weekday in range(7):
            for part in PARTS:
                said = f"{weekday_name(weekday)}: {self.LABELS[part]}"
                field = ClockField(label=self.LABELS[part])
                field.widget.attrs["aria-label"] = said
                self.fields[f"{part}{weekday}"] = field

    @property
    def days(self) -> list[Day]:
        return [
            Day(weekday_name(n), fields, [error for one in fields for error in one.errors])
            for n in range(7)
            for fields in [[self[f"{part}{n}"] for part in PARTS]]
        ]

    @property
    def is_used(self) -> bool:
        return bool(self.initial) or self.is_bound

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for n in range(7):
            opens, rest, back, closes = (data.get(f"{part}{n}") for part in PARTS)
            if bool(opens) != bool(closes):
                self.add_error(f"opens{n}", _("Write both: when it opens and when it closes."))
            elif bool(rest) != bool(back) or (rest and not opens):
                self.add_error(f"rest{n}", _("A break has a beginning and an end, within the day."))
            elif opens and not _rising(opens, rest, back, closes):
                self.add_error(f"opens{n}", _("These times are not in their order."))
        return data

    @property
    def windows(self) -> list[Window]:
        found = []
        for n in range(7):
            opens, rest, back, closes = (self.cleaned_data[f"{part}{n}"] for part in PARTS)
            pairs = [(opens, rest), (back, closes)] if rest else [(opens, closes)]
            found += [Window(n, a, b, self.in_ramadan) for a, b in pairs if a]
        return found


def _rising(*times: time | None) -> bool:
    said = [one for one in times if one]
    return all(a < b for a, b in itertools.pairwise(said))


def _times(openings: Iterable[Any]) -> dict[str, time]:
    """Stored stretches as the form's four times; of more than two a day, what lies between is open."""
    kept: dict[str, time] = {}
    for opening in sorted(openings, key=lambda one: (one.weekday, one.opens)):
        n = opening.weekday
        if f"opens{n}" not in kept:
            kept |= {f"opens{n}": opening.opens, f"closes{n}": opening.closes}
        else:
            kept.setdefault(f"rest{n}", kept[f"closes{n}"])
            kept.setdefault(f"back{n}", opening.opens)
            kept[f"closes{n}"] = opening.closes
    return kept
