"""Documents for Twilio, read strictly: verbs and attributes only as the library's builders name them."""

import inspect
import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from twilio.twiml import voice_response

LARGEST = 64 * 1024
NESTED = {"Response": "VoiceResponse", "Gather": "Gather", "Dial": "Dial"}
"""Verbs that hold others, by the builder of what is inside."""
ADDRESSES = ("action", "waitUrl", "statusCallback", "recordingStatusCallback")
VOICES = {("Polly.Zeina", "arb"), ("Polly.Lea", "fr-FR")}
"""Pairs of voice and language that exist (Twilio's list of voices)."""


@cache
def verbs(holder: str) -> dict[str, set[str]]:
    """Verbs that may stand in a holder, each with its attributes."""
    found = {}
    for name, method in vars(getattr(voice_response, NESTED[holder])).items():
        if inspect.isfunction(method) and not name.startswith("_"):
            given = inspect.signature(method).parameters
            found[_camel(name, first=True)] = {_camel(one) for one in given if one != "self"}
    return found


def _camel(name: str, *, first: bool = False) -> str:
    head, *tail = name.rstrip("_").split("_")
    text = head + "".join(part.capitalize() for part in tail)
    return text[:1].upper() + text[1:] if first else text


def read(document: str) -> Any:
    """The root of a document that Twilio would take. Raises AssertionError with what it would not."""
    assert len(document.encode()) <= LARGEST
    root = ElementTree.fromstring(document)
    assert root.tag == "Response"
    assert not root.attrib
    _check(root)
    return root


def _check(holder: Any) -> None:
    for child in holder:
        allowed = verbs(holder.tag).get(child.tag)
        assert allowed is not None, f"<{child.tag}> in <{holder.tag}>"
        assert set(child.attrib) <= allowed, f"<{child.tag}> {set(child.attrib) - allowed}"
        if child.tag == "Say":
            assert (child.attrib["voice"], child.attrib["language"]) in VOICES
            assert (child.text or "").strip()
        for name in ADDRESSES:
            if child.attrib.get(name):
                whole(child.attrib[name])
        if child.tag in ("Play", "Redirect"):
            whole(child.text or "")
        if child.tag in NESTED:
            _check(child)
        else:
            assert not len(child)


def whole(url: str) -> None:
    """Absolute, by https, its overrides within what Twilio takes."""
    split = urlsplit(url)
    assert (split.scheme, bool(split.netloc)) == ("https", True), url
    for one in filter(None, split.fragment.split("&")):
        name, _, value = one.partition("=")
        if name == "rc":
            assert 0 <= int(value) <= 5
        elif name in ("ct", "rt", "tt"):
            assert 100 <= int(value) <= (10_000 if name == "ct" else 15_000)
        else:
            assert re.fullmatch(r"rp=(ct|rt|4xx|5xx|all)(,(ct|rt|4xx|5xx|all))*", one), url


def said(root: Any) -> list[str]:
    """Every text that is read aloud, in order."""
    return [node.text for node in root.iter("Say")]


def tags(root: Any) -> list[str]:
    return [node.tag for node in root]
