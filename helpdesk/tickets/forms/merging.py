"""Merging and splitting, as the desk fills them in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.centre.lines import clean_line

INTO, FROM = "into", "from"
"""Which way: this request into the other, or the other into this one."""


class MergeForm(forms.Form):
    other = forms.IntegerField(min_value=1, max_value=2**53, widget=forms.HiddenInput)
    way = forms.ChoiceField(choices=[(INTO, INTO), (FROM, FROM)], widget=forms.HiddenInput)
    same = forms.BooleanField(
        label=_("The same person asked both"),
        help_text=_("Each of the two secret codes will open everything."),
        error_messages={"required": _("Merge only what the same person asked.")},
    )


class SplitForm(forms.Form):
    subject = forms.CharField(label=_("Subject of the new request"), max_length=160)
    entry = forms.TypedMultipleChoiceField(
        label=_("Entries that become a new request"), coerce=int, choices=[],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one entry.")},
    )  # fmt: skip

    def __init__(self, *args: Any, entries: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = entries
        field = self.fields["entry"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(entry.pk, str(entry.number)) for entry in entries]

    def clean_subject(self) -> str:
        return clean_line(self.cleaned_data["subject"], limit=160)

    @property
    def chosen(self) -> set[int]:
        """Ticked, for showing the form again."""
        return (
            {int(pk) for pk in self.data.getlist("entry") if pk.isdecimal()} if self.data else set()
        )
