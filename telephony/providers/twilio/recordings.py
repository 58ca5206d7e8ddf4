"""Prompts that were recorded: files in `DATA_DIR/prompts/LANGUAGE/NAME.mp3` (or .wav), played instead of
the text that a machine reads. A file put there, or replaced, is heard from the next document on.
"""

import re
from pathlib import Path

from django.conf import settings

from telephony.providers.twilio.speaking import OF_TONGUE, Recorded

ROOT = "/hooks/twilio/prompts/"
KINDS = {".mp3": "audio/mpeg", ".wav": "audio/wav"}
NAME = re.compile(r"[A-Za-z0-9-]{1,40}")


def recorded() -> Recorded:
    """Path of each recording, by name and language; another recording has another path."""
    found: dict[tuple[str, str], str] = {}
    for language in OF_TONGUE.values():
        for file in _files(language):
            version = f"{file.stat().st_mtime_ns:x}"
            found[(file.stem, language)] = f"{ROOT}{language}/{file.stem}/{version}/"
    return found


def sound_of(language: str, name: str) -> tuple[Path, str] | None:
    """The file of a recording and its type."""
    for file in _files(language):
        if file.stem == name:
            return file, KINDS[file.suffix]
    return None


def _files(language: str) -> list[Path]:
    """None that links elsewhere, and none of a name or an ending we do not know."""
    folder = Path(settings.DATA_DIR) / "prompts" / language
    if language not in OF_TONGUE.values() or not folder.is_dir():
        return []
    known = (one for one in folder.iterdir() if one.suffix in KINDS and NAME.fullmatch(one.stem))
    return sorted(one for one in known if one.is_file() and not one.is_symlink())
