"""What people, and people who mean harm, put into fields, addresses and bodies."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django import forms
from django.http import QueryDict

TEXTS: dict[str, str] = {
    "nul": "a\x00b",
    "bidi": "\u202egnp.exe\u2066\u200f",
    "zero width": "\u200b\u200d\ufeff",
    "long": "ن" * 50_000,
    "digits": "9" * 5_000,
    "arabic digits": "٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩",
    "arabic number": "٣",
    "nan": "NaN",
    "infinity": "-Infinity",
    "exponent": "1e999999",
    "path": "../../../../etc/passwd",
    "pattern": "(a+)+$[[*?\\",
    "format": "%s%n{0}{{ 7|add:7 }}${x}",
    "sql": "'; DROP TABLE tickets_ticket; --",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "formula": "=cmd|' /C calc'!A0",
    "no date": "2026-02-31",
    "far date": "9999-12-31T23:59:59",
    "old date": "0001-01-01",
    "minus": "-1",
    "zero": "0",
    "big key": str(2**63),
    "spaces": " \t\r\n\u00a0 ",
    "json": '{"a":' * 200,
    "astral": "𝔘" * 300,
}
PIECES = (
    "0", "-1", "1e5", str(2**31), str(2**63), "9" * 400, "%00", "%D9%A3", "..%2F..%2Fetc%2Fpasswd",
    "%FF%FE", "%E2%80%AE", "a" * 3000, "%ED%A0%80", "W-2026-000001", "%27%22%3C%3E",
)  # fmt: skip
"""Pieces of an address, as they travel."""

BOUNDARY = "multipart/form-data; boundary=x"
BODIES: dict[str, tuple[str, bytes]] = {
    "json": ("application/json", b'{"words": ["a", {"b": NaN}]}'),
    "deep json": ("application/json", b"[" * 100_000),
    "plain": ("text/plain", b"words=1"),
    "no type": ("", b"words=1"),
    "odd charset": ("application/x-www-form-urlencoded; charset=nonsense", b"words=1"),
    "utf-16": ("application/x-www-form-urlencoded; charset=utf-16", b"\xff\xfew\x00"),
    "not utf-8": ("application/x-www-form-urlencoded", b"words=%FF%FE&q=\xff\xfe"),
    "surrogate": ("application/x-www-form-urlencoded", b"words=%ED%A0%80&q=%ED%A0%80&name=%ED%B0%80"),
    "many fields": ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(900))),
    "cut multipart": (BOUNDARY, b'--x\r\nContent-Disposition: form-data; name="words"\r\n\r\nabc'),
    "no boundary": ("multipart/form-data", b"--x\r\n"),
    "wild boundary": ("multipart/form-data; boundary=\xe9\x00", b"--x\r\n"),
    "headless part": (BOUNDARY, b"--x\r\n\r\nabc\r\n--x--\r\n"),
    "empty file": (
        BOUNDARY,
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="../../a\x00.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n\r\n--x--\r\n",
    ),
    "false base64": (
        BOUNDARY,
        b'--x\r\nContent-Disposition: form-data; name="words"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--\r\n",
    ),
}  # fmt: skip
HEADERS: dict[str, dict[str, str]] = {
    "cookies": {"cookie": "sessionid=../x; wasl_language=\x00xx; csrftoken=é"},
    "languages": {"accept-language": "ar;q=NaN, ../../x, " + "a" * 4000},
    "htmx": {"hx-request": "true", "hx-current-url": "javascript:alert(1)//\u202e"},
    "referer": {"referer": "http://[::1", "hx-request": "true"},
    "range": {"range": "bytes=9999999999999999999-1", "if-modified-since": "yesterday"},
    "accept": {"accept": "\x00/*;q=x"},
}


@contextmanager
def asked_names() -> Iterator[set[str]]:
    """Names of the fields that the program looks for in what was sent, whoever looks."""
    names: set[str] = set()
    with pytest.MonkeyPatch.context() as patch:
        for method in ("__getitem__", "__contains__", "get", "getlist"):
            patch.setattr(QueryDict, method, _noting(getattr(QueryDict, method), names))
        yield names


def _noting(method: Any, names: set[str]) -> Any:
    def noted(self: QueryDict, key: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(key, str) and key not in NOT_OURS:
            names.add(key)
        return method(self, key, *args, **kwargs)

    return noted


NOT_OURS = {"csrfmiddlewaretoken"}


def plausible() -> dict[str, str]:
    """A good value for every field of every form of ours; texts are left for the harm."""
    found: dict[str, str] = {}
    for form in _forms(forms.BaseForm):
        for name, field in getattr(form, "base_fields", {}).items():
            if (value := _good(field)) is not None:
                found.setdefault(name, value)
    return found


def _forms(above: type) -> Iterator[type]:
    for form in above.__subclasses__():
        yield form
        yield from _forms(form)


def _good(field: forms.Field) -> str | None:
    if isinstance(field, forms.ModelChoiceField):
        return None
    if isinstance(field, forms.ChoiceField):
        return next((str(value) for value, _ in field.choices if value), None)
    if isinstance(field, forms.DateField):
        return date(2026, 11, 24).isoformat()
    if isinstance(field, forms.BooleanField):
        return "on"
    if isinstance(field, forms.IntegerField):
        return "1"
    return None
