"""Bodies of the API, read strictly: one reading for everybody, nothing that later breaks a store.

A name that stands twice means one thing to one reader and another to the next; a lone surrogate, a
NUL or a number of five thousand digits is taken by JSON and refused by databases and encoders.
"""

import json
import math
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from helpdesk.portal.api.problems import Problem

LARGEST = 64 * 1024
DEEPEST = 8
LONGEST_NUMBER = 18


def body_of(request: HttpRequest) -> Any:
    """What the body says; None for an empty one. Raises Problem."""
    raw = _raw(request)
    if not raw:
        return None
    kind, _sep, rest = request.headers.get("Content-Type", "").partition(";")
    charset = rest.strip().lower().replace('"', "")
    if kind.strip().lower() != "application/json" or charset not in ("", "charset=utf-8"):
        raise Problem("wrong-type")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem("not-utf-8")
    if _depth(text) > DEEPEST:
        raise Problem("too-deep")
    try:
        said = json.loads(
            text, object_pairs_hook=_once, parse_int=_whole, parse_float=_broken_number,
            parse_constant=_no_number,
        )  # fmt: skip
    except ValueError:
        raise Problem("not-json")
    _refuse_signs(said)
    return said


def _raw(request: HttpRequest) -> bytes:
    """The body, unless it is too large; a form's has been read already and is no JSON."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise Problem("cannot-read")
    if length > LARGEST:
        raise Problem("too-large")
    if length and (request.content_type or "").startswith("multipart/"):
        raise Problem("wrong-type")
    try:
        raw = request.body
    except RequestDataTooBig:
        raise Problem("too-large")
    if len(raw) > LARGEST:
        raise Problem("too-large")
    return raw


def _depth(text: str) -> int:
    """How deep brackets stand in each other, outside of strings: asked before anything recurses."""
    deepest = depth = 0
    inside = escaped = False
    for sign in text:
        if inside:
            inside = escaped or sign != '"'
            escaped = not escaped and sign == "\\"
        elif sign == '"':
            inside = True
        elif sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Problem("twice")
    return found


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise Problem("number")
    return int(digits)


def _broken_number(digits: str) -> float:
    number = float(digits) if len(digits) <= 40 else math.inf
    if not math.isfinite(number):
        raise Problem("number")
    return number


def _no_number(_word: str) -> Any:
    raise Problem("number")


def _refuse_signs(said: Any) -> None:
    """No NUL and no lone surrogate, in values or names."""
    if isinstance(said, str):
        if "\x00" in said or any("\ud800" <= sign <= "\udfff" for sign in said):
            raise Problem("sign")
    elif isinstance(said, dict):
        for name, value in said.items():
            _refuse_signs(name)
            _refuse_signs(value)
    elif isinstance(said, list):
        for value in said:
            _refuse_signs(value)
