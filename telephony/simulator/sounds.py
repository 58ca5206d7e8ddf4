"""Fetches what is played, once: a prompt that is not there would be silence on a telephone.

    simulator.lengths = Fetched(simulator)

Sounds of other hosts than the server's are not asked for. A WAV tells its length; others last as
long as usual.
"""

import io
import wave
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from telephony.simulator.documents import Verb
from telephony.simulator.world import usual_length

if TYPE_CHECKING:
    from telephony.simulator.simulator import Simulator

LARGEST = 40 * 1024 * 1024
"""Bytes of a sound that Twilio plays."""


class Fetched:
    def __init__(self, simulator: "Simulator") -> None:
        self.simulator = simulator
        hooks = simulator.account.numbers.values()
        self.hosts = {urlsplit(one.voice).netloc for one in hooks}
        self.known: dict[str, float] = {}

    def __call__(self, verb: Verb) -> float:
        """Seconds; a complaint when it is missing, no sound, or too large."""
        url = verb.text
        if verb.name != "Play" or urlsplit(url).netloc not in self.hosts:
            return usual_length(verb)
        if url not in self.known:
            self.known[url] = self._fetch(verb)
        return self.known[url]

    def _fetch(self, verb: Verb) -> float:
        get = self.simulator.poster.get
        if get is None:
            return usual_length(verb)
        status, kind, body = get(verb.text, {"User-Agent": "TwilioProxy/1.1"})
        if status != 200 or not kind.startswith("audio/") or not 0 < len(body) <= LARGEST:
            self.simulator.complain(f"{verb.text} is no sound: {status} {kind} {len(body)} bytes")
            return usual_length(verb)
        if "wav" not in kind:
            return usual_length(verb)
        with wave.open(io.BytesIO(body)) as sound:
            return sound.getnframes() / sound.getframerate()
