"""Requests that are not Twilio's, or not as Twilio sends them: each must be refused by every door.

`FORGED[name](carrier, path, fields)` posts one.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from tests.telephony.twilio import carrier as c

Post = Callable[[c.Carrier, str, dict[str, str]], Any]


def _header(value: str | None, *, settings: str = "") -> Post:
    """This signature, or none, beside rightly filled fields."""

    def post(carrier: c.Carrier, path: str, sent: dict[str, str]) -> Any:
        headers = {} if value is None else {"X-Twilio-Signature": value}
        if settings:
            headers["X-Twilio-Webhooks-Signature-Settings"] = settings
        return carrier.post(path, sent, headers=headers)

    return post


def _signed_by(**how: Any) -> Post:
    return lambda carrier, path, sent: carrier.post(path, sent, **how)


def _altered(change: Callable[[dict[str, str]], Any], *, shared: bool = False) -> Post:
    """The fields are changed after they were signed."""

    def post(carrier: c.Carrier, path: str, sent: dict[str, str]) -> Any:
        headers = carrier.headers(path, sent.items(), shared=shared)
        changed = dict(sent)
        return carrier.post(path, change(changed) or changed, headers=headers)

    return post


def _misfit(**changed: str) -> Post:
    """Rightly signed, and yet not as Twilio writes it."""
    return lambda carrier, path, sent: carrier.post(path, {**sent, **changed})


def _twice(name: str, value: str) -> Post:
    return lambda carrier, path, sent: carrier.post(path, [*sent.items(), (name, value)])


def _elsewhere(sign: Callable[[str], str]) -> Post:
    """Signed for another address than the one it comes to."""

    def post(carrier: c.Carrier, path: str, sent: dict[str, str]) -> Any:
        headers = {"X-Twilio-Signature": c.signature(sign(c.PUBLIC + path), sent.items())}
        return carrier.post(path, sent, headers=headers)

    return post


def _host_of_the_request(carrier: c.Carrier, path: str, sent: dict[str, str]) -> Any:
    """Signed for the host that the request names."""
    headers = {"X-Twilio-Signature": c.signature(f"https://testserver{path}", sent.items())}
    return carrier.post(path, sent, headers={**headers, "X-Forwarded-Host": "testserver"})


def _query_added(carrier: c.Carrier, path: str, sent: dict[str, str]) -> Any:
    return carrier.post(f"{path}?a=1", sent, headers=carrier.headers(path, sent.items()))


def _as_json(carrier: c.Carrier, path: str, sent: dict[str, str]) -> Any:
    return carrier.post(path, sent, kind="application/json", body=b"{}")


def _multipart(carrier: c.Carrier, path: str, sent: dict[str, str]) -> Any:
    return carrier.post(path, sent, kind="multipart/form-data; boundary=x", body=b"--x--\r\n")


def _body(make: Callable[[dict[str, str]], bytes]) -> Post:
    return lambda carrier, path, sent: carrier.post(path, sent, body=make(sent))


def _split(name: str) -> Post:
    """The same text under the same signature, cut so that a field is lost."""

    def post(carrier: c.Carrier, path: str, sent: dict[str, str]) -> Any:
        headers = carrier.headers(path, sent.items())
        cut = {k: v for k, v in sent.items() if k != name}
        joined = name + sent[name]
        safe = "".join(ch for ch in joined if ch.isalnum())
        cut[safe] = joined.removeprefix(safe)
        return carrier.post(path, cut, headers=headers)

    return post


def _swallowed(carrier: c.Carrier, path: str, sent: dict[str, str]) -> Any:
    """A field becomes part of the value before it: all that follows stays signed."""
    headers = carrier.headers(path, sent.items())
    names = sorted(sent)
    before = names[names.index("CallSid") - 1]
    cut = {k: v for k, v in sent.items() if k != "CallSid"}
    cut[before] += "CallSid" + sent["CallSid"]
    return carrier.post(path, cut, headers=headers)


SHARED = f"key={c.KEY},algorithm=HMAC_SHA256"
FORGED: dict[str, Post] = {
    "no signature": _header(None),
    "an empty signature": _header(""),
    "a signature of nothing": _header("A" * 27 + "="),
    "a signature of no form": _header("not base64"),
    "a signature of 10 000 letters": _header("A" * 10_000),
    "two signatures": _header("A" * 27 + "=," + "A" * 27 + "="),
    "another secret": _signed_by(secret="not the token at all"),
    "an empty secret": _signed_by(secret=""),
    "another account's token": _signed_by(secret="the token of theirs"),
    "sha-256 by the token": _signed_by(digest=c.sha256),
    "sha-1 by the shared key": _signed_by(secret=c.SHARED),
    "sha-1 under a shared key": _header("A" * 27 + "=", settings=SHARED),
    "the shared key's other secret": _signed_by(shared=True, secret="an older secret of it"),
    "a shared key that is gone": _header("A" * 43 + "=", settings="key=gone,algorithm=HMAC_SHA256"),
    "an algorithm unknown": _header("A" * 43 + "=", settings=f"key={c.KEY},algorithm=NONE"),
    "no algorithm": _header("A" * 43 + "=", settings=f"key={c.KEY}"),
    "a caller altered": _altered(lambda sent: sent.update(From="+212699999999")),
    "a call altered": _altered(lambda sent: sent.update(CallSid=c.sid("CA", 999))),
    "a status altered": _altered(lambda sent: sent.update(CallStatus="busy")),
    "an account altered": _altered(lambda sent: sent.update(AccountSid=c.OTHER_ACCOUNT)),
    "a field added": _altered(lambda sent: sent.update(Added="1")),
    "an empty field added": _altered(lambda sent: sent.update(Added="")),
    "a field lost": _altered(lambda sent: {k: v for k, v in sent.items() if k != "ToCountry"}),
    "a case changed": _altered(lambda sent: sent.update(FromCountry="ma")),
    "a space added": _altered(lambda sent: sent.update(FromCountry="MA ")),
    "altered, by sha-256": _altered(lambda sent: sent.update(From="+212699999999"), shared=True),
    "lost, by sha-256": _altered(
        lambda sent: {k: v for k, v in sent.items() if k != "ToCountry"}, shared=True
    ),
    "http instead of https": _elsewhere(lambda url: url.replace("https", "http")),
    "another host": _elsewhere(lambda url: url.replace("wasl.example", "evil.example")),
    "the request's host": _host_of_the_request,
    "another path": _elsewhere(lambda url: url + "more/"),
    "another port": _elsewhere(lambda url: url.replace(".example", ".example:8443")),
    "a query that was signed": _elsewhere(lambda url: url + "?a=1"),
    "a query that was not": _query_added,
    "the # left in": _elsewhere(lambda url: url + "#rt=4000&rc=3"),
    "an account not ours": _misfit(AccountSid=c.OTHER_ACCOUNT),
    "an account of no form": _misfit(AccountSid="AC"),
    "an account in capitals": _misfit(AccountSid=c.ACCOUNT.upper()),
    "a time two days old": _misfit(Timestamp="Sun, 22 Nov 2026 10:00:00 +0000"),
    "a time an hour ahead": _misfit(Timestamp="Tue, 24 Nov 2026 11:10:00 +0000"),
    "a time in words": _misfit(Timestamp="yesterday"),
    "a name of a field twice": _twice("CallSid", c.sid("CA", 2)),
    "the account twice": _twice("AccountSid", c.OTHER_ACCOUNT),
    "a name with a line feed": _misfit(**{"A\nB": "1"}),
    "a name of 100 letters": _misfit(**{"A" * 100: "1"}),
    "200 fields": _misfit(**{f"Field{n}": "1" for n in range(200)}),
    "100 kB": _misfit(Words="x" * 100_000),
    "json": _as_json,
    "multipart": _multipart,
    "no body": _body(lambda sent: b""),
    "bytes that are no text": _body(lambda sent: urlencode(sent).encode() + b"&A=%FF%FE"),
    "raw bytes": _body(lambda sent: b"\xff\xfe" + urlencode(sent).encode()),
    "quoted twice": _body(lambda sent: quote(urlencode(sent)).encode()),
    "a field re-split": _split("AccountSid"),
}
OF_A_VOICE: dict[str, Post] = {
    "a field swallowed": _swallowed,
    "a call of no form": _misfit(CallSid="CA1"),
    "a call of another kind": _misfit(CallSid=c.sid("SM")),
    "a call with a line feed": _misfit(CallSid=c.sid("CA") + "\n"),
    "a call re-split": _split("CallSid"),
}
"""Further ones, for doors that are told of a voice."""
OF_A_CALLER: dict[str, Post] = {
    "a caller with a line feed": _misfit(From="+212612345678\n"),
    "a caller with NUL": _misfit(From="+212612345678\x00"),
    "a caller of 300 letters": _misfit(From="9" * 300),
    "a status unknown": _misfit(CallStatus="happy"),
    "a direction of no form": _misfit(Direction="in\tbound"),
}
"""Further ones, for doors that are told who it is."""
