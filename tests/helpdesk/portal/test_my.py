"""The member's page: one's own and nothing else."""

from datetime import date
from typing import Any

from django.test import Client

from helpdesk.associations import actions
from tests import make


def test_own_requests_and_deadlines(chama: Any, driss: Any, as_user: Any) -> None:
    mine = make.ticket("سؤال شامة", person=chama.person)
    theirs = make.ticket("سؤال ادريس", person=driss.person)
    association = chama.person.mandates.get().association
    actions.start_deadline(
        association, rule="final-receipt", event_on=date(2026, 11, 1), by=None, at=make.NOW
    )
    client = as_user(chama)
    page = client.get("/my/").content.decode()
    assert "سؤال شامة" in page
    assert "سؤال ادريس" not in page
    assert "31 دجنبر 2026" in page
    assert "جمعية النخيل" in page
    assert client.get(f"/my/tickets/{mine.pk}/")["Location"] == "/follow/ticket/"
    assert "سؤال شامة" in client.get("/follow/ticket/").content.decode()
    assert client.get(f"/my/tickets/{theirs.pk}/").status_code == 404


def test_empty_page_offers_to_ask(chama: Any, as_user: Any) -> None:
    assert "/ask/" in as_user(chama).get("/my/").content.decode()


def test_visitors_sign_in_and_staff_go_to_the_desk(centre: Any, amina: Any, as_user: Any) -> None:
    assert Client().get("/my/").status_code == 302
    assert as_user(amina).get("/my/")["Location"] == "/desk/"


def test_privacy(centre: Any) -> None:
    for address in ("/privacy/", "/fr/privacy/"):
        assert Client().get(address).status_code == 200
