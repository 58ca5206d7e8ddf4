"""What a supervisor types on the pages beside the board."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST = timedelta(days=30)


class _Texts(forms.Form):
    """A text in Arabic and in French, of which one is needed."""

    all_optional = True
    """No "(optional)" beside the two: one of them is needed."""

    text_ar = forms.CharField(label=gettext_lazy("In Arabic"), max_length=200, required=False)
    text_fr = forms.CharField(label=gettext_lazy("In French"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text_ar"].widget.attrs |= {"dir": "rtl", "lang": "ar"}
        self.fields["text_fr"].widget.attrs |= {"dir": "ltr", "lang": "fr"}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("text_ar") and not given.get("text_fr") and not self.errors:
            self.add_error("text_ar", _("Write it in one language at least."))
        return given


def _moment(label: Any, **more: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    return forms.DateTimeField(label=label, widget=widget, **more)


class PauseForm(_Texts):
    until = _moment(gettext_lazy("Paused until"))

    field_order = ("until", "text_ar", "text_fr")

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        self.at = at
        super().__init__(*args, **kwargs)
        self.fields["text_ar"].help_text = _("Why, as askers read it on our pages and in the chat.")

    def clean_until(self) -> datetime:
        return _coming(self.cleaned_data["until"], at=self.at)


class NoticeForm(_Texts):
    team = forms.ChoiceField(label=gettext_lazy("Team"))
    starts_at = _moment(gettext_lazy("From"), required=False)
    ends_at = _moment(gettext_lazy("Until"))

    def __init__(self, *args: Any, teams: Iterable[Any], at: datetime, **kwargs: Any) -> None:
        self.at, self.teams = at, {str(team.pk): team for team in teams}
        super().__init__(*args, **kwargs)
        field: Any = self.fields["team"]
        field.choices = [(pk, str(team)) for pk, team in self.teams.items()]
        if len(self.teams) == 1:
            field.widget, field.initial = forms.HiddenInput(), next(iter(self.teams))
        self.fields["starts_at"].help_text = _("Empty = at once.")

    def clean_team(self) -> Any:
        return self.teams[self.cleaned_data["team"]]

    def clean_ends_at(self) -> datetime:
        return _coming(self.cleaned_data["ends_at"], at=self.at)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        given["starts_at"] = given.get("starts_at") or self.at
        if given.get("ends_at") and given["ends_at"] <= given["starts_at"]:
            self.add_error("ends_at", _("The end comes after the beginning."))
        return given


class ServingForm(forms.Form):
    queue = forms.ChoiceField(label=gettext_lazy("Queue of today"), required=False)

    def __init__(self, *args: Any, queues: Iterable[Any], **kwargs: Any) -> None:
        self.queues = {str(queue.pk): queue for queue in queues}
        super().__init__(*args, **kwargs)
        field: Any = self.fields["queue"]
        field.choices = [("", _("all queues")), *((pk, str(q)) for pk, q in self.queues.items())]

    @property
    def chosen(self) -> Any:
        """None for all queues alike."""
        return self.queues.get(self.cleaned_data["queue"])


def _coming(moment: datetime, *, at: datetime) -> datetime:
    if moment <= at:
        raise ValidationError(_("Choose a time to come."))
    if moment > at + LONGEST:
        raise ValidationError(_("At most 30 days ahead."))
    return moment


def this_evening(at: datetime) -> datetime:
    """What a pause is proposed to last: until six o'clock, or for two hours when that is past."""
    local = timezone.localtime(at)
    evening = local.replace(hour=18, minute=0, second=0, microsecond=0)
    return (
        evening if evening > local else local.replace(second=0, microsecond=0) + timedelta(hours=2)
    )
