"""Every address × every role × own, other, sealed and unknown things, against `rights.toml`.

A new address without a row fails; so does a row without an address. What is not listed as public
leads visitors to sign-in.
"""

import tomllib
from collections import Counter
from itertools import product
from pathlib import Path

import pytest
from django.db import transaction
from django.http import HttpResponse

from helpdesk.accounts.rules import PERMISSIONS, Role
from tests.contracts.walk import Route, routes
from tests.contracts.world import ROLES, World

FIXTURE = tomllib.loads((Path(__file__).parent / "rights.toml").read_text())
WHO: dict[str, list[str]] = FIXTURE["who"]
ROWS: dict[str, dict[str, str]] = FIXTURE["routes"]
METHODS = ("get", "post")
SCOPES = ("own", "other", "sealed", "unknown")
pytestmark = pytest.mark.django_db
DOCS = Path(__file__).parents[2] / "docs" / "rights.md"


@pytest.fixture(autouse=True)
def _bare_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of a refusal has tests of its own; drawing it a thousand times here is slow."""
    bare = lambda request, template, context, status: HttpResponse(status=status)  # noqa: E731
    monkeypatch.setattr("config.views.errors.render", bare)
    monkeypatch.setattr("config.refusals.EMPTY", set())


@pytest.fixture(autouse=True)
def _at_any_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of requests in the same minute of a clock set back: who may is asked, not how often."""
    monkeypatch.setattr("helpdesk.live.pace.seconds_to_wait", lambda *args, **named: 0)


def outcome(response: HttpResponse) -> str:
    """`passed`, `sign-in`, `refused` (401 for programs, 403, 404), `wrong method` or `broken`."""
    if response.status_code in (301, 302) and response["Location"].startswith("/account/login/"):
        return "sign-in"
    if response.status_code in (401, 403, 404):
        return "refused"
    if response.status_code == 405:
        return "wrong method"
    return "broken" if response.status_code >= 500 else "passed"


def ask(world: World, route: Route, method: str, role: str, scope: str) -> HttpResponse:
    """One request by itself: what it wrote is taken back."""
    url = route.url(**world.values(route, scope))
    client = world.client(role, raise_request_exception=False)
    with transaction.atomic():
        form = world.form(route) if method == "post" else {}
        response: HttpResponse = getattr(client, method)(url, form)
        if response.streaming:
            response.getvalue()  # closing it by hand would close the database
        transaction.set_rollback(True)
    return response


def test_every_address_has_a_row_and_every_row_an_address():
    names = [route.name for route in routes() if route.is_ours]
    twice = [name for name, n in Counter(names).items() if n > 1]
    assert sorted(set(names) - set(ROWS)) == [], "write who may open it in rights.toml"
    assert sorted(set(ROWS) - set(names)) == [], "rows without an address"
    assert twice == []


def test_public_is_what_the_rows_say_and_nothing_else():
    said = {name for name, row in ROWS.items() if row.get("public")}
    assert {route.name for route in routes() if route.is_ours and route.is_public} == said
    library = {route.name for route in routes() if not route.is_ours and route.is_public}
    assert library == set(FIXTURE["library"]["public"])


def allowed(row: dict[str, str], method: str, scope: str) -> list[str]:
    """Who passes: `other` and `sealed` name who passes there whatever the method."""
    if scope == "own":
        return WHO[row[method]]
    return [role for role in WHO[row.get(scope, "nobody")] if role in WHO[row[method]]]


@pytest.mark.full
@pytest.mark.parametrize("name", sorted(ROWS))
def test_who_may(world: World, name: str):
    """Every method, scope and role."""
    route = next((route for route in routes() if route.name == name), None)
    if route is None:
        pytest.skip("reported by the test of the rows")
    row, wrong = ROWS[name], []
    scopes = _scopes(world, route)
    for method, scope, role in product(METHODS, scopes, ROLES):
        good = expected(row, method, role, scope)
        got = outcome(ask(world, route, method, role, scope))
        if got not in good:
            wrong.append(f"{method} {scope} {role}: {got}, not {' or '.join(good)}")
    assert wrong == []


def expected(row: dict[str, str], method: str, role: str, scope: str) -> tuple[str, ...]:
    closed_to_visitor = role == "visitor" and not row.get("public")
    if closed_to_visitor:
        return ("sign-in",)
    if method not in row:
        return ("wrong method", "refused")
    if scope != "unknown" and role in allowed(row, method, scope):
        return ("passed",)
    return ("refused",)


def _scopes(world: World, route: Route) -> list[str]:
    """Each scope that names something else than those before it."""
    found: dict[str, str] = {}
    for scope in SCOPES:
        found.setdefault(str(world.values(route, scope)), scope)
    return list(found.values())


@pytest.mark.long
def test_every_page_of_the_desk_refuses_outsiders(world: World):
    """Together with the rows, which say the same of every request."""
    outsiders = {"visitor", "chama", "driss"}
    for route in routes():
        if route.url(**world.values(route, "own")).startswith("/desk/") and not route.is_public:
            row = ROWS.get(route.name, {})
            for method in METHODS:
                assert not outsiders & set(WHO[row.get(method, "nobody")]), route.name


def test_the_table_for_people_says_what_the_program_does():
    """docs/rights.md, second table: one row a permission, one mark a role."""
    said: dict[str, set[str]] = {role.value: set() for role in Role}
    order = list(Role)
    for line in DOCS.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 2 + len(order) and cells[0].startswith("`"):
            for role, mark in zip(order, cells[2:], strict=True):
                if mark == "yes":
                    said[role.value].add(cells[0].strip("`"))
    assert said == {role.value: set(PERMISSIONS[role]) for role in Role}
