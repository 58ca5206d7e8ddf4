"""Form fields for what people write to us: long text keeps every letter, even when it is refused."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.associations.numbers import BadNumber, Number
from helpdesk.centre.lines import clean_line, clean_text
from helpdesk.centre.wording import number_text

PLAIN_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
WORDS_LIMIT = 6_000
"""Characters of one message; about three printed pages."""


class WordsField(forms.CharField):
    """Several lines in any script. No `maxlength` in the page: a browser would cut what is pasted."""

    widget = forms.Textarea

    def __init__(self, *, rows: int = 5, limit: int = WORDS_LIMIT, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limit = limit
        self.widget.attrs["rows"] = rows

    def to_python(self, value: Any) -> str:
        return clean_text(str(value or ""), limit=2_000_000)

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.limit:
            raise ValidationError(
                _("The text is too long: %(have)s characters, at most %(most)s.")
                % {"have": number_text(len(value)), "most": number_text(self.limit)}
            )


class LineField(forms.CharField):
    """One line; signs that turn text round or hide are taken out."""

    def __init__(self, *, limit: int = 120, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limit = limit

    def to_python(self, value: Any) -> str:
        return clean_line(str(value or "")[:10_000], limit=10_000)

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.limit:
            raise ValidationError(
                ngettext(
                    "Too long: at most %(most)s character.",
                    "Too long: at most %(most)s characters.",
                    self.limit,
                )
                % {"most": number_text(self.limit)}
            )


class PhoneField(forms.CharField):
    """A telephone number in any spelling; the value is a `Number` or None."""

    widget = forms.TextInput(
        attrs={"inputmode": "tel", "autocomplete": "tel", "dir": "ltr", "type": "tel"}
    )

    def to_python(self, value: Any) -> Number | None:  # type: ignore[override]
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return Number.parse(text)
        except BadNumber as bad:
            raise ValidationError(str(bad)) from bad

    def run_validators(self, value: Any) -> None:
        """A `Number` is checked by its parsing."""


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to `most` files at once; the value is a list. Content is checked where they are stored."""

    widget = FilesInput

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = [one for one in (data if isinstance(data, list) else [data]) if one]
        if len(given) > self.most:
            raise ValidationError(
                ngettext(
                    "At most %(most)s file at a time.",
                    "At most %(most)s files at a time.",
                    self.most,
                )
                % {"most": self.most}
            )
        if self.required and not given:
            raise ValidationError(_("Choose a file."))
        return given


_DAY_FIRST = re.compile(r"^(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4})$")
_YEAR_FIRST = re.compile(r"^(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})$")


class DayField(forms.CharField):
    """A day as a calendar gives it or as people write it (15/9/2026); the value is ISO text."""

    widget = forms.DateInput(attrs={"type": "date"})

    def to_python(self, value: Any) -> str:
        text = str(value or "").translate(PLAIN_DIGITS).strip()
        if not text:
            return ""
        found = _DAY_FIRST.match(text)
        parts = (found[3], found[2], found[1]) if found else ()
        if found := _YEAR_FIRST.match(text):
            parts = (found[1], found[2], found[3])
        try:
            day = date(*(int(part) for part in parts))
        except (TypeError, ValueError):
            raise ValidationError(_("Write the day like 15/09/2026.")) from None
        if not 1900 <= day.year <= 2100:
            raise ValidationError(_("This year is not possible."))
        return day.isoformat()


class AmountField(LineField):
    """A number as people write it: digits of any script, with spaces; the value is text."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value).translate(PLAIN_DIGITS)
        digits = re.sub(r"[\s.,\u00a0\u202f]", "", text)
        if text and not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
            raise ValidationError(_("Write a number in digits."))
        return text
