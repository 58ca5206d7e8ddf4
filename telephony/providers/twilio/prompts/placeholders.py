"""Placeholders: the words of a prompt read by espeak-ng on this machine. Better than silence, and never
counted as recorded."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from telephony.providers.twilio.account import account
from telephony.providers.twilio.models import Sound
from telephony.providers.twilio.prompts import actions, wanted
from telephony.providers.twilio.prompts.wanted import Prompt

PROGRAM = "espeak-ng"
VOICES = {"ar": "ar", "ary": "ar", "fr": "fr"}
"""None speaks Darija: it is read as Arabic."""
SPEED, LONGEST = "140", 30
"""Words a minute, and seconds after which the program is given up."""


class NoReader(Exception):
    """espeak-ng is not installed, or does not read."""


def lay_missing(*, at: datetime, again: bool = False) -> int:
    """Read what has no placeholder with its present words; `again`: all of them. How many were made.

    Raises NoReader.
    """
    if not is_there():
        raise NoReader(PROGRAM)
    made = 0
    for prompt in _missing(again=again):
        actions.lay(prompt, read(prompt), at=at)
        made += 1
    return made


def lay_at_setup(*, at: datetime) -> int:
    """As `lay_missing`, where the public line is on and espeak-ng is there; else nothing, which is no fault."""
    return lay_missing(at=at) if account() is not None and is_there() else 0


def is_there() -> bool:
    return shutil.which(PROGRAM) is not None


def read(prompt: Prompt) -> bytes:
    """The words as a WAV file. Raises NoReader."""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "read.wav"
        done = subprocess.run(
            [PROGRAM, "-v", VOICES[prompt.language], "-s", SPEED, "-w", str(into), "--stdin"],
            input=prompt.words.encode(), capture_output=True, timeout=LONGEST, check=False,
        )  # fmt: skip
        if done.returncode or not into.exists():
            raise NoReader(PROGRAM)
        return into.read_bytes()


def _missing(*, again: bool) -> Iterator[Prompt]:
    spoken: Iterable[Prompt] = (one for one in wanted.every() if one.words)
    rows = Sound.objects.standing().filter(kind=Sound.Kind.PLACEHOLDER)
    there = {(row.prompt, row.language): row.words for row in rows}
    for prompt in spoken:
        if again or there.get(prompt.key) != prompt.words:
            yield prompt
