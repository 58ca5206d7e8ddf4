"""The page of the service: each figure equals the rows it opens, for every reader, on page and sheet."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from helpdesk.accounts.models import User
from helpdesk.queues import actions as queues
from helpdesk.queues.models import Presence, Queue
from helpdesk.supervision import measure_page
from helpdesk.supervision.measure_figures import ROWS
from helpdesk.supervision.measure_rows import waits_today
from helpdesk.tickets.actions import promising
from helpdesk.tickets.models import Promise, Ticket
from helpdesk.tickets.rules import Level
from telephony import actions
from telephony.actions import calling
from telephony.facts import Why
from tests import make

pytestmark = pytest.mark.django_db
PAGE = "/desk/figures/service/"
ROWS_PAGE = "/desk/figures/service/rows/"
BROWSER = actions.Source.BROWSER


def later(seconds: float, at: datetime = make.NOW) -> datetime:
    return at + timedelta(seconds=seconds)


def answered(by: User, *, after: int = 10, talk: int = 60, at: datetime = make.NOW, **known: Any):
    call = make.ringing(at=at, **known)
    leg = actions.answer(call, by=by, at=later(after, at))
    actions.joined(leg, at=later(after, at))
    actions.joined(call.legs.get(role="caller"), at=later(after, at))
    actions.end(leg, at=later(after + talk, at))
    call.refresh_from_db()
    said = actions.Wrapup(words="سؤال", help="info", outcome="solved-first-contact", language="ar")
    actions.wrap_up(call, said, by=by, at=later(after + talk + 30, at))
    return call


def gone(*, after: int = 90, at: datetime = make.NOW, **known: Any) -> None:
    call = make.ringing(at=at, **known)
    calling.hang_up(call, why=Why.CALLER, at=later(after, at), source=BROWSER)


@pytest.fixture
def morning(amina: User, brahim: User) -> datetime:
    """Three hours ago: six calls answered in time and two late, three given up, one at once, one left."""
    start = make.NOW - timedelta(hours=3)
    Queue.objects.update(wait_seconds=20)
    queues.be(amina, Presence.State.FREE, at=start)
    for n in range(8):
        answered(amina, after=10 if n < 6 else 40, at=later(n * 600, start))
    for n, after in enumerate((15, 90, 91, 4)):
        gone(after=after, at=later(n * 600, start), number=f"066180000{n}")
    left = make.ringing(at=later(30, start), number="0661800009")
    calling.ask_call_back(left, at=later(100, start))
    return start


def figure(context: Any, key: str) -> Any:
    return next(one for one in context["shown"].figures if one.key == key)


def test_the_figures_of_a_morning(morning: datetime, brahim: User, as_user: Any) -> None:
    context = as_user(brahim).get(PAGE).context
    got = {one.label: one.number for one in context["shown"].figures}
    numbers = list(got.values())
    assert numbers[:8] == [13, 6 / 10, 6 / 11, 17.5, 3 / 12, 1, 1, 90]
    assert figure(context, "in-hand").number == pytest.approx(8 * 90 / (3 * 3600), abs=0.01)
    assert [hour.hour for hour in context["shown"].hours] == [8, 9]
    assert sum(hour.line.cells[0].number for hour in context["shown"].hours) == 13


@pytest.mark.parametrize(
    "query",
    [
        "",
        pytest.param("?period=week", marks=pytest.mark.long),
        pytest.param("?period=month", marks=pytest.mark.long),
        pytest.param("?channel=chat", marks=pytest.mark.long),
    ],
)
def test_each_figure_opens_just_its_rows(
    morning: datetime, brahim: User, as_user: Any, query: str
) -> None:
    client = as_user(brahim)
    html = client.get(PAGE + query).content.decode()
    shown = client.get(PAGE + query).context["shown"]
    for one in shown.figures:
        url = f"{ROWS_PAGE}?{shown.query}&figure="
        assert client.get(url + one.key).context["page"].paginator.count == one.part, one.label
        if one.of:
            assert client.get(url + one.of).context["page"].paginator.count == one.whole
        if not shown.is_empty:
            assert url.replace("&", "&amp;") + one.key in html
    for key in ROWS:
        assert client.get(f"{ROWS_PAGE}?figure={key}").status_code == 200


def test_filters_take_part_of_the_rows(morning: datetime, brahim: User, as_user: Any) -> None:
    Ticket.objects.filter(pk__in=Ticket.objects.values("pk")[:4]).update(language="fr")
    client = as_user(brahim)
    counts = [
        figure(client.get(PAGE + query).context, "offered").part
        for query in ("", "?language=fr", "?language=ar", f"?queue={Queue.objects.get().pk}",
                      "?queue=x", "?language=xx")
    ]  # fmt: skip
    assert counts == [13, 4, 9, 13, 13, 13]


def test_tables_add_up_to_the_whole(morning: datetime, brahim: User, as_user: Any) -> None:
    Ticket.objects.filter(pk__in=Ticket.objects.values("pk")[:6]).update(province="07.351")
    shown = as_user(brahim).get(PAGE).context["shown"]
    for table in shown.tables:
        assert sum(line.cells[0].number for line in table.lines) == 13, table.title
        assert sum(line.cells[1].number for line in table.lines) == 8, table.title


def test_rows_nobody_may_open_are_not_counted(
    morning: datetime, brahim: User, as_user: Any
) -> None:
    sealed = Ticket.objects.order_by("pk").first()
    Ticket.objects.filter(pk=sealed.pk).update(level=Level.SEALED)
    assert figure(as_user(brahim).get(PAGE).context, "offered").part == 12


@pytest.mark.parametrize(
    ("at", "is_in"),
    [
        (datetime(2026, 11, 23, 22, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 23, 0, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 22, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 23, 0, 0, tzinfo=UTC), False),
    ],
)
def test_a_day_is_that_of_casablanca(brahim: User, amina: User, at: datetime, is_in: bool) -> None:
    gone(at=at)
    given = {"on": "2026-11-24"}
    now = make.NOW + timedelta(days=2)
    found = measure_page.rows_of(brahim, {**given, "figure": "abandoned"}, at=now)[1]
    assert len(found) == is_in


def test_of_nothing_and_of_one(brahim: User, amina: User, as_user: Any) -> None:
    client = as_user(brahim)
    page = client.get(PAGE)
    assert page.context["shown"].is_empty
    assert client.get(PAGE + "service.xlsx").status_code == 200
    answered(amina)
    shown = client.get(PAGE).context["shown"]
    assert next(one.value for one in shown.figures if one.unit == "%").startswith("\u2066100")
    assert len(shown.hours) == len(shown.bars) == 1


def test_transfers_and_repeats(brahim: User, amina: User, senior: User, as_user: Any) -> None:
    fatima = make.person(number="0661800001")
    start = make.NOW - timedelta(hours=1)
    call = make.ringing(at=start, number="0661800001")
    leg = actions.answer(call, by=amina, at=later(5, start))
    actions.joined(leg, at=later(5, start))
    actions.joined(call.legs.get(role="caller"), at=later(5, start))
    asked = actions.consult(leg, to=senior, at=later(30, start))
    actions.accept(asked, at=later(35, start))
    actions.hand_over(leg, at=later(45, start))
    asked.refresh_from_db()
    actions.joined(asked, at=later(45, start))
    actions.joined(call.legs.get(role="caller"), at=later(45, start))
    actions.end(asked, at=later(105, start))
    queues.release(call.ticket, at=later(125, start))
    gone(at=later(600, start), number="0661800001")
    assert call.ticket.person == fatima
    context = as_user(brahim).get(PAGE).context
    assert figure(context, "passed").number == 1 / 2
    assert figure(context, "held").number == 15 / 100
    assert figure(context, "repeated").number == 0.0
    assert figure(context, "handled").number == (40 + 60 + 20) / 2


def test_calls_owed(brahim: User, amina: User, as_user: Any) -> None:
    day = timedelta(days=1)
    made = make.NOW - day
    for n in range(6):
        owed = promising.promise(
            make.ticket(f"وعد {n}"), by=amina, at=made, window_from=made,
            window_until=make.NOW - timedelta(hours=1),
        )  # fmt: skip
        if n < 3:
            promising.attempt(owed, by=amina, at=make.NOW - timedelta(hours=2), reached=n > 0)
        if n == 0:
            owed.refresh_from_db()
            promising.attempt(owed, by=amina, at=make.NOW, reached=True)
    Promise.objects.filter(ticket__subject="وعد 5").update(state="dropped")
    missed = [make.ticket(f"فائتة {n}") for n in range(3)]
    for n, ticket in enumerate(missed):
        at = make.NOW - (n + 2) * day
        owed = promising.promise(
            ticket, by=None, at=at, window_from=at, window_until=at + day,
            kind=Promise.Kind.MISSED,
        )  # fmt: skip
        if n:
            promising.attempt(owed, by=amina, at=make.NOW - n * day, reached=True)
    context = as_user(brahim).get(PAGE + "?period=month").context
    kept, closed = figure(context, "kept"), figure(context, "closed")
    assert (kept.part, kept.whole) == (2, 5)
    assert "1,3" in kept.more
    # Made on a Sunday, a Saturday, a Friday; the next working day is Monday, which is over.
    assert (closed.part, closed.whole) == (2, 3)
    assert closed.more


class TestRights:
    def test_who_reads_what(self, cast: dict[str, Any], as_user: Any) -> None:
        told = {
            name: [
                as_user(user).get(url).status_code
                for url in (PAGE, ROWS_PAGE, PAGE + "service.xlsx")
            ]
            for name, user in cast.items()
            if name != "visitor"
        }
        board, none = [200, 200, 200], [403, 403, 403]
        expected = {"brahim": board, "senior": board}
        assert told == {name: expected.get(name, none) for name in told}


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_workbook_says_what_the_page_says_but_for_small_numbers(
    morning: datetime, brahim: User, as_user: Any, language: str
) -> None:
    User.objects.filter(pk=brahim.pk).update(language=language)
    client = as_user(brahim)
    shown = client.get(PAGE).context["shown"]
    book = openpyxl.load_workbook(io.BytesIO(client.get(PAGE + "service.xlsx").content))
    assert all(sheet.sheet_view.rightToLeft == (language == "ar") for sheet in book)
    figures = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))[:-1]
    assert [row[0] for row in figures] == [one.label for one in shown.figures]
    assert figures[0][1] == 13
    assert figures[7][1] == 90
    assert isinstance(figures[2][1], float | int)
    for row, one in zip(figures, shown.figures, strict=True):
        assert isinstance(row[3], str) == one.is_small, one.label
    small = [
        value
        for sheet in book.worksheets[1:]
        for row in sheet.iter_rows(min_row=2, max_col=3, values_only=True)
        for value in row[1:]
        if isinstance(value, int) and 0 < value < 5
    ]
    assert small == []


def test_the_board_reads_the_same_rows(morning: datetime, brahim: User, as_user: Any) -> None:
    listed = as_user(brahim).get(f"{ROWS_PAGE}?figure=offered").context["page"].paginator.count
    assert len([one for one in waits_today(brahim, at=timezone.now()) if one.how]) == listed


def test_a_missed_call_settled_by_a_later_one_is_closed(
    brahim: User, amina: User, as_user: Any
) -> None:
    start = make.NOW - timedelta(hours=2)
    gone(at=start, number="0661800001")
    gone(at=later(60, start), number="0661800002")
    answered(amina, at=later(600, start), number="0661800001")
    closed = figure(as_user(brahim).get(PAGE).context, "closed")
    assert (closed.part, closed.whole) == (1, 1), "the other has a day left"
    assert closed.more
