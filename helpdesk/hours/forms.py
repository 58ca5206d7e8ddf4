"""Days off, as a supervisor types them."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.centre.lines import clean_line


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
