"""What is played is fetched: a prompt that is missing is silence on a telephone."""

import pytest

from telephony.simulator.rest.recordings import sound
from telephony.simulator.sounds import Fetched
from telephony.simulator.state import Recording
from telephony.simulator.world import Complaint
from tests.telephony.simulator.centre import NUMBER, Server, simulator
from tests.telephony.simulator.words import BASE, twiml


def wav(seconds):
    return sound(Recording("RE1", "CA1", None, "RecordVerb", length=seconds))


def played(path, answer):
    asked = []

    def get(url, headers):
        asked.append(url)
        return answer

    server = Server({"/voice": twiml(f"<Play>{path}</Play><Play>{path}</Play>")})
    world = simulator(server, get=get)
    world.lengths = Fetched(world)
    call = world.ring("+212600000001", NUMBER)
    world.run()
    return (call.ended - call.started).total_seconds(), asked


def test_a_wav_lasts_as_long_as_it_is_and_is_fetched_once():
    assert played("/a.wav", (200, "audio/wav", wav(7))) == (14, [f"{BASE}/a.wav"])


def test_another_sound_lasts_as_long_as_usual():
    assert played("/a.mp3", (200, "audio/mpeg", b"ID3"))[0] == 8


def test_sounds_of_others_are_not_asked_for():
    assert played("https://other.example/a.mp3", (404, "", b"")) == (8, [])


@pytest.mark.parametrize(
    "answer", [(404, "audio/wav", b"x"), (200, "text/html", b"x"), (200, "audio/wav", b"")]
)
def test_what_is_no_sound_is_a_mistake(answer):
    with pytest.raises(Complaint, match="no sound"):
        played("/a.wav", answer)
