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
from helpdesk.tickets.rules import SCORES, Came, Reason


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
    """A tap on a face sends the score alone; one on a reason sends it with the score given before."""

    score = forms.TypedChoiceField(coerce=int, choices=[(code, code) for code in SCORES])
    reason = forms.ChoiceField(choices=Reason, required=False)
    kept = forms.ChoiceField(choices=Reason, required=False)
    """The reason given before, sent with words so that they do not take it away."""
    words = LineField(label=gettext_lazy("In your own words"), required=False, limit=500)

    @property
    def given(self) -> dict[str, Any]:
        """What `following.rate` takes; words only where the form had a field for them."""
        data = self.cleaned_data
        found = {"score": data["score"], "reason": data["reason"] or data["kept"]}
        return found | ({"words": data["words"]} if "words" in self.data else {})


class ResultForm(forms.Form):
    result = forms.ChoiceField(choices=Came)
