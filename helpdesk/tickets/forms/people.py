"""Who asks and for whom, as an advisor notes it."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.accounts.models import Tongue
from helpdesk.associations.numbers import BadNumber, Number
from helpdesk.associations.rules import Office, Standing
from helpdesk.centre.lines import clean_line
from helpdesk.centre.territory import province_choices


class NewPersonForm(forms.Form):
    """Somebody who is not among those found. Everything may stay empty but not all."""

    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    number = forms.CharField(
        label=_("Telephone"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"type": "tel", "dir": "ltr", "inputmode": "tel"}),
    )  # fmt: skip
    email = forms.EmailField(label=_("E-mail"), required=False)
    speaks = forms.ChoiceField(
        label=_("Speaks"), required=False, choices=[("", _("not known")), *Tongue.choices]
    )
    standing = forms.ChoiceField(label=_("In what capacity"), choices=Standing)

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"], limit=120)

    def clean_number(self) -> Number | None:
        text = self.cleaned_data["number"].strip()
        if not text:
            return None
        try:
            return Number.parse(text)
        except BadNumber as bad:
            raise forms.ValidationError(str(bad)) from bad

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(f) for f in ("name", "number", "email")):
            raise forms.ValidationError(_("Give a name, a number or an e-mail."))
        return cleaned


def standing_of(typed: str, before: str) -> str:
    """The capacity chosen, else the one known."""
    return typed if typed in Standing.values else before


class NewAssociationForm(forms.Form):
    name = forms.CharField(label=_("Name of the association"), max_length=200)
    province = forms.ChoiceField(label=_("Province"), required=False)
    commune = forms.CharField(label=_("Commune"), max_length=120, required=False)
    office = forms.ChoiceField(
        label=_("What the person is there"), required=False,
        choices=[("", _("not known")), *Office.choices],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["province"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("not known")), *province_choices()]

    def clean_name(self) -> str:
        name = clean_line(self.cleaned_data["name"], limit=200)
        if not name:
            raise forms.ValidationError(_("Write the name."))
        return name

    def clean_commune(self) -> str:
        return clean_line(self.cleaned_data["commune"], limit=120)


class ClockForm(forms.Form):
    rule = forms.ChoiceField(label=_("What happened, and what follows"))
    event_on = forms.DateField(
        label=_("Day it happened"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, rules: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["rule"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("choose")), *rules]
