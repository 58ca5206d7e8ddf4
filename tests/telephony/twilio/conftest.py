"""The line is open, and questions have three themes."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from knowledge.articles.models import Theme
from telephony import actions
from telephony.models import Leg
from telephony.providers.twilio import client, doors
from tests import make
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio.answers import Answers
from tests.telephony.twilio.caller import Talk, Telephone

THEMES = [("A", "التأسيس", "Création"), ("B", "الجموع العامة", "Assemblées"), ("Z", "آخر", "Autre")]


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    """The clock stands: seconds of a talk are what a test says."""
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def line(settings: Any, centre: Any) -> None:
    c.switch_on(settings)
    doors.refused.clear()
    for rank, (code, ar, fr) in enumerate(THEMES):
        Theme.objects.get_or_create(
            code=code, defaults={"name_ar": ar, "name_fr": fr, "rank": rank}
        )


@pytest.fixture
def telephone(line: None) -> Telephone:
    return Telephone()


@pytest.fixture
def waiting(telephone: Telephone) -> Telephone:
    telephone.waits("3")
    return telephone


@pytest.fixture
def leg(waiting: Telephone, amina: Any) -> Leg:
    """Amina has taken the call; her page has not come yet."""
    return actions.answer(waiting.call, by=amina, at=make.NOW)


@pytest.fixture
def talk(waiting: Telephone, leg: Leg) -> Talk:
    return Talk(waiting, leg)


@pytest.fixture
def twilio(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Twilio as we ask it."""
    answers = Answers()
    monkeypatch.setattr(client, "http_client", lambda: answers)
    return answers
