"""Papers at the desk: filled with what is known and nothing else, for who may see it, and provable."""

import io
from datetime import date
from typing import Any

import docx
import pytest
from django.urls import reverse
from django.utils.translation import override

from helpdesk.accounts.models import Team, User
from helpdesk.associations.numbers import Number
from helpdesk.tickets import papers
from helpdesk.tickets.actions import write
from helpdesk.tickets.models import Entry, Ticket
from helpdesk.tickets.rules import Level
from knowledge.articles import printing
from knowledge.articles.models import Theme
from knowledge.articles.papers import texts
from tests import make

pytestmark = pytest.mark.django_db
NUMBER = "0661234547"
KEY = "0" * 32


@pytest.fixture
def ticket(centre: Any) -> Ticket:
    group = make.association(
        "جمعية النخيل", name_fr="Association Ennakhil", seat="حي السلام", commune="أوريكة",
        province="07.041", filed_on=date(2026, 9, 3), mandate_ends_on=date(2028, 1, 15),
    )  # fmt: skip
    asker = make.person("فاطمة الزهراء", number=NUMBER)
    make.mandate(asker, group, "president", starts_on=date(2025, 1, 1))
    make.mandate(make.person("إبراهيم"), group, "treasurer")
    make.mandate(make.person("سعيد القديم"), group, "secretary", ends_on=date(2024, 1, 1))
    make.mandate(make.person("منخرط"), group, "member")
    return make.ticket(
        person=asker, association=group, province="07.041", contact_number=Number.parse(NUMBER)
    )


def post(client: Any, ticket: Ticket, code: str, file: str = "ar-docx", key: str = KEY) -> Any:
    url = reverse("tickets:paper", args=[ticket.pk, code])
    return client.post(url, {"file": file, "key": key})


def words(content: bytes) -> str:
    file = docx.Document(io.BytesIO(content))
    cells = [c.text for t in file.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in file.paragraphs), *cells])


def given(ticket: Ticket) -> list[Entry]:
    return [e for e in ticket.entries.all() if e.data.get("about") == "paper"]


def test_one_click_fills_what_is_known(ticket: Ticket, amina: Any, as_user: Any) -> None:
    write.facts(ticket, {"receipt_date": "2026-09-04"}, by=amina, at=make.NOW)
    answer = post(as_user(amina), ticket, "receipt-reminder")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store, private"
    said = words(answer.content)
    for text in ("جمعية النخيل", "حي السلام", "أوريكة", "إقليم الحوز", "3 شتنبر 2026",
                 "4 شتنبر 2026", "فاطمة الزهراء", "رئيس"):  # fmt: skip
        assert text in said, text
    assert "...." in said


def test_the_other_language_takes_the_other_name(ticket: Ticket, amina: Any, as_user: Any) -> None:
    said = words(post(as_user(amina), ticket, "receipt-reminder", "fr-docx").content)
    assert "Association Ennakhil" in said
    assert "Al Haouz" in said
    assert "Ourika" in said
    assert "3 septembre 2026" in said
    assert "président" in said


def test_the_board_is_who_holds_office_today(ticket: Ticket, amina: Any, as_user: Any) -> None:
    said = words(post(as_user(amina), ticket, "board-list").content)
    assert "فاطمة الزهراء" in said
    assert "إبراهيم" in said
    assert "سعيد القديم" not in said
    assert "منخرط" not in said.replace("المنخرط", "")


def test_no_paper_prints_a_telephone_number(ticket: Ticket, amina: Any, as_user: Any) -> None:
    for paper in texts.papers("ar"):
        digits = "".join(words(post(as_user(amina), ticket, paper.code).content).split())
        assert "661234547" not in digits, paper.code
        assert "61234" not in digits, paper.code


def test_nothing_known_is_the_blank(centre: Any, amina: Any, as_user: Any) -> None:
    bare = make.ticket()
    said = words(post(as_user(amina), bare, "statutes").content)
    assert "None" not in said
    assert "مجهول" not in said
    assert "anonymous" not in said


def test_yes_and_no_fill_no_blank() -> None:
    found = texts.paper("receipt-reminder", "ar")
    assert found is not None
    known = papers.Known(facts={"deposit_proof": "yes", "deposit_date": "2026-02-30"})
    said = " ".join(
        p.text for p in papers.filled(found, known, user=User(), on=date(2026, 11, 24)).parts
    )
    assert "yes" not in said
    assert "2026-02-30" in said, "a day that does not exist stays as it was told"


def test_giving_is_written_once_a_click(ticket: Ticket, amina: Any, as_user: Any) -> None:
    client = as_user(amina)
    first, again = post(client, ticket, "statutes"), post(client, ticket, "statutes")
    assert first.status_code == again.status_code == 200
    (entry,) = given(ticket)
    assert entry.by == amina
    assert not entry.public
    assert entry.data["paper"] == "statutes"
    post(client, ticket, "statutes", "fr-docx")
    post(client, ticket, "statutes", key="1" * 32)
    assert len(given(ticket)) == 3
    post(client, ticket, "statutes", key="\x00'; DROP")
    assert len(given(ticket)) == 4, "a key that is none of ours is a click of its own"
    page = client.get(reverse("tickets:ticket", args=[ticket.pk])).content.decode()
    assert "القانون الأساسي" in page


def test_who_may(ticket: Ticket, cast: Any, as_user: Any) -> None:
    url = reverse("tickets:papers", args=[ticket.pk])
    for name, user in cast.items():
        client = as_user(user)
        may = name in ("amina", "brahim", "senior")
        for status in (client.get(url).status_code, post(client, ticket, "statutes").status_code):
            assert (status == 200) == may, name
            assert status in (200, 302, 403, 404), name


def test_what_is_out_of_reach_gives_nothing(ticket: Ticket, amina: Any, as_user: Any) -> None:
    ticket.level = Level.SEALED
    ticket.save()
    assert post(as_user(amina), ticket, "statutes").status_code == 404
    ticket.level = Level.ORDINARY
    ticket.team = make.other_team()
    ticket.save()
    assert post(as_user(amina), ticket, "statutes").status_code == 404
    assert given(ticket) == []


def test_the_board_stays_within_the_reader_s_province(ticket: Ticket, as_user: Any) -> None:
    """The request is the whole team's, the association another province's."""
    Ticket.objects.filter(pk=ticket.pk).update(province="")
    safi = make.user("hind", "advisor", province="07.431", of=Team.objects.get(pk=ticket.team_id))
    answer = post(as_user(safi), ticket, "board-list")
    assert answer.status_code == 200
    assert "إبراهيم" not in words(answer.content)


@pytest.mark.parametrize("file", ["", "ar", "de-docx", "ar-exe", "\x00", "ar-docx " * 9000])
def test_a_bad_choice_is_said(ticket: Ticket, amina: Any, as_user: Any, file: str) -> None:
    answer = post(as_user(amina), ticket, "statutes", file)
    assert answer.status_code == 409
    with override("ar"):
        assert "اختاروا اللغة" in answer.content.decode()
    assert given(ticket) == []


def test_an_unknown_paper_is_not_found(ticket: Ticket, amina: Any, as_user: Any) -> None:
    assert post(as_user(amina), ticket, "will").status_code == 404
    assert given(ticket) == []


def test_those_of_the_theme_come_first(ticket: Ticket, amina: Any, as_user: Any) -> None:
    make.library()
    Ticket.objects.filter(pk=ticket.pk).update(theme=Theme.objects.get(code="G"))
    menu = papers.menu(Theme.objects.get(code="G"), "ar")
    assert {p.code for p in menu.fitting} == {"hall-request", "information-request"}
    assert len(menu.fitting) + len(menu.others) == 12
    near = papers.menu(Theme.objects.get(code="A"), "ar", topic="T04-refusal").fitting
    assert {near[0].code, near[1].code} == {"receipt-reminder", "refusal-appeal"}
    assert papers.menu(None, "ar").fitting == []
    assert papers.menu(None, "ar", topic="T32-halls").fitting[0].code == "hall-request"
    page = as_user(amina).get(reverse("tickets:papers", args=[ticket.pk])).content.decode()
    assert page.index("hall-request") < page.index("statutes")
    around = as_user(amina).get(reverse("tickets:around", args=[ticket.pk])).content.decode()
    assert "hall-request" in around
    assert "statutes" not in around


def test_without_libpango_the_pdf_is_the_blank_and_the_thread_says_so(
    ticket: Ticket, amina: Any, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise printing.NoPdf

    monkeypatch.setattr(printing, "_weasyprint", missing)
    answer = post(as_user(amina), ticket, "statutes", "ar-pdf")
    assert answer.content == printing.blank_pdf("statutes", "ar")
    (entry,) = given(ticket)
    assert entry.data["filled"] is False
