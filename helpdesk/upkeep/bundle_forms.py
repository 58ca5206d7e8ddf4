"""What people give when libraries of centres meet: a file, a key with its number read by telephone."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.centre.lines import clean_line
from knowledge.articles.bundles import keys
from knowledge.articles.bundles.packing import LARGEST


class BundleForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("The file of the other centre"),
        help_text=gettext_lazy("The library bundle as it was sent to you, at most 9 MB. Do not unpack it."),
        error_messages={
            "required": gettext_lazy("Choose the file of the bundle."),
            "missing": gettext_lazy("Choose the file of the bundle."),
            "empty": gettext_lazy("The file is empty."),
        },
        widget=forms.FileInput(attrs={"accept": ".wasl,.zip"}),
    )  # fmt: skip

    @property
    def content(self) -> bytes:
        """At most one byte more than is taken."""
        return bytes(self.cleaned_data["file"].read(LARGEST + 1))


class TrustForm(forms.Form):
    """A key is trusted when the number that its centre reads aloud is the number of that key."""

    centre = forms.CharField(
        label=gettext_lazy("Whose key it is"), max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("The name of the centre, as people here call it."),
    )  # fmt: skip
    key = forms.CharField(
        label=gettext_lazy("Their key"), max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr", "spellcheck": "false"}),
        help_text=gettext_lazy("64 letters and digits, as they sent it to you."),
    )  # fmt: skip
    number = forms.CharField(
        label=gettext_lazy("The number they read to you by telephone"), max_length=100,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "Thirty digits. Call the centre at a number you know, and type what you hear: "
            "it does not come with the key."
        ),
    )  # fmt: skip

    def clean_centre(self) -> str:
        name = clean_line(self.cleaned_data["centre"], limit=120)
        if not name:
            raise ValidationError(_("Write the name of the centre."))
        return name

    def clean_key(self) -> str:
        try:
            return keys.typed(self.cleaned_data["key"])
        except ValueError:
            raise ValidationError(
                _("A key has 64 letters and digits, 0 to 9 and a to f: copy it again.")
            ) from None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "key" in given and "number" in given:
            heard = "".join(str(unicodedata.decimal(c)) for c in given["number"] if c.isdecimal())
            if heard != keys.number(given["key"]).replace(" ", ""):
                self.add_error(
                    "number",
                    _("This is not the number of that key. Do not trust it: ask the centre to "
                      "send its key again by another way."),
                )  # fmt: skip
        return given
