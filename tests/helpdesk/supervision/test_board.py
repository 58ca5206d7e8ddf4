"""The board: each figure is the number of rows it opens, on the page and in the workbook."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.demonstration import laying
from helpdesk.accounts.actions import lay_groups
from helpdesk.accounts.models import User
from helpdesk.associations.models import LegalDeadline
from helpdesk.queues import actions as queues
from helpdesk.queues.models import Handling, Presence, Waiting
from helpdesk.queues.narrowing import Only
from helpdesk.supervision import rules, sheets, team
from helpdesk.supervision.board import board
from helpdesk.supervision.showing import Tile
from helpdesk.tickets.actions import answering, rating
from helpdesk.tickets.actions.promising import promise
from helpdesk.tickets.models import Answer, Ticket
from helpdesk.tickets.rules import Channel, Help, Level
from telephony.actions import calling
from telephony.facts import Why
from tests import make

pytestmark = pytest.mark.django_db
PAGE = "/desk/board/"
POLL = {"HX-Request": "true"}
HOUR = timedelta(hours=1)


@pytest.fixture
def supervisor(centre: Any) -> User:
    """Of the demonstration, whose board has something in every figure."""
    lay_groups()
    make.library()
    laying.lay(at=timezone.now())
    return User.objects.get(username="demo-brahim")


def opened(client: Any, url: str) -> int:
    """How many rows stand behind an address of a tile."""
    context = client.get(url).context
    if "table" in context:
        return int(context["table"].paginator.count)
    if "members" in context:
        return len(context["members"])
    return int(context["page"].paginator.count)


def empty(brahim: User, amina: User) -> User:
    return brahim


def quiet(brahim: User, amina: User) -> User:
    """Two written questions, one of them answered in time and liked."""
    make.ticket("سؤال")
    done = make.ticket("سؤال آخر")
    answered(done, amina)
    rating.rate(done, score=5, at=make.NOW)
    return brahim


def busy(brahim: User, amina: User) -> User:
    """Everything at once, some of it late; and things nobody here may read."""
    now = make.NOW
    for n in range(6):
        make.ticket(f"متصل {n}", channel=Channel.PHONE, at=now - timedelta(seconds=90 * n))
    for n in range(4):
        make.ticket(f"محادثة {n}", channel=Channel.CHAT, at=now - timedelta(seconds=20 * n))
    for n in range(5):
        make.ticket(f"قديم {n}", at=now - timedelta(days=4), language="fr", channel=Channel.MAIL)
    for n in range(7):
        one = make.ticket(f"أجيب عنه {n}", at=now - timedelta(days=n))
        answered(one, amina)
        rating.rate(one, score=1 + n % 5, at=now)
    for n in range(3):
        owed = make.ticket(f"وعد {n}")
        for end in (now - HOUR, now + HOUR)[: 1 + n % 2]:
            promise(owed, by=amina, at=now, window_from=end - HOUR, window_until=end)
    sealed = make.ticket("مختوم", channel=Channel.PHONE)
    Ticket.objects.filter(pk=sealed.pk).update(level=Level.SEALED)
    for n, state in enumerate(("running", "passed", "met")):
        LegalDeadline.objects.create(
            association=make.association(f"جمعية {n}"), rule="final-receipt", state=state,
            event_on=now.date(), due_on=(now + timedelta(days=3 * n - 3)).date(), citation="x",
            mark="seen", opened_at=now,
        )  # fmt: skip
    waits = make.ticket("ينتظر المصادقة")
    Answer.objects.create(
        ticket=waits, state="awaiting", language="ar", text="جواب", help="info",
        caution_version="1", author=amina, written_at=now,
    )  # fmt: skip
    be_there(amina, Presence.State.FREE)
    be_there(brahim, Presence.State.BREAK)
    return brahim


def of_one_province(brahim: User, amina: User) -> User:
    """A supervisor who reaches one province only, over the busy day."""
    busy(brahim, amina)
    Ticket.objects.filter(channel=Channel.MAIL).update(province="07.427")
    return make.user("hind", "supervisor", province="07.351", name_ar="هند", name_fr="Hind")


def answered(ticket: Ticket, by: User) -> None:
    queues.claim(ticket, by=by, at=make.NOW)
    answering.answer(ticket, "جواب", by=by, at=make.NOW, language="ar", help=Help.INFO, quotes=[])


def be_there(user: User, state: Presence.State) -> None:
    queues.be(user, state, at=make.NOW)
    Presence.objects.filter(user=user).update(seen_at=make.NOW)


WORLDS = (empty, quiet, busy, of_one_province)


@pytest.mark.long
@pytest.mark.parametrize("world", WORLDS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_tile_opens_just_its_rows_and_stands_in_the_workbook(
    brahim: User, amina: User, as_user: Any, world: Callable[..., User], language: str
) -> None:
    reader = world(brahim, amina)
    User.objects.filter(pk=reader.pk).update(language=language)
    client = as_user(reader)
    with time_machine.travel(make.NOW, tick=False):
        shown = client.get(PAGE).context["board"]
        assert len(shown.tiles) == 12
        for tile in shown.tiles:
            assert opened(client, tile.url) == tile.count, tile.name
            if tile.is_count:
                assert int(tile.value) == tile.count, tile.name
            assert client.get(tile.act.url).status_code == 200, tile.name
            assert tile.act.text
            assert tile.target
        for line in shown.lines:
            for number, url in (*line.cells, line.total):
                assert opened(client, url) == number, url
        assert sum(queue.waiting for queue in shown.queues) == shown.waiting
        assert opened(client, "/desk/queue/?only=waiting") == shown.waiting
        for state in ("", "free", "occupied", "break", "gone"):
            listed = client.get(f"/desk/board/team/?state={state}").context
            view = next(view for view in listed["views"] if view["current"])
            assert view["count"] == len(listed["members"])
        assert_same(client.get("/desk/board/figures.xlsx").content, shown, language)


def assert_same(content: bytes, shown: Any, language: str) -> None:
    """The workbook says what the board says, number for number."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    figures, waiting, first, lines, team = book.worksheets
    assert all(sheet.sheet_view.rightToLeft == (language == "ar") for sheet in book)
    told = list(figures.iter_rows(min_row=2, values_only=True))[:-1]
    assert [(row[0], str(row[1]), row[3]) for row in told] == [
        (tile.label, tile.value, tile.count) for tile in shown.tiles
    ]
    assert [row[-2] for row in waiting.iter_rows(min_row=2, values_only=True)] == [
        line.total[0] for line in shown.lines
    ]
    assert first.max_row - 1 == len(shown.first)
    assert [row[1] for row in lines.iter_rows(min_row=2, values_only=True)] == [
        queue.waiting for queue in shown.queues
    ]
    assert [row[1] for row in team.iter_rows(min_row=2, values_only=True)] == [
        one.label for one in shown.team
    ]


@pytest.mark.long
def test_the_demonstration_has_something_in_most_figures(supervisor: User, as_user: Any) -> None:
    client, shown = as_user(supervisor), board(supervisor, at=timezone.now())
    for name in ("promises", "release", "late", "day-61"):
        assert shown.tile(name).count > 0, name
    for tile in shown.tiles:
        assert opened(client, tile.url) == tile.count, tile.name
    everyone = Ticket.objects.visible_to(supervisor).count()
    assert shown.waiting < everyone, "a filter that does nothing would show"


def test_a_figure_counts_nothing_its_reader_may_not_open(supervisor: User) -> None:
    before = board(supervisor, at=timezone.now()).waiting
    waiting = Waiting.objects.visible_to(supervisor).now().earliest("since").ticket
    Ticket.objects.filter(pk=waiting.pk).update(level=Level.SEALED)
    assert board(supervisor, at=timezone.now()).waiting == before - 1


def figure(reader: User, name: str, *, at: Any = make.NOW) -> Tile:
    return board(reader, at=at).tile(name)


def test_thresholds_are_told(brahim: User, amina: User) -> None:
    for n in range(rules.CALLS_MOST):
        make.ticket(f"متصل {n}", channel=Channel.PHONE)
    assert figure(brahim, "calls").state == "soon"
    make.ticket("متصل آخر", channel=Channel.PHONE)
    assert figure(brahim, "calls").state == "late"
    assert figure(brahim, "longest").state == "ok"
    assert figure(brahim, "longest", at=make.NOW + timedelta(seconds=31)).state == "soon"
    assert figure(brahim, "longest", at=make.NOW + timedelta(seconds=61)).state == "late"
    assert figure(brahim, "free").state == "late", "somebody waits and nobody is free"
    be_there(amina, Presence.State.FREE)
    assert figure(brahim, "free").state == "ok"
    assert figure(brahim, "free", at=make.NOW + timedelta(minutes=2)).value == "0", "desk gone"


def test_what_to_do_first_names_who_is_free(brahim: User, amina: User, as_user: Any) -> None:
    ticket = make.ticket("متصل", channel=Channel.PHONE)
    be_there(amina, Presence.State.FREE)
    shown = board(brahim, at=make.NOW)
    first = shown.now[0]
    assert (first.ticket, first.to) == (ticket.pk, amina.pk)
    answer = as_user(brahim).post(first.act.url, {"to": first.to})
    assert answer.status_code == 302
    ticket.refresh_from_db()
    assert ticket.assignee == amina


class TestCheap:
    def get(self, client: Any, tag: str = "") -> Any:
        headers = POLL | ({"If-None-Match": tag} if tag else {})
        return client.get(PAGE, headers=headers)

    def test_a_poll_asks_little_and_less_when_nothing_moved(
        self, brahim: User, amina: User, as_user: Any
    ) -> None:
        busy(brahim, amina)
        client = as_user(brahim)
        tag = self.get(client)["ETag"]
        with CaptureQueriesContext(connection) as asked:
            again = self.get(client, tag)
        assert (again.status_code, again.content) == (304, b"")
        assert len(asked) <= 6
        with CaptureQueriesContext(connection) as asked:
            assert self.get(client).status_code == 200
        assert len(asked) <= 13, "\n".join(query["sql"][:150] for query in asked)

    @pytest.mark.parametrize(
        "move",
        [
            lambda brahim, amina: make.ticket("جديد"),
            lambda brahim, amina: queues.claim(Ticket.objects.first(), by=amina, at=timezone.now()),
            lambda brahim, amina: queues.be(amina, Presence.State.BUSY, at=timezone.now()),
            lambda brahim, amina: answered(Ticket.objects.first(), amina),
        ],
        ids=["came", "claimed", "busy", "answered"],
    )
    def test_whatever_moves_is_shown(
        self, brahim: User, amina: User, as_user: Any, move: Any
    ) -> None:
        make.ticket("سؤال")
        be_there(amina, Presence.State.FREE)
        client = as_user(brahim)
        tag = self.get(client)["ETag"]
        assert self.get(client, tag).status_code == 304
        move(brahim, amina)
        assert self.get(client, tag).status_code == 200

    def test_the_clock_alone_moves_it_when_a_threshold_passes(
        self, brahim: User, as_user: Any
    ) -> None:
        make.ticket("متصل", channel=Channel.PHONE)
        client = as_user(brahim)
        with time_machine.travel(make.NOW, tick=False) as clock:
            tag = self.get(client)["ETag"]
            clock.shift(29)
            assert self.get(client, tag).status_code == 304
            clock.shift(2)
            near = self.get(client, tag)
            assert near.status_code == 200
            assert near.context["board"].tile("longest").state == "soon"

    def test_another_reader_or_language_is_another_board(
        self, brahim: User, senior: User, as_user: Any
    ) -> None:
        tag = self.get(as_user(brahim))["ETag"]
        assert self.get(as_user(senior), tag).status_code == 200
        User.objects.filter(pk=brahim.pk).update(language="fr")
        assert self.get(as_user(brahim), tag).status_code == 200


@pytest.mark.parametrize("theme", ["", "dark", "light", "x"])
def test_the_wall_shows_six_figures(brahim: User, as_user: Any, theme: str) -> None:
    client = as_user(brahim)
    page = client.get(f"{PAGE}?wall={theme}")
    html = page.content.decode()
    assert html.count('class="wt ') == 6
    assert ('data-theme="dark"' in html) == (theme == "dark")
    part = client.get(f"{PAGE}?wall={theme}", headers=POLL).content.decode()
    assert part.count('class="wt ') == 6
    assert "<html" not in part


@pytest.mark.long
def test_waiting_is_a_length_of_time_everywhere(supervisor: User, as_user: Any) -> None:
    User.objects.filter(pk=supervisor.pk).update(language="fr")
    html = as_user(User.objects.get(pk=supervisor.pk)).get(PAGE).content.decode()
    figures = html[html.index('id="figures"') :]
    assert "il y a" not in figures


@pytest.mark.long
def test_the_list_says_which_figure_it_shows(supervisor: User, as_user: Any) -> None:
    client = as_user(supervisor)
    for only in Only.values:
        chips = client.get(f"/desk/queue/?only={only}").context["chips"]
        assert [chip["text"] for chip in chips] == [str(Only(only).label)]


def test_a_cell_is_never_a_formula() -> None:
    for first in "=+-@\t\r\0":
        assert sheets.cell(f"{first}1+1") == f"'{first}1+1"
    assert sheets.cell("12") == 12
    assert sheets.cell("٣") == "٣"


def test_the_telephone_of_today(brahim: User, amina: User) -> None:
    def gone(after: int, number: str = "") -> None:
        call = make.ringing(number=number)
        calling.hang_up(
            call, why=Why.CALLER, at=make.NOW + timedelta(seconds=after), source="browser"
        )

    assert (figure(brahim, "service").value, figure(brahim, "given-up").value) == ("–", "0")
    for after in (10, 20, 200):
        queues.claim(make.ringing().ticket, by=amina, at=make.NOW + timedelta(seconds=after))
    assert figure(brahim, "service").value == "66"
    gone(4), gone(100, "0661800001")
    tile = figure(brahim, "service")
    assert (tile.value, tile.state, tile.count) == ("50", "late", 2)
    tile = figure(brahim, "given-up")
    assert (tile.value, tile.count, tile.state) == ("1", 1, "late")
    owed = figure(brahim, "promises", at=make.NOW + HOUR)
    assert owed.value == "1", "a missed call is a call owed"


def test_the_longest_wait_is_a_callers(brahim: User) -> None:
    make.ticket("محادثة", channel=Channel.CHAT, at=make.NOW - timedelta(seconds=300))
    assert figure(brahim, "longest").value == "05:00"
    make.ringing(at=make.NOW - timedelta(seconds=50))
    assert figure(brahim, "longest").value == "00:50"


def test_in_a_call_is_since_the_call_whatever_else_is_in_hand(brahim: User, amina: User) -> None:
    queues.be(amina, Presence.State.FREE, at=make.NOW)
    chat = make.ticket(channel=Channel.CHAT)
    Handling.objects.create(ticket=chat, user=amina, channel=Channel.CHAT, started_at=make.NOW)
    later = make.NOW + HOUR
    Handling.objects.create(user=amina, channel=Channel.PHONE, started_at=later)
    (member,) = [one for one in team.members(brahim, at=later) if one.user == amina]
    assert (member.state, member.since) == ("call", later)


def test_who_waits_without_words_has_a_name_on_the_board(client: Any, brahim: User) -> None:
    make.ringing(number="0612345678")
    Ticket.objects.update(subject="", person=None)
    client.force_login(brahim)
    shown = client.get(PAGE)
    (row,) = shown.context["board"].first
    assert row.title.endswith("78")
    assert row.title in shown.context["board"].now[0].text
