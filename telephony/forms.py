"""What an advisor types about a telephone call."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.accounts.models import Tongue
from helpdesk.associations.numbers import BadNumber, Number
from helpdesk.associations.rules import Standing
from helpdesk.centre.lines import clean_text
from helpdesk.centre.territory import province_choices
from helpdesk.tickets.forms.facts import fact_field, fact_text
from helpdesk.tickets.papers import Known, of_ticket
from helpdesk.tickets.rules import Help, Outcome
from telephony.actions import Wrapup

NEW = "new"
OTHER = "other"
NOBODY = ""

CALL_BACKS = [
    ("", _("none")),
    ("2h", _("within two hours")),
    ("tomorrow", _("tomorrow between 9:00 and 12:00")),
    ("window", _("at the time given below")),
]


class RingForm(forms.Form):
    """The number on the display; empty = withheld."""

    number = forms.CharField(
        label=_("Number on the display"), required=False, max_length=40,
        help_text=_("Leave it empty when the number is withheld."),
        widget=forms.TextInput(
            attrs={"inputmode": "tel", "dir": "ltr", "autofocus": True, "autocomplete": "off"}
        ),
    )  # fmt: skip
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)

    def clean_number(self) -> Number | None:
        text = self.cleaned_data["number"].strip()
        if not text:
            return None
        try:
            return Number.parse(text)
        except BadNumber as bad:
            raise forms.ValidationError(str(bad)) from bad


class CardForm(forms.Form):
    """The call card. `persons` and `tickets` are the rows the advisor may choose from, `given` the
    versions of articles ticked as told, by their key."""

    person = forms.ChoiceField(label=_("Who calls"), required=False, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name, when given"), required=False, max_length=120,
        widget=forms.TextInput(attrs={"form": "card", "autocomplete": "off"}),
    )  # fmt: skip
    ticket = forms.ChoiceField(label=_("This call belongs to"), widget=forms.RadioSelect)
    reference = forms.CharField(
        label=_("Number of the other request"), required=False, max_length=20,
        widget=forms.TextInput(attrs={"form": "card", "dir": "ltr", "autocomplete": "off"}),
    )  # fmt: skip
    words = forms.CharField(
        label=_("What is asked"), max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "placeholder": " "}),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language"), choices=Tongue.choices, widget=forms.RadioSelect
    )
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    standing = forms.ChoiceField(label=_("Standing"), choices=Standing.choices, required=False)
    province = forms.ChoiceField(label=_("Province"), required=False)
    in_formation = forms.BooleanField(label=_("Founders, no association yet"), required=False)
    caution_read = forms.BooleanField(label=_("The caution was read out"), required=False)
    help = forms.ChoiceField(
        label=_("Kind of help"), choices=Help.choices, widget=forms.RadioSelect
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        widget=forms.Select(attrs={"data-key": "KeyO", "data-key-label": _("Outcome")}),
    )
    call_back = forms.ChoiceField(label=_("Call-back owed"), choices=CALL_BACKS, required=False)
    call_back_day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    call_back_from = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    call_back_until = forms.TimeField(
        label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    note = forms.CharField(
        label=_("Note for colleagues"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "placeholder": " "}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, persons: list[Any], tickets: list[Any], themes: list[Any],
        facts: list[str], given: dict[int, Any], at: datetime, own: Any = None,
        is_own: bool = False, chosen: Any = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        """`own` is the request the call came in on, begun with it where `is_own`; `chosen` the one
        named by its reference."""
        super().__init__(*args, **kwargs)
        self.at = at
        self.persons = {str(person.pk): person for person in persons}
        self.tickets = {str(ticket.pk): ticket for ticket in tickets}
        self.themes = {theme.code: theme for theme in themes}
        self.codes = facts
        self.given = given
        somebody = [(pk, str(person)) for pk, person in self.persons.items()]
        self._choose("person", [*somebody, (NOBODY, _("somebody else, or no name given"))])
        self.chosen = chosen
        others = [(pk, t) for pk, t in self.tickets.items() if t != own]
        known = [(pk, f"{t.reference} · {t.subject}") for pk, t in others]
        if own is not None:
            first = _("new request %(reference)s") if is_own else _("this one, %(reference)s")
            known.insert(0, (str(own.pk), first % {"reference": f"\u2066{own.reference}\u2069"}))
        new = [] if is_own else [(NEW, _("a new ticket"))]
        self._choose("ticket", [*known, *new, (OTHER, _("another, by its number"))])
        self._choose(
            "theme", [("", _("not known")), *((c, str(t)) for c, t in self.themes.items())]
        )
        self._choose("province", [("", _("not given")), *province_choices()])
        self._choose("outcome", [("", _("choose")), *Outcome.choices])
        for code in facts:
            kept = str(self.initial.get(f"fact_{code}", ""))
            self.fields[f"fact_{code}"] = fact_field(code, kept=kept)

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def fact_fields(self) -> list[forms.BoundField]:
        return [self[f"fact_{code}"] for code in self.codes]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("ticket") == OTHER and self.chosen is None:
            self.add_error("reference", _("No open request of yours to read has this number."))
        if cleaned.get("call_back") == "window":
            self._check_window(cleaned)
        return cleaned

    def _check_window(self, cleaned: dict[str, Any]) -> None:
        given = [cleaned.get(f"call_back_{part}") for part in ("day", "from", "until")]
        if not all(given):
            self.add_error("call_back_day", _("Give the day and both times of the call-back."))
            return
        start, end = self._window(cleaned)
        if end <= start:
            self.add_error("call_back_until", _("The window ends before it begins."))
        elif end <= self.at:
            self.add_error("call_back_day", _("This time has passed already."))

    @staticmethod
    def _window(cleaned: dict[str, Any]) -> tuple[datetime, datetime]:
        day = cleaned["call_back_day"]
        return (
            timezone.make_aware(datetime.combine(day, cleaned["call_back_from"])),
            timezone.make_aware(datetime.combine(day, cleaned["call_back_until"])),
        )

    def owed_window(self) -> tuple[datetime, datetime] | None:
        """The window owed, as instants."""
        chosen = self.cleaned_data["call_back"]
        if chosen == "2h":
            return self.at, self.at + timedelta(hours=2)
        if chosen == "tomorrow":
            day = timezone.localdate(self.at) + timedelta(days=1)
            return (
                timezone.make_aware(datetime.combine(day, time(9))),
                timezone.make_aware(datetime.combine(day, time(12))),
            )
        return self._window(self.cleaned_data) if chosen == "window" else None

    def known(self) -> Known:
        """What a paper can take up of the words typed so far, complete or not."""
        typed = {name: str(value).strip()[:300] for name, value in self.data.items()}
        person = self.persons.get(typed.get("person", ""))
        ticket = self.tickets.get(typed.get("ticket", ""))
        base = of_ticket(ticket) if ticket else Known()
        mandate = person.mandates.first() if person else None
        facts = {code: typed.get(f"fact_{code}", "") for code in self.codes}
        return Known(
            association=base.association or (mandate.association if mandate else None),
            person=person or (None if typed.get("name") else base.person),
            person_name=typed.get("name", ""),
            province=typed.get("province") or base.province,
            facts={**base.facts, **{code: said for code, said in facts.items() if said}},
        )

    def wrapup(self) -> Wrapup:
        """What was said, ready for `actions.wrap_up`."""
        said = self.cleaned_data
        person = self.persons.get(said["person"])
        mandate = person.mandates.first() if person else None
        return Wrapup(
            words=said["words"], help=said["help"], outcome=said["outcome"],
            language=said["language"], person=person, name=said["name"],
            association=mandate.association if mandate else None,
            in_formation=said["in_formation"], standing=said["standing"] or "not-stated",
            ticket=self.chosen if said["ticket"] == OTHER else self.tickets.get(said["ticket"]),
            is_new=said["ticket"] == NEW, theme=self.themes.get(said["theme"]),
            province=said["province"], note=said["note"], caution_read=said["caution_read"],
            facts={code: text for code in self.codes if (text := fact_text(said[f"fact_{code}"]))},
            call_back=self.owed_window(), given=tuple(self.given.values()),
        )  # fmt: skip


class TransferForm(forms.Form):
    """To whom a call goes on, with what they should know. `people`: queues.presences.Present."""

    to = forms.ChoiceField(label=_("To whom"), required=False, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Note for them"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.user.pk): one for one in people}
        named = [(pk, one.user.shown_name) for pk, one in self.people.items()]
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("back to the line, first in turn")), *named]

    @property
    def receiver(self) -> Any:
        """The colleague; None for the line."""
        one = self.people.get(self.cleaned_data["to"])
        return one.user if one else None

    def clean_words(self) -> str:
        return clean_text(self.cleaned_data["words"], limit=1000)
