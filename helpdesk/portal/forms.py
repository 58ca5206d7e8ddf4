"""What an asker types on the follow page."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.files.actions import AT_ONCE
from helpdesk.files.rules import ACCEPT
from helpdesk.portal.fields import FilesField, LineField, WordsField
from helpdesk.tickets import codes


class FollowForm(forms.Form):
    reference = LineField(
        label=gettext_lazy("Request number"),
        limit=40,
        help_text=gettext_lazy("Such as W-2026-000123"),
    )
    code = forms.CharField(
        label=gettext_lazy("Secret code"),
        help_text=gettext_lazy("16 digits, on your receipt. You may paste them."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reference"].widget.attrs |= {
            "dir": "ltr", "autocapitalize": "characters", "autocomplete": "off",
        }  # fmt: skip
        self.fields["code"].widget.attrs |= {
            "dir": "ltr", "inputmode": "numeric", "autocomplete": "off", "data-no-draft": True,
        }  # fmt: skip

    def clean_code(self) -> str:
        digits = codes.digits(self.cleaned_data["code"])
        if len(digits) != 16:
            raise ValidationError(_("The code has 16 digits."))
        return digits


class MessageForm(forms.Form):
    key = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    words = WordsField(label=gettext_lazy("Your message"), required=False, rows=4)
    files = FilesField(label=gettext_lazy("Papers or photographs"), required=False, most=AT_ONCE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"].widget.attrs |= {"accept": ACCEPT, "multiple": True}
        self.fields["files"].help_text = _("At most 6 files and 10 MB in all.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not given.get("words") and not given.get("files"):
            self.add_error("words", _("Write a message or add a file."))
        return given


class RatingForm(forms.Form):
    score = forms.TypedChoiceField(
        label=gettext_lazy("Did the answer help you?"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[
            (5, gettext_lazy("5: yes, entirely")),
            (4, gettext_lazy("4: yes")),
            (3, gettext_lazy("3: in part")),
            (2, gettext_lazy("2: little")),
            (1, gettext_lazy("1: not at all")),
        ],
        error_messages={"required": gettext_lazy("Choose one of the five.")},
    )
    words = LineField(label=gettext_lazy("In a word, why?"), required=False, limit=500)
