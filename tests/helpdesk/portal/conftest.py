"""An asker's browser, and counters that start anew."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from helpdesk.live import pace
from tests import make

QUESTION = "حطيت الملف عند القايد هادي شهرين ونص ومازال ما عطاونا والو"
PAGES: dict[str, dict[str, str]] = {
    "theme": {"theme": "A"},
    "question": {"question": QUESTION},
    "papers": {},
    "association": {
        "who": "association", "association": "جمعية الأمل للماء", "province": "07.427",
        "commune": "سيدي بوعثمان", "standing": "office-holder",
    },
    "answer": {
        "answer_by": "sms", "email": "", "phone": "06 12 34 56 78", "name": "فاطمة",
        "consent": "on",
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh_counters() -> None:
    cache.clear()
    pace.forget()


@pytest.fixture
def asker(centre: Any) -> Client:
    """A browser at a centre whose library is loaded."""
    make.library()
    return Client()


@pytest.fixture
def fill(asker: Client) -> Callable[..., Any]:
    """Fill all pages but those named in `but`; changed fields by page. Gives the check page."""

    def filled(prefix: str = "", **changed: dict[str, str]) -> Any:
        for name, fields in PAGES.items():
            sent = {**fields, **changed.get(name, {})}
            answer = asker.post(f"{prefix}/ask/{name}/", sent)
            assert answer.status_code == 302, (name, answer.content.decode()[:3000])
            if "answers=1" in answer["Location"]:
                asker.post(f"{prefix}/ask/{name}/", sent)
        return asker.get(f"{prefix}/ask/check/")

    return filled


@pytest.fixture
def key() -> Callable[[Any], str]:
    """The key hidden in a check page."""

    def of(page: Any) -> str:
        text = page.content.decode()
        return text.split('name="key" value="', 1)[1].split('"', 1)[0]

    return of
