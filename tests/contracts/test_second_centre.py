"""A second centre on the same installation: its people open every page, and none shows the first one's."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.http import StreamingHttpResponse
from django.test import Client

from helpdesk.accounts.actions import audit
from helpdesk.accounts.models import User
from helpdesk.centre.face import forget
from helpdesk.centre.models import Centre
from helpdesk.tickets.actions.telling import follow_link
from helpdesk.tickets.models import Ticket
from telephony.models import Call
from tests import make
from tests.contracts.walk import Route, routes
from tests.contracts.world import World
from tests.helpdesk.portal.conftest import PAGES
from tests.telephony.hooking import SECRET, Exchange

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


HOST = "souss.example.org"
NAMES = {"name_ar": "مركز الصويرة", "name_fr": "Centre d'Essaouira"}


@pytest.fixture
def second(world: World, settings: Any) -> Centre:
    """The other centre, open, with a name and a key of the line hook of its own."""
    settings.ALLOWED_HOSTS = ["testserver", HOST]
    settings.LINE_HOOK_SECRETS = {"pbx": SECRET, "souss": SECRET[::-1]}
    Centre.objects.filter(pk=world.abroad.pk).update(
        host=HOST, line_keys=["souss"], opened_at=world.now, phone_shown="05 24 00 00 00", **NAMES
    )
    forget()
    return Centre.objects.get(pk=world.abroad.pk)


def test_a_host_names_the_centre_whose_face_is_shown(world: World, second: Centre) -> None:
    own, other = Client(), Client(headers={"host": HOST})
    assert NAMES["name_ar"] in other.get("/").content.decode()
    assert NAMES["name_ar"] not in own.get("/").content.decode()
    Centre.objects.filter(pk=second.pk).update(opened_at=None)
    forget()
    assert other.get("/ask/theme/").status_code == 503
    assert own.get("/ask/theme/").status_code == 200, "the first one's face stays as it is"
    assert Client(headers={"host": "elsewhere.example.org"}).get("/").status_code == 400


def test_what_is_asked_there_belongs_to_that_centre(world: World, second: Centre) -> None:
    asker = Client(headers={"host": HOST})
    for name, fields in PAGES.items():
        while "answers=1" in asker.post(f"/ask/{name}/", fields).get("Location", ""):
            pass
    page = asker.get("/ask/check/")
    sent = asker.post(
        "/ask/check/",
        {"key": page.content.decode().split('name="key" value="', 1)[1].split('"', 1)[0]},
    )
    assert sent.status_code == 302
    ticket = Ticket.objects.latest("pk")
    assert (ticket.centre, ticket.team) == (second, world.foreign_team)
    assert follow_link(ticket).split("/")[2].partition(":")[0] == HOST
    assert ticket.association.centre == second
    assert "05 24 00 00 00" in asker.get("/ask/done/").content.decode()
    mine = world.client("amina").get(f"/desk/tickets/{ticket.pk}/")
    assert mine.status_code == 404, "nobody of the first centre reads it"


def test_an_exchange_signs_for_its_centre(world: World, second: Centre) -> None:
    User.objects.filter(username="amina").update(extension="201")
    for key, secret in (("pbx", SECRET), ("souss", SECRET[::-1])):
        exchange = Exchange(key=key, secret=secret)
        told = exchange.said("ringing", "c1", number="0661234567")
        assert told.status_code == 200
        exchange.said("answered", "c1", extension="201")
    ours, theirs = Call.objects.filter(line="hook").order_by("-pk")[:2][::-1]
    assert (ours.centre, theirs.centre) == (world.centre, second), "one name, two calls"
    assert ours.user == User.objects.get(username="amina")
    assert theirs.user is None, "a telephone of the first centre is nobody's there"
    Centre.objects.filter(pk=second.pk).update(opened_at=None)
    forget()
    assert Exchange(key="souss", secret=SECRET[::-1]).said("ringing", "c2").status_code == 503
    assert Exchange().said("ringing", "c2").status_code == 200, "the first one is open"


def test_new_centre_sets_name_territory_and_keys(world: World, second: Centre) -> None:
    said = {"administrator": "nadia", **NAMES}
    other = {"host": "b.example.org", "provinces": ["07.211"], "line_keys": ["pbx"]}
    with pytest.raises(CommandError, match="ALLOWED_HOSTS"):
        call_command("new_centre", "b", **said, **other)
    for wrong, why in (
        ({"host": HOST}, "another centre"), ({"provinces": ["99"]}, "No province"),
        ({"line_keys": ["none"]}, "no key"), ({"line_keys": ["souss"]}, "another centre"),
    ):  # fmt: skip
        with pytest.raises(CommandError, match=why):
            call_command("new_centre", "b", **said, **wrong)
    told = StringIO()
    call_command("new_centre", "b", **said, provinces=["07.211"], line_keys=["pbx"], stdout=told)
    made = Centre.objects.get(slug="b")
    assert (made.served, made.line_keys, made.opened_at) == (["07.211"], ["pbx"], None)
