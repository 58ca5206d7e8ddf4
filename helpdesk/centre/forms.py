"""What an administrator types about the centre."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.centre.models import Centre, Operator


class DayInput(forms.DateInput):
    """The browser's own calendar, which wants the ISO form whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CentreForm(forms.ModelForm):
    class Meta:
        model = Centre
        fields = ("name_ar", "name_fr", "phone_shown", "email_shown", "cndp_number", "cndp_on")
        widgets = {"cndp_on": DayInput}
        labels = {
            "name_ar": _("Name in Arabic"),
            "name_fr": _("Name in French"),
            "phone_shown": _("Telephone of the centre"),
            "email_shown": _("E-mail of the centre"),
            "cndp_number": _("Number of the CNDP receipt or authorisation"),
            "cndp_on": _("Date of that document"),
        }
        help_texts = {
            "phone_shown": _("As it is printed on the pages; empty while there is none."),
            "cndp_number": _("Shown in the privacy notice under every form."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        directions = {"name_ar": "rtl", "name_fr": "ltr"}
        for name, field in self.fields.items():
            field.widget.attrs["dir"] = directions.get(name, "ltr")


class OperatorForm(forms.ModelForm):
    class Meta:
        model = Operator
        fields = ("name_ar", "name_fr", "mandate_from", "mandate_until")
        widgets = {"mandate_from": DayInput, "mandate_until": DayInput}
        labels = {
            "name_ar": _("Name in Arabic"),
            "name_fr": _("Name in French"),
            "mandate_from": _("Mandate from"),
            "mandate_until": _("Mandate until"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="operator", **kwargs)
        self.fields["name_ar"].widget.attrs["dir"] = "rtl"
        self.fields["name_fr"].widget.attrs["dir"] = "ltr"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("mandate_from"), data.get("mandate_until")
        if start and end and end < start:
            self.add_error("mandate_until", _("The last day is before the first one."))
        return data
