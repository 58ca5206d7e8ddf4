"""What an administrator types about the centre."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from helpdesk.centre.lines import clean_line, isolated_ltr
from helpdesk.centre.models import Centre, Operator
from helpdesk.centre.sites import MOST, BadSite, origin_of, whatsapp_digits


class DayInput(forms.DateInput):
    """The browser's own calendar, which wants the ISO form whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class SitesField(forms.CharField):
    """One site a line; the value is a list of origins."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = [line for line in str(value or "").split() if line][: MOST + 1]
        if len(lines) > MOST:
            raise ValidationError(_("At most %(most)s sites.") % {"most": MOST})
        try:
            return list(dict.fromkeys(origin_of(line) for line in lines))
        except BadSite as bad:
            raise ValidationError(
                _("“%(site)s” is not the address of a site: write it like https://example.org.")
                % {"site": isolated_ltr(clean_line(str(bad), limit=80))}
            ) from None

    def run_validators(self, value: Any) -> None:
        """Each line is checked by its parsing."""


class CentreForm(forms.ModelForm):
    chat_sites = SitesField(
        label=_("Sites that may show the chat"), required=False,
        help_text=_("One a line, like https://example.org. On other sites the window stays empty."),
    )  # fmt: skip

    class Meta:
        model = Centre
        fields = (
            "name_ar", "name_fr", "phone_shown", "whatsapp", "email_shown", "cndp_number", "cndp_on",
            "chat_sites",
        )  # fmt: skip
        widgets = {"cndp_on": DayInput}
        labels = {
            "name_ar": _("Name in Arabic"),
            "name_fr": _("Name in French"),
            "phone_shown": _("Telephone of the centre"),
            "whatsapp": _("WhatsApp number of the centre"),
            "email_shown": _("E-mail of the centre"),
            "cndp_number": _("Number of the CNDP receipt or authorisation"),
            "cndp_on": _("Date of that document"),
        }
        help_texts = {
            "phone_shown": _("As it is printed on the pages; empty while there is none."),
            "whatsapp": _("Chats may go on there; empty while there is none."),
            "cndp_number": _("Shown in the privacy notice under every form."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        directions = {"name_ar": "rtl", "name_fr": "ltr"}
        for name, field in self.fields.items():
            field.widget.attrs["dir"] = directions.get(name, "ltr")

    def clean_whatsapp(self) -> str:
        typed = self.cleaned_data["whatsapp"].strip()
        digits = whatsapp_digits(typed)
        if typed and not digits:
            raise ValidationError(_("Write the whole number, like 06 12 34 56 78."))
        return digits


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
