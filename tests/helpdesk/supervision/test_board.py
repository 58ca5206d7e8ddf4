"""The board: each figure is the number of requests it opens, on the page and in the workbook."""

import io
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from config.demonstration import laying
from helpdesk.accounts.actions import lay_groups
from helpdesk.accounts.models import User
from helpdesk.queues.filters import Only
from helpdesk.queues.models import Waiting
from helpdesk.supervision import sheets
from helpdesk.supervision.board import board
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Level
from tests import make

pytestmark = pytest.mark.django_db
PAGE = "/desk/board/"


@pytest.fixture
def supervisor(centre: Any) -> User:
    """Of the demonstration, whose board has something in every figure."""
    lay_groups()
    make.library()
    laying.lay(at=timezone.now())
    return User.objects.get(username="demo-brahim")


def opened(client: Any, url: str) -> int:
    return int(client.get(url).context["table"].paginator.count)


def test_every_figure_opens_just_its_rows(supervisor: User, as_user: Any) -> None:
    client, shown = as_user(supervisor), board(supervisor, at=timezone.now())
    figures = {tile.name: tile for tile in shown.tiles}
    for name in ("waiting", "promises", "answered", "release"):
        tile = figures[name]
        assert int(tile.value) > 0, name
        assert opened(client, tile.url) == int(tile.value), name
    assert opened(client, figures["oldest"].url) == int(figures["waiting"].value)
    cells = [cell for line in shown.lines for cell in (*line.cells, line.total)]
    assert any(number for number, _url in cells)
    for number, url in cells:
        assert opened(client, url) == number, url
    everyone = Ticket.objects.visible_to(supervisor).count()
    assert int(figures["waiting"].value) < everyone, "a filter that does nothing would show"


def test_a_figure_counts_nothing_its_reader_may_not_open(supervisor: User, as_user: Any) -> None:
    before = board(supervisor, at=timezone.now()).tiles[0].value
    waiting = Waiting.objects.visible_to(supervisor).now().earliest("since").ticket
    Ticket.objects.filter(pk=waiting.pk).update(level=Level.SEALED)
    after = board(supervisor, at=timezone.now()).tiles[0].value
    assert int(after) == int(before) - 1


def test_waiting_is_a_length_of_time_everywhere(supervisor: User, as_user: Any) -> None:
    User.objects.filter(pk=supervisor.pk).update(language="fr")
    html = as_user(User.objects.get(pk=supervisor.pk)).get(PAGE).content.decode()
    figures = html[html.index('id="figures"') :]
    assert "attend depuis" in figures
    assert "il y a" not in figures


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_workbook_says_the_same(supervisor: User, as_user: Any, language: str) -> None:
    User.objects.filter(pk=supervisor.pk).update(language=language)
    client = as_user(supervisor)
    shown = client.get(PAGE).context["board"]
    answer = client.get("/desk/board/figures.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    figures, waiting, first, queues, team = book.worksheets
    assert all(sheet.sheet_view.rightToLeft == (language == "ar") for sheet in book)
    rows = list(figures.iter_rows(min_row=2, max_col=2, values_only=True))[:-1]
    assert [(label, str(value)) for label, value in rows] == [
        (tile.label, tile.value) for tile in shown.tiles
    ]
    assert isinstance(rows[0][1], int), "figures can be added up"
    assert [row[-2] for row in waiting.iter_rows(min_row=2, values_only=True)] == [
        line.total[0] for line in shown.lines
    ]
    assert first.max_row - 1 == len(shown.first)
    assert queues.max_row - 1 == len(shown.queues)
    assert team.max_row - 1 == len(shown.team)


def test_the_list_says_which_figure_it_shows(supervisor: User, as_user: Any) -> None:
    client = as_user(supervisor)
    for only in ("waiting", "promised", "answered", "release"):
        chips = client.get(f"/desk/queue/?only={only}").context["chips"]
        assert [chip["text"] for chip in chips] == [str(Only(only).label)]


def test_a_cell_is_never_a_formula() -> None:
    assert sheets.cell("=1+1") == "'=1+1"
    assert sheets.cell("12") == 12
    assert sheets.cell("٣") == "٣"
