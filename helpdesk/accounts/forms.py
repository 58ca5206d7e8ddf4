"""What people type about accounts."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.accounts import access
from helpdesk.accounts.models import Audit, Team, Tongue, User
from helpdesk.accounts.rules import SUBJECTS, role_choices
from knowledge.articles.models import Theme

EXTENSION = re.compile(r"[A-Za-z0-9*#_-]{1,20}")
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


class DayInput(forms.DateInput):
    """The browser's own calendar, which wants the ISO form whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Speaks(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self) -> None:
        super().__init__(label=_("Speaks"), choices=Tongue.choices, required=False)


class MyForm(forms.ModelForm):
    """A person's own settings."""

    speaks = Speaks()

    class Meta:
        model = User
        fields = ("language", "speaks", "extension", "single_keys")
        labels = {
            "language": _("Language of the pages"),
            "extension": _("Extension of my desk telephone"),
            "single_keys": _("Single-key shortcuts"),
        }
        help_texts = {
            "extension": _(
                "As the exchange names it, for example 101. Calls that ring there are offered to you first."
            ),
            "single_keys": _("Turn this off if you dictate or if keys are pressed by accident."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["extension"].widget.attrs.update(dir="ltr", inputmode="tel")

    def clean_extension(self) -> str:
        """One telephone rings for one person."""
        extension = self.cleaned_data["extension"].strip().translate(DIGITS)
        if extension and not EXTENSION.fullmatch(extension):
            raise ValidationError(_("Letters, digits and * # - _ only."))
        others = User.objects.exclude(pk=self.instance.pk)
        if extension and others.filter(extension=extension).exists():
            raise ValidationError(_("Another person has this extension."))
        return extension


class DetailsForm(forms.ModelForm):
    """Who somebody is; the user name is chosen once."""

    class Meta:
        model = User
        fields = ("name_ar", "name_fr", "email", "language")
        labels = {
            "name_ar": _("Name in Arabic letters"),
            "name_fr": _("Name in Latin letters"),
            "email": _("E-mail"),
            "language": _("Language of the pages"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name_ar"].widget.attrs.update(dir="auto", lang="ar")
        self.fields["name_fr"].widget.attrs.update(dir="auto", lang="fr")
        self.fields["email"].widget.attrs.update(dir="ltr")

    def clean_email(self) -> str:
        """One address, one account: it opens the sign-in and the password reset."""
        email = self.cleaned_data["email"].strip()
        others = User.objects.exclude(pk=self.instance.pk)
        if email and others.filter(email__iexact=email).exists():
            raise ValidationError(_("Another account has this e-mail address."))
        return email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("name_ar") and not data.get("name_fr"):
            self.add_error("name_ar", _("Write the name in one of the two scripts at least."))
        return data


class PersonForm(DetailsForm):
    """A new account."""

    speaks = Speaks()
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=role_choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta(DetailsForm.Meta):
        fields = ("username", *DetailsForm.Meta.fields, "speaks")
        labels = {"username": _("User name"), **DetailsForm.Meta.labels}
        help_texts = {"username": _("Letters, digits and . - _ only. It cannot be changed later.")}
        error_messages = {
            "username": {
                "unique": _("This user name is taken."),
                "invalid": _("Letters, digits and . - _ only."),
            }
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs.update(dir="ltr", autocomplete="off")


class SkillsForm(forms.ModelForm):
    """Which contacts are offered to somebody first, and how many at once."""

    all_optional = True
    capacity = forms.IntegerField(
        label=_("Chats at once"), min_value=0, max_value=9, required=True, localize=True,
        help_text=_("From 0 to 9. During a call nothing else is offered."),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "class": "short"}),
    )  # fmt: skip
    speaks = Speaks()
    themes = forms.ModelMultipleChoiceField(
        label=_("Knows best"), queryset=Theme.objects.none(), required=False, to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen: every theme. Others are offered too, when nobody fits better."),
    )  # fmt: skip

    class Meta:
        model = User
        fields = ("capacity", "speaks", "themes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Theme.objects.filter(Q(withdrawn_at=None) | Q(pk__in=self.instance.themes.all()))
        self.fields["themes"].queryset = known.order_by("code")


class RolesForm(forms.Form):
    all_optional = True
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=role_choices, widget=forms.CheckboxSelectMultiple, required=False
    )


class PostingForm(forms.Form):
    """Where somebody works, and from when until when."""

    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), empty_label=None)
    province = forms.ChoiceField(label=_("Province"), required=False)
    starts_on = forms.DateField(label=_("From"), widget=DayInput)
    ends_on = forms.DateField(label=_("Until (last day)"), widget=DayInput, required=False)

    def __init__(self, *args: Any, viewer: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        teams = access.teams_for(viewer).select_related("centre").order_by("pk")
        provinces: dict[str, str] = {}
        for team in teams:
            provinces |= team.centre.provinces()
        self.fields["team"].queryset = teams
        self.fields["team"].choices = [(team.pk, str(team)) for team in teams]
        self.fields["province"].choices = [("", _("the whole territory")), *provinces.items()]
        self.fields["starts_on"].initial = today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The last day is before the first one."))
        team = data.get("team")
        if team and not access.can_post(self.viewer, team, data.get("province", "")):
            self.add_error("province", _("You can post people only where you are posted yourself."))
        return data


class PeopleFilter(forms.Form):
    """A filter never refuses: what it cannot read counts as not given."""

    all_optional = True
    q = forms.CharField(label=_("Name"), max_length=100, required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("all roles")), *role_choices()]
        self.fields["q"].widget.attrs.update(dir="auto")

    def given(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data


class AuditFilter(forms.Form):
    all_optional = True
    act = forms.ChoiceField(label=_("Act"), required=False)
    who = forms.CharField(label=_("User name"), max_length=150, required=False)
    kind = forms.ChoiceField(label=_("About"), required=False)
    subject = forms.IntegerField(
        label=_("Number"), min_value=1, max_value=2**53, required=False, localize=True
    )
    since = forms.DateField(label=_("From day"), required=False, widget=DayInput)
    until = forms.DateField(label=_("Until day"), required=False, widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].choices = [("", _("all acts")), *Audit.Act.choices]
        self.fields["kind"].choices = [("", _("everything")), *SUBJECTS.items()]
        self.fields["who"].widget.attrs.update(dir="ltr")
        self.fields["subject"].widget = forms.TextInput(
            attrs={"dir": "ltr", "inputmode": "numeric"}
        )

    def given(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data
