"""The time limit and the breaker between us and a cluster."""

import threading

import pytest

from knowledge.search.engines.limits import MOST_WAITING, Breaker, within
from knowledge.search.engines.port import EngineBroken


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_an_answer_and_an_error_pass() -> None:
    assert within(5, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0)


def test_nobody_waits_longer_and_those_left_behind_are_counted() -> None:
    held = threading.Event()
    for _ in range(MOST_WAITING):
        with pytest.raises(EngineBroken, match="no answer"):
            within(0.01, held.wait)
    with pytest.raises(EngineBroken, match="too many"):
        within(5, lambda: 7)
    held.set()
    for _ in range(500):
        try:
            assert within(5, lambda: 7) == 7
            return
        except EngineBroken:
            threading.Event().wait(0.01)
    raise AssertionError("the places are not given back")


def test_left_alone_for_longer_and_longer() -> None:
    clock = Clock()
    breaker = Breaker(longest=15, clock=clock)
    assert breaker.lets_through()
    for pause in (1, 2, 4, 8, 15, 15):
        breaker.failed("503")
        assert breaker.is_open
        clock.now += pause - 0.1
        assert not breaker.lets_through()
        clock.now += 0.2
        assert breaker.lets_through(), "one tries"
        assert not breaker.lets_through(), "the others go round"
    breaker.answered()
    assert not breaker.is_open
    assert breaker.lets_through()
    breaker.failed("503")
    clock.now += 1.1
    assert breaker.lets_through(), "the pauses begin anew"


def test_what_was_seen_long_ago_is_not_told() -> None:
    clock = Clock()
    breaker = Breaker(longest=15, clock=clock)
    assert not breaker.failed_within(60)
    breaker.failed("503")
    assert breaker.failed_within(60)
    clock.now += 61
    assert not breaker.failed_within(60)


def test_a_trial_that_never_ends_is_followed_by_another() -> None:
    clock = Clock()
    breaker = Breaker(longest=15, clock=clock)
    breaker.failed("")
    clock.now += 1.1
    assert breaker.lets_through()
    clock.now += 1.1
    assert breaker.lets_through()
