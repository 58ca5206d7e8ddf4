"""A second centre on the same installation: its people open every page, and none shows the first one's."""

import re

import pytest
from django.http import StreamingHttpResponse
from django.test import Client

from helpdesk.accounts.actions import audit
from helpdesk.accounts.models import User
from tests import make
from tests.contracts.walk import Route, routes
from tests.contracts.world import World

pytestmark = pytest.mark.django_db
ROLES = ("advisor", "senior", "editor", "supervisor", "partner", "administrator")
OURS = (
    "شخص own", "جمعية own", "هيئة own", "Organisme own", "شخص sealed", "brahim", "amina",
    "+212699999901", "0699999901",
)  # fmt: skip
SHARED = {"upkeep:terms"}
"""The library is everybody's, and says who keeps it."""
LISTS = [
    r
    for r in routes()
    if r.is_ours and not r.args and r.url().startswith("/desk/") and r.name not in SHARED
]


@pytest.fixture(scope="module")
def abroad(world: World) -> dict[str, Client]:
    """A session of each role in the second centre, which has nothing of its own but its people."""
    audit("released", by=world.users["amina"], at=world.now, reason="شخص own")
    found = {}
    for role in ROLES:
        who = make.user(f"abroad-{role}", role, of=world.foreign_team)
        found[role] = Client(raise_request_exception=False)
        found[role].force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    User.objects.filter(username__in=["brahim", "amina"]).update(name_ar="brahim", name_fr="amina")
    return found


@pytest.mark.parametrize("route", LISTS, ids=lambda route: route.name)
def test_no_list_of_the_desk_tells_of_another_centre(
    world: World, abroad: dict[str, Client], route: Route
) -> None:
    own = world.things["own"]["ticket"].reference
    for role, client in abroad.items():
        response = client.get(route.url(), {"q": "own"})
        assert response.status_code < 500
        if response.status_code != 200 or isinstance(response, StreamingHttpResponse):
            continue
        text = response.content.decode("utf-8", "replace")
        text = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.S)
        shown = [word for word in (own, *OURS) if word in text]
        assert not shown, f"{role} reads {shown}"
