"""One form a page of the wizard. What a page holds is the person's raw words until all is sent."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.associations.rules import Standing
from helpdesk.centre.territory import province_choices
from helpdesk.files.rules import ACCEPT
from helpdesk.portal.fields import AmountField, DayField, LineField, PhoneField, WordsField
from helpdesk.portal.rules import UNKNOWN_THEME, Who
from helpdesk.tickets import intake
from helpdesk.tickets.facts import facts
from helpdesk.tickets.rules import AnswerBy
from knowledge.articles import access as library

CHOOSE = gettext_lazy("Choose one.")


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(
        label=gettext_lazy("Theme"), widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        themes = [(theme.code, _named(theme)) for theme in library.asked_themes()]
        self.fields["theme"].choices = [*themes, (UNKNOWN_THEME, _("I do not know"))]  # type: ignore[attr-defined]


def _named(theme: Any) -> str:
    return f"{theme} ({theme.hint})" if theme.hint else str(theme)


class QuestionForm(forms.Form):
    question = WordsField(
        label=gettext_lazy("What is your question?"), rows=6,
        help_text=gettext_lazy(
            "Write as you speak: what happened, when, where. No identity card number."
        ),
        error_messages={"required": gettext_lazy("Write your question.")},
    )  # fmt: skip


class FactsForm(forms.Form):
    """What an answer will need; each may stay empty."""

    def __init__(self, *args: Any, codes: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = facts()
        for code in codes:
            if fact := known.get(code):
                self.fields[f"fact_{code}"] = _fact_field(fact)


def _fact_field(fact: intake.Fact) -> forms.Field:
    label = fact.label
    if fact.shape == intake.Shape.DAY:
        return DayField(label=label, required=False)
    if fact.shape == intake.Shape.YES_NO:
        choices = [(intake.YES, _("Yes")), (intake.NO, _("No")), ("", _("I do not know"))]
        return forms.ChoiceField(
            label=label, required=False, widget=forms.RadioSelect, choices=choices
        )
    if fact.shape == intake.Shape.NUMBER:
        field = AmountField(label=label, required=False, limit=30)
        field.widget.attrs |= {"inputmode": "numeric", "dir": "ltr"}
        return field
    return LineField(label=label, required=False, limit=300)


class PapersForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("A paper or a photograph"), required=False,
        help_text=gettext_lazy(
            "PDF, photograph, Word, Excel, OpenDocument or text; at most 10 MB each, 6 in all. "
            "Where and by whom a photograph was taken is removed from it."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )  # fmt: skip


class AssociationForm(forms.Form):
    who = forms.ChoiceField(
        label=gettext_lazy("Who asks"), widget=forms.RadioSelect, choices=Who.choices,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )  # fmt: skip
    association = LineField(
        label=gettext_lazy("Name of the association"), required=False, limit=200,
        help_text=gettext_lazy("As on its receipt, in Arabic or French. You may leave it empty."),
    )  # fmt: skip
    province = forms.ChoiceField(
        label=gettext_lazy("Province"), required=False,
        error_messages={"invalid_choice": CHOOSE},
    )  # fmt: skip
    commune = LineField(label=gettext_lazy("Commune"), required=False)
    standing = forms.ChoiceField(
        label=gettext_lazy("You are"), required=False, choices=Standing.choices,
        error_messages={"invalid_choice": CHOOSE},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        elsewhere = ("", _("Not stated"))
        self.fields["province"].choices = [elsewhere, *province_choices()]  # type: ignore[attr-defined]
        self.fields["standing"].choices = [  # type: ignore[attr-defined]
            ("", Standing.NOT_STATED.label),
            *(pair for pair in Standing.choices if pair[0] != Standing.NOT_STATED),
        ]


class AnswerForm(forms.Form):
    answer_by = forms.ChoiceField(
        label=gettext_lazy("Way of answering"), widget=forms.RadioSelect,
        choices=[
            (AnswerBy.FOLLOW, gettext_lazy("On this site, with number and code")),
            (AnswerBy.EMAIL, gettext_lazy("An e-mail that announces the answer")),
            (AnswerBy.SMS, gettext_lazy("An SMS that announces the answer")),
            (AnswerBy.PHONE, gettext_lazy("By telephone")),
        ],
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )  # fmt: skip
    email = forms.CharField(
        label=gettext_lazy("E-mail"), required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )  # fmt: skip
    phone = PhoneField(
        label=gettext_lazy("Telephone number"), required=False,
        help_text=gettext_lazy("Seen only by those who answer you"),
    )  # fmt: skip
    name = LineField(
        label=gettext_lazy("Your name"), required=False,
        help_text=gettext_lazy("You may stay anonymous."),
    )  # fmt: skip
    consent = forms.BooleanField(
        label=gettext_lazy("Your agreement"),
        help_text=gettext_lazy(
            "I agree that the centre keeps what I write here to answer me, and contacts me in the way "
            "I chose."
        ),
        error_messages={"required": gettext_lazy("Tick this box to go on.")},
    )  # fmt: skip

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip()
        if email:
            try:
                validate_email(email)
            except ValidationError:
                raise ValidationError(_("This e-mail address is not complete.")) from None
            if len(email) > 254:
                raise ValidationError(_("This e-mail address is too long."))
        return email

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        way = given.get("answer_by")
        if way == AnswerBy.EMAIL and "email" not in self.errors and not given.get("email"):
            self.add_error("email", _("Write the e-mail address for the answer."))
        by_number = way in (AnswerBy.SMS, AnswerBy.PHONE)
        if by_number and "phone" not in self.errors and not given.get("phone"):
            self.add_error("phone", _("Write the number we should reach you at."))
        return given
