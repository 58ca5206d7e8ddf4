"""Whether a request is Twilio's: its published examples, both algorithms, and what is no signature."""

import pytest

from telephony.providers.twilio import fields, signing
from telephony.providers.twilio.account import Account
from tests.make import NOW
from tests.telephony.twilio import carrier

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
SENT = [("CallSid", "CA1234567890ABCDE"), ("Digits", "1234"), ("From", "+14158675309"),
        ("To", "+18005551212"), ("Caller", "+14158675309")]  # fmt: skip
PUBLISHED = {
    "as it is": (URL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    "signed with the port": (URL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
    "http, signed with its port": (URL.replace("https", "http"), "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    "an odd port": (URL.replace(".com", ".com:1234"), "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    "http, an odd port": (
        URL.replace(".com", ".com:1234").replace("https", "http"), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=",
    ),
}  # fmt: skip
"""Token 12345; from the library's own tests (twilio-python, tests/unit/test_request_validator.py)."""


def check(url: str, given: str, *, told: str = "", sent: list[tuple[str, str]] = SENT,
          token: str = "12345") -> None:  # fmt: skip
    headers = {signing.SIGNATURE: given} | ({signing.SETTINGS: told} if told else {})
    ours = Account(carrier.ACCOUNT, token, {carrier.KEY: carrier.SHARED, "next": "another secret"})
    signing.check(headers, url, sent, ours=ours)


@pytest.mark.parametrize(("url", "given"), PUBLISHED.values(), ids=PUBLISHED)
def test_published_examples_pass(url: str, given: str) -> None:
    check(url, given)


@pytest.mark.parametrize(("url", "given"), PUBLISHED.values(), ids=PUBLISHED)
def test_with_another_token_none_of_them_does(url: str, given: str) -> None:
    with pytest.raises(signing.Unsigned):
        check(url, given, token="12346")


def test_what_follows_the_hash_is_not_signed() -> None:
    check(URL + "#rt=7000&rc=1&rp=all", PUBLISHED["as it is"][1])


def test_a_shared_key_signs_by_sha256_and_several_may_at_once() -> None:
    for key, secret in ((carrier.KEY, carrier.SHARED), ("next", "another secret")):
        given = carrier.signature(URL, SENT, secret=secret, digest=carrier.sha256)
        check(URL, given, told=f"key={key},algorithm=HMAC_SHA256")


@pytest.mark.parametrize(
    "told",
    [
        "key=gone,algorithm=HMAC_SHA256", "algorithm=HMAC_SHA256", f"key={carrier.KEY}",
        f"key={carrier.KEY},algorithm=HMAC_SHA1", f"key={carrier.KEY},algorithm=NONE",
        f"algorithm=HMAC_SHA256,key={carrier.KEY}", "key=,algorithm=HMAC_SHA256", "x",
        f"key={carrier.KEY},algorithm=HMAC_SHA256,algorithm=HMAC_SHA1",
    ],
)  # fmt: skip
def test_the_words_beside_a_signature_are_believed_only_as_they_should_be(told: str) -> None:
    given = carrier.signature(URL, SENT, secret=carrier.SHARED, digest=carrier.sha256)
    with pytest.raises(signing.Unsigned):
        check(URL, given, told=told)


def test_the_token_does_not_sign_in_the_name_of_a_shared_key() -> None:
    given = carrier.signature(URL, SENT, secret="12345", digest=carrier.sha256)
    with pytest.raises(signing.Unsigned):
        check(URL, given, told=f"key={carrier.KEY},algorithm=HMAC_SHA256")


def test_the_library_and_this_test_sign_alike() -> None:
    from twilio.request_validator import RequestValidator

    sent = {**carrier.of_call(), "Body": "السلام عليكم", "Digits": "", "claim": "x"}
    for digest, algorithm in ((carrier.sha1, "HMAC_SHA1"), (carrier.sha256, "HMAC_SHA256")):
        ours = carrier.signature(URL, sent.items(), secret="s", digest=digest)
        assert RequestValidator("s").compute_signature(URL, sent, algorithm) == ours


# --- the fields -----------------------------------------------------------------------------------


def read(sent: dict[str, str], door: fields.Door = fields.VOICE) -> fields.Said:
    return fields.read(list(sent.items()), door, account=carrier.ACCOUNT, at=NOW)


@pytest.mark.parametrize(
    ("text", "is_known"),
    [
        ("+212612345678", True), ("sip:+212612345678@trunk.example:5060;user=phone", True),
        ("0612345678", True), ("+266696687", False), ("anonymous", False), ("", False),
        ("client:abc", False), ("177", False), ("9" * 200, False),
    ],
)  # fmt: skip
def test_a_caller_is_never_refused_for_the_number(text: str, is_known: bool) -> None:
    assert (fields.number(read(carrier.of_call(From=text))) is not None) is is_known


def test_times_are_those_that_twilio_tells_and_never_after_they_were_received() -> None:
    said = read(carrier.of_call(Timestamp="Tue, 24 Nov 2026 09:59:00 +0000"))
    assert (said.at.minute, said.is_timed) == (59, True)
    assert read(carrier.of_call(Timestamp="Tue, 24 Nov 2026 10:03:00 +0000")).at == NOW
    assert not read(carrier.of_call()).is_timed


@pytest.mark.parametrize("name", ["CallSid", "From", "To", "Direction", "CallStatus", "AccountSid"])
def test_every_field_that_is_read_is_required(name: str) -> None:
    sent = carrier.of_call()
    del sent[name]
    with pytest.raises(fields.Unread, match=name):
        read(sent)


def test_unknown_fields_are_let_pass() -> None:
    assert read({**carrier.of_call(), "StirVerstat": "TN-Validation-Passed-A"})["CallSid"]
