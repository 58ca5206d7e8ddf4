"""The figures that `docs/security.md` gives are those of the program."""

import re
from collections.abc import Callable

import pytest
from allauth.account import app_settings as allauth
from django.conf import settings

from config.logs import logging_of
from helpdesk.accounts import passwords
from helpdesk.files import actions as files
from helpdesk.files import rules
from helpdesk.live import pace
from helpdesk.portal.api import keyed
from tests.server import ROOT

TEXT = (ROOT / "docs/security.md").read_text("utf-8")
CHAPTERS = (
    "Ways in", "Passwords", "Sessions", "Pace", "What may be typed and sent", "What is kept, and how it is guarded",
    "Keys", "Whom the program speaks to", "What the log holds", "Packages", "What is open",
)  # fmt: skip
SAID: dict[str, Callable[[], object]] = {
    "Minutes without a request until a sign-in ends": lambda: settings.IDLE_MINUTES,
    "Hours until it ends however busy": lambda: settings.SESSION_COOKIE_AGE // 3600,
    "Minutes for which the password counts as just given": lambda: (
        allauth.REAUTHENTICATION_TIMEOUT // 60
    ),
    "Endings": lambda: ", ".join(ending for kind in rules.KINDS for ending in kind.endings),
    "One file": lambda: f"{settings.FILE_LIMIT // 1024 // 1024} MB",
    "With one message": lambda: files.AT_ONCE,
    "Unpacked, of an office file": lambda: f"{rules.MAX_UNPACKED // 1024 // 1024} MB",
    "Parts of an office file": lambda: rules.MAX_PACKED_FILES,
    "Pixels of a picture": lambda: rules.MAX_PIXELS,
}
PACES = (pace.ASK, pace.ADD, pace.UPLOAD, pace.CHAT, pace.DRAFT, keyed.PACE)


def row(first: str) -> list[str]:
    found = re.search(rf"^\| {re.escape(first)} \|(.+)\|$", TEXT, re.M)
    assert found, first
    return [cell.strip() for cell in found[1].split("|")]


@pytest.mark.parametrize("what", SAID)
def test_the_figures_are_those_of_the_program(what: str) -> None:
    assert row(what)[0] == str(SAID[what]())


@pytest.mark.parametrize("one", PACES, ids=lambda one: one.name)
def test_the_paces_are_those_of_the_program(one: pace.Pace) -> None:
    assert row(one.name) == [one.visitor, one.address]


def test_the_words_of_the_place_are_all_there() -> None:
    assert ", ".join(passwords.WORDS) in TEXT
    assert passwords.REST == 8


def test_every_chapter_is_there() -> None:
    assert re.findall(r"^## (.+)$", TEXT, re.M) == list(CHAPTERS)


def test_log_lines_go_where_the_document_says() -> None:
    told = logging_of("WARNING")
    assert list(told["handlers"]) == ["stderr"]  # type: ignore[call-overload]
    assert told["root"] == {"handlers": ["stderr"], "level": "WARNING"}


def test_keys_of_the_settings_are_all_in_the_inventory() -> None:
    ours = {
        name
        for name in dir(settings)
        if re.search(r"SECRET|PEPPER|_KEY$|_TOKEN$|SIGNING_KEYS", name)
        and not name.startswith(("CSRF", "ACCOUNT", "LOGIN", "AUTH", "SESSION", "SECRET_KEY_FALL"))
    }
    told = set(re.findall(r"`([A-Z_]+)`", TEXT))
    known = {"TWILIO_API_KEY", "TWILIO_API_SECRET", "LINE_HOOK_SECRETS", "BACKUP_KEY", "METRICS_TOKEN",
             "ELASTICSEARCH_API_KEY"}  # fmt: skip
    assert ours - told <= known
