"""Two people save the same form: nothing is overwritten; who comes second sees both texts and decides.

A form carries a *stamp* of every field as it was when the form was opened. On saving, a field that
reads differently by then was changed by somebody else. Fields one did not touch then show what the
other saved, those one did touch keep one's own text, with the other's beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from helpdesk.centre.wording import date_text

FIELD = "seen"
"""Name of the hidden field that brings the stamp back."""
LONGEST = 4000


class Moved(Exception):
    """The row is not what it was when it was read: nothing was written."""


@dataclass(frozen=True)
class Pair:
    """One field in both readings, as words."""

    label: str
    theirs: str
    mine: str
    is_touched: bool = True
    """One typed there oneself; else the field shows the other's words by now."""


@dataclass(frozen=True)
class Collision:
    """What a form shows when it comes back: `who` is empty where nobody is known."""

    stamp: str
    who: str = ""
    at: datetime | None = None
    pairs: list[Pair] = field(default_factory=list)


def stamp(values: Mapping[str, Any]) -> str:
    """`name=1a2b3c4d …`: what each field reads now."""
    return " ".join(f"{name}={_print(value)}" for name, value in values.items())


def has_moved(seen: str, now: Mapping[str, Any]) -> bool:
    """Whether a field reads differently from what the form's reader saw."""
    base = _read(seen)
    return any(base.get(name, _print(value)) != _print(value) for name, value in now.items())


def both(
    form: forms.Form, seen: str, now: Mapping[str, Any]
) -> tuple[QueryDict, list[Pair]]:  # fmt: skip
    """The form's data with the other's words where one had touched nothing, and what differs.

    `now` has the values of the fields as they are stored; `form` is bound and was cleaned.
    """
    base, data, pairs = _read(seen), QueryDict(mutable=True), []
    data.update(form.data)
    for name, theirs in now.items():
        if name not in form.fields:
            continue
        mine = form.cleaned_data.get(name)
        if _print(mine) == _print(theirs):
            continue
        is_touched = base.get(name) != _print(mine)
        if not is_touched:
            theirs_all = theirs if isinstance(theirs, list) else [_text(theirs)]
            data.setlist(form.add_prefix(name), theirs_all)
        shown = _shown(form, name, theirs), _shown(form, name, mine)
        pairs.append(Pair(_label(form, name), *shown, is_touched))
    return data, pairs


def _read(seen: str) -> dict[str, str]:
    parts = (part.rpartition("=") for part in seen[:LONGEST].split(" "))
    return {name: mark for name, _equals, mark in parts if name}


def _print(value: Any) -> str:
    return blake2b(_text(value).encode(errors="replace"), digest_size=5).hexdigest()


def _text(value: Any) -> str:
    """A value as its form sends it."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_text(one) for one in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _label(form: forms.BaseForm, name: str) -> str:
    return str(form.fields[name].label or name)


def _shown(form: forms.BaseForm, name: str, value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, date):
        return date_text(value)
    choices = dict(getattr(form.fields[name], "choices", ()))
    texts = [_text(one) for one in value] if isinstance(value, list) else [_text(value)]
    return ", ".join(str(choices.get(text, text)) for text in texts) or _("empty")
