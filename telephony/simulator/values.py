"""What an attribute may say, as Twilio's pages give it; anything else is a mistake of ours."""

import re
from collections.abc import Mapping

SILENT = frozenset({"Pause", "Gather", "Leave", "Dial", "Record", "Hangup", "Reject"})
"""No text stands in these (a number in `<Dial>` is no way of ours)."""
TRUTHS = frozenset({"true", "false"})
METHODS = frozenset({"GET", "POST"})
ROOM_EVENTS = frozenset(
    {"start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"}
)
RECORDING_EVENTS = frozenset({"in-progress", "completed", "absent"})
NUMBERS = {
    ("Gather", "numDigits"): (1, 128), ("Gather", "timeout"): (1, 600),
    ("Pause", "length"): (0, 3_600), ("Play", "loop"): (0, 1_000), ("Say", "loop"): (0, 1_000),
    ("Record", "maxLength"): (1, 14_400), ("Record", "timeout"): (1, 3_600),
    ("Enqueue", "maxQueueSize"): (1, 5_000), ("Dial", "timeLimit"): (1, 86_400),
    ("Conference", "maxParticipants"): (2, 250),
}  # fmt: skip
TRUE_OR_FALSE = {
    ("Gather", "actionOnEmptyResult"), ("Gather", "bargeIn"), ("Conference", "muted"),
    ("Conference", "startConferenceOnEnter"), ("Conference", "endConferenceOnExit"),
    ("Record", "playBeep"),
}  # fmt: skip
ONE_OF = {
    ("Reject", "reason"): frozenset({"rejected", "busy"}),
    ("Gather", "input"): frozenset({"dtmf"}),
    ("Conference", "beep"): frozenset({"true", "false", "onEnter", "onExit"}),
    ("Conference", "record"): frozenset({"do-not-record", "record-from-start"}),
    ("Conference", "trim"): frozenset({"trim-silence", "do-not-trim"}),
    ("Record", "trim"): frozenset({"trim-silence", "do-not-trim"}),
}
VOICES = {
    "Polly.Zeina": "arb", "Polly.Hala": "ar-AE", "Polly.Zayd": "ar-AE", "Polly.Lea": "fr-FR",
    "Polly.Celine": "fr-FR", "Polly.Mathieu": "fr-FR", "Polly.Remi": "fr-FR",
    "Polly.Gabrielle": "fr-CA", "Polly.Chantal": "fr-CA", "Polly.Liam": "fr-CA",
}  # fmt: skip
"""A voice with another language makes `<Say>` fail."""
NOT_PLAYED = {
    "partialResultCallback", "partialResultCallbackMethod", "speechTimeout", "maxSpeechTime",
    "speechModel", "enhanced", "hints", "profanityFilter", "transcribeCallback", "referUrl",
    "eventCallbackUrl", "workflowSid", "recordingConfigurationId", "hangupOnStar", "sequential",
    "ringTone", "callerId", "events", "passports", "referMethod", "recordingTrack", "transcribe",
    "debug", "region", "jitterBufferSize",
}  # fmt: skip
"""What would be lost here in silence; whoever needs one teaches the simulator first."""
NOT_ON_DIAL = {"record", "trim", "timeout", "answerOnBridge"} | {
    f"recordingStatusCallback{ending}" for ending in ("", "Event", "Method")
}
"""Of calls dialled to a number; a room has its own, on `<Conference>`."""


class BadDocument(Exception):
    """Twilio would refuse it, ignore a part of it, or we have no business sending it."""


def check_value(tag: str, name: str, value: str) -> None:
    key = (tag, name)
    if name in NOT_PLAYED or (tag == "Dial" and name in NOT_ON_DIAL):
        raise BadDocument(f"{name} of <{tag}> is TwiML, but not played here")
    if key in TRUE_OR_FALSE and value not in TRUTHS:
        raise BadDocument(f"{name}={value!r} of <{tag}>: true or false")
    if name.lower().endswith("method") and value not in METHODS:
        raise BadDocument(f"{name}={value!r} of <{tag}>: GET or POST")
    if key in ONE_OF and value not in ONE_OF[key]:
        raise BadDocument(f"{name}={value!r} of <{tag}>")
    if key in NUMBERS:
        _number(tag, name, value, NUMBERS[key])
    if name == "statusCallbackEvent":
        _words(name, value, ROOM_EVENTS)
    if name == "recordingStatusCallbackEvent":
        _words(name, value, RECORDING_EVENTS)
    if name == "finishOnKey" and not re.fullmatch(r"[0-9#*]*", value):
        raise BadDocument(f"finishOnKey={value!r}")
    if name == "participantLabel" and not re.fullmatch(r"\S{1,128}", value):
        raise BadDocument(f"participantLabel={value!r}")
    if name == "coach" and not re.fullmatch(r"CA[0-9a-f]{32}", value):
        raise BadDocument(f"coach={value!r}: a CallSid")
    if name == "digits" and not re.fullmatch(r"[0-9wW#*]+", value):
        raise BadDocument(f"digits={value!r}")


def check_text(tag: str, text: str, attributes: Mapping[str, str]) -> None:
    """The text of an element, and what depends on two attributes at once."""
    if tag == "Play" and not text and "digits" not in attributes:
        raise BadDocument("<Play> of nothing")
    if tag == "Say":
        _said(text, attributes)
    if tag in ("Redirect", "Conference", "Enqueue") and not text:
        raise BadDocument(f"<{tag}> without a text")
    if tag == "Enqueue" and len(text) > 64:
        raise BadDocument(f"a queue's name of {len(text)} characters")
    if tag == "Conference" and not re.fullmatch(r"[A-Za-z0-9_.-]{1,128}", text):
        raise BadDocument(f"a room named {text!r}")
    if text and tag in SILENT:
        raise BadDocument(f"text in <{tag}>: {text[:40]!r}")


def _number(tag: str, name: str, value: str, bounds: tuple[int, int]) -> None:
    if (tag, name) == ("Gather", "timeout") and value == "auto":
        raise BadDocument("timeout=auto of <Gather> is for speech")
    if not re.fullmatch(r"[0-9]{1,6}", value) or not bounds[0] <= int(value) <= bounds[1]:
        raise BadDocument(f"{name}={value!r} of <{tag}>: {bounds[0]} to {bounds[1]}")


def _words(name: str, value: str, known: frozenset[str]) -> None:
    if not value.split() or not set(value.split()) <= known:
        raise BadDocument(f"{name}={value!r}")


def _said(text: str, attributes: Mapping[str, str]) -> None:
    if not text:
        raise BadDocument("<Say> of nothing")
    if len(text) > 4096:
        raise BadDocument(f"<Say> of {len(text)} characters")
    voice, language = attributes.get("voice", ""), attributes.get("language", "")
    speaks = VOICES.get(voice.removesuffix("-Neural"), "")
    if voice.startswith("Google."):
        speaks = "-".join(voice.removeprefix("Google.").split("-")[:2])
    if speaks and language and speaks != language:
        raise BadDocument(f"voice {voice} does not speak {language}")
    if re.search(r"[\u0600-\u06ff]", text) and not (speaks or language).startswith("ar"):
        raise BadDocument("Arabic said without an Arabic voice")
