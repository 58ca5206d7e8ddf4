"""The portal is light on a slow line and needs no script to be read."""

from typing import Any

import pytest
from django.test import Client

from knowledge.articles.actions import load_library
from tests.contracts.weight import first_visit
from tests.make import NOW

KB = 1024
READING = [
    "",
    "library/",
    "library/reviewed/",
    "library/T03-receipt/",
    "library/T04-refusal/",
    "library/papers/",
    "library/papers/statutes/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", READING)
@pytest.mark.parametrize(("prefix", "limit"), [("/", 70 * KB), ("/fr/", 40 * KB)])
def test_a_reading_page_stays_within_its_weight(
    client: Client, db: Any, prefix: str, limit: int, path: str
) -> None:
    load_library(at=NOW)
    visit = first_visit(client, prefix + path)
    assert visit.size <= limit
    assert visit.requests <= 6
    assert visit.scripts == []
