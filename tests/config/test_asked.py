"""Themes and facts are the administrator's: what changes holds at once wherever somebody is asked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from config.asked import acts, lists
from config.handover.opening import NotOpened, open_pack
from config.handover.packing import pack
from helpdesk.centre.models import Centre, Change
from helpdesk.queues.actions.receiving import choose_queue
from helpdesk.queues.models import Queue
from helpdesk.tickets.actions import write
from helpdesk.tickets.facts import AskedFact, asked, facts, forget
from helpdesk.tickets.models import Ticket
from knowledge.articles import advising
from knowledge.articles.models import Theme
from tests import make

pytestmark = pytest.mark.django_db
QUESTION = "أودعنا ملف الجمعية ولم نتوصل بالوصل النهائي"
NAMED = {"name_ar": "النقل المدرسي", "name_fr": "Transport scolaire", "hint_ar": "", "hint_fr": ""}


@pytest.fixture
def office(administrator: Any, as_user: Callable[[Any], Client]) -> Client:
    make.library()
    return as_user(administrator)


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def the_fact(**said: Any) -> AskedFact:
    AskedFact.objects.filter(label_ar="عدد الحافلات").delete()
    row = AskedFact.objects.create(
        code="own_1", label_ar="عدد الحافلات", label_fr="Nombre de bus", shape="number", rank=90,
        **said,
    )  # fmt: skip
    row.themes.set(Theme.objects.filter(code="A"))
    forget()
    return row


def test_a_new_theme_is_asked_about_and_routed_at_once(
    office: Client, client: Client, amina: Any, as_user: Any
) -> None:
    first = Queue.objects.get()
    school = Queue.objects.create(team=first.team, name_ar="المدارس", name_fr="Écoles", rank=1)
    school.themes.set(Theme.objects.filter(code="B"))
    Queue.objects.filter(pk=first.pk).update(rank=2)
    answer = office.post("/desk/asked/themes/new/", {**NAMED, "queues": [str(school.pk)]})
    assert answer.status_code == 302
    made = Theme.objects.get(name_fr="Transport scolaire")
    assert made.code == "J"
    assert list(Theme.objects.values_list("code", flat=True))[-2:] == ["J", "Z"]
    for url in ("/ask/", "/call/", "/"):
        assert "النقل المدرسي" in page(client, url), url
    assert "Transport scolaire" in page(client, "/fr/ask/")
    ticket = make.ticket()
    assert "النقل المدرسي" in page(as_user(amina), f"/desk/tickets/{ticket.pk}/filing/")
    assert choose_queue(ticket.centre, theme=made, language="ar") == school
    others = Theme.objects.get(code="A")
    assert choose_queue(ticket.centre, theme=others, language="ar") == first
    [change] = Change.objects.filter(step="themes")
    assert change.after["queues@J"] == ["المدارس"]
    history = page(office, "/desk/centre/history/")
    assert "النقل المدرسي" in history
    assert "نبيل" in history


def test_a_withdrawn_theme_leaves_forms_and_stays_where_it_is_in_use(
    office: Client, client: Client, amina: Any, as_user: Any
) -> None:
    theme = Theme.objects.get(code="A")
    old = make.ticket(theme=theme)
    assert office.post("/desk/asked/themes/A/withdrawal/").status_code == 302
    assert theme.name_ar not in page(client, "/ask/")
    assert theme.name_ar in page(client, "/library/"), "its answers are still read"
    assert client.post("/ask/theme/", {"theme": "A"}).status_code == 422
    desk = as_user(amina)
    assert theme.name_ar in page(desk, f"/desk/tickets/{old.pk}/")
    assert theme.name_ar in page(desk, f"/desk/tickets/{old.pk}/filing/")
    assert theme.name_ar not in page(desk, f"/desk/tickets/{make.ticket().pk}/filing/")
    assert theme not in advising.themes()
    office.post("/desk/asked/themes/A/withdrawal/", {"back": "1"})
    assert theme.name_ar in page(client, "/ask/")
    make.library()
    office.post("/desk/asked/themes/A/", {**NAMED, "seen": ""})
    make.library()
    assert Theme.objects.get(code="A").name_fr == "Transport scolaire", "the program keeps it"


def test_the_last_theme_and_the_only_one_of_a_queue_stay(office: Client) -> None:
    queue = Queue.objects.get()
    queue.themes.set(Theme.objects.filter(code="B"))
    refused = office.post("/desk/asked/themes/B/withdrawal/", follow=True)
    assert "لا يستقبل إلا هذا المحور" in refused.content.decode()
    held = acts.theme_held(Theme.objects.get(code="B"), queue.team.centre)
    answer = office.post("/desk/asked/themes/B/", {**held, "queues": []})
    assert answer.status_code == 422
    assert [one.code for one in queue.themes.all()] == ["B"]
    queue.themes.clear()
    for code in "ABCDEFGHI":
        office.post(f"/desk/asked/themes/{code}/withdrawal/")
    assert [one.code for one in Theme.objects.asked()] == ["I"]


def test_letters_end_and_that_is_said(office: Client) -> None:
    for letter in lists.LETTERS:
        Theme.objects.create(code=letter, name_ar=letter, name_fr=letter)
    answer = office.post("/desk/asked/themes/new/", NAMED)
    assert answer.status_code == 422
    assert "لا مكان لمحور إضافي" in answer.content.decode()
    assert "Transport scolaire" in answer.content.decode()


def test_the_order_is_one_everywhere(office: Client, client: Client) -> None:
    office.post("/desk/asked/themes/C/place/", {"to": "first"})
    office.post("/desk/asked/themes/C/place/", {"to": "down"})
    office.post("/desk/asked/themes/C/place/", {"to": "sideways"})
    assert [one.code for one in Theme.objects.all()] == list("ACBDEFGHIZ")
    office.post("/desk/asked/facts/seat/place/", {"to": "first"})
    assert next(iter(facts())) == "seat"
    assert asked(["deposit_date", "seat"]) == ["seat", "deposit_date"]


def test_a_fact_of_a_theme_is_asked_everywhere_with_it(
    office: Client, client: Client, amina: Any, as_user: Any
) -> None:
    said = {
        "label_ar": "عدد الحافلات",
        "label_fr": "Nombre de bus",
        "shape": "number",
        "themes": ["A"],
    }
    assert office.post("/desk/asked/facts/new/", said).status_code == 302
    client.post("/ask/theme/", {"theme": "A"})
    client.post("/ask/question/", {"question": QUESTION})
    assert 'name="fact_own_1"' in page(client, "/ask/facts/")
    ticket = make.ticket(QUESTION, theme=Theme.objects.get(code="A"))
    desk = as_user(amina)
    assert "عدد الحافلات" in page(desk, f"/desk/tickets/{ticket.pk}/facts/")
    call = make.call(amina)
    Ticket.objects.filter(pk=call.ticket_id).update(theme=ticket.theme)
    card = desk.post(f"/desk/calls/{call.pk}/", {"theme": "A", "words": "سؤال"})
    assert 'name="fact_own_1"' in card.content.decode()
    write.facts(ticket, {"own_1": "4"}, by=amina, at=make.NOW)
    office.post("/desk/asked/facts/own_1/withdrawal/")
    assert 'name="fact_own_1"' not in page(client, "/ask/facts/")
    assert "عدد الحافلات" in page(desk, f"/desk/tickets/{ticket.pk}/"), "told before, read still"
    fresh = make.ticket(QUESTION, theme=ticket.theme)
    assert "عدد الحافلات" not in page(desk, f"/desk/tickets/{fresh.pk}/facts/")


def test_a_fact_of_the_program_is_renamed_and_takes_its_words_again(office: Client) -> None:
    own = acts.fact_held("seat")
    said = {**own, "label_ar": "عنوان المقر", "themes": []}
    office.post("/desk/asked/facts/seat/", {**said, "seen": ""})
    assert acts.fact_held("seat")["label_ar"] == "عنوان المقر"
    office.post("/desk/asked/facts/seat/", {**own, "seen": ""})
    row = AskedFact.objects.get(code="seat")
    assert (row.label_ar, row.label_fr) == ("", ""), "an upgrade may put its words better"
    assert acts.fact_held("seat") == own


@pytest.mark.parametrize(("kind", "code"), [("themes", "A"), ("facts", "seat")])
def test_two_administrators_lose_no_text(office: Client, kind: str, code: str) -> None:
    url = f"/desk/asked/{kind}/{code}/"
    ar, fr = ("name_ar", "name_fr") if kind == "themes" else ("label_ar", "label_fr")
    opened = office.get(url).context
    seen, held = opened["seen"], opened["form"].initial
    office.post(url, {**held, ar: "اسم الأول", "seen": seen})
    second = office.post(url, {**held, fr: "Nom du second", "seen": seen})
    assert second.status_code == 409
    text = second.content.decode()
    assert "اسم الأول" in text
    assert "Nom du second" in text
    again = {name: values for name, values in second.context["form"].data.lists() if name in held}
    office.post(url, {**again, "seen": second.context["seen"]})
    kept = acts.theme_held(Theme.objects.get(code="A"), make.centre()) if kind == "themes" else acts.fact_held(code)  # fmt: skip
    assert (kept[ar], kept[fr]) == ("اسم الأول", "Nom du second")


@pytest.mark.parametrize(
    ("name", "why"),
    [("", "هذا الحقل"), ("س" * 81, "80"), ("الحياة القانونية", "في اللائحة اسم مثله")],
)
def test_bad_names_are_explained_and_stay(office: Client, name: str, why: str) -> None:
    answer = office.post("/desk/asked/themes/new/", {**NAMED, "name_ar": name})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert why in text
    assert name in text
    assert "Transport scolaire" in text


def test_a_centre_handed_over_takes_its_lists_along(
    administrator: Any, centre: Centre, tmp_path: Path
) -> None:
    make.library()
    path = tmp_path / "own.wasl"
    with transaction.atomic():
        acts.write_theme("", NAMED, seen="", centre=centre, by=administrator, at=make.NOW)
        the_fact()
        make.ticket(theme=Theme.objects.get(code="J"))
        manifest = pack(centre, path, at=make.NOW)
        transaction.set_rollback(True)
    forget()
    with transaction.atomic():
        open_pack(path, centre, at=make.NOW)
        assert str(Ticket.objects.get().theme) == "النقل المدرسي"
        assert facts()["own_1"].themes == ("A",)
        again = pack(centre, tmp_path / "again.wasl", at=make.NOW)
        assert again.tables == manifest.tables
        transaction.set_rollback(True)
    Theme.objects.create(code="J", name_ar="غيره", name_fr="Autre")
    with pytest.raises(NotOpened, match="محاور أو وقائع"):
        open_pack(path, centre, at=make.NOW)
