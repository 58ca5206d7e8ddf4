"""The meeting bench in small, as a guard: whoever takes a call of the public network meets its caller."""

import pytest

from tests.bench import phone_meeting


@pytest.mark.full
def test_they_meet_and_every_screen_is_told() -> None:
    """Within what a busy machine keeps; the bench tells the figures."""
    calls, screens = 2, 5
    found = phone_meeting.measure(calls, screens)
    assert found.wrong == []
    assert len(found.meet) == calls
    assert found.meet[-1] < 5
    assert len(found.told) == len(found.shown) == calls * screens
