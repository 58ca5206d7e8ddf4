"""What a supervisor sets for a queue besides its hours."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


def whole(label: Any, *, most: int, help_text: Any = "") -> forms.IntegerField:
    """A whole number from 1 to `most`, typed in digits of any script."""
    return forms.IntegerField(
        label=label, min_value=1, max_value=most, localize=True, help_text=help_text,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric"}),
    )  # fmt: skip


AS_TYPED = ("wait_seconds", "overflow_minutes", "push_live", "push_written")


class TargetsForm(forms.Form):
    """Targets in working hours and seconds, and what is offered."""

    answer_hours = whole(
        gettext_lazy("First answer, in working hours"), most=500,
        help_text=gettext_lazy("Only hours in which the queue is open count."),
    )  # fmt: skip
    resolve_hours = whole(
        gettext_lazy("The whole request, in working hours"), most=2000,
        help_text=gettext_lazy("It rests while the asker is waited for."),
    )  # fmt: skip
    wait_seconds = whole(
        gettext_lazy("Calls and chats taken within, in seconds"), most=3600,
        help_text=gettext_lazy("By the clock: somebody is there."),
    )  # fmt: skip
    overflow_minutes = whole(
        gettext_lazy("Longest wait of a call, in minutes"), most=120,
        help_text=gettext_lazy("Then the caller is offered a call-back or a message."),
    )  # fmt: skip
    push_live = forms.BooleanField(
        label=gettext_lazy("Offer calls and chats to one advisor after the other"), required=False
    )
    push_written = forms.BooleanField(
        label=gettext_lazy("Offer written questions too"), required=False,
        help_text=gettext_lazy("Else advisors pick them from the list, the oldest first."),
    )  # fmt: skip

    @classmethod
    def of(cls, queue: Any) -> "TargetsForm":
        """As the queue has them, part hours counted up."""
        kept = {
            "answer_hours": -(-queue.answer_minutes // 60),
            "resolve_hours": -(-queue.resolve_minutes // 60),
            "wait_seconds": queue.wait_seconds,
            "overflow_minutes": queue.overflow_minutes,
            "push_live": queue.push_live,
            "push_written": queue.push_written,
        }
        return cls(initial=kept)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        answer, whole_request = data.get("answer_hours"), data.get("resolve_hours")
        if answer and whole_request and whole_request < answer:
            self.add_error(
                "resolve_hours", _("The whole request cannot be due before its first answer.")
            )
        return data

    @property
    def settings(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "answer_minutes": data["answer_hours"] * 60,
            "resolve_minutes": data["resolve_hours"] * 60,
            **{name: data[name] for name in AS_TYPED},
        }
