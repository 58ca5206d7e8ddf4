"""Every stream and every role: a pass is only in pages of who may see what it is about."""

import re
from typing import Any

import pytest
from django.test import Client

from helpdesk.live import passes, streams
from helpdesk.tickets.actions import levels
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Level
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.long]
ROLES = ("amina", "brahim", "senior", "editor", "partner", "administrator", "chama", "driss")
_PASS = re.compile(r'data-pass="([^"]+)"')


def shown(client: Client, address: str, user: Any) -> set[str]:
    """The streams of all passes in a page; nothing where the page is not for this person."""
    answer = client.get(address)
    assert answer.status_code in (200, 302, 403, 404), address
    if answer.status_code != 200:
        return set()
    texts = _PASS.findall(answer.content.decode())
    bound = passes.bound_to(user)
    return {name for text in texts for name in passes.read(text, bound=bound).streams}


@pytest.fixture
def tickets(centre: Any, senior: Any) -> dict[Level, Ticket]:
    made = {level: make.ticket(f"سؤال {level}") for level in Level}
    for level in (Level.RESTRICTED, Level.SEALED):
        levels.set_level(made[level], level, by=senior, at=make.NOW, reason="اختبار الحقوق في البث")
    return made


@pytest.mark.parametrize("role", ROLES)
def test_a_requests_stream_is_for_who_may_read_it(
    role: str, tickets: dict[Level, Ticket], request: Any, as_user: Any
) -> None:
    user = request.getfixturevalue(role)
    client = as_user(user)
    for ticket in tickets.values():
        reads = (
            user.has_perm("tickets.read_ticket")
            and Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists()
        )
        wanted = {streams.ticket(ticket.pk)} if reads else set()
        news = shown(client, f"/desk/tickets/{ticket.pk}/news/?since=1", user)
        assert news == wanted, (role, ticket.level)
        page = shown(client, f"/desk/tickets/{ticket.pk}/", user)
        assert {s for s in page if s.startswith(("ticket", "chat"))} == wanted, (role, ticket.level)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("address", ["/desk/", "/desk/lists/", "/desk/queue/", "/desk/board/"])
def test_a_teams_stream_is_for_who_is_posted_there(
    role: str, address: str, tickets: dict[Level, Ticket], request: Any, as_user: Any
) -> None:
    user = request.getfixturevalue(role)
    team = next(iter(tickets.values())).team_id
    found = shown(as_user(user), address, user)
    assert found <= {streams.team(team)}
    if not (user.has_perm("tickets.read_ticket") or user.has_perm("queues.view_board")):
        assert found == set()


def test_visitors_get_the_stream_of_their_own_chat_only(client: Client, centre: Any) -> None:
    for address in ("/", "/chat/", "/follow/", "/ask/", "/library/"):
        assert _PASS.findall(client.get(address).content.decode()) == [], address
    assert client.get("/chat/pass/").status_code in (302, 403)
    other = make.ticket("دردشة غيري")
    begun = client.post(
        "/chat/", {"words": "مرحبا", "language": "ar", "key": "k" * 32}, follow=True
    )
    mine = Ticket.objects.exclude(pk=other.pk).get()
    names = {
        name
        for text in _PASS.findall(begun.content.decode())
        for name in passes.read(text, bound="").streams
    }
    assert names == {streams.chat(mine.pk)}
    renewed = passes.read(client.get("/chat/pass/").json()["pass"], bound="")
    assert renewed.streams == (streams.chat(mine.pk),)
    assert Client().get("/chat/pass/").status_code in (302, 403)
