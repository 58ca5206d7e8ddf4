"""What readers type: whether an answer was useful, and why."""

from django import forms
from django.utils.translation import gettext_lazy as _

USEFUL = (("yes", _("Yes, it was useful")), ("no", _("No, something is missing")))


class OpinionForm(forms.Form):
    """Useful or not, with a word why if one likes."""

    useful = forms.ChoiceField(
        label=_("Was this answer useful?"), choices=USEFUL, widget=forms.RadioSelect
    )
    why = forms.CharField(
        label=_("What was missing, or what helped?"),
        help_text=_("One sentence is enough. No names and no numbers of persons."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
