"""Which verbs and attributes a document may hold: read off the builders of `twilio.twiml`.

There is no current schema of the documents (only one of 2008), but the library's builders are made
from one, and each names its attributes. A builder is called with every argument it has: what it
writes as attributes are attributes, the rest is text.
"""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from twilio.twiml import TwiML
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse


@dataclass(frozen=True)
class Element:
    attributes: frozenset[str]
    builder: Any

    @property
    def children(self) -> "Mapping[str, Element]":
        return _children(type(self.builder))  # type: ignore[arg-type]


def voice() -> Element:
    return Element(frozenset(), VoiceResponse())


def messaging() -> Element:
    return Element(frozenset(), MessagingResponse())


@cache
def _children(parent: Any) -> Mapping[str, Element]:
    children = {}
    for name, build in inspect.getmembers(parent, inspect.isfunction):
        if name.startswith("_") or name in vars(TwiML):
            continue
        arguments = list(inspect.signature(build).parameters.values())[1:]
        given = {
            one.name: "x" for one in arguments if one.kind is not inspect.Parameter.VAR_KEYWORD
        }
        child = build(_empty(parent), **given)
        children[child.name] = Element(frozenset(child.attrs), child)
    return children


def _empty(kind: Any) -> Any:
    needed = list(inspect.signature(kind.__init__).parameters.values())[1:]
    return kind(**{one.name: "x" for one in needed if one.default is inspect.Parameter.empty
                   and one.kind is not inspect.Parameter.VAR_KEYWORD})  # fmt: skip
