"""Reads a document as Twilio does, and more strictly: what is unknown, out of bounds or out of place
is a `BadDocument`, because Twilio would ignore it and nobody would notice.

Relative addresses stand in what a webhook answered (relative to the address asked); in a document
sent inside a REST request they are an error (15004), as are they anywhere in a callback.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

from telephony.simulator import allowed
from telephony.simulator.values import BadDocument, check_text, check_value

LARGEST = 64 * 1024
KINDS = ("text/xml", "application/xml")
PLAYED = frozenset({
    "Play", "Say", "Pause", "Gather", "Enqueue", "Leave", "Dial", "Conference", "Record",
    "Redirect", "Hangup", "Reject",
})  # fmt: skip
"""What the simulator carries out. Another verb may be good TwiML; it is no verb of ours."""
ADDRESSES = frozenset({"action", "waitUrl"})
CALLBACKS = frozenset({"statusCallback", "recordingStatusCallback"})
SPOKEN = frozenset(
    {"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"}
)

PLACES = {
    "call": PLAYED,
    "wait": frozenset({"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"}),
    "room": frozenset({"Play", "Say", "Pause", "Redirect"}),
}
"""Which verbs a document may hold where: a call itself, a queue's wait, a room's wait or hold."""


@dataclass(frozen=True)
class Verb:
    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    children: "tuple[Verb, ...]" = ()

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def is_true(self, name: str, default: bool = False) -> bool:
        return self.get(name, str(default).lower()) == "true"

    def number(self, name: str, default: int) -> int:
        return int(self.get(name, str(default)))


@dataclass(frozen=True)
class Document:
    verbs: tuple[Verb, ...]
    url: str
    """Whence it came; empty when it was sent inside a REST request."""


@dataclass(frozen=True)
class Reader:
    """`origins`: hosts that may be named without https, for a server on this machine."""

    origins: frozenset[str] = frozenset()

    def read(self, body: bytes, kind: str, url: str, place: str = "call") -> Document:
        """BadDocument when Twilio, or somebody who knows it well, would object."""
        if kind.partition(";")[0].strip().lower() not in KINDS:
            raise BadDocument(f"content type {kind!r} of {url}")
        root = self._parse(body, url)
        verbs = tuple(self._verb(one, allowed.voice(), url) for one in root)
        self._places(verbs, place)
        return Document(verbs, url)

    def sound(self, kind: str, url: str) -> Document | None:
        """A wait address may answer with a sound instead: then that is all that is played."""
        played = kind.partition(";")[0].strip().lower().startswith("audio/")
        return Document((Verb("Play", {}, url),), url) if played else None

    def _parse(self, body: bytes, url: str) -> ElementTree.Element:
        if len(body) > LARGEST:
            raise BadDocument(f"{len(body)} bytes from {url}")
        if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
            raise BadDocument("a document type definition")
        try:
            root = ElementTree.fromstring(body)
        except ElementTree.ParseError as wrong:
            raise BadDocument(f"no XML from {url or 'a REST request'}: {wrong}") from wrong
        if root.tag != "Response" or root.attrib or (root.text or "").strip():
            raise BadDocument(f"begins with {root.tag!r}, attributes or text")
        return root

    def _verb(self, node: ElementTree.Element, parent: allowed.Element, url: str) -> Verb:
        element = parent.children.get(node.tag)
        if element is None:
            raise BadDocument(f"unknown or misplaced verb <{node.tag}>")
        if node.tag not in PLAYED and node.tag not in SPOKEN:
            raise BadDocument(f"<{node.tag}> is TwiML, but not played here")
        unknown = set(node.attrib) - element.attributes
        if unknown:
            raise BadDocument(f"unknown attribute of <{node.tag}>: {', '.join(sorted(unknown))}")
        if (node.tail or "").strip() and node.tag not in SPOKEN:
            raise BadDocument(f"text after <{node.tag}>")
        attributes = {k: self._attribute(node.tag, k, v, url) for k, v in node.attrib.items()}
        text = self._text(node, url)
        check_text(node.tag, text, attributes)
        children = tuple(self._verb(one, element, url) for one in node if one.tag not in SPOKEN)
        for one in node:
            if one.tag in SPOKEN:
                self._verb(one, element, url)
        return Verb(node.tag, attributes, text, children)

    def _attribute(self, tag: str, name: str, value: str, url: str) -> str:
        if name in ADDRESSES and value:
            return self.address(value, url)
        if name in CALLBACKS:
            return self.address(value, "")
        check_value(tag, name, value)
        return value

    def _text(self, node: ElementTree.Element, url: str) -> str:
        text = "".join(node.itertext()).strip() if node.tag == "Say" else (node.text or "").strip()
        if node.tag in ("Play", "Redirect") and text:
            return self.address(text, url)
        return text

    def address(self, value: str, base: str) -> str:
        """The absolute form. BadDocument when it is relative to nothing, or not https."""
        full = urljoin(base, value) if base else value
        parts = urlsplit(full)
        if not parts.netloc:
            raise BadDocument(f"a relative address: {value} (15004)")
        if parts.scheme != "https" and f"{parts.scheme}://{parts.netloc}" not in self.origins:
            raise BadDocument(f"not https: {value}")
        if re.search(r"\s", value):
            raise BadDocument(f"white space in {value!r}")
        return full

    def _places(self, verbs: tuple[Verb, ...], place: str) -> None:
        for index, verb in enumerate(verbs):
            if verb.name not in PLACES[place]:
                raise BadDocument(f"<{verb.name}> in a {place} document")
            if verb.name == "Leave" and place != "wait":
                raise BadDocument("<Leave> by a call that does not wait")
            if verb.name == "Reject" and index:
                raise BadDocument("<Reject> after another verb: the call is answered by then")
            if verb.name in ("Hangup", "Redirect", "Reject") and index + 1 < len(verbs):
                raise BadDocument(f"verbs after <{verb.name}> are never reached")
            if verb.name == "Dial" and [one.name for one in verb.children] != ["Conference"]:
                raise BadDocument("<Dial> without exactly one <Conference>")
