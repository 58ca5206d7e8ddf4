"""The line is open, and questions have three themes."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from knowledge.articles.models import Theme
from telephony.providers.twilio import doors
from tests import make
from tests.telephony.twilio import carrier as c
from tests.telephony.twilio.caller import Telephone

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
