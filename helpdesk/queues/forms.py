"""What a supervisor sets for a queue besides its hours."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.centre.lines import clean_line
from helpdesk.queues.models import CLOSED_MOST


def whole(label: Any, *, most: int, help_text: Any = "") -> forms.IntegerField:
    """A whole number from 1 to `most`, typed in digits of any script."""
    return forms.IntegerField(
        label=label, min_value=1, max_value=most, localize=True, help_text=help_text,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric"}),
    )  # fmt: skip


def words(label: Any, *, lang: str) -> forms.CharField:
    """A short text in one language."""
    sides = {"rows": 3, "dir": "rtl" if lang == "ar" else "ltr", "lang": lang}
    return forms.CharField(
        label=label, required=False, max_length=CLOSED_MOST, widget=forms.Textarea(attrs=sides)
    )


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


class ClosedForm(forms.Form):
    """What askers read and hear while the queue is closed: in both languages, or in none."""

    closed_ar = words(gettext_lazy("Outside the hours, in Arabic"), lang="ar")
    closed_fr = words(gettext_lazy("Outside the hours, in French"), lang="fr")

    @classmethod
    def of(cls, queue: Any) -> "ClosedForm":
        kept = {"closed_ar": queue.closed_ar, "closed_fr": queue.closed_fr}
        return cls(initial=kept, auto_id=f"id_q{queue.pk}_%s")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        said = {name: clean_line(data[name], limit=CLOSED_MOST) for name in data}
        missing = [name for name, text in said.items() if not text]
        if len(said) == 2 and len(missing) == 1:
            self.add_error(missing[0], _("Write it in both languages, or leave both empty."))
        return {**data, **said}
