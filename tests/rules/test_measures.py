"""Every formula of the service by hand-made tables; nothing, one, and the edges between."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from helpdesk.queues.rules import Ended
from helpdesk.supervision import erlang, measures, periods
from helpdesk.supervision.measures import Owed, Spell, Wait, Work

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
TARGET = 20
_numbers = iter(range(1, 1_000_000))


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def wait(seconds: float | None, how: Ended | str = Ended.CLAIMED, **more: Any) -> Wait:
    since = more.pop("since", NOW)
    pk = next(_numbers)
    given = {
        "pk": pk, "ticket": pk, "queue": 1, "language": "ar", "theme": 1, "province": "",
        "asker": f"request:{pk}", "since": since, "due_at": since + timedelta(seconds=TARGET),
        "ended_at": None if seconds is None else since + timedelta(seconds=seconds), "how": how,
        **more,
    }  # fmt: skip
    return Wait(**given)


def work(talk: int = 100, hold: int = 0, wrapup: int = 0, *, at: float = 0, **more: Any) -> Work:
    pk = next(_numbers)
    given = {
        "pk": pk, "ticket": pk, "user": 1, "queue": 1, "language": "ar", "theme": 1,
        "province": "", "started_at": later(at), "answered_at": later(at),
        "wrapped_at": later(at + talk + hold + wrapup), "talk": talk, "hold": hold,
        "wrapup": wrapup, **more,
    }  # fmt: skip
    return Work(**given)


def owed(state: str, *, until: float = 100, ended: float | None = None, attempts: int = 1) -> Owed:
    at = None if ended is None else later(ended)
    pk = next(_numbers)
    return Owed(pk, pk, "call-back", state, NOW, later(until), later(until), at, attempts)


class TestLevel:
    def example(self) -> list[Wait]:
        """The example of the specification: 860 of 1000 in time, 40 given up late and 20 before."""
        return [
            *(wait(12) for _ in range(860)), *(wait(50) for _ in range(140)),
            *(wait(60, Ended.ABANDONED) for _ in range(40)),
            *(wait(15, Ended.ABANDONED) for _ in range(20)),
            *(wait(3, Ended.SHORT) for _ in range(7)),
        ]  # fmt: skip

    def test_the_example(self) -> None:
        level = measures.service_level(self.example())
        strict = measures.service_level_strict(self.example())
        assert level == 860 / 1040
        assert strict == 860 / 1060
        assert [f"{share:.1%}" for share in (level, strict)] == ["82.7%", "81.1%"]
        assert measures.abandonment(self.example()) == 60 / 1060

    def test_of_nothing_there_is_no_share(self) -> None:
        for rows in ([], [wait(None, "")], [wait(3, Ended.SHORT)]):
            assert measures.service_level(rows) is None
            assert measures.service_level_strict(rows) is None
            assert measures.speed(rows) is None
        assert measures.abandonment([]) is None
        assert measures.abandonment([wait(3, Ended.SHORT)]) is None

    @pytest.mark.parametrize(("seconds", "is_in"), [(0, True), (20, True), (20.001, False)])
    def test_the_target_itself_is_in_time(self, seconds: float, is_in: bool) -> None:
        assert measures.service_level([wait(seconds)]) == (1.0 if is_in else 0.0)

    def test_call_backs_and_messages_are_not_given_up(self) -> None:
        rows = [
            wait(10), wait(90, Ended.CALL_BACK), wait(90, Ended.VOICEMAIL),
            wait(90, Ended.WRITTEN), wait(30, Ended.ABANDONED),
        ]  # fmt: skip
        assert measures.service_level(rows) == 1 / 2
        assert measures.abandonment(rows) == 1 / 5

    def test_a_contact_is_offered_once(self) -> None:
        rows = [
            wait(12, Ended.NO_VOICE), wait(40), wait(60, is_again=True),
            wait(9, Ended.ABANDONED, is_again=True), wait(2, Ended.SETTLED), wait(None, ""),
        ]  # fmt: skip
        assert len(measures.offered(rows)) == 2
        assert len(measures.answered(rows)) == 1
        assert measures.abandonment(rows) == 0.0

    def test_every_offered_contact_is_in_one_list(self) -> None:
        rows = [*self.example(), wait(90, Ended.CALL_BACK), wait(None, "")]
        parts = [
            measures.answered(rows), measures.abandoned(rows), measures.ended(rows, Ended.SHORT),
            measures.ended(rows, Ended.CALL_BACK, Ended.VOICEMAIL, Ended.WRITTEN),
            [one for one in rows if not one.how],
        ]  # fmt: skip
        assert sum(map(len, parts)) == len(measures.offered(rows)) == len(rows)


class TestSpeed:
    def test_of_one(self) -> None:
        assert measures.speed([wait(7)]) == measures.Speed(7, 7, 7)

    def test_of_ten(self) -> None:
        rows = [wait(n) for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 55)] + [wait(99, Ended.ABANDONED)]
        assert measures.speed(rows) == measures.Speed(10, 5.5, 9)


class TestWork:
    def test_handling_is_never_without_wrap_up(self) -> None:
        rows = [work(100, 20, 30), work(200, 0, 50)]
        assert measures.handling_time(rows) == 200
        assert measures.hold_share(rows) == 20 / 320
        assert measures.handling_time([]) is None
        assert measures.hold_share([]) is None

    def test_transfers(self) -> None:
        rows = [work(), work(), work(is_passed=True), work()]
        assert measures.transfers(rows) == 1 / 4
        assert measures.transfers([]) is None


class TestOccupancy:
    def of(self, works: list[Work], free: list[tuple[float, float]], user: int = 1) -> Any:
        spells = [Spell(user, later(a), later(b)) for a, b in free]
        return measures.occupancy(works, spells, start=NOW, end=later(3600))

    def test_time_in_hand_of_that_and_the_time_available(self) -> None:
        assert self.of([work(600, 100, 200)], [(0, 3600)]) == 900 / 3600
        assert self.of([work(600, 100, 200)], [(0, 900), (2700, 3600)]) == 900 / 1800

    def test_a_break_counts_in_neither(self) -> None:
        assert self.of([work(900)], []) == 1.0
        assert self.of([], []) is None
        assert self.of([], [(0, 10)]) == 0.0

    def test_two_chats_at_once_are_one_time(self) -> None:
        assert self.of([work(900), work(900, at=450)], [(0, 3600)]) == 1350 / 3600

    def test_people_are_added_up_each_with_their_own_time(self) -> None:
        rows = [work(900), work(900, user=2)]
        assert self.of(rows, [(0, 1800)]) == 1800 / 2700

    def test_what_lies_outside_the_period_is_cut(self) -> None:
        rows = [work(1000, at=-400), work(1000, at=3000)]
        assert self.of(rows, [(-500, 5000)]) == 1200 / 3600


class TestOwed:
    def test_kept_is_reached_in_the_window(self) -> None:
        rows = [
            owed("kept", ended=100, attempts=1), owed("kept", ended=101, attempts=3),
            owed("unreached", ended=50, attempts=3), owed("open"),
            owed("kept", ended=10, attempts=0),
        ]  # fmt: skip
        assert len(measures.kept(rows)) == 2
        assert measures.tries(rows) == 2
        assert measures.tries([]) is None
        assert len(measures.closed_soon(rows)) == 3


class TestFirstContact:
    def test_the_same_person_on_the_same_theme_within_seven_days(self) -> None:
        week = timedelta(days=7)
        first = wait(5, asker="person:1")
        rows = [
            first, wait(5, asker="person:2"), wait(5, asker="person:3"), wait(5, asker="person:4"),
            wait(5, asker="person:5"),
        ]  # fmt: skip
        later_rows = [
            *rows,
            wait(5, asker="person:1", since=NOW + week),
            wait(5, asker="person:2", since=NOW + week + timedelta(seconds=1)),
            wait(5, asker="person:3", theme=2, since=NOW + timedelta(days=1)),
            wait(5, Ended.ABANDONED, asker="person:4", since=NOW + timedelta(days=1)),
            wait(5, asker="person:5", since=later(60), is_again=True),
        ]
        again = measures.repeated(rows, later_rows)
        assert [one.asker for one in again] == ["person:1", "person:4"]


class TestPeriods:
    def test_a_day_begins_at_midnight_in_casablanca(self) -> None:
        day = periods.period("day", date(2026, 11, 24))
        assert (day.start, day.end) == (
            datetime(2026, 11, 23, 23, 0, tzinfo=UTC), datetime(2026, 11, 24, 23, 0, tzinfo=UTC),
        )  # fmt: skip
        assert wait(1, since=datetime(2026, 11, 24, 23, 30, tzinfo=UTC)).hour == 0

    def test_the_offset_changes_around_ramadan(self) -> None:
        day = periods.period("day", date(2026, 2, 15))
        assert (day.end - day.start) == timedelta(hours=25)
        assert len(periods.period("month", date(2026, 2, 15)).days) == 28

    def test_weeks_begin_on_monday_and_follow_each_other(self) -> None:
        week = periods.period("week", date(2026, 11, 29))
        assert (week.first, week.last) == (date(2026, 11, 23), date(2026, 11, 29))
        assert week.following().first == week.after
        assert week.before().after == week.first
        assert periods.period("month", date(2026, 12, 31)).after == date(2027, 1, 1)

    @pytest.mark.parametrize(
        "day", ["", "x", "2026-13-01", "9999-01-01", "1999-01-01", "2026-11-25"]
    )
    def test_anything_else_is_today(self, day: str) -> None:
        assert periods.asked("day", day, at=NOW).first == date(2026, 11, 24)

    def test_people_there_in_an_hour(self) -> None:
        spell = Spell(1, later(-1800), later(5400))
        assert [measures.people_there([spell, spell], hour) for hour in (9, 10, 11, 12, 13)] == [
            0, 1, 2, 1, 0,
        ]  # fmt: skip


class TestErlang:
    @pytest.mark.parametrize(
        ("calls", "minutes", "advisors", "level"),
        [(20, 6, 7, "88.6%"), (60, 5, 14, "86.7%"), (100, 3, 14, "88.8%")],
    )
    def test_the_known_figures(self, calls: int, minutes: int, advisors: int, level: str) -> None:
        found = erlang.needed(calls=calls, per=1800, handling=minutes * 60, target=20)
        assert (found.advisors, f"{found.level:.1%}") == (advisors, level)

    def test_the_edges(self) -> None:
        assert erlang.needed(calls=0, per=3600, handling=300, target=20).advisors == 0
        assert erlang.level(1, calls=12, per=3600, handling=300, target=20) == 0.0
        assert erlang.level(400, calls=12, per=3600, handling=300, target=20) > 0.999
        few, many = (erlang.level(n, calls=60, per=1800, handling=300, target=20) for n in (11, 12))
        assert few < many
