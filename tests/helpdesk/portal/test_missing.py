"""A document that the library lacks is asked for in one field, and becomes a request."""

import re
from typing import Any

import pytest
from django.test import Client

from helpdesk.tickets.models import Ticket

WANTED = "نموذج محضر تسليم السلط بين مكتبين"


@pytest.mark.parametrize("path", ["/library/", "/library/theme/C/", "/search/?q=zzzzqqq"])
def test_what_is_missing_becomes_a_request(asker: Client, fill: Any, key: Any, path: str) -> None:
    page = asker.get(path).content.decode()
    form = re.search(
        r'<form[^>]*action="(/ask/)"[^>]*>.*?name="(\w+)"',
        page[page.index('for="missing"') - 300 :],
        re.S,
    )
    assert form
    asker.get(form[1], {form[2]: WANTED})
    kept = asker.get("/ask/question/").content.decode()
    assert WANTED in kept
    check = fill(question={"question": WANTED})
    asker.post("/ask/check/", {"key": key(check)})
    ticket = Ticket.objects.get()
    assert ticket.entries.first().text == WANTED


@pytest.mark.parametrize("words", ["", " ", "\x00", "ك" * 5000, "<script>", "\u202e"])
def test_any_words_are_taken_calmly(asker: Client, words: str) -> None:
    assert asker.get("/ask/", {"q": words}).status_code == 200
    assert asker.get("/ask/question/").status_code == 200
