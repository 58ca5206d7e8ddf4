"""Passwords that somebody would try first: known everywhere, or made of the words of this place."""

from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WORDS = (
    "wasl", "وصل", "association", "asso", "جمعية", "jamia", "jam3iya", "centre", "center", "مركز",
    "conseil", "advisor", "مستشار", "admin", "maroc", "morocco", "المغرب", "marrakech", "مراكش",
    "safi", "آسفي", "essaouira", "الصويرة", "haouz", "الحوز", "chichaoua", "شيشاوة", "kelaa", "القلعة",
    "rehamna", "الرحامنة", "youssoufia", "اليوسفية",
)  # fmt: skip
"""Words that do not count towards a password here (docs/security.md)."""
REST = 8
"""Characters that a password must have beside these words."""


class NotWellKnown(CommonPasswordValidator):
    """Refuses what is in Django's list of 20 000 common passwords, with or without digits and signs around
    it, and what has fewer than REST characters beside the words of this place."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        folded = password.casefold().strip()
        if {folded, _bare(folded)} & self.passwords:
            raise ValidationError(_("This password is too well known."), code="password_too_common")
        rest = folded
        for word in sorted(WORDS, key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != folded and len(rest) < REST:
            text = _("This password is made of words that everybody here would try.")
            raise ValidationError(text, code="password_of_our_words")

    def get_help_text(self) -> str:
        return _(
            "No password that is known everywhere, and not the name of the centre or the town."
        )


def _bare(text: str) -> str:
    """Without digits and signs at both ends: `1password!2026` is `password`."""
    while text and not text[0].isalpha():
        text = text[1:]
    while text and not text[-1].isalpha():
        text = text[:-1]
    return text
