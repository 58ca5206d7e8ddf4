"""Entering by one click and the tour: in the demonstration only."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from helpdesk.portal import casting
from helpdesk.queues import actions as queues
from helpdesk.tickets.actions import answering
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Help
from knowledge.articles.models import Version
from tests import make

ROLES = {"association": "member", "advisor": "advisor", "supervisor": "supervisor",
         "editor": "editor", "partner": "partner"}  # fmt: skip


@pytest.fixture
def demo(settings: Any, asker: Client) -> Client:
    settings.DEMO = True
    for role, group in ROLES.items():
        username = casting.ENTRIES[role].username
        make.user(username, group, name_ar=username, name_fr=username)
    return asker


def done_steps(client: Client) -> int:
    return client.get("/demo/tour/").content.decode().count('<li class="on"')


def test_nothing_of_it_in_a_real_centre(asker: Client, settings: Any) -> None:
    settings.DEMO = False
    make.user("demo-amina", "advisor")
    for address in ("/demo/", "/demo/tour/"):
        assert asker.get(address).status_code == 404
    for address in ("/demo/enter/advisor/", "/demo/tour/beginning/", "/demo/tour/question/"):
        assert asker.post(address).status_code == 404
    assert "_auth_user_id" not in asker.session
    assert "/demo/" not in asker.get("/").content.decode()


@pytest.mark.long
@pytest.mark.parametrize("role", list(ROLES))
@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_one_click(demo: Client, role: str, prefix: str) -> None:
    page = demo.get(f"{prefix}/").content.decode()
    assert f"{prefix}/demo/enter/{role}/" in page
    assert casting.ENTRIES[role].gloss in page
    answer = demo.post(f"{prefix}/demo/enter/{role}/")
    assert answer["Location"] == casting.ENTRIES[role].home
    user = casting.player(role)
    assert demo.session["_auth_user_id"] == str(user.pk)
    assert user.language == ("fr" if prefix else "ar")
    assert demo.get(answer["Location"], follow=True).status_code == 200, (
        "nobody enters before a shut door"
    )


def test_entering_needs_a_post_and_a_known_role(demo: Client) -> None:
    assert demo.get("/demo/enter/advisor/").status_code == 405
    assert demo.post("/demo/enter/administrator/").status_code == 404
    assert (
        demo.post("/demo/enter/advisor/", {"next": "https://evil.example/"})["Location"] == "/desk/"
    )
    assert demo.post("/demo/enter/advisor/", {"next": "//evil.example/"})["Location"] == "/desk/"


def test_before_the_cast_is_laid(asker: Client, settings: Any) -> None:
    settings.DEMO = True
    answer = asker.post("/demo/enter/advisor/", follow=True)
    assert answer.status_code == 200
    assert "_auth_user_id" not in asker.session


@pytest.mark.long
def test_tour_sees_each_step(demo: Client, key: Any) -> None:
    assert done_steps(demo) == 0
    demo.post("/demo/tour/beginning/")
    assert demo.post("/demo/tour/question/")["Location"] == "/ask/question/"
    words = demo.get("/ask/question/").content.decode()
    assert "هادي شهرين ونص" in words
    demo.post("/ask/answer/", {"answer_by": "follow", "consent": "on"})
    demo.post("/ask/check/", {"key": key(demo.get("/ask/check/"))})
    ticket = Ticket.objects.get()
    assert done_steps(demo) == 1

    demo.post("/demo/enter/advisor/", {"next": "/desk/"})
    assert done_steps(demo) == 2
    assert ticket.reference in demo.get("/demo/tour/").content.decode()

    amina = casting.player("advisor")
    queues.claim(ticket, by=amina, at=timezone.now())
    version = Version.objects.current().in_language("ar").get(edition__article__topic="T03-receipt")
    answering.answer(
        ticket, "جواب", by=amina, at=timezone.now() + timedelta(seconds=1), language="ar",
        help=Help.ADVICE, quotes=[answering.Quote(version)],
    )  # fmt: skip
    assert done_steps(demo) == 3
    page = demo.get("/demo/tour/").content.decode()
    code = page.split("الرمز السري" if "الرمز السري" in page else "Secret code", 1)[1]
    code = code.split("<bdi", 1)[1].split(">", 1)[1].split("<", 1)[0]
    demo.post("/follow/", {"reference": ticket.reference, "code": code})
    assert "جواب" in demo.get("/follow/ticket/").content.decode()
    assert done_steps(demo) == 4

    answer = demo.post("/demo/tour/proof/")
    assert answer["Location"] == f"/desk/answers/{ticket.answers.get().pk}/provenance/"
    assert done_steps(demo) == 5


def test_proof_before_the_answer_leads_back(demo: Client) -> None:
    assert demo.post("/demo/tour/proof/")["Location"] == "/demo/tour/"
