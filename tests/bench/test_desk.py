"""The desk bench in small, as a guard: no page may grow with the number of tickets."""

import pytest

from tests.bench import desk


@pytest.mark.full
def test_no_page_grows_with_the_tickets(capsys: pytest.CaptureFixture[str]) -> None:
    """Five times the tickets, at most twice the time, however busy the machine is."""
    missed = desk.main(sizes=(1_000, 5_000), growth=2.0, closed=3.0, against={"filtered list": 1.0})
    assert not missed, capsys.readouterr().out


def test_a_page_that_grows_is_named() -> None:
    grows = desk.Row("list", 10.0, 16.0, (8, 8), 30.0)
    closed = desk.Row("closed list", 10.0, 14.0, (8, 8), None)
    found = desk.misses([grows, closed], growth=1.5, against={"list": 3.0})
    assert len(found) == 2
    assert found[0].startswith("list: grows 1.60x")
    assert found[1].startswith("list: 1.9x the naive twin")
    many = desk.Row("list", 10.0, 10.0, (11, 11), 100.0)
    assert desk.misses([many, closed], growth=1.5, against={}) == ["list: 11 queries"]
