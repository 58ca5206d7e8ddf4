"""The scripts of the line: what is heard at each point of a call. Pure: what they need is given."""

from collections.abc import Sequence

from telephony.providers.twilio.scripts import (
    GoTo,
    HangUp,
    Leave,
    Menu,
    Music,
    Park,
    Record,
    Room,
    Say,
    Script,
    Spoken,
)

ROOT = "/hooks/twilio/"
TONGUES = {"1": "ar", "2": "ary", "3": "fr", "4": "shi"}
"""The language of each key; the last is a choice of advisor."""
TRIES = 2
"""So often a menu is heard before it goes on with what is usual."""
LAST = 20
"""The last place in line whose number is said."""
CALL_BACK, MESSAGE = "1", "2"
"""Keys of a caller who waits, or finds the centre closed."""

AGREED = "1"
"""The one key that lets a talk be recorded."""


def languages(tries: int = 1) -> Script:
    """The welcome, once, and the choice of language."""
    heard = [Say("welcome", "ar"), Say("welcome", "fr")] if tries == 1 else []
    heard += [Say("language-ar", "ar"), Say("language-ary", "ary"), Say("language-fr", "fr"),
              Say("language-shi", "ary")]  # fmt: skip
    return (Menu(tuple(heard), f"{ROOT}language/{tries}/"),)


def themes(names: Sequence[tuple[str, str]], language: Spoken, tries: int = 1) -> Script:
    """The choice among themes, each by its code and its name in that language; at most nine."""
    heard = [Say("theme", language)]
    for key, (code, name) in enumerate(names[:9], start=1):
        heard += [Say(f"theme-{code}", language, name), Say("press", language)]
        heard += [_number(key, language)]
    return (Menu((*heard, Say("theme-other", language)), f"{ROOT}theme/{tries}/"),)


def opens_soon() -> Script:
    """The centre has not opened yet: nothing is asked, nothing is kept."""
    return (Say("opens-soon", "ar"), Say("opens-soon", "fr"), HangUp())


def recording(language: Spoken, chosen: int) -> Script:
    """May the talk be recorded? Asked once; `chosen` is the key of the theme."""
    return (Menu((Say("recording", language),), f"{ROOT}agree/{chosen}/"),)


def park(language: Spoken, *, is_back: bool = False) -> Script:
    """Into the line; `is_back`: their advisor was lost."""
    return (Say("lost" if is_back else "queued", language),
            Park(f"{ROOT}wait/", f"{ROOT}left/"))  # fmt: skip


def waiting(language: Spoken, place: int | None) -> Script:
    """What is heard in line: the place (from 1), the keys, and music for as long as a restart takes."""
    heard: list[Say | Music] = []
    if place is not None and place <= LAST:
        heard += [Say("position", language), _number(place, language)]
    heard += [Say("keys-waiting", language), Music()]
    return (Menu(tuple(heard), f"{ROOT}wait/keys/", seconds=1, tells_silence=False),)


def still_waiting() -> Script:
    """A key that means nothing: the line goes on."""
    return (Music(),)


def closed(language: Spoken, tries: int = 1, words: str = "") -> Script:
    """`words`: what the queue says of it, and when it opens."""
    more = (Say("closed-words", language, words),) if words else ()
    heard = (Say("closed", language), *more, Say("keys-waiting", language))
    return (Menu(heard, f"{ROOT}closed/{tries}/"),)


def message(language: Spoken, *, is_withheld: bool = False) -> Script:
    """Leave a message; `is_withheld`: they asked for a call-back and nobody knows their number."""
    first = (Say("no-number", language),) if is_withheld else ()
    recorded = Record(f"{ROOT}message/", f"{ROOT}recorded/")
    return (*first, Say("message", language), recorded, HangUp())


def goodbye(language: Spoken, prompt: str = "goodbye") -> Script:
    return (Say(prompt, language), HangUp())


def leave() -> Script:
    """Out of the line: what they chose is said where the end of the line is told."""
    return (Leave(),)


def caller_in_room(name: str, language: Spoken) -> Script:
    """The conversation ends with the caller; whoever is left behind is thanked."""
    return (Room(name, "caller", f"{ROOT}room/", ends=True), *goodbye(language))


def advisor_in_room(name: str, label: str, *, muted: bool = False, whispers_to: str = "") -> Script:
    return (Room(name, label, f"{ROOT}room/", muted=muted, whispers_to=whispers_to), HangUp())


def not_yours(language: Spoken) -> Script:
    """A page that comes too late, or with another's code."""
    return (Say("not-yours", language), HangUp())


def again() -> Script:
    """From the start: the first door knows how the call stands."""
    return (GoTo(f"{ROOT}voice/"),)


def hang_up() -> Script:
    return (HangUp(),)


def nothing() -> Script:
    return ()


def _number(number: int, language: Spoken) -> Say:
    return Say(f"number-{number}", language, str(number))
