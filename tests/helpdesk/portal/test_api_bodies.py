"""What programs send, read strictly: no kind of malformed JSON is a 500, and nothing of it is stored."""

import json
from typing import Any

import pytest
from django.test import Client, RequestFactory

from helpdesk.portal.api.problems import SENTENCES, Problem, language_of
from helpdesk.portal.api.strict import body_of

DEEP = b'{"words": ' + b"[" * 5000 + b"]" * 5000 + b"}"
BODIES: dict[str, tuple[str, bytes]] = {
    "not-json": ("application/json", b'{"words": '),
    "not-json-word": ("application/json", b"True"),
    "two-values": ("application/json", b"{} {}"),
    "not-utf-8": ("application/json", b'{"words": "\xff\xfe"}'),
    "utf-16": ("application/json; charset=utf-16", '{"words": "a"}'.encode("utf-16")),
    "mark-of-order": ("application/json", b'\xef\xbb\xbf{"words": "a"}'),
    "twice": ("application/json", b'{"words": "a", "words": "b"}'),
    "twice-inside": ("application/json", b'{"a": {"b": 1, "b": 2}}'),
    "too-deep": ("application/json", DEEP),
    "brackets-in-text": ("application/json", b'{"words": "' + b"[" * 2000 + b'\\"]"}'),
    "long-number": ("application/json", b'{"theme": ' + b"9" * 5000 + b"}"),
    "exponent": ("application/json", b'{"theme": 1e999999}'),
    "nan": ("application/json", b'{"theme": NaN}'),
    "infinity": ("application/json", b'{"theme": -Infinity}'),
    "nul": ("application/json", b'{"words": "a\\u0000b"}'),
    "surrogate": ("application/json", b'{"words": "\\ud800"}'),
    "surrogate-name": ("application/json", b'{"\\udc00": 1}'),
    "list": ("application/json", b"[]"),
    "text": ("application/json", b'"words"'),
    "null": ("application/json", b"null"),
    "empty": ("application/json", b""),
    "wrong-types": ("application/json", b'{"words": 1, "language": ["ar"], "theme": {}}'),
    "extra": ("application/json", b'{"words": "a", "level": 2}'),
    "too-long": ("application/json", b'{"words": "' + b"a" * 6000 + b'"}'),
    "too-large": ("application/json", b'{"words": "' + b"a" * 70_000 + b'"}'),
    "plain": ("text/plain", b'{"words": "a"}'),
    "form": ("application/x-www-form-urlencoded", b"words=a"),
    "multipart": ("multipart/form-data; boundary=x", b"--x\r\n\r\na\r\n--x--\r\n"),
    "broken-multipart": ("multipart/form-data", b"--x"),
    "no-type": ("", b'{"words": "a"}'),
    "odd-charset": ("application/json; charset=nonsense", b'{"words": "a"}'),
}
STATUS = {400, 413, 415, 422}


def read(kind: str, body: bytes) -> Any:
    return body_of(RequestFactory().generic("POST", "/api/", body, kind))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("not-json", "not-json"), ("two-values", "not-json"), ("not-utf-8", "not-utf-8"),
        ("twice-inside", "twice"), ("too-deep", "too-deep"), ("long-number", "number"),
        ("exponent", "number"), ("nan", "number"), ("nul", "sign"), ("surrogate-name", "sign"),
        ("too-large", "too-large"), ("form", "wrong-type"), ("odd-charset", "wrong-type"),
    ],
)  # fmt: skip
def test_each_kind_has_its_problem(said: str, code: str):
    with pytest.raises(Problem) as told:
        read(*BODIES[said])
    assert told.value.code == code


def test_what_is_right_is_read():
    assert read("application/json", b"") is None
    assert read("application/json; charset=UTF-8", '{"كلام": [1, 2.5]}'.encode()) == {
        "كلام": [1, 2.5]
    }
    assert read("application/json", b'{"a": "\\ud83d\\ude00 [[[[[[[[[["}') == {"a": "😀 [[[[[[[[[["}


@pytest.mark.parametrize("said", BODIES)
@pytest.mark.django_db
def test_no_body_is_a_500_or_leaves_a_row(said: str, key_of: Any):
    from helpdesk.tickets.models import Ticket

    kind, body = BODIES[said]
    answer = Client(raise_request_exception=False).generic(
        "POST", "/api/v1/requests/", body, kind,
        headers={"authorization": f"Bearer {key_of()}", "idempotency-key": "key-00001"},
    )  # fmt: skip
    good = {201} if said == "brackets-in-text" else STATUS
    assert answer.status_code in good, answer.content
    assert Ticket.objects.count() == (201 in good)
    if 201 not in good:
        told = json.loads(answer.content)
        assert answer["Content-Type"] == "application/problem+json"
        assert told["status"] == answer.status_code
        assert told["code"] in SENTENCES


@pytest.mark.parametrize(
    ("wish", "language"),
    [("", "ar"), ("fr-MA,fr;q=0.9", "fr"), ("en, fr;q=0.2", "fr"), ("ar;q=NaN, ../x", "ar"),
     ("de", "ar"), ("a" * 5000, "ar")],
)  # fmt: skip
def test_problems_are_told_in_the_readers_language(wish: str, language: str):
    request = RequestFactory().get("/api/x", headers={"accept-language": wish})
    assert language_of(request) == language
