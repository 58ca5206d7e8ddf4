"""The queue list: filters, look-up, order, paging, and what it costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.associations import actions as associations
from helpdesk.queues import actions as queues
from helpdesk.tickets import subqueries
from helpdesk.tickets.models import Target, Ticket
from helpdesk.tickets.rules import Channel
from knowledge.articles.models import Theme
from tests import make

pytestmark = pytest.mark.django_db
LIST = "/desk/queue/"


def subjects(response: Any) -> list[str]:
    return [row.record.subject for row in response.context["table"].page.object_list]


@pytest.fixture
def three(centre: Any, amina: Any) -> dict[str, Ticket]:
    group = associations.add_association(
        centre=centre, at=make.NOW, name_ar="جمعية النخيل", province="07.161"
    )
    person = associations.person_for(
        centre=centre, at=make.NOW, name="Fatima Zahra", number="0661234547"
    )
    themes = {code: Theme.objects.create(code=code, name_ar=code, name_fr=code) for code in "AC"}
    late = make.ticket("سؤال متأخر", at=make.NOW - timedelta(days=5), theme=themes["A"])
    french = make.ticket("Une question", language="fr", channel=Channel.MAIL, person=person)
    ours = make.ticket("سؤال النخيل", association=group, theme=themes["C"])
    queues.claim(ours, by=amina, at=make.NOW)
    return {"late": late, "french": french, "ours": ours}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"late", "french", "ours"}),
        ("state=open", {"ours"}),
        ("channel=mail", {"french"}),
        ("language=fr", {"french"}),
        ("who=me", {"ours"}),
        ("who=nobody", {"late", "french"}),
        ("province=07.161", {"ours"}),
        ("q=النخيل", {"ours"}),
        ("q=Ennakhil", {"ours"}),
        ("q=فاطمة", {"french"}),
        ("q=06 61 23 45 47", {"french"}),
        ("q=%2B212661234547", {"french"}),
        ("q=٠٦٦١٢٣٤٥٤٧", {"french"}),
        ("q=nobody at all", set()),
    ],
)
def test_each_filter_finds_its_rows(
    three: dict[str, Ticket], amina: Any, as_user: Any, query: str, names: set[str]
) -> None:
    response = as_user(amina).get(f"{LIST}?{query}")
    assert set(subjects(response)) == {three[name].subject for name in names}


def test_theme_late_person_association_and_reference(
    three: dict[str, Ticket], amina: Any, as_user: Any
) -> None:
    client, ours, french = as_user(amina), three["ours"], three["french"]
    for query, ticket in (
        (f"theme={ours.theme_id}", ours),
        ("late=on", three["late"]),
        (f"person={french.person_id}", french),
        (f"association={ours.association_id}", ours),
        (f"who={amina.pk}", ours),
        (f"q={french.reference}", french),
        (f"q={french.pk}", french),
    ):
        assert subjects(client.get(f"{LIST}?{query}")) == [ticket.subject], query


@pytest.mark.parametrize(
    "query",
    [
        "state=nothing", "theme=x", "who=1;drop", "person=99999999999999999999999", "page=-3",
        "page=abc", "sort=assignee__password", "sort=--", "q=%00%27", "late=maybe", "q=" + "9" * 300,
    ],
)  # fmt: skip
def test_nonsense_in_the_address_is_never_an_error(
    three: dict[str, Ticket], amina: Any, as_user: Any, query: str
) -> None:
    assert as_user(amina).get(f"{LIST}?{query}").status_code == 200


def test_only_columns_of_ours_sort(three: dict[str, Ticket], amina: Any, as_user: Any) -> None:
    client = as_user(amina)
    first = [subjects(client.get(f"{LIST}?sort={s}"))[0] for s in ("opened", "due", "moved")]
    assert first == [three["late"].subject] * 3
    assert subjects(client.get(f"{LIST}?sort=-opened"))[0] == three["ours"].subject


def test_the_list_is_for_the_desk(three: dict[str, Ticket], cast: Any, as_user: Any) -> None:
    for name, user in cast.items():
        status = as_user(user).get(LIST).status_code
        expected = {"visitor": 302, "amina": 200, "brahim": 200, "senior": 200}.get(name, 403)
        assert status == expected, name


def test_rows_of_others_are_not_counted(three: dict[str, Ticket], amina: Any, as_user: Any) -> None:
    Ticket.objects.filter(pk=three["late"].pk).update(team=make.other_team(), level=2)
    response = as_user(amina).get(LIST)
    assert three["late"].subject not in subjects(response)
    assert response.context["table"].paginator.count == 2


def test_counting_stops(
    three: dict[str, Ticket], amina: Any, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.queues.tables.CAP", 2)
    amina.language = "fr"
    amina.save()
    response = as_user(amina).get(LIST)
    assert response.context["table"].paginator.is_capped
    assert "2+" in response.content.decode()
    assert subqueries.CAP == 1000


@pytest.mark.parametrize("query", ["", "?state=new", "?q=النخيل", "?late=on", "?who=me"])
def test_the_list_costs_at_most_ten_queries(
    three: dict[str, Ticket], amina: Any, as_user: Any, query: str
) -> None:
    for n in range(60):
        make.ticket(f"سؤال {n}", association=three["ours"].association)
    client = as_user(amina)
    client.get(LIST + query)
    with CaptureQueriesContext(connection) as queries:
        client.get(LIST + query)
    assert len(queries) <= 10, "\n".join(q["sql"][:140] for q in queries)


def test_nothing_counts_every_row(three: dict[str, Ticket], amina: Any, as_user: Any) -> None:
    client = as_user(amina)
    with CaptureQueriesContext(connection) as queries:
        client.get(LIST)
    counts = [q["sql"] for q in queries if "COUNT(*)" in q["sql"]]
    assert counts
    assert all("LIMIT 1001" in sql for sql in counts)


def test_sorted_by_deadline_stands_what_owes_an_answer(
    three: dict[str, Ticket], amina: Any, as_user: Any
) -> None:
    Ticket.objects.filter(pk=three["french"].pk).update(state="closed")
    Ticket.objects.filter(pk=three["ours"].pk).update(state="waiting")
    for sort in ("due", "-due"):
        assert subjects(as_user(amina).get(f"{LIST}?sort={sort}")) == [three["late"].subject]
    waits = next(line for line in as_user(amina).get(LIST).context["table"].page.object_list
                 if line.record.pk == three["ours"].pk)  # fmt: skip
    assert not waits.record.owes_answer


def test_late_is_also_what_was_answered_once_and_is_with_us_again(
    three: dict[str, Ticket], amina: Any, as_user: Any
) -> None:
    again = three["ours"]
    long_ago = make.NOW - timedelta(days=9)
    Ticket.objects.filter(pk=again.pk).update(first_answered_at=long_ago)
    Target.objects.filter(ticket=again).update(resolve_due_at=make.NOW - timedelta(hours=1))
    for query in ("late=on", "late=on&sort=due", "only=late&sort=due"):
        found = subjects(as_user(amina).get(f"{LIST}?{query}"))
        assert set(found) == {three["late"].subject, again.subject}, query
    page = as_user(amina).get("/desk/")
    assert page.context["desk"].found.late_count == 2
