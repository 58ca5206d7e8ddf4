"""Signed as Twilio signs, repeated as the address says: judged by Twilio's own validator."""

import pytest
from twilio.request_validator import RequestValidator

from telephony.simulator import overrides
from telephony.simulator.overrides import BadOverride
from telephony.simulator.posting import Answer, Delivery, Down, Failure, Fate, Poster, Slow
from telephony.simulator.signing import SETTINGS, SIGNATURE, Signer

URL = "https://centre.example/hooks/voice?line=1"
FORM = {"CallSid": "CA1", "Body": "مرحبا بكم", "Empty": "", "From": "+212600000001"}


def delivery(url: str = URL, **more):
    return Delivery("voice", url, FORM, lambda answer: None, token="t1", **more)


class Replies:
    """Gives its answers in turn: a status, or an error to raise."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def __call__(self, url, form, headers):
        self.asked.append((url, form, headers))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer, "text/xml", b"<Response/>"


def poster(*answers):
    replies = Replies(*answers)
    return Poster(replies, Signer("secret")), replies


def test_sha1_by_the_token_passes_twilios_validator():
    headers = Signer("secret").headers(URL, FORM)
    assert RequestValidator("secret").validate(URL, FORM, headers[SIGNATURE])
    assert not RequestValidator("other").validate(URL, FORM, headers[SIGNATURE])
    assert not RequestValidator("secret").validate(URL, FORM | {"Body": "x"}, headers[SIGNATURE])
    assert SETTINGS not in headers


def test_sha256_names_its_key_and_passes_twilios_validator():
    headers = Signer("shared", key="webhooks_key_1").headers(URL, FORM)
    assert headers[SETTINGS] == "key=webhooks_key_1,algorithm=HMAC_SHA256"
    validator = RequestValidator("shared")
    assert validator.validate(URL, FORM, headers[SIGNATURE], "HMAC_SHA256")
    assert not validator.validate(URL, FORM, headers[SIGNATURE])


def test_what_stands_after_the_hash_is_signed_only_when_asked_for():
    plain, with_hash = Signer("s").headers(URL, FORM), Signer("s").headers(f"{URL}#rc=2", FORM)
    assert plain == with_hash
    whole = Signer("s", fragment=True).headers(f"{URL}#rc=2", FORM)
    assert RequestValidator("s").validate(f"{URL}#rc=2", FORM, whole[SIGNATURE])


def test_overrides_are_read_and_bounded():
    address, how = overrides.read(f"{URL}#ct=500&rt=4000&rc=3&rp=4xx,rt")
    assert address == URL
    assert (how.connect, how.read, how.total, how.retries) == (500, 4000, 15000, 3)
    assert [how.repeats(one) for one in ("ct", "rt", "4xx", "5xx")] == [False, True, True, False]
    for wrong in ("rt=99", "rt=15001", "rc=6", "rc=x", "rp=always", "zz=1", "tt="):
        with pytest.raises(BadOverride):
            overrides.read(f"{URL}#{wrong}")


def test_without_overrides_only_a_failed_connection_is_tried_again_once():
    sender, replies = poster(Down(), 200)
    assert isinstance(sender.send(delivery()), Answer)
    assert len(replies.asked) == 2
    for first in (500, 404, Slow()):
        sender, replies = poster(first, 200)
        assert isinstance(sender.send(delivery()), Failure)
        assert len(replies.asked) == 1


def test_every_try_has_the_same_token_and_a_signature_of_the_bare_address():
    sender, replies = poster(503, Slow(), Down(), 200)
    assert isinstance(sender.send(delivery(f"{URL}#rc=3&rp=all")), Answer)
    assert {one[2]["I-Twilio-Idempotency-Token"] for one in replies.asked} == {"t1"}
    assert {one[0] for one in replies.asked} == {URL}
    for url, form, headers in replies.asked:
        assert RequestValidator("secret").validate(url, form, headers[SIGNATURE])


def test_a_slow_answer_was_taken_and_is_asked_again():
    sender, replies = poster(200)
    answer = sender.send(delivery(f"{URL}#rt=4000&rc=1&rp=rt", fate=Fate(slow=1)))
    assert isinstance(answer, Answer)
    assert len(replies.asked) == 2


def test_the_fallback_is_asked_with_the_error_and_its_own_signature():
    sender, replies = poster(500, 200)
    fallback = "https://centre.example/fallback"
    answer = sender.send(delivery(fallback=fallback))
    assert isinstance(answer, Answer)
    url, form, headers = replies.asked[1]
    assert (url, form["ErrorCode"], form["ErrorUrl"]) == (fallback, "11200", URL)
    assert RequestValidator("secret").validate(url, form, headers[SIGNATURE])


def test_what_only_tells_has_no_fallback():
    sender, replies = poster(500)
    assert isinstance(sender.send(delivery(fallback="https://x.example", wants=False)), Failure)
    assert len(replies.asked) == 1


def test_copies_together_come_from_two_threads_at_once():
    import threading

    names, both = set(), threading.Barrier(2)

    def post(url, form, headers):
        both.wait(5)
        names.add(threading.current_thread().name)
        return 200, "text/xml", b"<Response/>"

    Poster(post, Signer("secret")).send(delivery(fate=Fate(copies=2, together=True)))
    assert len(names) == 2


def test_a_get_is_signed_with_its_query():
    asked = []

    def get(url, headers):
        asked.append((url, headers))
        return 200, "text/xml", b"<Response/>"

    sender = Poster(Replies(200), Signer("secret"), get)
    sender.send(delivery(method="GET"))
    url, headers = asked[0]
    assert url.startswith(f"{URL}&CallSid=CA1")
    assert RequestValidator("secret").validate(url, {}, headers[SIGNATURE])
