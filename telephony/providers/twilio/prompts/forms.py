"""The recording of a prompt, as somebody sends it."""

from django import forms
from django.utils.translation import gettext_lazy


class RecordingForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("The recording"),
        help_text=gettext_lazy(
            "WAV or MP3, at most 10 MB. In a quiet room, near the microphone, a short silence before and after."
        ),
        error_messages={
            "required": gettext_lazy("Choose the file of the recording."),
            "missing": gettext_lazy("Choose the file of the recording."),
            "empty": gettext_lazy("The file is empty."),
        },
        widget=forms.FileInput(attrs={"accept": ".wav,.mp3,audio/wav,audio/mpeg"}),
    )  # fmt: skip
