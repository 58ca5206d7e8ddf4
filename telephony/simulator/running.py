"""Carries out one document, verb after verb, each as long as it takes."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from telephony.simulator.clock import Due
from telephony.simulator.documents import Document, Verb
from telephony.simulator.values import BadDocument

if TYPE_CHECKING:
    from telephony.simulator.flow import Flow

FOREVER = 24 * 3600.0
"""Seconds: `loop="0"`."""
KEY = 0.4
"""Seconds between two keys."""


class Run:
    def __init__(self, flow: "Flow", document: Document) -> None:
        self.flow, self.document = flow, document
        self.world, self.call = flow.world, flow.call
        self.index, self.alive = 0, True
        self.began: datetime = self.world.clock.now
        self._due: Due | None = None

    def stop(self) -> None:
        self.alive = False
        if self._due:
            self._due.drop()

    def step(self) -> None:
        """The next verb, or the end of the document."""
        if not self.alive:
            return
        if self.index >= len(self.document.verbs):
            self.alive = False
            self.flow.ended()
            return
        verb = self.document.verbs[self.index]
        self.index += 1
        heard = {"Play": self._play, "Say": self._play, "Pause": self._pause,
                 "Redirect": self._redirect, "Gather": self._gather}  # fmt: skip
        if verb.name in heard:
            heard[verb.name](verb)
        else:
            self.world.verbs[verb.name](self, verb)

    def later(self, seconds: float, act: Callable[[], Any]) -> None:
        self._due = self.world.clock.after(seconds, lambda: act() if self.alive else None)

    def action(self, verb: Verb) -> tuple[str, str]:
        """Address and method: of the verb, else of the document itself."""
        url = verb.get("action") or self.document.url
        if not url:
            raise BadDocument(f"<{verb.name}> without action in a document without an address")
        return url, verb.get("method", "POST")

    def length(self, verb: Verb) -> float:
        if verb.name == "Pause":
            return float(verb.number("length", 1))
        if verb.name == "Play" and verb.get("digits"):
            return 0.5 * len(verb.get("digits"))
        loop = verb.number("loop", 1)
        return self.world.lengths(verb) * loop if loop else FOREVER

    # --- verbs --------------------------------------------------------------------------------

    def _play(self, verb: Verb) -> None:
        self.world.note("heard", self.call, text=verb.text, verb=verb.name)
        self.later(self.length(verb), self.step)

    def _pause(self, verb: Verb) -> None:
        self.later(self.length(verb), self.step)

    def _redirect(self, verb: Verb) -> None:
        self.flow.ask("redirect", verb.text, verb.get("method", "POST"))

    def _gather(self, verb: Verb) -> None:
        prompts = sum(self.length(one) for one in verb.children)
        for one in verb.children:
            if one.name != "Pause":
                self.world.note("heard", self.call, text=one.text, verb=one.name)
        keys = self.call.person.keys(self.call, verb) if self.call.person else None
        timeout = verb.number("timeout", 5)
        if keys is None or keys.after > prompts + timeout:
            self.later(prompts + timeout, lambda: self._gathered(verb, "", ""))
            return
        digits, key, complete = pressed(keys.digits, verb)
        took = keys.after + KEY * max(0, len(digits) + len(key) - 1)
        if not verb.is_true("bargeIn", True):
            took = max(took, prompts)
        wait = 0 if complete else timeout
        self.later(took + wait, lambda: self._gathered(verb, digits, key))

    def _gathered(self, verb: Verb, digits: str, key: str) -> None:
        self.world.note("pressed", self.call, digits=digits)
        if not digits and not verb.is_true("actionOnEmptyResult"):
            self.step()
            return
        url, method = self.action(verb)
        extra = {"Digits": digits, "msg": "Gather End"}
        if key:
            extra["FinishedOnKey"] = key
        self.flow.ask("gather", url, method, extra)


def pressed(keys: str, verb: Verb) -> tuple[str, str, bool]:
    """Digits taken, the key that ended them, and whether nothing more is awaited."""
    finish = verb.get("finishOnKey", "#")
    most = verb.number("numDigits", 0)
    digits = ""
    for key in keys:
        if key in finish:
            return digits, key, True
        digits += key
        if most and len(digits) == most:
            return digits, "", True
    return digits, "", False
