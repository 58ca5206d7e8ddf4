"""The whole, ready to use: a world with its verbs, its REST surface and what people do from outside."""

from collections.abc import Sequence
from typing import Any

from telephony.simulator import calling, messaging, tokens
from telephony.simulator.people import Person
from telephony.simulator.posting import Post
from telephony.simulator.rest.surface import Surface
from telephony.simulator.state import Account, Call, Message
from telephony.simulator.world import World


class Simulator(World):
    def __init__(self, post: Post, *, account: Account, **more: Any) -> None:
        super().__init__(post, account=account, **more)
        self.verbs = calling.VERBS
        self.rest = Surface(self)

    def ring(self, number: str, to: str, person: Person | None = None) -> Call:
        """A telephone calls one of the account's numbers; `number` empty: withheld."""
        with self.lock:
            return calling.ring(self, number or "anonymous", to, person or Person())

    def connect(
        self, identity: str, application: str, person: Person | None = None, **custom: str
    ) -> Call:
        """A browser dials in with its parameters, a claim for one."""
        with self.lock:
            return calling.connect(self, identity, application, custom, person or Person())

    def dial_in(self, token: str, person: Person | None = None, **custom: str) -> Call:
        """The same by the access token a page was given. BadToken when it would not be let in."""
        identity, application = tokens.read(self.account, token, self.clock.now)
        return self.connect(identity, application, person, **custom)

    def hang_up(self, call: Call) -> None:
        """Who holds this end puts it down."""
        with self.lock:
            calling.hang_up(self, call, by="caller")

    def text(
        self, from_: str, to: str, body: str, media: list[str] | None = None,
        files: Sequence[tuple[str, bytes]] = (),
    ) -> Message:  # fmt: skip
        """An SMS or WhatsApp message to one of the account's numbers."""
        with self.lock:
            return messaging.receive(self, from_, to, body, media or [], files)
