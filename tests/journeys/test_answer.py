"""The main way over HTTP: asked, taken, answered with an article, released, read, rated, proven."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from helpdesk.live import pace
from helpdesk.tickets.models import Answer, Ticket
from knowledge.articles.models import Article
from tests import make

pytestmark = pytest.mark.django_db
QUESTION = "حطيت الملف عند القايد هادي شهرين ونص ومازال ما عطاونا والو"
FRENCH = (
    "Dossier déposé il y a deux mois et demi, toujours pas de récépissé définitif : que faire ?"
)


@pytest.fixture
def asked(centre: Any) -> Any:
    cache.clear()
    pace.forget()
    make.library()
    call_command("index", stdout=StringIO())

    def by_web(words: str, *, language: str) -> tuple[Client, str]:
        prefix = "" if language == "ar" else "/fr"
        client = Client()
        pages = {
            "theme": {"theme": "A"},
            "question": {"question": words},
            "papers": {},
            "association": {"who": "founders", "province": "07.427", "standing": "candidate-founder"},
            "answer": {"answer_by": "email", "email": "fatima@example.org", "name": "فاطمة",
                       "phone": "", "consent": "on"},
        }  # fmt: skip
        for name, fields in pages.items():
            answer = client.post(f"{prefix}/ask/{name}/", fields)
            assert answer.status_code == 302, answer.content.decode()[:2000]
            if "answers=1" in answer["Location"]:
                client.post(f"{prefix}/ask/{name}/", fields)
        check = client.get(f"{prefix}/ask/check/").content.decode()
        key = re.search(r'name="key"[^>]*value="([^"]+)"', check)
        assert key
        client.post(f"{prefix}/ask/check/", {"key": key[1]})
        done = client.get(f"{prefix}/ask/done/").content.decode()
        code = done.split("<b><bdi", 1)[1].split(">", 1)[1].split("<", 1)[0]
        return client, code

    return by_web


@pytest.mark.parametrize(("language", "words"), [("ar", QUESTION), ("fr", FRENCH)])
def test_ask_claim_answer_release_read_rate_prove(
    asked: Any, amina: Any, senior: Any, as_user: Any, language: str, words: str
) -> None:
    prefix = "" if language == "ar" else "/fr"
    _, code = asked(words, language=language)
    ticket = Ticket.objects.get()
    desk, second = as_user(amina), as_user(senior)
    Article.objects.filter(topic="T03-receipt").update(four_eyes=True)

    # It waits at the desk, and the right article is proposed.
    assert f'id="shared-{ticket.pk}"' in desk.get("/desk/").content.decode()
    desk.post(f"/desk/tickets/{ticket.pk}/claim/")
    around = desk.get(f"/desk/tickets/{ticket.pk}/around/").content.decode()
    topics = re.findall(r"/articles/(T\d\d-[a-z-]+)/", around)
    assert "T03-receipt" in topics[:3]

    # The article goes in, the answer is written and waits for a second person.
    picker = desk.get(f"/desk/tickets/{ticket.pk}/articles/T03-receipt/?language={language}")
    version = re.search(r'name="version" value="(\d+)"', picker.content.decode())
    assert version
    desk.post(f"/desk/tickets/{ticket.pk}/quotes/", {"version": version[1], "whole": "1"})
    page = desk.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    sent = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]  # type: ignore[index]
        for name in ("quote", "base", "key")
    }
    body = re.search(r'<textarea id="id_body"[^>]*>([^<]+)</textarea>', page)
    assert body
    form = {**sent, "kind": "answer", "language": language, "body": body[1], "help": "advice"}
    assert desk.post(f"/desk/tickets/{ticket.pk}/entries/", form).status_code == 302
    answer = Answer.objects.get()
    assert answer.is_waiting
    follower = Client()
    pair = {"reference": ticket.reference, "code": code}
    assert follower.post(f"{prefix}/follow/", pair).status_code == 302
    first_line = body[1].splitlines()[0]
    assert first_line not in follower.get(f"{prefix}/follow/ticket/").content.decode()

    # A second person lets it go; the asker reads it, with its article, and rates it.
    second.post(f"/desk/answers/{answer.pk}/release/")
    read = follower.get(f"{prefix}/follow/ticket/").content.decode()
    assert first_line in read
    assert "T03-receipt" in read
    assert follower.post(f"{prefix}/follow/ticket/rating/", {"score": "5"}).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.state, ticket.ratings.get().score) == ("answered", 5)

    # What was said can be proven.
    proof = desk.get(f"/desk/answers/{answer.pk}/provenance/").content.decode()
    assert first_line in proof
    assert "أمينة" in proof
    assert "سلمى" in proof
    assert answer.given.get().version_id == int(version[1])
    assert answer.given.get().citations

    # And the ticket ends with its outcome.
    desk.post(
        f"/desk/tickets/{ticket.pk}/closure/",
        {"outcome": "advice-given-action-by-asker", "help": "advice"},
    )
    ticket.refresh_from_db()
    assert ticket.state == "closed"
