"""Which prompts there are, and their words: the fixed ones, names of themes, numbers, music."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from telephony.providers.twilio import holding
from telephony.providers.twilio.documents import LAST
from telephony.providers.twilio.scripts import Spoken
from telephony.providers.twilio.speaking import prompts

LANGUAGES: tuple[Spoken, ...] = ("ar", "ary", "fr")
MUSIC = "music"
SAID, THEMES, NUMBERS = "said", "themes", "numbers"
"""Groups of prompts, in the order in which a caller meets them."""
LABELS: dict[str, Promise] = {
    "welcome": _("Welcome"),
    "language-ar": _("The key for Arabic"),
    "language-ary": _("The key for Darija"),
    "language-fr": _("The key for French"),
    "language-shi": _("The key for an advisor who speaks Tashelhit"),
    "theme": _("Before the themes"),
    "theme-other": _("The key for any other theme"),
    "press": _("Between a theme and its key"),
    "recording": _("Asks whether the talk may be recorded"),
    "queued": _("Goes into the line"),
    "position": _("Before the place in line"),
    "keys-waiting": _("What a caller in line can choose"),
    "closed": _("The centre is closed"),
    "opens-soon": _("The centre has not opened yet"),
    "call-back": _("A call-back is noted"),
    "no-number": _("A call-back to a withheld number"),
    "message": _("Before a message is left"),
    "thanks": _("After a message"),
    "lost": _("The advisor was lost"),
    "goodbye": _("Goodbye"),
    "not-yours": _("A page that comes too late"),
    MUSIC: _("Music while waiting"),
}


@dataclass(frozen=True)
class Prompt:
    """One prompt in one language."""

    name: str
    language: str
    """Empty for music."""
    words: str
    group: str
    label: str

    @property
    def key(self) -> tuple[str, str]:
        return self.name, self.language

    @property
    def slug(self) -> str:
        """Its language in an address."""
        return self.language or "all"


def every() -> list[Prompt]:
    """All of them, language by language."""
    return [one for language in LANGUAGES for one in of_language(language)] + [music()]


def of_language(language: Spoken) -> list[Prompt]:
    return [*_said(language), *_themes(language), *_numbers(language)]


def music() -> Prompt:
    return Prompt(MUSIC, "", "", MUSIC, str(LABELS[MUSIC]))


def find(slug: str, name: str) -> Prompt | None:
    """A prompt by the language in its address and its name."""
    if slug == "all":
        return music() if name == MUSIC else None
    for language in LANGUAGES:
        if language == slug:
            return next((one for one in of_language(language) if one.name == name), None)
    return None


def _said(language: Spoken) -> Iterator[Prompt]:
    for name, words in prompts().items():
        if language in words:
            label = str(LABELS.get(name, name))
            yield Prompt(name, language, words[language], SAID, label)


def _themes(language: Spoken) -> Iterator[Prompt]:
    for code, name, _row in holding.themes(language):
        label = _("Theme %(code)s") % {"code": code}
        yield Prompt(f"theme-{code}", language, name, THEMES, label)


def _numbers(language: Spoken) -> Iterator[Prompt]:
    for number in range(1, LAST + 1):
        label = _("Number %(n)s") % {"n": number}
        yield Prompt(f"number-{number}", language, str(number), NUMBERS, label)
