"""The facts an answer needs, as people type them at the desk: the shape of a fact decides its field.

Facts are kept as text. What was written before its field had this shape, or cannot be read as what is
asked, stays on the form as it was typed.
"""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.centre.lines import clean_line
from helpdesk.tickets import intake
from helpdesk.tickets.facts import facts

LONGEST = 300


class DayInput(forms.DateInput):
    """A browser's field for days empties what is no day: such a text keeps a line of its own."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = str(context["widget"]["value"] or "")
        is_day = not shown or intake.as_day(shown) is not None
        context["widget"]["type"] = "date" if is_day else "text"
        return context


def fact_field(code: str, *, kept: str = "") -> forms.Field:
    """The field of a fact; `kept` is what is stored of it."""
    fact = facts().get(code)
    label = fact.label if fact else code
    if fact and fact.shape == intake.Shape.DAY:
        return forms.DateField(
            label=label, required=False, widget=DayInput(format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"],
            error_messages={"invalid": _("Write a day, such as 24/11/2026, or leave it empty.")},
        )  # fmt: skip
    if fact and fact.shape == intake.Shape.YES_NO:
        known = [("", _("not known")), *intake.WORDS.items()]
        other = [(kept, kept)] if kept and kept not in intake.WORDS else []
        return forms.ChoiceField(label=label, required=False, choices=[*known, *other])
    attrs = {"dir": "auto"}
    if fact and fact.shape == intake.Shape.NUMBER:
        attrs = {"dir": "ltr", "inputmode": "numeric"}
    return forms.CharField(
        label=label, required=False, max_length=LONGEST, widget=forms.TextInput(attrs=attrs)
    )


def fact_text(value: Any) -> str:
    """A fact as it is stored."""
    if isinstance(value, date):
        return value.isoformat()
    return clean_line(str(value or ""), limit=LONGEST)


class FactsForm(forms.Form):
    """One field a fact."""

    def __init__(self, *args: Any, codes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in codes:
            self.fields[code] = fact_field(code, kept=str(self.initial.get(code, "")))

    @property
    def found(self) -> dict[str, str]:
        """Code -> value as it is stored; empty takes a fact back."""
        return {code: fact_text(value) for code, value in self.cleaned_data.items()}
