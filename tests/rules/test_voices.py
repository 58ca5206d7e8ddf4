"""Who is linked with whom and who hears whom, through ten thousand sequences of acts in any order."""

import random

from telephony.models import Leg
from telephony.providers.web.rules import End, Room, mix, needed_links

Mode, Role = Leg.Mode, Leg.Role
SEQUENCES = 10_000


def talk(advisor: str = Mode.ON, *more: End, caller: str = Mode.ON) -> list[End]:
    """Caller 1, advisor 2, and others."""
    return [End(1, Role.CALLER, caller), End(2, Role.ADVISOR, advisor, turn=1), *more]


def hearing(ends: list[End], turn: int = 1) -> dict[int, set[int]]:
    """What reaches whose ears, followed through the pages: who sends what to whom, and who plays it."""
    links = needed_links(ends, turn=turn, has_voice=True)
    mixes = {end.pk: mix(ends, turn=turn, own=end.pk) for end in ends}
    found: dict[int, set[int]] = {end.pk: set() for end in ends}
    for one, two in links:
        for sender, listener in ((one, two), (two, one)):
            if mixes[listener][sender].hear:
                found[listener] |= set(mixes[sender][listener].send)
    return found


def test_a_talk_is_one_link() -> None:
    assert needed_links(talk(), turn=1, has_voice=True) == {(1, 2): "talk"}
    assert hearing(talk()) == {1: {2}, 2: {1}}


def test_nobody_is_linked_before_and_after() -> None:
    assert needed_links(talk(), turn=1, has_voice=False) == {}
    assert needed_links(talk(), turn=2, has_voice=True) == {}
    assert needed_links([End(1, Role.CALLER)], turn=0, has_voice=True) == {}


def test_mute_and_hold() -> None:
    assert hearing(talk(Mode.MUTE)) == {1: set(), 2: {1}}
    assert hearing(talk(caller=Mode.MUTE)) == {1: {2}, 2: set()}
    assert hearing(talk(Mode.HOLD)) == {1: set(), 2: set()}


def test_a_supervisor_listens_whispers_and_speaks() -> None:
    def with_(mode: str, advisor: str = Mode.ON) -> dict[int, set[int]]:
        return hearing(talk(advisor, End(3, Role.SUPERVISOR, mode)))

    assert with_(Mode.LISTEN) == {1: {2}, 2: {1}, 3: {1, 2}}
    assert with_(Mode.WHISPER) == {1: {2}, 2: {1, 3}, 3: {1, 2}}
    assert with_(Mode.BARGE) == {1: {2, 3}, 2: {1, 3}, 3: {1, 2}}
    assert with_(Mode.BARGE, Mode.HOLD) == {1: set(), 2: {3}, 3: {2}}


def test_a_colleague_is_linked_with_both_and_heard_by_one() -> None:
    asked = End(3, Role.ADVISOR, Mode.CONSULT)
    ends = talk(Mode.HOLD, asked)
    links = needed_links(ends, turn=1, has_voice=True)
    assert links == {(1, 2): "talk", (2, 3): "consult", (1, 3): "talk"}
    assert hearing(ends) == {1: set(), 2: {3}, 3: {2}}
    rung = talk(Mode.HOLD, End(3, Role.ADVISOR, Mode.CONSULT, is_there=False))
    assert needed_links(rung, turn=1, has_voice=True) == {(1, 2): "talk"}


def test_the_listener_goes_with_the_call() -> None:
    ends = [End(1, Role.CALLER), End(3, Role.ADVISOR, turn=2), End(4, Role.SUPERVISOR, Mode.LISTEN)]
    assert needed_links(ends, turn=2, has_voice=True) == {(1, 3): "talk", (3, 4): "listen"}
    assert hearing(ends, turn=2) == {1: {3}, 3: {1}, 4: {1, 3}}


def test_ten_thousand_sequences() -> None:
    """No link that nobody wants, nobody gets themselves back, hold lets nobody's voice through."""
    chance = random.Random(20261129)
    for _ in range(SEQUENCES):
        ends, turn = _some_legs(chance)
        shuffled = chance.sample(ends, len(ends))
        links = needed_links(ends, turn=turn, has_voice=True)
        assert links == needed_links(shuffled, turn=turn, has_voice=True)
        heard = hearing(ends, turn)
        assert heard == hearing(shuffled, turn)
        _check(Room(ends, turn=turn), links, heard)


def _some_legs(chance: random.Random) -> tuple[list[End], int]:
    """A caller and a few others after a handful of acts."""
    turn = chance.randint(0, 3)
    ends = [End(1, Role.CALLER, chance.choice([Mode.ON, Mode.MUTE]))]
    if turn:
        mode = chance.choice([Mode.ON, Mode.MUTE, Mode.HOLD])
        ends.append(End(2, Role.ADVISOR, mode, turn=turn))
    for key in range(3, 3 + chance.randint(0, 4)):
        role = chance.choice([Role.SUPERVISOR, Role.SUPERVISOR, Role.ADVISOR])
        if role == Role.ADVISOR:
            ends.append(End(key, role, Mode.CONSULT, is_there=chance.random() < 0.7))
        else:
            ends.append(End(key, role, chance.choice([Mode.LISTEN, Mode.WHISPER, Mode.BARGE])))
    for _ in range(chance.randint(0, 3)):
        gone = chance.choice(ends)
        if chance.random() < 0.2:
            ends = [end for end in ends if end != gone]
        if not ends:
            break
    return ends, turn


def _check(room: Room, links: dict[tuple[int, int], str], heard: dict[int, set[int]]) -> None:
    by_key = room.ends
    assert bool(links) <= (room.caller is not None and room.advisor is not None)
    for one, two in links:
        assert one < two
        assert {one, two} <= set(by_key)
    for listener, voices in heard.items():
        assert listener not in voices
        wanted = {
            key for key, end in by_key.items()
            if links and room.hears(by_key[listener], end) and _is_linked(links, key)
        }  # fmt: skip
        assert voices == (wanted if _is_linked(links, listener) else set())
    if room.caller and room.advisor and room.advisor.mode == Mode.HOLD:
        assert heard[room.caller.pk] == set()
        assert not any(room.caller.pk in voices for voices in heard.values())
    for key, end in by_key.items():
        if end.role == Role.SUPERVISOR and end.mode == Mode.LISTEN:
            others = [by_key[one] for one, voices in heard.items() if key in voices]
            assert others == [], "who only listens is heard by nobody"


def _is_linked(links: dict[tuple[int, int], str], key: int) -> bool:
    return any(key in two for two in links)
