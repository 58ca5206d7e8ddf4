"""What an administrator types about the centre: one form a step of its set-up."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from helpdesk.centre import colours, logos
from helpdesk.centre.lines import clean_line, isolated_ltr
from helpdesk.centre.models import Centre, Operator
from helpdesk.centre.sites import MOST, BadSite, origin_of, whatsapp_digits
from helpdesk.centre.territory import province_choices


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


class Directed(forms.ModelForm):
    """Arabic from the right, everything else here from the left."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["dir"] = "rtl" if name.endswith("_ar") else "ltr"

    def clean(self) -> dict[str, Any]:
        """Names stand in other people's lines: no sign that turns a line round."""
        data = super().clean() or {}
        for name in ("name_ar", "name_fr", "body_ar", "body_fr"):
            if data.get(name):
                data[name] = clean_line(data[name], limit=200)
        return data


class CentreForm(Directed):
    served = forms.MultipleChoiceField(
        label=_("Provinces it answers"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: the whole region."),
    )  # fmt: skip

    class Meta:
        model = Centre
        fields = ("name_ar", "name_fr", "served")
        labels = {"name_ar": _("Name in Arabic"), "name_fr": _("Name in French")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["served"].choices = province_choices()


class OperatorForm(Directed):
    class Meta:
        model = Operator
        fields = ("name_ar", "name_fr", "body_ar", "body_fr", "mandate_from", "mandate_until")
        widgets = {"mandate_from": DayInput, "mandate_until": DayInput}
        labels = {
            "name_ar": _("Name in Arabic"),
            "name_fr": _("Name in French"),
            "body_ar": _("Supervising body, in Arabic"),
            "body_fr": _("Supervising body, in French"),
            "mandate_from": _("Mandate from"),
            "mandate_until": _("Mandate until"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="operator", **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        start, end = data.get("mandate_from"), data.get("mandate_until")
        if start and end and end < start:
            self.add_error("mandate_until", _("The last day is before the first one."))
        return data


class PrivacyForm(Directed):
    """What the CNDP gave: at least one of the two, each with its day."""

    PAIRS = (("cndp_number", "cndp_on"), ("cndp_authorisation", "cndp_authorised_on"))

    class Meta:
        model = Centre
        fields = ("cndp_number", "cndp_on", "cndp_authorisation", "cndp_authorised_on")
        widgets = {"cndp_on": DayInput, "cndp_authorised_on": DayInput}
        labels = {
            "cndp_number": _("Number of the declaration"),
            "cndp_on": _("Date of the declaration"),
            "cndp_authorisation": _("Number of the authorisation"),
            "cndp_authorised_on": _("Date of the authorisation"),
        }
        help_texts = {"cndp_number": _("As it stands on the receipt of the CNDP.")}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for number, day in self.PAIRS:
            data[number] = clean_line(data.get(number) or "", limit=60)
            if bool(data[number]) != bool(data.get(day)) and not self.errors:
                self.add_error(day, _("Write both: the number and its date."))
        return data


class ContactForm(Directed):
    chat_sites = SitesField(
        label=_("Sites that may show the chat"), required=False,
        help_text=_("One a line, like https://example.org. On other sites the window stays empty."),
    )  # fmt: skip

    class Meta:
        model = Centre
        fields = ("phone_shown", "whatsapp", "email_shown", "chat_sites")
        labels = {
            "phone_shown": _("Telephone of the centre"),
            "whatsapp": _("WhatsApp number of the centre"),
            "email_shown": _("E-mail of the centre"),
        }
        help_texts = {
            "phone_shown": _("As it is printed on the pages; empty while there is none."),
            "whatsapp": _("Chats may go on there; empty while there is none."),
        }

    def clean_whatsapp(self) -> str:
        typed = self.cleaned_data["whatsapp"].strip()
        digits = whatsapp_digits(typed)
        if typed and not digits:
            raise ValidationError(_("Write the whole number, like 06 12 34 56 78."))
        return digits


class LookForm(forms.Form):
    """The logo is drawn anew, the colour must be readable: `png` is what to keep, None = as it was."""

    all_optional = True
    logo = forms.FileField(
        label=_("Logo"), required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_("PNG, JPEG or WebP, at most 2 MB. It is drawn anew, without what else the file holds."),
    )  # fmt: skip
    drop = forms.BooleanField(label=_("No logo any more"), required=False)
    colour = forms.CharField(
        label=_("Colour of the public pages"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"dir": "ltr", "placeholder": "#0e6b5b", "class": "short"}),
        help_text=_("Six digits like #0e6b5b; empty: the green of Wasl. It must be dark enough to be read."),
    )  # fmt: skip

    def clean_logo(self) -> bytes | None:
        sent = self.cleaned_data["logo"]
        if not sent:
            return None
        try:
            return logos.redrawn(sent.read(logos.MOST_BYTES + 1))
        except logos.BadPicture as bad:
            raise ValidationError(str(bad)) from None

    def clean_colour(self) -> str:
        typed = self.cleaned_data["colour"].strip()
        colour = colours.colour_of(typed)
        if typed and not colour:
            raise ValidationError(_("Write the colour as six digits, like #0e6b5b."))
        if colour and not colours.is_readable(colour):
            raise ValidationError(
                _(
                    "Too light to be read: its contrast is %(has)s to 1, and %(needs)s is needed. Take a darker one."
                )
                % {"has": f"{colours.weakest(colour):.1f}", "needs": colours.ENOUGH}
            )
        return colour
