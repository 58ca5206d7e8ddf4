"""The procedure clock: every rule, ends of months, leap years, holidays, and what is drawn."""

from datetime import date

import pytest
from django.utils import translation

from helpdesk.associations import clock
from helpdesk.hours.rules import Timetable
from knowledge.articles.rules import Mark

PLAIN = Timetable()

DUE = [
    ("provisional-receipt", date(2026, 9, 8), date(2026, 9, 8)),
    ("final-receipt", date(2026, 9, 8), date(2026, 11, 7)),
    ("final-receipt", date(2028, 1, 1), date(2028, 3, 1)),
    ("final-receipt", date(2027, 1, 1), date(2027, 3, 2)),
    ("declare-change", date(2026, 1, 31), date(2026, 2, 28)),
    ("declare-change", date(2028, 1, 31), date(2028, 2, 29)),
    ("declare-branch", date(2026, 12, 15), date(2027, 1, 15)),
    ("foreign-aid", date(2026, 11, 24), date(2026, 12, 24)),
    ("collection-report", date(2026, 2, 1), date(2026, 3, 3)),
    ("aid-distribution", date(2026, 3, 5), date(2026, 2, 23)),
    ("first-hire", date(2026, 3, 31), date(2026, 4, 30)),
    ("information", date(2026, 11, 24), date(2026, 12, 22)),
    ("information-urgent", date(2026, 11, 27), date(2026, 11, 30)),
    ("public-utility", date(2026, 8, 31), date(2027, 2, 28)),
    ("public-meeting", date(2026, 11, 24), date(2026, 11, 25)),
    ("petition-region", date(2026, 12, 31), date(2027, 2, 28)),
    ("petition-commune", date(2026, 11, 30), date(2027, 2, 28)),
    ("petition-national", date(2026, 11, 24), date(2027, 1, 23)),
    ("salary-declaration", date(2026, 7, 1), date(2027, 2, 28)),
    ("salary-declaration", date(2027, 7, 1), date(2028, 2, 29)),
    ("public-aid", date(2026, 1, 1), date(2027, 3, 14)),
    ("public-aid", date(2026, 12, 31), date(2027, 3, 14)),
    ("mandate-end", date(2026, 11, 30), date(2026, 11, 30)),
]


@pytest.mark.parametrize(("rule", "event", "due"), DUE)
def test_due_days(rule: str, event: date, due: date) -> None:
    assert clock.due_on(rule, event, PLAIN) == due


def test_every_rule_is_tried_above() -> None:
    assert {rule for rule, _, _ in DUE} == set(clock.RULES)


def test_only_working_days_mind_the_holidays() -> None:
    off = Timetable(holidays=frozenset({date(2026, 12, 1), date(2026, 12, 2)}))
    assert clock.due_on("information", date(2026, 11, 24), off) == date(2026, 12, 24)
    assert clock.due_on("final-receipt", date(2026, 9, 8), off) == date(2026, 11, 7)


def test_every_rule_has_its_source_and_fits_its_columns() -> None:
    for code, rule in clock.RULES.items():
        assert rule.code == code
        assert len(code) <= 30
        assert rule.citation
        assert len(rule.citation) <= 200
        assert rule.topic[0] == "T"
        assert rule.mark in Mark


def test_an_unsure_rule_is_for_staff_only_and_says_so() -> None:
    unsure = {code for code, rule in clock.RULES.items() if rule.mark == Mark.UNSURE}
    assert unsure == {"aid-distribution"}
    assert unsure.isdisjoint(dict(clock.choices(staff=False)))
    assert unsure <= set(dict(clock.choices(staff=True)))
    with translation.override("fr"):
        assert "cours de vérification" in clock.mark_text("unsure")


def test_unknown_rules_are_refused_to_start_but_still_shown() -> None:
    with pytest.raises(clock.UnknownRule):
        clock.due_on("no-such", date(2026, 1, 1), PLAIN)
    assert clock.label("no-such") == "no-such"
    shown = clock.progress(
        "no-such", date(2026, 1, 1), date(2026, 2, 1), "x art. 1", today=date(2026, 1, 15)
    )
    assert shown.source == "x art. 1"


def receipt(today: date) -> clock.Progress:
    return clock.progress(
        "final-receipt", date(2026, 9, 8), date(2026, 11, 7), "dahir-1-58-376 art. 5", today=today
    )


def test_the_drawn_clock_before_on_and_after_the_last_day() -> None:
    with translation.override("fr"):
        middle, last, late = receipt(date(2026, 10, 8)), receipt(date(2026, 11, 7)), receipt(
            date(2026, 11, 24)
        )  # fmt: skip
    assert (middle.state, last.state, late.state) == ("", "soon", "late")
    assert 0 < middle.elapsed < middle.limit < 100
    assert last.elapsed == last.limit
    assert late.elapsed == 100
    assert late.limit + late.over == pytest.approx(100)
    assert late.limit == pytest.approx(100 * 60 / 77, abs=0.1)
    assert not last.is_passed
    assert late.is_passed
    assert "17" in late.sentence
    assert "7 novembre 2026" in late.sentence
    assert "dahir 1-58-376" in late.source
    assert "art. 5" in late.source


@pytest.mark.parametrize("rule", list(clock.RULES))
@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 11, 24), date(2029, 1, 1)])
def test_any_clock_on_any_day_stays_on_its_bar(rule: str, language: str, today: date) -> None:
    event = date(2026, 11, 24)
    with translation.override(language):
        due = clock.due_on(rule, event, PLAIN)
        drawn = clock.progress(rule, event, due, clock.RULES[rule].citation, today=today)
    assert 0 <= drawn.elapsed <= 100
    assert 0 <= drawn.limit <= 100
    assert 0 <= drawn.place <= 10
    assert 0 <= drawn.over <= 100
    assert drawn.sentence
    assert drawn.start <= drawn.due


def mandate(today: date) -> clock.Progress:
    return clock.progress("mandate-end", date(2026, 5, 8), date(2026, 5, 8), "x", today=today)


def test_a_delay_of_no_days_passes_where_it_begins() -> None:
    late = mandate(date(2026, 11, 24))
    assert (late.start, late.limit, late.over, late.place) == (late.due, 0, 100, 0)


def test_before_a_day_of_its_own_the_bar_leads_up_to_it() -> None:
    with translation.override("fr"):
        far, near = mandate(date(2026, 1, 1)), mandate(date(2026, 5, 1))
    assert (far.elapsed, far.place, far.start) == (0, 0, date(2026, 4, 8))
    assert 0 < near.elapsed < near.limit
    assert (near.today_label, near.start_label) == ("1er mai", "")


def test_the_middle_label_stands_under_the_limit() -> None:
    soon, late = receipt(date(2026, 11, 24)), receipt(date(2028, 11, 24))
    assert (soon.place, late.place) == (8, 1)


def test_a_mistyped_year_is_no_event() -> None:
    today = date(2026, 11, 24)
    assert clock.is_plausible(today, today=today)
    assert not clock.is_plausible(date(206, 11, 24), today=today)
    assert not clock.is_plausible(date(2062, 11, 24), today=today)
