"""What people type about somebody who is told of a change of law."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NOTED = ("spared", "unreached")


class TellingForm(forms.Form):
    """How it went: sent, said by telephone or in person, not concerned, not reached."""

    what = forms.ChoiceField(label=gettext_lazy("What is done"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("The message, to send or to read aloud"), max_length=3000,
        required=False, widget=forms.Textarea(attrs={"rows": 9, "dir": "auto"}),
        help_text=gettext_lazy("In the language of who asked. It stands on their follow page; the notice carries the link only."),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Note for colleagues"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip

    def __init__(self, *args: Any, by_message: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        send = _("Send the message") if by_message else _("Put the message on the follow page")
        self.fields["what"].choices = [
            ("message", send), ("call", _("Told by telephone")), ("visit", _("Told in person")),
            ("spared", _("Not concerned")), ("unreached", _("Every way was tried in vain")),
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("what") in NOTED and len(given.get("note", "").strip()) < 5:
            self.add_error("note", _("Say why."))
        return given


class ClosingForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Note for colleagues"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip
