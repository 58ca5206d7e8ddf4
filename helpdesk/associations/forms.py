"""What people at the desk type about who asks. Every error says what to write instead."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from helpdesk.accounts.models import Tongue
from helpdesk.associations import clock, names
from helpdesk.associations.numbers import BadNumber, Number
from helpdesk.associations.rules import LegalStatus, Office, Stage
from helpdesk.centre.territory import province_choices

FIRST_DAY = date(1900, 1, 1)


class Day(forms.DateField):
    """A calendar day as browsers send it; `past` refuses days to come."""

    def __init__(self, *, past: bool = False, **kwargs: Any) -> None:
        self.past = past
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "dir": "ltr"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is None:
            return
        if value < FIRST_DAY or value.year > timezone.localdate().year + 20:
            raise forms.ValidationError(_("Check the year."))
        if self.past and value > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))


class Name(forms.CharField):
    """One line without hidden characters, in its own direction; too long is an error, never cut."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"dir": "auto"}), **kwargs)

    def to_python(self, value: Any) -> str:
        return names.clean(super().to_python(value) or "", longest=2000)


class Telephone(forms.CharField):
    """A number in any spelling; gives a `Number`, or None."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"type": "tel", "inputmode": "tel", "dir": "ltr", "autocomplete": "off"}
        super().__init__(max_length=40, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> Number | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return Number.parse(text)
        except BadNumber as bad:
            raise forms.ValidationError(str(bad)) from bad


def _anything(label: str) -> list[tuple[str, str]]:
    return [("", label)]


class FilterForm(forms.Form):
    """The list's filters; what is not among the choices filters nothing."""

    q = forms.CharField(
        label=gettext_lazy("Name"), required=False, max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "dir": "auto"}),
    )  # fmt: skip
    province = forms.ChoiceField(label=gettext_lazy("Province"), required=False)
    stage = forms.ChoiceField(label=gettext_lazy("Life stage"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provinces = [*_anything(pgettext("provinces", "all")), *province_choices()]
        stages = [*_anything(pgettext("life stages", "all")), *Stage.choices]
        self.fields["province"].choices = provinces  # type: ignore[attr-defined]
        self.fields["stage"].choices = stages  # type: ignore[attr-defined]


class AssociationForm(forms.Form):
    """The facts; the life stage has a form of its own."""

    name_ar = Name(label=gettext_lazy("Name in Arabic"), max_length=200, required=False)
    name_fr = Name(label=gettext_lazy("Name in French"), max_length=200, required=False)
    legal_status = forms.ChoiceField(label=gettext_lazy("Legal status"), choices=LegalStatus)
    province = forms.ChoiceField(label=gettext_lazy("Province"), required=False)
    commune = Name(label=gettext_lazy("Commune"), max_length=120, required=False)
    seat = Name(label=gettext_lazy("Seat"), max_length=200, required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail of the association"), required=False,
        widget=forms.EmailInput(attrs={"dir": "ltr"}),
    )  # fmt: skip
    founded_on = Day(label=gettext_lazy("Founded on"), past=True, required=False)
    filed_on = Day(label=gettext_lazy("File deposited on"), past=True, required=False)
    provisional_on = Day(label=gettext_lazy("Provisional receipt of"), past=True, required=False)
    final_on = Day(label=gettext_lazy("Final receipt of"), past=True, required=False)
    mandate_ends_on = Day(label=gettext_lazy("Mandate of the board ends on"), required=False)

    def __init__(self, *args: Any, nameless: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.nameless = nameless
        choices = [*_anything(_("not known")), *province_choices()]
        self.fields["province"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (self.nameless or cleaned.get("name_ar") or cleaned.get("name_fr")):
            self.add_error("name_ar", _("Write the name in one language at least."))
        earlier = None
        for field in ("founded_on", "filed_on", "provisional_on", "final_on"):
            day = cleaned.get(field)
            if day and earlier and day < earlier:
                self.add_error(field, _("This day lies before the step that comes first."))
            earlier = day or earlier
        return cleaned


class StageForm(forms.Form):
    stage = forms.ChoiceField(label=gettext_lazy("New stage"), choices=Stage)
    on = Day(label=gettext_lazy("Since when"), past=True)


class DeadlineForm(forms.Form):
    """An event that sets a clock going."""

    rule = forms.ChoiceField(label=gettext_lazy("What happened"))
    event_on = Day(label=gettext_lazy("On which day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = clock.choices(staff=True)  # type: ignore[attr-defined]

    def clean_event_on(self) -> date:
        day: date = self.cleaned_data["event_on"]
        if not clock.is_plausible(day, today=timezone.localdate()):
            raise forms.ValidationError(_("Check the year."))
        return day


class EndForm(forms.Form):
    """How a clock ends."""

    how = forms.ChoiceField(
        label=gettext_lazy("What became of it"),
        choices=[
            ("met", gettext_lazy("it was done")),
            ("dropped", gettext_lazy("it no longer counts")),
        ],
    )
    on = Day(label=gettext_lazy("On which day"), past=True)


class MandateForm(forms.Form):
    """Somebody who holds an office: found by number and name, or written down."""

    name = Name(label=gettext_lazy("Name"), max_length=120)
    number = Telephone(label=gettext_lazy("Telephone"), required=False)
    office = forms.ChoiceField(label=gettext_lazy("Office"), choices=Office)
    starts_on = Day(label=gettext_lazy("From"), required=False)
    ends_on = Day(label=gettext_lazy("Until"), required=False)
    source = Name(label=gettext_lazy("Document that says so"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The end lies before the start."))
        return cleaned


class MandateEndForm(forms.Form):
    on = Day(label=gettext_lazy("Last day in office"))

    def __init__(self, *args: Any, starts_on: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.starts_on = starts_on

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if self.starts_on and day < self.starts_on:
            raise forms.ValidationError(_("The end lies before the start."))
        return day


class PersonForm(forms.Form):
    """Everything may stay empty: an anonymous contact is a full one."""

    name = Name(label=gettext_lazy("Name"), max_length=120, required=False)
    other_name = Name(
        label=gettext_lazy("Name in the other script"), max_length=120, required=False
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), required=False,
        widget=forms.EmailInput(attrs={"dir": "ltr"}),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the pages"), choices=[("ar", "العربية"), ("fr", "Français")]
    )
    speaks = forms.ChoiceField(label=gettext_lazy("Speaks"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["speaks"].choices = [*_anything(_("not known")), *Tongue.choices]  # type: ignore[attr-defined]


class PhoneForm(forms.Form):
    number = Telephone(label=gettext_lazy("Telephone"))


class ReasonForm(forms.Form):
    """Why a number is looked at; kept in the audit."""

    reason = Name(label=gettext_lazy("Why do you need the number"), min_length=4, max_length=200)


class MergeForm(forms.Form):
    """Of two persons, who goes on."""

    keep = forms.TypedChoiceField(
        label=gettext_lazy("Who goes on"), coerce=int, widget=forms.RadioSelect
    )
    other = forms.IntegerField(widget=forms.HiddenInput)
    same = forms.BooleanField(
        label=gettext_lazy("It is one and the same person"),
        error_messages={
            "required": gettext_lazy("A telephone or a name alone proves nobody: be sure first.")
        },
    )

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        field = self.fields["keep"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.pk, str(one)) for one in people]

    @property
    def kept(self) -> Any:
        return next(one for one in self.people if one.pk == self.cleaned_data["keep"])

    @property
    def gone(self) -> Any:
        return next(one for one in self.people if one.pk != self.cleaned_data["keep"])
