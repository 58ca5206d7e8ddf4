"""Which sound of a prompt is played, and its file.

The newest recording kept by the page; else a file put into `DATA_DIR/prompts/LANGUAGE/NAME.mp3` (or .wav)
by hand; else a placeholder, while it says what the prompt says; else a machine reads the words.

Every answer to a call asks for these: what was found is believed for `FRESH` seconds, so a recording made
in another process is heard that much later.
"""

import hmac
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from telephony.providers.twilio.models import Sound
from telephony.providers.twilio.prompts.wanted import LANGUAGES, MUSIC, Prompt
from telephony.providers.twilio.scripts import Menu, Music, Say, Script
from telephony.providers.twilio.speaking import Recorded, text_of

ROOT = "/hooks/twilio/sounds/"
KINDS = {".mp3": "audio/mpeg", ".wav": "audio/wav"}
NAME = re.compile(r"[A-Za-z0-9-]{1,40}")
Key = tuple[str, str]
FRESH = 2.0
_found: dict[frozenset[tuple[Key, str]], tuple[float, Recorded]] = {}
"""By what is said: when it was looked for, and the paths."""
_MANY = 500


@dataclass(frozen=True)
class Played:
    """What is heard of a prompt; without a `name` a machine reads it (of music: silence)."""

    name: str = ""
    is_recorded: bool = False
    """By people."""
    is_stale: bool = False
    """The words have changed since."""
    is_by_hand: bool = False
    """A file put on the server, not uploaded."""
    pk: int = 0
    """Of its row."""

    @property
    def path(self) -> str:
        return f"{ROOT}{self.name}/" if self.name else ""


def recorded(script: Script) -> Recorded:
    """Paths of the sounds of a script, by prompt and language."""
    words: dict[Key, str] = {}
    for step in _heard(script):
        if isinstance(step, Say):
            words[step.prompt, step.language] = text_of(step)
        else:
            words[MUSIC, ""] = ""
    if not words:
        return {}
    said, now = frozenset(words.items()), time.monotonic()
    known = _found.get(said)
    if known is not None and 0 <= now - known[0] < FRESH:
        return known[1]
    paths = {k: one.path for k, one in _played(words, {name for name, _language in words}).items()}
    if len(_found) >= _MANY:
        _found.clear()
    _found[said] = now, paths
    return paths


def forget() -> None:
    """What was found is looked for again: a sound has changed."""
    _found.clear()


def music() -> str:
    """The path of the music; empty where none was recorded."""
    found = _played({(MUSIC, ""): ""}, [MUSIC])
    return found[MUSIC, ""].path if found else ""


def played(prompts: Iterable[Prompt]) -> dict[Key, Played]:
    """What is heard of each prompt; one that a machine reads is not there."""
    return _played({one.key: one.words for one in prompts}, None)


def path_of(name: str) -> Path:
    return Path(settings.DATA_DIR) / "prompts" / "kept" / name[:2] / name


def file_of(name: str) -> tuple[Path, str] | None:
    """The file behind an address, and its type; also of one that was taken back: a document that names
    it may be under way."""
    row = Sound.objects.filter(name=name).values_list("content_type", flat=True).first()
    if row is not None:
        return path_of(name), row
    for _key, file in _by_hand():
        if hmac.compare_digest(_address(file), name):
            return file, KINDS[file.suffix]
    return None


def _heard(script: Script) -> Iterator[Say | Music]:
    for step in script:
        if isinstance(step, Menu):
            yield from step.says
        elif isinstance(step, Say | Music):
            yield step


def _played(words: dict[Key, str], prompts: Iterable[str] | None) -> dict[Key, Played]:
    found: dict[Key, Played] = {}
    by_hand = {key: _address(file) for key, file in _by_hand() if key in words}
    rows = Sound.objects.standing(prompts)
    for row in rows.only("pk", "prompt", "language", "kind", "name", "words"):
        key, is_recorded = (row.prompt, row.language), row.kind == Sound.Kind.HEARD
        if key not in words or (not is_recorded and row.words != words[key]):
            continue
        stale = bool(words[key]) and row.words != words[key]
        found[key] = Played(row.name, is_recorded=is_recorded, is_stale=stale, pk=row.pk)
    for key, name in by_hand.items():
        if key not in found or not found[key].is_recorded:
            found[key] = Played(name, is_recorded=True, is_by_hand=True)
    return found


def _by_hand() -> Iterator[tuple[Key, Path]]:
    """None that links elsewhere, and none of a name or an ending we do not know."""
    for language in LANGUAGES:
        folder = Path(settings.DATA_DIR) / "prompts" / language
        if not folder.is_dir():
            continue
        for file in sorted(folder.iterdir()):
            if file.suffix in KINDS and NAME.fullmatch(file.stem) and not file.is_symlink():
                spoken = "" if file.stem == MUSIC else language
                yield (file.stem, spoken), file


def _address(file: Path) -> str:
    """Another content has another address, and none says what it is."""
    told = f"{file.parent.name}/{file.name}:{file.stat().st_mtime_ns:x}"
    key = f"prompt:{settings.PEPPER}".encode()
    return hmac.new(key, told.encode(), sha256).hexdigest()[:32]
