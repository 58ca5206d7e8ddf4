"""The outbox of the demonstration: what receivers see, for everybody there, and nowhere else."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from helpdesk.notices.actions import write
from helpdesk.notices.jobs import send_due

pytestmark = pytest.mark.django_db
LINK = "http://localhost:8000/follow/?ref=W-2026-000123"


def written(key: str, **changed: Any) -> Any:
    given: dict[str, Any] = {
        "key": key, "channel": "email", "kind": "answer-given", "address": "fatima@example.org",
        "language": "ar", "at": timezone.now() - timedelta(minutes=5),
        "context": {"reference": "W-2026-000123", "link": LINK},
    }  # fmt: skip
    return write(**{**given, **changed})


@pytest.fixture
def demo(settings: Any, centre: Any) -> Client:
    settings.DEMO = True
    return Client()


@pytest.mark.parametrize("address", ["/outbox/", "/fr/outbox/"])
def test_a_real_centre_has_none(settings: Any, centre: Any, address: str) -> None:
    settings.DEMO = False
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("address", ["/outbox/", "/fr/outbox/"])
def test_empty_it_offers_the_next_act(demo: Client, address: str) -> None:
    page = demo.get(address)
    assert page.status_code == 200
    assert "/ask/" in page.content.decode()


@pytest.mark.parametrize("address", ["/outbox/", "/fr/outbox/"])
def test_mails_and_sms_as_received_and_masked(demo: Client, address: str) -> None:
    written("answer:1", context={"reference": "W-2026-000123", "link": LINK, "name": "<b>x</b>"})
    written("answer:2", channel="sms", address="+212699999901", language="fr")
    written("answer:3", address="nobody")
    written(
        "later", at=timezone.now(), due_at=timezone.now() + timedelta(days=2), kind="line-added"
    )
    send_due(at=timezone.now())
    written("answer:4")
    page = demo.get(address).content.decode()
    assert page.count("<article") == 4
    assert page.count(f'href="{LINK}"') == 4
    assert "fa•••@example.org" in page
    assert "fatima@" not in page
    for digits in ("+212699999901", "0699999901", "06 99 99 99 01", "999901"):
        assert digits not in page
    assert "&lt;b&gt;x" in page
    assert 'lang="fr" dir="ltr"' in page
    assert 'lang="ar" dir="rtl"' in page


@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "99999999999999999999", "%00", "١"])
def test_pages_however_asked_for(demo: Client, page: str) -> None:
    for n in range(25):
        written(f"answer:{n}")
    answer = demo.get(f"/outbox/?page={page}")
    assert answer.status_code == 200
    assert answer.content.decode().count("<article") in (5, 20)
