"""How the prompts stand: what is heard of each now, and how many are missing."""

from dataclasses import dataclass

from telephony.providers.twilio.prompts import sounds, wanted
from telephony.providers.twilio.prompts.sounds import Played
from telephony.providers.twilio.prompts.wanted import Prompt

PEOPLE, STALE, PLACEHOLDER, MACHINE = "people", "stale", "placeholder", "machine"


@dataclass(frozen=True)
class Standing:
    prompt: Prompt
    played: Played

    @property
    def state(self) -> str:
        if self.played.is_recorded:
            return STALE if self.played.is_stale else PEOPLE
        return PLACEHOLDER if self.played.name else MACHINE

    @property
    def is_missing(self) -> bool:
        """Nobody has recorded it, or not with these words."""
        return self.state != PEOPLE


@dataclass(frozen=True)
class Count:
    """Of one language (empty: music)."""

    language: str
    rows: tuple[Standing, ...]

    @property
    def wanted(self) -> int:
        return len(self.rows)

    @property
    def recorded(self) -> int:
        return sum(not row.is_missing for row in self.rows)

    @property
    def missing(self) -> int:
        return self.wanted - self.recorded

    def of(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)

    @property
    def read(self) -> int:
        """Read by a machine at Twilio."""
        return self.of(MACHINE)

    @property
    def placeholders(self) -> int:
        return self.of(PLACEHOLDER)

    @property
    def stale(self) -> int:
        return self.of(STALE)


def counts() -> list[Count]:
    """Each language in its order, then music."""
    every = wanted.every()
    heard = sounds.played(every)
    rows = [Standing(one, heard.get(one.key, Played())) for one in every]
    return [
        Count(language, tuple(row for row in rows if row.prompt.language == language))
        for language in (*wanted.LANGUAGES, "")
    ]


def standing(prompt: Prompt) -> Standing:
    return Standing(prompt, sounds.played([prompt]).get(prompt.key, Played()))
