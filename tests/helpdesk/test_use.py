"""The use of the library by month: readings as counted, answers as given, within one's scope."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from helpdesk.supervision import use
from helpdesk.tickets.models import Answer, GivenVersion, Ticket
from knowledge.articles import counting
from knowledge.articles.models import UseCount, Version
from knowledge.articles.rules import Use
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
TOPIC = "T03-receipt"
PHONE = "Mozilla/5.0 (Linux; Android 10; K) Chrome/120.0 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def library(centre: Any) -> None:
    make.library()


def given(author: Any, *, province: str = "07.351", at: Any = NOW, language: str = "ar") -> Ticket:
    ticket = make.ticket(province=province)
    Ticket.objects.filter(pk=ticket.pk).update(team=make.team(), province=province)
    answer = Answer.objects.create(
        ticket=ticket, state="released", language=language, text="جواب", help="info",
        caution_version="1", author=author, written_at=at, released_by=author, released_at=at,
    )  # fmt: skip
    version = Version.objects.current().in_language(language).get(edition__article__topic=TOPIC)
    GivenVersion.objects.create(answer=answer, version=version)
    return ticket


def page(client: Client, user: Any, path: str) -> Any:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(path)


def test_readings_and_answers_stand_side_by_side(brahim: Any, amina: Any) -> None:
    for _ in range(3):
        counting.count(Use.VIEW, TOPIC, "ar", at=NOW)
    counting.count(Use.DOWNLOAD, "statutes", "fr", at=NOW)
    counting.count(Use.COPY, counting.LIBRARY, "fr", at=NOW)
    given(amina)
    given(amina, province="")
    found = use.report(brahim, "", at=NOW)
    rows = {(line.subject, line.language): line.times for line in found.by_article}
    assert rows[TOPIC, "ar"]["view"] == 3
    assert rows[TOPIC, "ar"]["answer"] == 2
    assert rows["statutes", "fr"]["download"] == 1
    assert rows["library", "fr"]["copy"] == 1
    provinces = {line.province: line.times["answer"] for line in found.by_province}
    assert provinces == {"": 1, "07.351": 1}
    assert found.total
    assert sum(found.total.numbers) == 7


def test_months_are_those_of_the_clock_here(brahim: Any, amina: Any) -> None:
    """23:30 UTC on the last of a month is the next month in Casablanca."""
    late = NOW.replace(month=9, day=30, hour=23, minute=30)
    given(amina, at=late)
    counting.count(Use.VIEW, TOPIC, "ar", at=late)
    assert UseCount.objects.get().day == timezone.localdate(late)
    month = timezone.localdate(late).replace(day=1)
    found = use.report(brahim, f"{month:%Y-%m}", at=NOW)
    assert {line.month for line in found.lines} == {month}
    assert sum(sum(line.numbers) for line in found.lines) == 2


def test_what_another_centre_answered_is_not_told(brahim: Any, amina: Any) -> None:
    ticket = given(amina)
    Ticket.objects.filter(pk=ticket.pk).update(team=make.other_team())
    assert use.report(brahim, "", at=NOW).lines == []


def test_what_awaits_release_was_not_given(brahim: Any, amina: Any) -> None:
    given(amina)
    Answer.objects.update(state="awaiting", released_at=None)
    assert use.report(brahim, "", at=NOW).lines == []


@pytest.mark.parametrize("month", ["", "2026-13", "x", "1900-01", "\x00", "é" * 500, "2026-10"])
def test_any_month_typed_gives_a_page(client: Client, brahim: Any, month: str) -> None:
    response = page(client, brahim, "/desk/use/")
    assert response.status_code == 200
    assert client.get("/desk/use/", {"month": month}).status_code == 200


def test_the_workbook_has_every_line_as_numbers(client: Client, brahim: Any, amina: Any) -> None:
    now = timezone.now()
    counting.count(Use.VIEW, TOPIC, "fr", at=now)
    counting.count(Use.VIEW, TOPIC, "fr", at=now - timedelta(days=62))
    counting.count(Use.VIEW, TOPIC, "fr", at=now - timedelta(days=1000))
    given(amina, at=now)
    book = load_workbook(BytesIO(page(client, brahim, "/desk/use/use.xlsx").content))
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert len(rows) == 3
    assert sum(row[5] for row in rows) == 2
    assert sum(row[9] for row in rows) == 1
    assert all(isinstance(n, int) for row in rows for n in row[5:])
    assert TOPIC in {row[1] for row in rows}


def test_only_who_sees_the_board_sees_the_use(
    brahim: Any, senior: Any, amina: Any, editor: Any, partner: Any, chama: Any
) -> None:
    for user, allowed in (
        (brahim, True), (senior, True), (amina, False), (editor, False), (partner, False),
        (chama, False),
    ):  # fmt: skip
        for path in ("/desk/use/", "/desk/use/use.xlsx"):
            assert (page(Client(), user, path).status_code == 200) is allowed


def test_a_blank_taken_home_is_counted(db: Any) -> None:
    reader = Client(headers={"User-Agent": PHONE})
    assert reader.get("/library/papers/statutes/fr/docx/").status_code == 200
    row = UseCount.objects.get()
    assert (row.subject, row.kind, row.language, row.times) == ("statutes", "download", "fr", 1)
    assert row.day <= date.today() + timedelta(days=1)
