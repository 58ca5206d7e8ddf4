"""The demonstration as it stands after a start, laid once a module, with a signed-in window for anybody.

A module that uses it carries no database mark: its pages share one world, emptied at its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext

from config.demonstration import laying
from helpdesk.accounts.actions import lay_groups
from helpdesk.accounts.models import User
from helpdesk.live import pace
from helpdesk.tickets.actions.phrasing import lay_phrases
from knowledge.articles.actions import load_library


@dataclass
class Laid:
    """The address, and the ways in."""

    url: str
    chromium: Browser
    sessions: dict[str, str] = field(default_factory=dict)

    def enter(self, name: str = "", language: str = "ar", *, width: int = 1366) -> BrowserContext:
        """A fresh browser of `name` (`amina` …; empty = a visitor) who reads `language`."""
        context = self.chromium.new_context(
            base_url=self.url, viewport={"width": width, "height": 800},
            locale="fr-FR" if language == "fr" else "ar-MA", timezone_id="Africa/Casablanca",
        )  # fmt: skip
        context.set_default_timeout(15_000)
        cookies = {"wasl_language": language}
        if name:
            cookies["sessionid"] = self._session(name)
            User.objects.filter(username=f"demo-{name}").update(language=language)
        context.add_cookies([{"name": n, "value": v, "url": self.url} for n, v in cookies.items()])
        return context

    def _session(self, name: str) -> str:
        if name not in self.sessions:
            client = Client()
            client.force_login(
                User.objects.get(username=f"demo-{name}"),
                backend="django.contrib.auth.backends.ModelBackend",
            )
            client.get("/desk/me/")
            self.sessions[name] = client.cookies["sessionid"].value
        return self.sessions[name]


def _empty() -> None:
    call_command("flush", verbosity=0, interactive=False)
    cache.clear()
    pace.forget()


@pytest.fixture(scope="module")
def laid(asgi_server: str, chromium: Browser, django_db_blocker: Any) -> Iterator[Laid]:
    with django_db_blocker.unblock(), override_settings(DEMO=True):
        # Run alone, no test carries the mark by which the test database gets its tables.
        call_command("migrate", verbosity=0, interactive=False)
        _empty()
        lay_groups()
        now = timezone.now()
        load_library(at=now)
        call_command("index", stdout=StringIO())
        laying.lay(at=now)
        lay_phrases(at=now)
        yield Laid(asgi_server, chromium)
        _empty()
