"""The board counts by the day: its tests stand still on a Tuesday morning."""

import pytest
from django.utils import timezone

from tests import make


@pytest.fixture(autouse=True)
def _at_eleven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: make.NOW)
