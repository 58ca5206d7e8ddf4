"""What a prompt sounds like: its recording, or its text and the voice that reads it. No query."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from telephony.providers.twilio.scripts import Say, Spoken

Recorded = Mapping[tuple[str, str], str]
"""Path of the recording of a prompt, by its name and language."""
VOICES: dict[Spoken, tuple[str, str]] = {
    "ar": ("Polly.Zeina", "arb"), "ary": ("Polly.Zeina", "arb"), "fr": ("Polly.Lea", "fr-FR"),
}  # fmt: skip
"""Voice and its language: a pair that does not exist makes the whole document fail. None speaks Darija."""
OF_TONGUE: dict[str, Spoken] = {"ar": "ar", "ary": "ary", "fr": "fr", "shi": "ary"}
"""In which language a caller is spoken to, by the code of accounts.Tongue they chose."""


def spoken(tongue: str) -> Spoken:
    return OF_TONGUE.get(tongue, "ary")


def text_of(say: Say) -> str:
    """What a machine reads. Raises KeyError for a prompt that nobody wrote."""
    return say.text or prompts()[say.prompt][say.language]


@cache
def prompts() -> dict[str, dict[str, str]]:
    """The list, by prompt and language."""
    with (Path(__file__).parent / "prompts.toml").open("rb") as f:
        return tomllib.load(f)
