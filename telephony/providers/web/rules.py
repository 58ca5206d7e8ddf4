"""Who is linked with whom, and who hears whom: pure functions of the legs of a call. No query here.

The caller has one connection, to the advisor; supervisors hang on the advisor's page, which mixes.
Only while a colleague is asked does the caller have a second one, silent until the call is handed
over, so that no gap is heard then.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from telephony.models import Leg
from telephony.providers.web.models import Link

Mode, Role, Purpose = Leg.Mode, Leg.Role, Link.Purpose
Pair = tuple[int, int]
"""Keys of two legs, the lower first."""


@dataclass(frozen=True)
class End:
    """A leg that has not left. `is_there`: its page was heard of (a colleague who was asked has come)."""

    pk: int
    role: str
    mode: str = Mode.ON
    turn: int = 0
    is_there: bool = True

    @property
    def is_asked(self) -> bool:
        return self.role == Role.ADVISOR and self.mode == Mode.CONSULT


@dataclass(frozen=True)
class Mixed:
    """For one link of a page: whether what comes in is played, and whose voices go out."""

    hear: bool
    send: tuple[int, ...]
    """Keys of legs; the page's own leg is its microphone."""


class Room:
    """The legs that are here in one turn of a call."""

    def __init__(self, ends: Iterable[End], *, turn: int) -> None:
        self.ends = {end.pk: end for end in sorted(ends, key=lambda end: end.pk)}
        every = self.ends.values()
        self.caller = next((end for end in every if end.role == Role.CALLER), None)
        speaks = [end for end in every if end.role == Role.ADVISOR and not end.is_asked]
        self.advisor = next((end for end in speaks if turn and end.turn == turn), None)

    def links(self) -> dict[Pair, str]:
        """The links these legs ask for."""
        advisor, found = self.advisor, dict[Pair, str]()
        if advisor is None or self.caller is None:
            return found
        found[pair(advisor, self.caller)] = Purpose.TALK
        for end in self.ends.values():
            if end.role == Role.SUPERVISOR:
                found[pair(end, advisor)] = Purpose.LISTEN
            elif end.is_asked and end.is_there:
                found[pair(end, advisor)] = Purpose.CONSULT
                found[pair(end, self.caller)] = Purpose.TALK
        return found

    def hears(self, listener: End, speaker: End) -> bool:
        """Whether this voice may reach these ears."""
        advisor = self.advisor
        if advisor is None or speaker == listener or speaker.mode == Mode.MUTE:
            return False
        if listener == advisor:
            return self._advisor_hears(speaker)
        if listener.role == Role.SUPERVISOR:
            return speaker == advisor or self._advisor_hears(speaker)
        if listener.is_asked:
            return speaker == advisor
        if listener != self.caller or advisor.mode == Mode.HOLD:
            return False
        return speaker == advisor or speaker.mode == Mode.BARGE

    def _advisor_hears(self, speaker: End) -> bool:
        if speaker == self.caller:
            return self.advisor is not None and self.advisor.mode != Mode.HOLD
        return speaker.is_asked or speaker.mode in (Mode.WHISPER, Mode.BARGE)

    def mix(self, own: int) -> dict[int, Mixed]:
        """What the page of a leg does with each of its links, by the key of the far leg."""
        links, found = self.links(), dict[int, Mixed]()
        for two in links:
            if own in two:
                far = two[0] if two[1] == own else two[1]
                comes = self._sent(far, own, links)
                found[far] = Mixed(hear=bool(comes), send=self._sent(own, far, links))
        return found

    def _sent(self, sender: int, listener: int, links: dict[Pair, str]) -> tuple[int, ...]:
        """Whose voices one page sends another: the advisor's passes on those who have no link there."""
        one, ears = self.ends[sender], self.ends[listener]
        sources = [one]
        if one == self.advisor:
            linked = {key for two in links if sender in two for key in two} - {sender, listener}
            far = [self.ends[key] for key in sorted(linked)]
            sources += [end for end in far if pair(end, ears) not in links]
        return tuple(end.pk for end in sources if self.hears(ears, end))


def pair(one: End, two: End) -> Pair:
    return (min(one.pk, two.pk), max(one.pk, two.pk))


def needed_links(ends: Iterable[End], *, turn: int, has_voice: bool) -> dict[Pair, str]:
    """Which legs must be linked; none while nobody has the call or after its end."""
    return Room(ends, turn=turn).links() if has_voice else {}


def mix(ends: Iterable[End], *, turn: int, own: int) -> dict[int, Mixed]:
    """`Room.mix` for the leg `own`."""
    return Room(ends, turn=turn).mix(own)
