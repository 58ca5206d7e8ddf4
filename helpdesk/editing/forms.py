"""What people type in the editor besides the texts themselves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class WhyForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why"), min_length=5, max_length=300,
        help_text=gettext_lazy("It is kept in the history with your name."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip


class ReviewForm(WhyForm):
    """What the second person decides."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"), widget=forms.RadioSelect,
        choices=[
            ("now", gettext_lazy("Publish now")),
            ("day", gettext_lazy("Publish at the moment given below")),
            ("back", gettext_lazy("Send it back to its writers")),
        ],
    )  # fmt: skip
    publish_at = forms.DateTimeField(
        label=gettext_lazy("Publish at"), required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )  # fmt: skip
    field_order = ["decision", "publish_at", "why"]

    def __init__(self, *args: Any, at: datetime, is_released: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        if is_released:
            kept = ("hold", _("Take back the moment of publishing"))
            self.fields["decision"].choices = [*self.fields["decision"].choices, kept]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("decision") == "day" and "publish_at" not in self.errors:
            moment = given.get("publish_at")
            if moment is None or moment <= self.at:
                self.add_error("publish_at", ValidationError(_("Choose a moment to come.")))
        return given


class NewForm(forms.Form):
    """A new article: its theme, and a title in one language at least."""

    theme = forms.ChoiceField(label=gettext_lazy("Theme"))
    title_ar = forms.CharField(
        label=gettext_lazy("Title in Arabic"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"dir": "rtl", "lang": "ar"}),
    )  # fmt: skip
    title_fr = forms.CharField(
        label=gettext_lazy("Title in French"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "lang": "fr"}),
    )  # fmt: skip

    def __init__(self, *args: Any, themes: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = [(theme.code, str(theme)) for theme in themes]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("title_ar") and not given.get("title_fr") and not self.errors:
            raise ValidationError(_("Give the title in one language at least."))
        return given

    @property
    def titles(self) -> dict[str, str]:
        return {
            language: self.cleaned_data[f"title_{language}"]
            for language in ("ar", "fr")
            if self.cleaned_data[f"title_{language}"]
        }
