"""Whatever arrives, at every address: an answer a person can read, never a 500, nothing half stored.

The names of the fields are learnt by watching what the program looks for, so a field added later
is covered too.
"""

import os
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse

from tests.contracts.hostile import BODIES, HEADERS, PIECES, TEXTS, asked_names, plausible
from tests.contracts.test_rights import ROWS, WHO
from tests.contracts.walk import Route, routes
from tests.contracts.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.long]
OURS = [route for route in routes() if route.is_ours and route.name in ROWS]
BODY_FREE = {"accounts_audit", "live_draft", "search_searchrecord"}
"""What a refused request may leave behind: that somebody looked, what was typed, what was sought."""
MOST = int(os.environ.get("HARMFUL_TEXTS", "4"))
"""How many of the harmful texts, and of the bodies, each address is sent; its neighbours are sent others.
HARMFUL_TEXTS=100 sends every one of them everywhere."""


@pytest.fixture(autouse=True)
def _bare_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = lambda request, template, context, status: HttpResponse(status=status)  # noqa: E731
    monkeypatch.setattr("config.views.errors.render", bare)
    monkeypatch.setattr("config.refusals.EMPTY", set())


def counts() -> tuple[int, ...]:
    """Rows of each of our tables, in one query."""
    models = apps.get_models(include_auto_created=True)
    tables = sorted({m._meta.db_table for m in models} - BODY_FREE - {"django_session"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT COUNT(*) FROM {t})" for t in tables))
        return tuple(cursor.fetchone())


def send(
    world: World, role: str, method: str, url: str, said: str, *args: Any, **kwargs: Any
) -> list[str]:
    """Faults of one request; what it stored is taken back."""
    cache.clear()
    client = world.client(role, raise_request_exception=False)
    with transaction.atomic():
        before = counts()
        if method.isupper():
            response = client.generic(method, url, *args, **kwargs)
        else:
            response = getattr(client, method)(url, *args, **kwargs)
        if response.streaming:
            response.getvalue()
        faults = []
        if response.status_code >= 500:
            error = response.exc_info[1] if response.exc_info else response.status_code
            faults.append(f"{method} {said} as {role}: {error!r}"[:300])
        elif response.status_code >= 400 and counts() != before:
            faults.append(
                f"{method} {said} as {role}: {response.status_code}, yet rows were stored"
            )
        transaction.set_rollback(True)
    return faults


def roles(route: Route, method: str) -> list[str]:
    """Who gets furthest, and a visitor where the page is public."""
    may = WHO[ROWS[route.name].get(method, "nobody")] or ["visitor"]
    return ["amina" if "amina" in may else may[0]]


def learnt(world: World, route: Route, method: str) -> set[str]:
    """Names the view looks for, with nothing sent and with good values sent."""
    url, good, names = route.url(**world.values(route, "own")), plausible(), set()
    for data in ({}, {**good, **world.form(route)}):
        with asked_names() as asked, transaction.atomic():
            client = world.client(roles(route, method)[0], raise_request_exception=False)
            getattr(client, method)(url, data)
            transaction.set_rollback(True)
        names |= asked
    return names


def attempts(
    names: set[str], good: dict[str, Any], method: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """All fields harmful at once; of a form also only those that take free text, which a refused field
    before them would hide. What a list is asked by is read field by field."""
    for label, text in TEXTS.items():
        data: dict[str, Any] = dict.fromkeys(sorted(names), text)
        if len(text) > 1000:
            data = dict(islice(data.items(), 8))
        yield f"{label} everywhere", data
        free = {name: good.get(name, text) for name in data}
        if free != data and method == "post":
            yield f"{label} in texts", free


def walk(world: World, route: Route) -> list[str]:
    """To the forms of staff alone, which answers sooner than the whole page around them."""
    faults: list[str] = []
    headers = {} if route.is_public else {"HX-Request": "true"}
    url, good = route.url(**world.values(route, "own")), {**plausible(), **world.form(route)}
    for method in ("get", "post"):
        if method not in ROWS[route.name]:
            continue
        role = roles(route, method)[0]
        found = list(attempts(learnt(world, route, method), good, method))
        for said, data in _some(found, OURS.index(route), MOST):
            if method == "get":
                data = {name: value[:6000] for name, value in data.items()}
            said = f"{route.name}: {said}"
            faults += send(world, role, method, url, said, data, headers=headers)
        if method == "post":
            for said, (kind, body) in _some(list(BODIES.items()), OURS.index(route), MOST):
                said = f"{route.name}: {said}"
                faults += send(world, role, "POST", url, said, body, kind, headers=headers)
    return faults


def _some(found: list[Any], start: int, most: int) -> list[Any]:
    """A few of them, others at every address, the same at every run."""
    return list(islice(cycle(found), start * most, start * most + min(most, len(found))))


@pytest.mark.parametrize("route", OURS, ids=lambda route: route.name)
def test_fields_and_bodies(world: World, route: Route):
    assert walk(world, route) == []


@pytest.mark.parametrize(
    "route", [route for route in OURS if route.args], ids=lambda route: route.name
)
def test_addresses(world: World, route: Route):
    """Keys that do not exist, are too large, in other digits, or no keys at all."""
    good, faults = world.values(route, "own"), []
    method = "get" if "get" in ROWS[route.name] else "post"
    for name in route.args:
        whole = route.url(**good)
        before, _, after = whole.rpartition(f"/{good[name]}/")
        if not before and not after:
            continue
        for piece in _some(list(PIECES), 2 * OURS.index(route), 2):
            url = f"{before}/{piece}/{after}"
            faults += send(
                world, roles(route, method)[0], method, url, f"{route.name} {piece[:20]}"
            )
    assert faults == []


@pytest.mark.parametrize("said", HEADERS)
@pytest.mark.parametrize("url", ["/", "/fr/search/", "/follow/", "/desk/", "/account/login/"])
def test_headers(world: World, url: str, said: str):
    assert send(world, "visitor", "get", url, said, headers=HEADERS[said]) == []
    if "cookie" not in HEADERS[said]:
        assert send(world, "amina", "get", url, said, headers=HEADERS[said]) == []


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace", "head"])
def test_other_methods(world: World, method: str):
    """At some of the addresses each; all of them in the long run."""
    faults = []
    for route in OURS[len(method) :: 6]:
        url = route.url(**world.values(route, "own"))
        faults += send(world, roles(route, "get")[0], method, url, route.name)
    assert faults == []


@pytest.mark.parametrize(
    "name", ["account_login", "account_reset_password", "account_change_password"]
)
def test_the_sign_in_pages(world: World, name: str):
    route = next(route for route in routes() if route.name == name)
    role, faults = "visitor" if route.is_public else "amina", []
    fields = ("login", "password", "email", "next", "oldpassword", "password1", "password2")
    for said, text in TEXTS.items():
        data = dict.fromkeys(fields, text[:20_000])
        faults += send(world, role, "post", route.url(), f"{name}: {said}", data)
    assert faults == []
