"""The cast: the same people in every test.

Amina advises, Brahim supervises, Chama belongs to an association, Driss to another; then a senior, an
editor, a partner and an administrator. Every access test asks them all.
"""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, settings

from helpdesk.accounts.actions import lay_groups
from helpdesk.accounts.models import User
from helpdesk.centre.models import Centre
from helpdesk.live import pace
from knowledge.search import kept
from knowledge.search.engines import dense
from telephony.providers.twilio import holding
from telephony.providers.twilio.prompts import sounds
from tests import laid, make
from tests.asgi import asgi_server  # noqa: F401 - a fixture

# A busy machine makes examples slowly; that is no fault of what they try.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")

CASES = 2
"""How many cases of one test PostgreSQL is asked; SQLite is asked them all."""
LONGEST = (
    "tests/faults/",
    "tests/journeys/test_simulated_day",
    "tests/bench/",
    "tests/contracts/test_visible",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What kills servers takes longest: begun first, nobody waits for it alone at the end.

    On PostgreSQL a test that reads no database says nothing that SQLite's run has not said, and the
    third case of a test asks nothing else of the database than the first two. The long ones run
    nowhere else, so they are asked whole (docs/decisions/0037)."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    if not os.environ.get("DATABASE_URL_TEST"):
        return
    cases: Counter[str] = Counter()
    kept: list[pytest.Item] = []
    told: list[pytest.Item] = []
    for item in items:
        name = item.nodeid.partition("[")[0]
        tells = _reads_database(item) and cases[name] < CASES
        tells = tells or item.get_closest_marker("long") is not None
        cases[name] += tells
        (kept if tells else told).append(item)
    config.hook.pytest_deselected(items=told)
    items[:] = kept


def _reads_database(item: pytest.Item) -> bool:
    named = set(getattr(item, "fixturenames", ())) & {"db", "transactional_db", "world"}
    return bool(named) or item.get_closest_marker("django_db") is not None


@pytest.fixture(autouse=True)
def _in_november(request: pytest.FixtureRequest) -> Iterator[None]:
    """The clock of every test starts where the builders' rows are: a Tuesday at eleven.

    Targets, hours and promises are counted from it, so a test passes on any day and at midnight.
    Browsers keep today: their cookies would have expired.
    """
    if request.node.get_closest_marker("browser"):
        yield
        return
    with time_machine.travel(make.NOW, tick=True):
        yield


@pytest.fixture(autouse=True)
def _nothing_remembered(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test finds who wrote, or how often, in the one before: their clocks start at the same moment.

    The glossary is looked at once a test, however slow the machine is, or queries could not be counted;
    who waits for the second itself drives a browser or sets it."""
    cache.clear()
    pace.forget()
    kept.forget()
    sounds.forget()
    holding.forget()
    if not request.node.get_closest_marker("browser"):
        monkeypatch.setattr(kept, "LOOK_SECONDS", 600.0)


@pytest.fixture(autouse=True)
def _words_only(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Search is lexical in every test but those of the semantic extra, installed or not."""
    if not request.node.get_closest_marker("semantic"):
        monkeypatch.setattr(dense, "is_available", lambda: False)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """An empty database laid before is taken over instead of running every migration again."""
    return laid.copy_in()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_keepdb: bool, django_db_blocker: Any) -> None:
    """As pytest-django does it; what had to be laid is kept for the next process."""
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            laid.keep()


@pytest.fixture
def now() -> datetime:
    return make.NOW


@pytest.fixture
def centre(db: Any) -> Centre:
    lay_groups()
    return make.centre()


@pytest.fixture
def not_open(centre: Centre) -> Centre:
    """The centre, as it stands before its opening."""
    Centre.objects.filter(practice_of=None).update(opened_at=None)
    cache.clear()
    return centre


@pytest.fixture
def amina(centre: Centre) -> User:
    return make.user(
        "amina", "advisor", name_ar="أمينة", name_fr="Amina", speaks=["ar", "fr", "ary"]
    )


@pytest.fixture
def brahim(centre: Centre) -> User:
    return make.user("brahim", "supervisor", name_ar="إبراهيم", name_fr="Brahim")


@pytest.fixture
def senior(centre: Centre) -> User:
    return make.user("salma", "senior", name_ar="سلمى", name_fr="Salma")


@pytest.fixture
def editor(centre: Centre) -> User:
    return make.user("idriss", "editor", name_ar="إدريس", name_fr="Idriss")


@pytest.fixture
def partner(centre: Centre) -> User:
    return make.user("mina", "partner", name_ar="مينة", name_fr="Mina")


@pytest.fixture
def administrator(centre: Centre) -> User:
    return make.user("nabil", "administrator", name_ar="نبيل", name_fr="Nabil")


@pytest.fixture
def chama(centre: Centre) -> User:
    """A member of جمعية النخيل."""
    member = make.user("chama", "member", name_ar="شامة", name_fr="Chama")
    make.mandate(make.person("شامة", user=member), make.association("جمعية النخيل"))
    return member


@pytest.fixture
def driss(centre: Centre) -> User:
    """A member of another association."""
    member = make.user("driss", "member", name_ar="ادريس", name_fr="Driss")
    make.mandate(make.person("ادريس", user=member), make.association("جمعية الأطلس"))
    return member


@pytest.fixture
def cast(
    amina: User, brahim: User, senior: User, editor: User, partner: User, administrator: User,
    chama: User, driss: User,
) -> dict[str, Any]:  # fmt: skip
    return {
        "visitor": AnonymousUser(), "amina": amina, "brahim": brahim, "senior": senior,
        "editor": editor, "partner": partner, "administrator": administrator, "chama": chama,
        "driss": driss,
    }  # fmt: skip


@pytest.fixture
def as_user() -> Any:
    """`as_user(amina)` is a signed-in test client; `as_user(None)` a visitor."""

    def signed_in(user: Any) -> Client:
        client = Client()
        if user is not None and user.is_authenticated:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
