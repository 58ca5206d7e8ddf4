"""Figures without persons: whole months, and nothing from which one person could be told."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.supervision.months import LEAST, month_of, told_of
from helpdesk.tickets.rules import Channel
from tests import make

PAGE = "/desk/figures/"


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(1, 40), max_size=8))
def test_no_small_number_can_be_told_from_the_rest(counts: dict[str, int]) -> None:
    told = told_of(counts)
    hidden = [counts[label] for label, number in told.items() if number is None]
    assert all(number is None or number >= LEAST for number in told.values())
    if hidden and len(counts) > 1:
        assert len(hidden) > 1, "the total minus the rest would tell a single hidden number"


@pytest.mark.django_db
def test_months_are_whole_and_without_names(
    brahim: Any, partner: Any, amina: Any, chama: Any, as_user: Any
) -> None:
    october = make.NOW - timedelta(days=40)
    for number in range(7):
        make.ticket(f"سؤال سري {number}", at=october)
    make.ticket("Une question", at=october, language="fr", channel=Channel.MAIL)
    make.ticket("هذا الشهر", at=make.NOW)
    shown = month_of(brahim, "", at=make.NOW)
    assert (shown.start.month, shown.total) == (10, 8)
    channels = {cell.label: cell.number for cell in shown.tables[0].cells}
    assert set(channels.values()) == {None}, "7 and 1: telling 7 would tell 1"
    page = as_user(brahim).get(PAGE).content.decode()
    assert "سؤال سري" not in page
    assert as_user(brahim).get(f"{PAGE}?month=2026-09").status_code == 200
    assert as_user(brahim).get(f"{PAGE}?month=<x>").context["shown"].start == shown.start
    for who in (amina, chama, partner):
        assert as_user(who).get(PAGE).status_code == 403
    assert as_user(partner).get("/desk/board/").status_code == 403
    assert as_user(partner).get("/desk/", follow=True).status_code == 200
