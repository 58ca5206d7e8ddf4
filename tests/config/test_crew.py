"""Colleagues of the simulated network: how they read forms, and by which door they come."""

from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from config.demonstration import cast
from config.demonstration.crew import comparing, forms, who
from helpdesk.accounts.actions import lay_groups
from helpdesk.accounts.models import Posting, User
from telephony.simulator.truth import Told, Truth, Wait

PAGE = """
<form id="card" action="/x/"><input type="hidden" name="key" value="1"><textarea name="words">
Bonjour</textarea><select name="theme"><option value="">-</option><option value="A" selected>a</option></select>
<input type="checkbox" name="read"><input type="submit" name="go" value="go"></form>
<input type="radio" name="person" value="7" form="card"><input type="radio" name="person" value="" form="card" checked>
<form action="/y/"><input name="only"></form>
"""


def test_a_form_sends_what_a_browser_would() -> None:
    found = forms.read(PAGE)
    assert found["card"].action == "/x/"
    assert found["card"].fields == {"key": "1", "words": "Bonjour", "theme": "A", "person": ""}
    assert found["card"].choices == {"theme": ["", "A"], "read": ["on"], "person": ["7", ""]}
    assert found["/y/"].fields == {"only": ""}


@pytest.fixture
def demo(centre: Any) -> Any:
    lay_groups()
    cast.lay_cast(centre, at=timezone.now())
    with override_settings(DEMO=True):
        yield


@pytest.mark.django_db
def test_they_come_by_one_click_and_leave_the_team_as_it_was(demo: Any, client: Any) -> None:
    came = who.come(2, at=timezone.now())
    assert [one.name for one in came] == ["karim", "leila", "fouzia"]
    assert client.post("/demo/enter/advisor/", {"colleague": "karim"}).status_code == 302
    assert client.get("/desk/").wsgi_request.user.username == "demo-karim"
    who.go(at=timezone.now())
    assert not Posting.objects.filter(user__username="demo-karim").exists()
    assert User.objects.get(username="demo-karim").presence.state == "away"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["brahim", "nobody"])
def test_nobody_comes_in_another_role(name: str, demo: Any, client: Any) -> None:
    client.post("/demo/enter/advisor/", {"colleague": name})
    assert "_auth_user_id" not in client.session


def test_a_call_taken_before_the_music_began_is_a_contact() -> None:
    now = timezone.now()
    truth = Truth(
        {
            "1": Told("1", "+212600000001", now, waits=[Wait(now, 3, "hangup")]),
            "2": Told("2", "+212600000002", now),
            "3": Told("3", "+212600000003", now, waits=[Wait(now, 3, "leave")], message=4),
        }
    )
    told = comparing.truth_of(truth)
    assert told == {"offered": 2, "answered": 0, "given up": 1, "left": 1}
