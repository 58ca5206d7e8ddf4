"""What people type when they keep the library true."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.centre.territory import province_choices
from knowledge.search.analysis import stems_of
from knowledge.search.folding import is_arabic, normalise, storable


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, **more)


def _why(help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Why"), help_text=help_text, min_length=10, max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip


class ValidityForm(forms.Form):
    """When it is in force. Days that nobody established stay empty."""

    in_force_from = _day(gettext_lazy("In force from"), required=False)
    in_force_until = _day(
        gettext_lazy("In force until"), required=False,
        help_text=gettext_lazy("The last day on which it holds. Empty: no end is known."),
    )  # fmt: skip
    is_ended = forms.BooleanField(
        label=gettext_lazy("It is over, but the day is not established"), required=False
    )
    ended_by = forms.ChoiceField(
        label=gettext_lazy("Repealed or replaced by the text"), required=False
    )
    successor = forms.ChoiceField(label=gettext_lazy("Article to read instead"), required=False)
    territory = forms.MultipleChoiceField(
        label=gettext_lazy("Holds only in these provinces"), required=False,
        help_text=gettext_lazy("None ticked: it holds everywhere."),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    why = _why(
        gettext_lazy("Which text says so, and where it was read. It is kept with your name.")
    )

    def __init__(
        self, *args: Any, texts: Iterable[Any], articles: Iterable[tuple[str, str]] | None,
        own: str = "", **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        none = [("", _("none"))]
        self.fields["ended_by"].choices = none + [(t.code, t.name) for t in texts if t.code != own]
        if articles is None:
            del self.fields["successor"], self.fields["territory"]
            return
        self.fields["successor"].choices = none + [row for row in articles if row[0] != own]
        self.fields["territory"].choices = province_choices()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        starts, ends = given.get("in_force_from"), given.get("in_force_until")
        if starts and ends and ends < starts:
            self.add_error("in_force_until", _("This day is before the first one in force."))
        if ends and given.get("is_ended"):
            self.add_error(
                "is_ended", _("You gave the day on which it ends: leave this one empty.")
            )
        return given


class AssignForm(forms.Form):
    """Who sees to the next review, and by when."""

    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)
    review_on = _day(gettext_lazy("Next review by"), required=False)

    all_optional = True

    def __init__(self, *args: Any, people: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        named = [(pk, person.shown_name) for pk, person in self.people.items()]
        self.fields["owner"].choices = [("", _("nobody")), *named]

    @property
    def chosen(self) -> Any:
        """The person; None for nobody."""
        return self.people.get(self.cleaned_data["owner"])


class KeepForm(forms.Form):
    """It was read again and stays as it is."""

    review_on = _day(gettext_lazy("Next review by"))
    why = _why(
        gettext_lazy("What you read it against, such as the Official Bulletin and its date.")
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_review_on(self) -> date:
        day: date = self.cleaned_data["review_on"]
        if day <= self.on:
            raise ValidationError(_("Choose a day to come."))
        return day


class SignForm(forms.Form):
    bulletin = forms.CharField(
        label=gettext_lazy("Official Bulletin checked"), min_length=5, max_length=200,
        help_text=gettext_lazy("Number, date and page against which you read this version. Readers see it."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    read = forms.BooleanField(
        label=gettext_lazy("I read the whole version against the text, and I sign it with my name")
    )


class WhyForm(forms.Form):
    why = _why(gettext_lazy("It is kept with your name."))


class AdviceForm(forms.Form):
    """What changes for people who were answered from an older version."""

    change_ar = forms.CharField(
        label=gettext_lazy("What changes, in Arabic"), min_length=20, max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "rtl", "lang": "ar"}),
        help_text=gettext_lazy("Plain words for the people who got the older answer: it goes into the message to them."),
    )  # fmt: skip
    change_fr = forms.CharField(
        label=gettext_lazy("What changes, in French"),
        min_length=20,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr", "lang": "fr"}),
    )


MOST_SPELLINGS, LONGEST_SPELLING = 20, 60
_PARTS = re.compile("[\\n;؛]")


class SpellingsField(forms.CharField):
    """Spellings of one notion in one script, one a line or parted by semicolons; a list when clean."""

    def __init__(self, *, arabic: bool, **kwargs: Any) -> None:
        self.arabic = arabic
        attrs = {"rows": 3, "dir": "rtl" if arabic else "ltr", "lang": "ar" if arabic else "fr"}
        widget = forms.Textarea(attrs=attrs)
        super().__init__(required=False, max_length=1500, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        parts = _PARTS.split(storable(super().clean(value)))
        found = list(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))
        if len(found) > MOST_SPELLINGS:
            raise ValidationError(_("Twenty spellings at most."))
        for text in found:
            self._check(text)
        return found

    def _check(self, text: str) -> None:
        said = {"text": text[:LONGEST_SPELLING]}
        if len(text) > LONGEST_SPELLING:
            raise ValidationError(_("« %(text)s » is too long for a word or an expression.") % said)
        if is_arabic(normalise(text)) != self.arabic:
            letters = (
                _("« %(text)s » must be in Arabic letters.")
                if self.arabic
                else _("« %(text)s » must be in Latin letters.")
            )
            raise ValidationError(letters % said)
        if not stems_of(text):
            raise ValidationError(
                _("« %(text)s » says nothing of a subject: search leaves such words out.") % said
            )


class TermForm(forms.Form):
    """A notion and the ways people write it."""

    ar = SpellingsField(arabic=True, label=gettext_lazy("In Arabic"))
    fr = SpellingsField(arabic=False, label=gettext_lazy("In French"))
    darija = SpellingsField(arabic=True, label=gettext_lazy("In Darija, Arabic letters"))
    latin = SpellingsField(arabic=False, label=gettext_lazy("In Darija, Latin letters"))
    meaning_ar = forms.CharField(
        label=gettext_lazy("What it means, in Arabic"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "rtl", "lang": "ar"}),
    )  # fmt: skip
    meaning_fr = forms.CharField(
        label=gettext_lazy("What it means, in French"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr", "lang": "fr"}),
    )  # fmt: skip
    is_shown = forms.BooleanField(
        label=gettext_lazy("Readers find it on the public page of words"), required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Note for colleagues"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    all_optional = True

    def __init__(self, *args: Any, shown_before: bool = False, **kwargs: Any) -> None:
        """`shown_before`: it stands for an entry that readers see without a meaning."""
        super().__init__(*args, **kwargs)
        self.shown_before = shown_before

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in ("meaning_ar", "meaning_fr", "note"):
            given[name] = storable(given.get(name) or "")
        if self.errors:
            return given
        if not (given["ar"] or given["fr"] or given["darija"]):
            self.add_error(
                "ar", _("Give a word that articles may hold: in Arabic letters or in French.")
            )
        elif sum(len(given[name]) for name in ("ar", "fr", "darija", "latin")) < 2:
            self.add_error(
                "ar", _("One spelling alone leads nowhere: give a second one in any of the fields.")
            )
        if given["is_shown"] and not self.shown_before:
            for name in ("meaning_ar", "meaning_fr"):
                if not given[name]:
                    self.add_error(
                        name, _("Readers see a term with its meaning: write it in both languages.")
                    )
        return given


class AsideForm(forms.Form):
    word = forms.CharField(max_length=40)
