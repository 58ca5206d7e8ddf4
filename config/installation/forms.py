"""What an administrator types in the assistant beyond one app's own forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.installation import presets
from helpdesk.accounts.forms import PersonForm
from helpdesk.accounts.rules import Role, role_choices
from helpdesk.centre.models import Centre


class LibraryForm(forms.Form):
    """Who answers for the library, and whether it is read before the centre opens."""

    reviewer = forms.TypedChoiceField(
        label=_("Named reviewer"), required=False, coerce=int, empty_value=None,
        help_text=_("A senior advisor or an editor: may sign articles that somebody else wrote."),
    )  # fmt: skip
    reads_early = forms.BooleanField(
        label=_("The library is read by everybody before the centre opens"), required=False,
        help_text=_("Articles that nobody has signed yet say so."),
    )  # fmt: skip

    def __init__(self, *args: Any, centre: Centre, people: Any, **kwargs: Any) -> None:
        initial = {"reviewer": centre.reviewer_id, "reads_early": centre.reads_early}
        super().__init__(*args, initial=initial, **kwargs)
        self.people = {person.pk: person for person in people}
        self.fields["reviewer"].choices = [
            ("", _("nobody yet")), *((pk, str(one)) for pk, one in self.people.items())
        ]  # fmt: skip

    @property
    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "reviewer": self.people.get(data["reviewer"]),
            "reads_early": data["reads_early"],
        }


class NewcomerForm(PersonForm):
    """A new account with its first posting, in one go."""

    province = forms.ChoiceField(label=_("Works for"), required=False)

    class Meta(PersonForm.Meta):
        fields = ("username", "name_ar", "name_fr", "email", "language", "speaks")

    def __init__(self, *args: Any, centre: Centre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [
            (code, name) for code, name in role_choices() if code != Role.MEMBER
        ]  # fmt: skip
        self.fields["province"].choices = [
            ("", _("the whole territory")), *centre.provinces().items()
        ]  # fmt: skip


class PresetForm(forms.Form):
    preset = forms.ChoiceField(label=_("Queues"), choices=presets.CHOICES, widget=forms.RadioSelect)


class SheetForm(forms.Form):
    """A spreadsheet as it comes."""

    sheet = forms.FileField(
        label=_("Spreadsheet"), help_text=_("xlsx or csv, at most 2 MB and 1000 rows."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )  # fmt: skip
