"""A sound for everybody in a room, or for one of them, over what they say."""

from telephony.simulator import parameters, rooms
from telephony.simulator.posting import Answer, Failure
from telephony.simulator.state import Conference, Participant
from telephony.simulator.world import World


def announce(world: World, room: Conference, person: Participant | None, url: str) -> None:
    form = parameters.room(world.account, room, "announcement", world.clock.now)
    if person:
        form |= parameters.participant(person)
    world.send("announce", url, form, lambda answer: _play(world, room, person, answer))


def _play(
    world: World, room: Conference, person: Participant | None, answer: Answer | Failure
) -> None:
    if isinstance(answer, Failure):
        return
    reader = world.reader
    document = reader.sound(answer.kind, answer.url) or reader.read(
        answer.body, answer.kind, answer.url, "room"
    )
    for verb in document.verbs:
        for one in room.participants:
            if one.here and person in (None, one):
                world.note("heard", one.call, text=verb.text, verb=verb.name)
    seconds = sum(world.lengths(verb) for verb in document.verbs)
    world.clock.after(seconds, lambda: _over(world, room, person))


def _over(world: World, room: Conference, person: Participant | None) -> None:
    if room.status != "completed":
        rooms.event(world, room, "announcement-end", person if person and person.here else None)
