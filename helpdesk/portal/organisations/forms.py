"""What administrators type about organisations, their keys and their subscriptions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from helpdesk.accounts.forms import DayInput
from helpdesk.accounts.keys import ApiKey, Organisation, Scope
from helpdesk.centre.lines import clean_line
from helpdesk.notices.dialling import NotAllowed, parsed
from helpdesk.notices.subscriptions import LONGEST_ADDRESS, Event

WHY = {
    "https": _("The address must begin with https:// and have no blank."),
    "address": _("The address must have no name, password or part after #."),
    "port": _("Only the ports 443 and 8443 are taken."),
    "number": _("Write the name of the server, not its number."),
    "host": _("The name of the server is not whole."),
}


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = ("name_ar", "name_fr", "contact")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name_ar"].widget.attrs.update(dir="auto", lang="ar")
        self.fields["name_fr"].widget.attrs.update(dir="auto", lang="fr")
        self.fields["contact"].widget.attrs.update(dir="ltr")

    def clean_name_ar(self) -> str:
        return _named(self.cleaned_data["name_ar"])

    def clean_name_fr(self) -> str:
        return _named(self.cleaned_data["name_fr"])


class KeyForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        label=_("What it opens"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    per_minute = forms.IntegerField(
        label=_("Requests a minute"), min_value=1, max_value=6000, initial=60, localize=True,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "class": "short"}),
    )  # fmt: skip
    expires_on = forms.DateField(
        label=_("Last day"), widget=DayInput, required=False,
        help_text=_("Empty: it holds until it is revoked."),
    )  # fmt: skip

    class Meta:
        model = ApiKey
        fields = ("label", "scopes", "per_minute", "expires_on")

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self.fields["label"].widget.attrs.update(dir="auto")

    def clean_label(self) -> str:
        return _named(self.cleaned_data["label"])

    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        if day and day < self._today:
            raise ValidationError(_("This day is past."))
        return day


class SubscriptionForm(forms.Form):
    url = forms.CharField(
        label=_("Address"), max_length=LONGEST_ADDRESS,
        help_text=_("https only, on a public server. Nothing is sent to a private network."),
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        label=_("Is told when"), choices=Event.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].widget.attrs.update(dir="ltr", inputmode="url", autocomplete="off")

    def clean_url(self) -> str:
        url = self.cleaned_data["url"].strip()
        try:
            parsed(url)
        except NotAllowed as no:
            raise ValidationError(WHY.get(str(no), WHY["address"]))
        return url


def _named(text: str) -> str:
    """Without signs that could turn a line round; something must be left."""
    line = clean_line(text, limit=120)
    if not line:
        raise ValidationError(_("This field is needed."))
    return line
