"""What a visitor types in a chat."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.accounts.models import Tongue
from helpdesk.centre.wording import reader_language
from helpdesk.files.actions import AT_ONCE
from helpdesk.files.rules import ACCEPT
from helpdesk.portal.actions.chatting import LINE_ID
from helpdesk.portal.fields import FilesField, LineField, WordsField

LONGEST = 4_000
"""Characters of one line of a chat."""


class BeginForm(forms.Form):
    """The first line is enough."""

    key = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    words = WordsField(
        label=gettext_lazy("What is your question?"), rows=3, limit=LONGEST,
        help_text=gettext_lazy(
            "Write as you speak: what happened, when, where. No identity card number."
        ),
        error_messages={"required": gettext_lazy("Write your question.")},
    )  # fmt: skip
    name = LineField(label=gettext_lazy("Your name"), required=False, limit=80)
    language = forms.ChoiceField(
        label=gettext_lazy("Which language do you speak with us?"), choices=Tongue, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["words"].widget.attrs["data-once"] = True

    def clean_language(self) -> str:
        return self.cleaned_data["language"] or reader_language()


class LineForm(forms.Form):
    line = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    words = WordsField(label=gettext_lazy("Your message"), required=False, rows=1, limit=LONGEST)
    files = FilesField(label=gettext_lazy("Add a file"), required=False, most=AT_ONCE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"].widget.attrs |= {"accept": ACCEPT, "multiple": True}

    def clean_line(self) -> str:
        line = self.cleaned_data["line"]
        if line and not LINE_ID.match(line):
            raise ValidationError(_("This page is out of date: load it again. Your text is kept."))
        return line

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not given.get("words") and not given.get("files"):
            self.add_error("words", _("Write a message or add a file."))
        return given

    @property
    def said(self) -> str:
        """All that is wrong, in one sentence after the other."""
        return " ".join(str(error) for errors in self.errors.values() for error in errors)


class MailForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"), max_length=254,
        error_messages={
            "required": gettext_lazy("Write your e-mail."),
            "invalid": gettext_lazy("This is not an e-mail address."),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs |= {"autocomplete": "email", "dir": "ltr"}
