"""A ready phrase, as people write it down; and until when a request is put off."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.centre.lines import clean_line, clean_text
from helpdesk.tickets import later
from helpdesk.tickets.phrases import PLACEHOLDERS, shortcut, unknown_placeholders

OWN = "own"
LONGEST = 2000


class PhraseForm(forms.Form):
    keeper = forms.ChoiceField(label=_("For whom"), widget=forms.RadioSelect)
    title_ar = forms.CharField(label=_("Title in Arabic"), max_length=80, required=False)
    title_fr = forms.CharField(label=_("Title in French"), max_length=80, required=False)
    text_ar = forms.CharField(
        label=_("Text in Arabic"), max_length=LONGEST, required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "lang": "ar"}),
    )  # fmt: skip
    text_fr = forms.CharField(
        label=_("Text in French"), max_length=LONGEST, required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "lang": "fr"}),
    )  # fmt: skip
    shortcut_ar = forms.CharField(
        label=_("Shortcut in Arabic letters"), max_length=30, required=False
    )
    shortcut_fr = forms.CharField(
        label=_("Shortcut in Latin letters"), max_length=30, required=False
    )
    rank = forms.IntegerField(
        label=_("Place in the list"), min_value=1, max_value=9999, initial=100,
        widget=forms.NumberInput(attrs={"dir": "ltr"}),
    )  # fmt: skip

    def __init__(self, *args: Any, teams: list[Any], is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = {str(team.pk): team for team in teams}
        if not is_new or not teams:
            del self.fields["keeper"]
            return
        field = self.fields["keeper"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (OWN, gettext("for me")), *((pk, str(team)) for pk, team in self.teams.items())
        ]  # fmt: skip

    @property
    def team(self) -> Any:
        """The team it is for; None for one's own."""
        return self.teams.get(self.cleaned_data.get("keeper", OWN))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for code in ("ar", "fr"):
            cleaned[f"title_{code}"] = clean_line(cleaned.get(f"title_{code}") or "", limit=80)
            text = clean_text(cleaned.get(f"text_{code}") or "", limit=LONGEST)
            cleaned[f"text_{code}"] = text
            cleaned[f"shortcut_{code}"] = shortcut(cleaned.get(f"shortcut_{code}") or "")
            if wrong := unknown_placeholders(text):
                self.add_error(f"text_{code}", self._braces(wrong[0]))
        if not (cleaned["title_ar"] or cleaned["title_fr"]):
            self.add_error("title_ar", gettext("Write a title in one language at least."))
        if not self.errors and not (cleaned["text_ar"] or cleaned["text_fr"]):
            self.add_error("text_ar", gettext("Write the text in one language at least."))
        return cleaned

    @staticmethod
    def _braces(name: str) -> str:
        known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
        return gettext("Nothing stands in for {%(name)s}. Known are %(known)s.") % {
            "name": name, "known": known,
        }  # fmt: skip


class SnoozeForm(forms.Form):
    """One of the moments offered, or a day and an hour."""

    when = forms.ChoiceField(label=_("Until when"), required=False)
    day = forms.DateField(
        label=_("Or on this day"), required=False,
        widget=forms.DateInput(attrs={"type": "date", "dir": "ltr"}),
    )  # fmt: skip
    hour = forms.TimeField(
        label=_("At"), required=False,
        widget=forms.TimeInput(attrs={"type": "time", "dir": "ltr"}, format="%H:%M"),
    )  # fmt: skip
    base = forms.IntegerField(min_value=0, max_value=2**31, widget=forms.HiddenInput)

    def __init__(self, *args: Any, timetable: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.timetable, self.at = timetable, at
        self.offered = {one.code: one for one in later.choices(timetable, at=at)}
        field = self.fields["when"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", ""), *((one.code, one.label) for one in self.offered.values())]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors or cleaned.get("when"):
            return cleaned
        day = cleaned.get("day")
        if day is None:
            self.add_error("day", gettext("Choose a moment or a day."))
        elif self.moment <= self.at:
            self.add_error("day", gettext("This time has passed already."))
        elif day > timezone.localdate(self.at) + later.FURTHEST:
            self.add_error("day", gettext("Choose a day within three months."))
        return cleaned

    @property
    def moment(self) -> datetime:
        """When it comes back: within the centre's hours."""
        if code := self.cleaned_data.get("when"):
            return self.offered[code].until
        clock = self.cleaned_data.get("hour") or time(9)
        asked = timezone.make_aware(datetime.combine(self.cleaned_data["day"], clock))
        return later.opened(self.timetable, asked)
