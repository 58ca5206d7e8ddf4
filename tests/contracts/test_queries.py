"""Pages ask the database a bounded number of questions, however many rows there are."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.rules import Kind
from tests import make
from tests.contracts.test_rights import ROWS, WHO
from tests.contracts.walk import Route, routes
from tests.contracts.world import World

pytestmark = pytest.mark.django_db
LIMIT = 15
TIGHTER = {"queues:list": 10, "queues:lists": 10, "portal:home": 10, "articles:library": 10}
RING = 1
"""Whether a call rings is asked on every whole page of the desk, in one question."""
PANELS = 20
"""A form on a request's page, whole, as it comes without script; by htmx it comes alone (LIMIT)."""
REPORTS = {
    "supervision:programme": 30, "supervision:programme_file": 30, "supervision:service": 17,
    "health": 18,
}  # fmt: skip
"""A report of every kind of record, or of every part: one question each, however many rows."""
STILL_OVER = {"tickets:facts": 21}
"""Known to ask more in its whole form: may only go down."""
ROWS_MORE = 20
PAGES = [route for route in routes() if route.is_ours and "get" in ROWS.get(route.name, {})]


@pytest.fixture(scope="module")
def crowded(world: World) -> World:
    """The world with many rows of everything that lists show."""
    own = world.things["own"]
    for n in range(ROWS_MORE):
        person = make.person(f"شخص {n}", number=f"06618000{n:02d}")
        association = make.association(f"جمعية {n}", centre=world.centre)
        make.mandate(person, association)
        made = make.ticket(f"سؤال {n}", person=person, association=association)
        entry(made, Kind.LINE, at=world.now, text="كلام", from_asker=True)
        entry(own["ticket"], Kind.NOTE, at=world.now, by=world.users["brahim"], text="ملاحظة")
        make.user(f"more{n}", "advisor")
    return world


def role(route: Route) -> str:
    may = WHO[ROWS[route.name]["get"]] or ["visitor"]
    return "amina" if "amina" in may else may[0]


@pytest.mark.long
@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.name)
def test_a_page_stays_within_its_queries(crowded: World, route: Route):
    limit = REPORTS.get(route.name) or TIGHTER.get(route.name, LIMIT)
    if "post" in ROWS[route.name] and route.name.startswith(("tickets:", "queues:")):
        assert_within(crowded, route, limit, {"HX-Request": "true"})
        limit = STILL_OVER.get(route.name, PANELS)
    elif route.name == "tickets:article":
        limit = PANELS
    assert_within(crowded, route, limit, {})


def assert_within(world: World, route: Route, limit: int, headers: dict[str, str]) -> None:
    url = route.url(**world.values(route, "own"))
    limit += RING if url.startswith("/desk/") and not headers else 0
    with transaction.atomic():
        world.client(role(route)).get(url, headers=headers)
        with CaptureQueriesContext(connection) as asked:
            world.client(role(route)).get(url, headers=headers)
        transaction.set_rollback(True)
    told = [q["sql"] for q in asked if "SAVEPOINT" not in q["sql"]]
    assert len(told) <= limit, "\n".join(sql[:200] for sql in told)
