"""Suggestions on a request: what was opened, given or found not to fit is counted; what does not fit goes."""

from typing import Any

import pytest

from helpdesk.tickets.models import Ticket
from helpdesk.tickets.suggested import RefusedSuggestion
from knowledge.articles import access as library
from knowledge.search.models import Act, Place, SuggestionCount
from tests import make

pytestmark = pytest.mark.django_db
TOPIC = "T03-receipt"


@pytest.fixture
def ticket(centre: Any, amina: Any) -> Ticket:
    make.library()
    made = make.ticket()
    Ticket.objects.filter(pk=made.pk).update(assignee=amina)
    return made


def told(place: Place = Place.TICKET) -> dict[str, int]:
    rows = SuggestionCount.objects.filter(topic=TOPIC, place=place)
    return dict(rows.values_list("act", "times"))


def test_refused_here_taken_back_and_counted(ticket: Any, amina: Any, as_user: Any) -> None:
    client, door = as_user(amina), f"/desk/tickets/{ticket.pk}/articles-refused/"
    around = f"/desk/tickets/{ticket.pk}/around/"
    assert f"/articles/{TOPIC}/" in client.get(around).content.decode()
    assert client.post(door, {"topic": TOPIC, "language": "ar"}).status_code == 302
    part = client.post(door, {"topic": TOPIC, "language": "ar"}, headers={"HX-Request": "true"})
    assert f"/articles/{TOPIC}/" not in part.content.decode()
    assert told()[Act.REFUSED] == 1, "the same once more is no second refusal"
    assert f'name="topic" value="{TOPIC}"' in client.get(around).content.decode()
    client.post(door, {"topic": TOPIC, "back": "1"})
    assert not RefusedSuggestion.objects.exists()
    assert f"/articles/{TOPIC}/" in client.get(around).content.decode()
    assert client.post(door, {"topic": "no-such"}).status_code == 404


def test_opened_and_given_are_counted_given_once(ticket: Any, amina: Any, as_user: Any) -> None:
    client = as_user(amina)
    version = library.current_version(TOPIC, language="ar")
    assert version
    assert client.get(f"/desk/tickets/{ticket.pk}/articles/{TOPIC}/").status_code == 200
    for _ in range(2):
        client.post(f"/desk/tickets/{ticket.pk}/quotes/", {"version": version.pk, "whole": "1"})
    assert told() == {Act.OPENED: 1, Act.INSERTED: 1}
