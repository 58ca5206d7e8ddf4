"""What the page of an advisor needs to speak on the public network: Twilio's own script, kept here, and ours."""

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from telephony.providers.port import Page
from telephony.providers.twilio.account import account

SIGNALLING = "voice-js.roaming.twilio.com"
KEYS = {**{str(n): str(n) for n in range(10)}, "s": "star", "h": "hash"}
"""Of a telephone, as Twilio's script ends their names, and ours in `static/twilio/tones/`."""
SILENT = ("incoming", "outgoing", "disconnect")
"""Sounds it would play by itself: what rings here is ours, and nothing else makes a noise."""


def page_of(call: Any) -> Page:
    """Empty while the line is off: then nothing of Twilio's is loaded, and nothing outside is spoken to.
    Nor where the simulated network stands for it, which carries no sound."""
    if account() is None:
        return Page()
    if settings.SIMULATED and not settings.TWILIO_VOICE_HOST:
        return Page(scripts=("twilio/simulated.js",))
    host = settings.TWILIO_VOICE_HOST or SIGNALLING
    return Page(
        scripts=("vendor/twilio-voice/twilio.min.js", "twilio/voice.js"),
        talks_to=(f"wss://{host}",),
        given={
            "coming": reverse("public_line:coming", args=[call.pk]),
            "renewal": reverse("public_line:renewal"),
            "host": settings.TWILIO_VOICE_HOST,
            "sounds": _sounds(),
        },
    )


def _sounds() -> dict[str, str]:
    """Each has an address of ours, or the script would fetch it from Twilio at every start."""
    found = {f"dtmf{key}": static(f"twilio/tones/{name}.wav") for key, name in KEYS.items()}
    return {**found, **dict.fromkeys(SILENT, static("twilio/tones/quiet.wav"))}
