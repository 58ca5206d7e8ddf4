"""What a caller types before a call."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.accounts.models import Tongue
from helpdesk.associations.numbers import Number
from helpdesk.portal.fields import LineField, PhoneField, WordsField
from knowledge.articles import access as library
from telephony.actions import Caller
from telephony.actions.entering import Way

WORDS = 400
"""Characters of the few words: as many as go along to the other ways."""


class CallForm(forms.Form):
    """Everything may be left as it is; a call-back needs a number."""

    key = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    microphone = forms.BooleanField(required=False, widget=forms.HiddenInput)
    """The page's script has the microphone: without it no call can begin."""
    anyway = forms.BooleanField(required=False, widget=forms.HiddenInput)
    """Wait though nobody there speaks the language."""
    language = forms.ChoiceField(
        label=gettext_lazy("Which language do you speak with us?"), choices=Tongue,
        widget=forms.RadioSelect,
    )  # fmt: skip
    theme = forms.ChoiceField(label=gettext_lazy("About what?"), required=False)
    words = WordsField(
        label=gettext_lazy("In a few words"), required=False, rows=2, limit=WORDS,
        help_text=gettext_lazy("If you like. The advisor reads it before answering."),
    )  # fmt: skip
    name = LineField(label=gettext_lazy("Your name"), required=False, limit=80)
    number = PhoneField(
        label=gettext_lazy("Your telephone number"), required=False,
        help_text=gettext_lazy("So that we can call you back if the line breaks."),
    )  # fmt: skip
    record = forms.BooleanField(
        label=gettext_lazy("I agree that this talk may be recorded"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        themes = [(theme.code, str(theme)) for theme in library.asked_themes()]
        self.fields["theme"].choices = [("", _("I do not know")), *themes]  # type: ignore[attr-defined]
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        if not settings.RECORD_CALLS:
            del self.fields["record"]

    @property
    def is_for_back(self) -> bool:
        return self.data.get("way") == Way.CALL_BACK

    def clean_number(self) -> Number | None:
        number: Number | None = self.cleaned_data["number"]
        if number is None and self.is_for_back:
            raise forms.ValidationError(_("Write the number at which we call you."))
        return number

    @property
    def chosen_theme(self) -> Any:
        """The theme chosen, None for "I do not know"."""
        code = getattr(self, "cleaned_data", {}).get("theme")
        return next((theme for theme in library.asked_themes() if theme.code == code), None)

    @property
    def caller(self) -> Caller:
        said = self.cleaned_data
        return Caller(
            number=said["number"], name=said["name"], words=said["words"],
            language=said["language"], theme=self.chosen_theme,
        )  # fmt: skip


class BackForm(forms.Form):
    """A wish to be called back, from a call under way."""

    number = PhoneField(
        label=gettext_lazy("Your telephone number"),
        error_messages={"required": gettext_lazy("Write the number at which we call you.")},
    )  # fmt: skip
