"""What somebody corrects before the words of a request become a draft article."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.centre.lines import clean_text
from knowledge.articles import access as library


class DraftForm(forms.Form):
    theme = forms.ChoiceField(label=_("Theme"))
    language = forms.ChoiceField(
        label=_("Language"), choices=[("ar", _("Arabic")), ("fr", _("French"))]
    )
    title = forms.CharField(
        label=_("Title"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    question = forms.CharField(
        label=_("Question, as people ask it"), max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 14, "dir": "auto"}),
        help_text=_("Each line becomes a statement of the draft, not certain until an editor has marked and cited it."),
    )  # fmt: skip
    nameless = forms.BooleanField(
        label=_("I have read it: it names nobody, no association, no number."),
        error_messages={"required": _("Read the text once more, then tick this.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["theme"]
        assert isinstance(field, forms.ChoiceField)
        themes = [(theme.code, str(theme)) for theme in library.asked_themes()]
        field.choices = [("", _("choose")), *themes]

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"], limit=20_000)
