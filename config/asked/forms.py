"""What an administrator types of a theme and of a fact."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from config.asked.lists import Line, shape_names
from helpdesk.portal.fields import LineField
from knowledge.articles.themes import THEME_HINTS

ARABIC = forms.TextInput(attrs={"lang": "ar", "dir": "rtl"})
FRENCH = forms.TextInput(attrs={"lang": "fr", "dir": "ltr"})
LONGEST, LONGEST_HINT = 80, 120


class NamedForm(forms.Form):
    """Two names, each once in its list: people choose by them."""

    NAMES: tuple[str, str]
    lines: Iterable[Line] = ()
    code = ""

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name, others in zip(
            self.NAMES, (self._taken("arabic"), self._taken("french")), strict=True
        ):
            if said.get(name, "").casefold() in others:
                self.add_error(name, ValidationError(_("Another one in the list has this name.")))
        return said

    def _taken(self, language: str) -> set[str]:
        rows = (line for line in self.lines if line.code != self.code)
        return {getattr(line, language).casefold() for line in rows}


class ThemeForm(NamedForm):
    NAMES = ("name_ar", "name_fr")
    name_ar = LineField(label=gettext_lazy("Name in Arabic"), limit=LONGEST, widget=ARABIC)
    name_fr = LineField(label=gettext_lazy("Name in French"), limit=LONGEST, widget=FRENCH)
    hint_ar = LineField(
        label=gettext_lazy("What it holds, in Arabic"), limit=LONGEST_HINT, required=False,
        widget=ARABIC,
    )  # fmt: skip
    hint_fr = LineField(
        label=gettext_lazy("What it holds, in French"), limit=LONGEST_HINT, required=False,
        widget=FRENCH,
    )  # fmt: skip
    queues = forms.MultipleChoiceField(
        label=gettext_lazy("Queues that take it"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only queues that take some themes are listed; the others take every theme."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, code: str, lines: Iterable[Line], queues: Iterable[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.code, self.lines = code, lines
        choices = [(str(queue.pk), str(queue)) for queue in queues]
        if choices:
            self.fields["queues"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["queues"]
        for language in ("ar", "fr"):
            with override(language):
                hint = str(THEME_HINTS.get(code, ""))
            self.fields[f"hint_{language}"].widget.attrs["placeholder"] = hint


class FactForm(NamedForm):
    NAMES = ("label_ar", "label_fr")
    label_ar = LineField(label=gettext_lazy("Name in Arabic"), limit=LONGEST, widget=ARABIC)
    label_fr = LineField(label=gettext_lazy("Name in French"), limit=LONGEST, widget=FRENCH)
    shape = forms.ChoiceField(
        label=gettext_lazy("What is typed"), widget=forms.RadioSelect,
        help_text=gettext_lazy("It stays so: what was told already was typed in this way."),
    )  # fmt: skip
    themes = forms.MultipleChoiceField(
        label=gettext_lazy("Always asked for with"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Beside the facts that each article asks for."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, code: str, lines: Iterable[Line], themes: Iterable[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.code, self.lines = code, lines
        self.fields["themes"].choices = [(theme.code, str(theme)) for theme in themes]  # type: ignore[attr-defined]
        if code:
            del self.fields["shape"]
        else:
            self.fields["shape"].choices = list(shape_names().items())  # type: ignore[attr-defined]

    def clean_themes(self) -> list[str]:
        return sorted(self.cleaned_data["themes"])
