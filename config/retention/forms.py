"""Days by kind, as an administrator types them."""

from collections.abc import Iterable
from typing import Any

from django import forms

from config.retention.acts import Listed
from config.retention.kinds import KINDS

MOST = 20 * 365


class DaysForm(forms.Form):
    """One field a kind; the limits are those of the kind."""

    def __init__(self, *args: Any, listed: Iterable[Listed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = {one.kind.code: one.rule for one in listed}
        for kind in KINDS:
            rule = held.get(kind.code)
            days = (rule.proposed_days or rule.days) if rule else None
            self.fields[kind.code] = forms.IntegerField(
                label=kind.label, help_text=kind.says, min_value=kind.least, max_value=MOST,
                initial=days or kind.proposal,
                widget=forms.NumberInput(attrs={"dir": "ltr", "class": "short"}),
            )  # fmt: skip
