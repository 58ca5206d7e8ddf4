"""What an advisor writes: an answer with its articles, a question back to the asker, a line of a chat, or
a note.
"""

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.centre.lines import clean_text
from helpdesk.tickets.rules import Help

ANSWER, ASK, NOTE, LINE = "answer", "ask", "note", "line"
LIMIT = 20_000
_QUOTE = re.compile(r"^(\d{1,12}):([\w,-]{0,400})$", re.ASCII)
KEPT = ("kind", "language", "body", "help", "four_eyes")
"""Fields of a draft; the articles chosen are kept beside them."""


class ComposerForm(forms.Form):
    kind = forms.ChoiceField(
        choices=[(ANSWER, _("Answer")), (ASK, _("Ask back")), (NOTE, _("Note")), (LINE, _("Line"))]
    )
    language = forms.ChoiceField(choices=[("ar", "العربية"), ("fr", "Français")])
    body = forms.CharField(
        label=_("Text"),
        max_length=LIMIT,
        widget=forms.Textarea,
        error_messages={"required": _("Write a text first.")},
    )
    help = forms.ChoiceField(
        label=_("Kind of help"),
        required=False,
        choices=[("", _("choose")), *Help.choices],
    )
    four_eyes = forms.BooleanField(label=_("Have it released by a colleague"), required=False)
    base = forms.IntegerField(min_value=0, max_value=2**31, widget=forms.HiddenInput)
    """Number of the newest entry on the page where it was written."""
    key = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def clean_body(self) -> str:
        text = clean_text(self.cleaned_data["body"], limit=LIMIT)
        if not text:
            raise forms.ValidationError(_("Write a text first."))
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == ANSWER and not cleaned.get("help"):
            self.add_error("help", _("Choose the kind of help."))
        return cleaned

    @property
    def is_answer(self) -> bool:
        return bool(self.cleaned_data["kind"] == ANSWER)

    @property
    def is_line(self) -> bool:
        return bool(self.cleaned_data["kind"] == LINE)

    @property
    def is_asking(self) -> bool:
        return bool(self.cleaned_data["kind"] == ASK)


def blank(ticket: Any, *, draft: Mapping[str, str] | None, answers: bool) -> ComposerForm:
    """A composer for a ticket's page, with what was typed there before."""
    kept = dict(draft or {})
    chat = getattr(ticket, "chat", None)
    usual = LINE if chat is not None and chat.is_open else ANSWER
    kind = kept.get("kind", usual)
    return ComposerForm(
        initial={
            "kind": (usual if kind == LINE else kind) if answers else NOTE,
            "language": kept.get("language") or ("fr" if ticket.language == "fr" else "ar"),
            "body": kept.get("body", ""),
            "help": kept.get("help", ""),
            "four_eyes": kept.get("four_eyes", ""),
            "base": ticket.last,
            "key": f"write:{ticket.pk}:{uuid4().hex}",
        }
    )


def read_quotes(values: list[str]) -> dict[int, tuple[str, ...]]:
    """`["12:s1,s4", "15:"]` as {12: ("s1", "s4"), 15: ()}; what is no quote is left out."""
    found = {}
    for value in values[:10]:
        if match := _QUOTE.match(value):
            found[int(match[1])] = tuple(key for key in match[2].split(",") if key)
    return found


def kept_quotes(draft: Mapping[str, str] | None) -> dict[int, tuple[str, ...]]:
    """The articles chosen in a draft."""
    return read_quotes(str((draft or {}).get("quotes", "")).split(";"))


def written_quotes(quotes: Mapping[int, tuple[str, ...]]) -> list[str]:
    return [f"{pk}:{','.join(keys)}" for pk, keys in quotes.items()]
