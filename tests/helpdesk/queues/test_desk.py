"""The desk's lists: counts, empty states, and rows that keep their places."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk.queues import actions as queues
from helpdesk.queues.models import Presence
from helpdesk.tickets.actions import promising, write
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Kind
from tests import make

pytestmark = pytest.mark.django_db


def rows(page: str, section: str) -> list[int]:
    return [int(pk) for pk in re.findall(rf'id="{section}-(\d+)"', page)]


def test_each_role_begins_where_its_work_is(cast: Any, as_user: Any) -> None:
    for name in ("amina", "brahim", "senior"):
        assert as_user(cast[name]).get("/desk/").status_code == 200
    assert as_user(cast["chama"]).get("/desk/").status_code == 403
    assert as_user(cast["visitor"]).get("/desk/").status_code == 302
    for name in ("editor", "partner", "administrator"):
        assert as_user(cast[name]).get("/desk/").status_code in (302, 403)


def test_empty_lists_say_why(amina: Any, as_user: Any) -> None:
    for language in ("ar", "fr"):
        amina.language = language
        amina.save()
        page = as_user(amina).get("/desk/").content.decode()
        assert page.count('class="nil"') == 5


def test_the_sections_hold_what_they_say(amina: Any, senior: Any, as_user: Any) -> None:
    waits, mine, owed, other = (make.ticket(f"سؤال {n}") for n in range(4))
    for ticket in (mine, owed):
        queues.claim(ticket, by=amina, at=make.NOW)
    queues.claim(other, by=senior, at=make.NOW)
    now = timezone.now()
    promising.promise(
        owed, by=amina, at=now, window_from=now, window_until=now + timedelta(hours=1)
    )
    page = as_user(amina).get("/desk/").content.decode()
    assert set(rows(page, "mine")) == {mine.pk, owed.pk}
    assert rows(page, "shared") == [waits.pk]
    assert rows(page, "due") == [owed.pk]


def test_a_row_somebody_took_stays_struck_through_with_the_name(
    amina: Any, senior: Any, as_user: Any
) -> None:
    first, second = make.ticket("أول"), make.ticket("ثان")
    client = as_user(amina)
    page = client.get("/desk/").content.decode()
    again = re.search(r'hx-get="([^"]+lists/[^"]*)"', page)
    assert again
    url = again[1].replace("&amp;", "&")
    queues.claim(first, by=senior, at=make.NOW)
    third = make.ticket("ثالث")
    Ticket.objects.filter(pk=third.pk).update(opened_at=make.NOW - timedelta(days=9))
    page = client.get(url).content.decode()
    assert rows(page, "shared") == [first.pk, second.pk, third.pk]
    assert re.search(rf'class="row taken"[^>]*id="shared-{first.pk}"', page)
    assert "سلمى" in page
    fresh = client.get("/desk/").content.decode()
    assert rows(fresh, "shared") == [second.pk, third.pk]


def test_lists_take_any_address(amina: Any, as_user: Any) -> None:
    sealed = make.ticket("سري")
    Ticket.objects.filter(pk=sealed.pk).update(level=2)
    client = as_user(amina)
    for query in ("mine=a,b", "shared=-1", f"shared={sealed.pk}", "open=x", "due=" + "9" * 500):
        response = client.get(f"/desk/lists/?{query}")
        assert response.status_code == 200
        assert "سري" not in response.content.decode()


def test_new_words_of_the_asker_are_counted(amina: Any, as_user: Any) -> None:
    ticket = make.ticket()
    queues.claim(ticket, by=amina, at=make.NOW)
    for n in range(2):
        write.entry(ticket, Kind.LINE, at=make.NOW, text=f"سطر {n}", from_asker=True)
    page = as_user(amina).get("/desk/").content.decode()
    assert re.search(r'class="new"><bdi[^>]*>2<', page)


def test_presence_is_said_and_nothing_else(amina: Any, editor: Any, as_user: Any) -> None:
    client = as_user(amina)
    for _ in range(2):
        response = client.post("/desk/presence/", {"state": "break", "next": "/desk/queue/"})
    assert response.url == "/desk/queue/"
    assert Presence.objects.get().state == "break"
    assert client.post("/desk/presence/", {"state": "asleep"}).status_code == 400
    away = client.post("/desk/presence/", {"state": "free", "next": "https://evil.example/"})
    assert away.url == "/desk/"
    assert as_user(editor).post("/desk/presence/", {"state": "free"}).status_code == 403
    assert client.get("/desk/presence/").status_code == 405


def test_the_desk_costs_the_same_however_much_waits(amina: Any, as_user: Any) -> None:
    client, seen = as_user(amina), []
    client.get("/desk/")
    for count in (1, 12):
        for _ in range(count):
            make.ticket()
            queues.claim(make.ticket(), by=amina, at=make.NOW)
        with CaptureQueriesContext(connection) as queries:
            client.get("/desk/")
        seen.append(len(queries))
    assert seen[0] == seen[1] <= 10


def test_the_top_search_opens_a_reference_and_lists_the_rest(amina: Any, as_user: Any) -> None:
    ticket, client = make.ticket(), as_user(amina)
    assert client.get(f"/desk/search/?q={ticket.reference}").url == f"/desk/tickets/{ticket.pk}/"
    assert client.get("/desk/search/?q=النخيل").url.startswith("/desk/queue/?q=")
