"""What becomes of answers found and suggested: openings without following anybody, equals by their use."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core import signing
from django.test import Client
from django.utils.html import escape

from knowledge.search import actions, counting, query
from knowledge.search.counting import count, useful_first
from knowledge.search.models import Act, Place, SearchRecord, SuggestionCount
from tests.make import NOW

PHONE = "Mozilla/5.0 (Linux; Android 10; K) Chrome/120.0 Mobile Safari/537.36"
TOPIC = "T03-receipt"


def link(page: Any) -> str:
    """The address of the first answer about the receipt, as the page has it."""
    found = re.search(rf'href="([^"]*/library/{TOPIC}/[^"]*)"', page.content.decode())
    assert found
    return found[1].replace("&amp;", "&")


def test_an_opening_is_counted_once_and_leads_on(read_only: Path, client: Client) -> None:
    address = link(client.get("/fr/search/", {"q": "récépissé définitif"}))
    assert SearchRecord.objects.missed().count() == 1, "nothing was opened yet"
    for _ in range(3):
        answer = Client().get(address, headers={"user-agent": PHONE})  # no cookie comes along
        assert answer.status_code == 302
        assert answer["Location"].startswith(f"/fr/library/{TOPIC}/#")
        assert not answer.cookies
    row = SuggestionCount.objects.get()
    assert (row.topic, row.language, row.place, row.act, row.times) == (
        TOPIC, "fr", Place.SEARCH, Act.OPENED, 1,
    )  # fmt: skip
    assert not SearchRecord.objects.missed().exists()


def test_robots_old_links_and_made_up_ones_lead_on_uncounted(
    read_only: Path, client: Client
) -> None:
    address = link(client.get("/fr/search/", {"q": "récépissé définitif"}))
    client.get(address, headers={"user-agent": "Googlebot/2.1"})
    for made_up in ("", "1", "x" * 300, "search:1:2", signing.Signer().sign("1")):
        answer = client.get(
            f"/search/library/{TOPIC}/", {"k": made_up, "s": "<x>"}, headers={"user-agent": PHONE}
        )
        assert answer["Location"] == f"/library/{TOPIC}/"
    key = actions.opening_key(SearchRecord.objects.get())
    assert actions.opened("no-such", "fr", key, at=NOW) is False
    assert client.get("/search/library/no-such/", {"k": key}, follow=True).status_code == 404
    assert not SuggestionCount.objects.exists()


def test_a_search_of_those_who_work_here_is_one_of_the_desk(
    read_only: Path, client: Client, editor: Any
) -> None:
    client.force_login(editor, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/search/", {"q": "quetzalcoatl"})
    assert SearchRecord.objects.get().place == Place.DESK


def test_only_equals_change_places_and_only_by_what_is_recorded(db: Any) -> None:
    ranked = [("T01", 3.0), ("T02", 2.00001), ("T03", 2.0), ("T04", 1.0)]
    assert useful_first(ranked) == ranked, "without a record nothing moves"
    for topic, act in (("T04", Act.INSERTED), ("T02", Act.REFUSED), ("T02", Act.SHOWN)):
        count(act, [(topic, "ar")], place=Place.TICKET, at=NOW)
    assert [topic for topic, _ in useful_first(ranked)] == ["T01", "T03", "T02", "T04"]
    assert [topic for topic, _ in useful_first(ranked)] == ["T01", "T03", "T02", "T04"]


def test_without_equals_nothing_is_asked(django_assert_num_queries: Any, db: Any) -> None:
    with django_assert_num_queries(0):
        assert useful_first([("T01", 2.0), ("T02", 1.0)]) == [("T01", 2.0), ("T02", 1.0)]


def test_counts_add_up_by_day_and_are_forgotten(db: Any) -> None:
    for back in (0, 0, 1):
        count(
            Act.SHOWN, [("T01", "ar"), ("T02", "ar"), ("T01", "ar")], place=Place.CHAT,
            at=NOW - timedelta(days=back),
        )  # fmt: skip
    rows = SuggestionCount.objects.order_by("day", "topic").values_list("topic", "times")
    assert list(rows) == [("T01", 1), ("T02", 1), ("T01", 2), ("T02", 2)]
    assert SuggestionCount.objects.older_than(NOW.date()).count() == 2
    assert set(counting.WEIGHTS) == set(Act) - {Act.SHOWN}


def test_the_words_of_a_search_stand_in_no_link(read_only: Path, client: Client) -> None:
    page = client.get("/fr/search/", {"q": "récépissé de Fatima"})
    assert escape("Fatima") not in link(page)
    assert query.search("récépissé", lang="fr").hits[0].url.startswith(f"/fr/library/{TOPIC}/")
