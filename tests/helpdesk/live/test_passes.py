"""Passes: five minutes, for one person, for what they name."""

import time

import pytest
from django.core import signing

from helpdesk.live import passes, streams


def test_a_pass_opens_what_it_names_to_whom_it_was_made() -> None:
    text = passes.make(streams.ticket(12), streams.team(1), bound="u7")
    found = passes.read(text, bound="u7")
    assert found.streams == ("ticket:12", "team:1")
    assert 290 < found.until - time.time() <= 300


@pytest.mark.parametrize("bound", ["", "u8", "u77", "u"])
def test_it_is_nobody_elses(bound: str) -> None:
    with pytest.raises(passes.BadPass):
        passes.read(passes.make("ticket:12", bound="u7"), bound=bound)


def test_a_visitors_pass_is_good_for_whoever_got_it() -> None:
    assert passes.read(passes.make("chat:5"), bound="").streams == ("chat:5",)
    assert passes.read(passes.make("chat:5"), bound="u7").streams == ("chat:5",)


def test_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    text = passes.make("ticket:12", bound="u7")
    later = time.time() + passes.LASTS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(passes.BadPass):
        passes.read(text, bound="u7")


@pytest.mark.parametrize("text", [None, 7, "", "x", "a:b:c", "x" * 5000, ["ticket:12"], "\ud800"])
def test_forged_ones_are_refused(text: object) -> None:
    with pytest.raises(passes.BadPass):
        passes.read(text, bound="u7")


def test_one_signed_for_another_purpose_is_refused() -> None:
    content = {"s": ["ticket:12"], "b": "u7", "u": time.time() + 100}
    with pytest.raises(passes.BadPass):
        passes.read(signing.dumps(content, salt="elsewhere"), bound="u7")


@pytest.mark.parametrize(
    "name", ["ticket:0", "ticket:1x", "team:", "user:1", "", None, "ticket:1\n"]
)
def test_names(name: object) -> None:
    assert not streams.is_stream(name)
