"""Acts on a ticket, as people fill them in."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from helpdesk.centre.lines import clean_line, clean_text
from helpdesk.centre.territory import province_choices
from helpdesk.tickets.rules import Help, Level, Outcome

CHOOSE = ("", _("choose"))
BACK = "queue"
"""To nobody: back to those who wait."""


def once(prefix: str) -> str:
    """A key for one showing of a form: sent twice, it acts once."""
    return f"{prefix}:{uuid4().hex}"


class _Lines(forms.Form):
    """Cleans every one-line text of the form."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = clean_line(value, limit=300)
        return cleaned


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[CHOOSE, *Outcome.choices])
    help = forms.ChoiceField(label=_("Kind of help"), choices=[CHOOSE, *Help.choices])


class PassForm(forms.Form):
    to = forms.ChoiceField(label=_("To whom"))
    note = forms.CharField(
        label=_("Note for them"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, colleagues: list[Any], me: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in colleagues}
        named = [(pk, user.shown_name) for pk, user in self.people.items()]
        if me is not None:
            self.people[str(me.pk)] = me
            named.insert(0, (str(me.pk), gettext("to me")))
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("choose")), (BACK, gettext("back to the queue")), *named]

    def clean_note(self) -> str:
        return clean_text(self.cleaned_data["note"], limit=1000)

    @property
    def receiver(self) -> Any:
        """The colleague; None for the queue."""
        return self.people.get(self.cleaned_data["to"])


class PromiseForm(_Lines):
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    starts = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}))
    note = forms.CharField(label=_("What to say"), required=False, max_length=300)
    key = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not {"day", "starts", "ends"} <= set(cleaned):
            return cleaned
        if cleaned["ends"] <= cleaned["starts"]:
            self.add_error("ends", _("The end must come after the beginning."))
        elif self._moment("ends") <= self.at:
            self.add_error("day", _("This time has passed already."))
        elif cleaned["day"] > timezone.localdate(self.at) + timedelta(days=90):
            self.add_error("day", _("Choose a day within three months."))
        return cleaned

    @property
    def window(self) -> tuple[datetime, datetime]:
        return self._moment("starts"), self._moment("ends")

    def _moment(self, name: str) -> datetime:
        day, clock = self.cleaned_data["day"], self.cleaned_data[name]
        return timezone.make_aware(datetime.combine(day, clock))


def soon(at: datetime) -> dict[str, Any]:
    """A window to begin with: two hours from the next full hour, tomorrow when the day is over."""
    local = timezone.localtime(at)
    day: date = local.date()
    hour = local.hour + 1
    if hour > 16:
        day, hour = day + timedelta(days=1), 9
    return {"day": day.isoformat(), "starts": time(hour).strftime("%H:%M"),
            "ends": time(hour + 2).strftime("%H:%M")}  # fmt: skip


class ReturnForm(forms.Form):
    why = forms.CharField(
        label=_("What is to be changed"), max_length=1000, min_length=5,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def clean_why(self) -> str:
        return clean_text(self.cleaned_data["why"], limit=1000)


class LevelForm(_Lines):
    level = forms.TypedChoiceField(
        label=_("Who may read it"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[
            (Level.ORDINARY, _("ordinary: the team")),
            (Level.RESTRICTED, _("restricted: who has it, seniors and supervisors")),
            (Level.SEALED, _("sealed: only people named")),
        ],
    )
    reason = forms.CharField(label=_("Reason"), min_length=10, max_length=300)


class GrantForm(_Lines):
    user = forms.ChoiceField(label=_("Who may read it"))
    reason = forms.CharField(label=_("Reason"), min_length=10, max_length=300)

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in people}
        field = self.fields["user"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", gettext("choose")), *((pk, u.shown_name) for pk, u in self.people.items())
        ]  # fmt: skip


class CodeForm(forms.Form):
    BY_CALL, IN_PERSON = "call", "visit"
    how = forms.ChoiceField(
        label=_("How you speak with the person"),
        widget=forms.RadioSelect,
        choices=[
            (BY_CALL, _("I called the number stored on this request")),
            (IN_PERSON, _("The person is here, identity checked")),
        ],
    )
    checked = forms.BooleanField(
        label=_("It is the person who asked"),
        error_messages={"required": _("Give a new code only to the person who asked.")},
    )
    key = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, has_number: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_number:
            field = self.fields["how"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [c for c in field.choices if c[0] != self.BY_CALL]  # type: ignore[union-attr]


class RevealForm(_Lines):
    reason = forms.CharField(
        label=_("Why you need the number"), min_length=5, max_length=200,
        help_text=_("Kept with your name."),
    )  # fmt: skip


class SideForm(forms.Form):
    side = forms.ChoiceField(
        label=_("Side of this request"),
        widget=forms.RadioSelect,
        choices=[("a", _("side A")), ("b", _("side B")), ("end", _("the dispute is over"))],
    )


class FilingForm(_Lines):
    subject = forms.CharField(label=_("Subject"), max_length=160)
    theme = forms.ChoiceField(label=pgettext_lazy("desk", "Theme"), required=False)
    province = forms.ChoiceField(label=_("Province"), required=False)

    def __init__(self, *args: Any, themes: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.themes = {theme.code: theme for theme in themes}
        for name, choices in (
            ("theme", [(code, str(theme)) for code, theme in self.themes.items()]),
            ("province", province_choices()),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", gettext("not known")), *choices]
