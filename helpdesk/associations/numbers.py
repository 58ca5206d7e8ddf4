"""Telephone numbers: parsed from any spelling, stored as E.164, and masked wherever they turn to text.

A `Number` never shows its digits by accident: `str()`, templates, logs and JSON get the masked form;
`reveal()` writes the audit row and is the one way to the digits for a person.
"""

from datetime import datetime
from functools import total_ordering
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.accounts.actions import audit

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


class BadNumber(ValueError):
    """The text is no possible telephone number; the message is for the person who typed it."""


@total_ordering
class Number:
    """One telephone number. Equal numbers compare equal in whatever spelling they came."""

    __slots__ = ("_e164",)

    def __init__(self, e164: str) -> None:
        self._e164 = e164

    @classmethod
    def parse(cls, text: str) -> "Number":
        """From any spelling a Moroccan uses: 06 12…, +212 6…, 00212…, Arabic-Indic digits.

        Stored when *possible*: the library's idea of *valid* is wrong for real Moroccan ranges.
        Raises BadNumber.
        """
        digits = text.translate(_DIGITS).strip()
        try:
            parsed = phonenumbers.parse(digits[:40], "MA")
        except phonenumbers.NumberParseException:
            raise BadNumber(_("This is not a telephone number.")) from None
        reason = phonenumbers.is_possible_number_with_reason(parsed)
        if reason == phonenumbers.ValidationResult.TOO_SHORT:
            raise BadNumber(_("The number is too short: write 10 digits."))
        if reason == phonenumbers.ValidationResult.TOO_LONG:
            raise BadNumber(_("The number is too long: write 10 digits."))
        if not phonenumbers.is_possible_number(parsed):
            raise BadNumber(_("This is not a telephone number."))
        return cls(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"Number({self.masked})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and self._e164 == other._e164

    def __lt__(self, other: "Number") -> bool:
        return self._e164 < other._e164

    def __hash__(self) -> int:
        return hash(self._e164)

    @property
    def masked(self) -> str:
        """All digits but the last two hidden."""
        return f"•• •• •• •• {self._e164[-2:]}"

    def for_storage(self) -> str:
        """E.164, for the database and for a provider; never for a page."""
        return self._e164

    def reveal(self, *, by: Any, reason: str, at: datetime, subject: models.Model) -> str:
        """The number as people write it; writes who saw it, why and on what."""
        audit("revealed-number", by=by, at=at, subject=subject, reason=reason)
        return self.national()

    def national(self) -> str:
        """As people write it. Only for the number's own holder; others go through `reveal`."""
        parsed = phonenumbers.parse(self._e164)
        style = (
            phonenumbers.PhoneNumberFormat.NATIONAL
            if parsed.country_code == 212
            else phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )
        return phonenumbers.format_number(parsed, style)


class NumberField(models.CharField):  # type: ignore[type-arg]
    """Stores a `Number` as E.164; empty means none or withheld."""

    description = gettext_lazy("telephone number")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Number | None:
        return Number(value) if value else None

    def to_python(self, value: Any) -> Number | None:
        if value in (None, ""):
            return None
        if isinstance(value, Number):
            return value
        try:
            return Number.parse(str(value))
        except BadNumber as bad:
            raise ValidationError(str(bad)) from bad

    def get_prep_value(self, value: Any) -> str:
        if isinstance(value, Number):
            return value.for_storage()
        return str(value or "")

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))


def as_number(text: str) -> Number | None:
    """A telephone number, in any spelling; a reference or a name is none."""
    if sum(c.isdigit() for c in text) < 8 or any(c.isalpha() for c in text):
        return None
    try:
        return Number.parse(text)
    except BadNumber:
        return None
