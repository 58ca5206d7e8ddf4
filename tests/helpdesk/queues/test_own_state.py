"""The top bar says what a person does before what they say of themselves."""

import pytest
from django.utils import timezone

from helpdesk.queues.models import Presence
from telephony import actions
from tests import make

pytestmark = pytest.mark.django_db


def shown(client, url: str = "/desk/") -> str:
    page = client.get(url).content.decode()
    return page.split('id="own-now"')[1].split("<svg")[0]


@pytest.mark.parametrize(
    ("language", "free", "call", "wrap"),
    [
        ("ar", "رهن الإشارة", "في مكالمة", "يدوّن مكالمة"),
        ("fr", "Disponible", "En appel", "Note un appel"),
    ],
)
def test_a_call_is_said_and_its_wrap_up(amina, as_user, language, free, call, wrap):
    amina.language = language
    amina.save()
    now = timezone.now()
    Presence.objects.update_or_create(
        user=amina, defaults={"state": "free", "since": now, "seen_at": now}
    )
    client = as_user(amina)
    assert free in shown(client)
    made = make.ringing(at=now)
    leg = actions.answer(made, by=amina, at=now)
    assert call in shown(client)
    assert "/3" not in shown(client)
    band = f"/desk/calls/{made.pk}/band/"
    assert "own-now" not in client.get(f"{band}?was=claimed").content.decode()
    for end in (leg, made.legs.get(role="caller")):
        actions.joined(end, at=timezone.now())
    actions.end(leg, at=timezone.now())
    assert wrap in shown(client)
    moved = client.get(f"{band}?was=live").content.decode()
    assert "own-now" not in moved
    assert f"{band}?was=over&amp;bar=1" in moved
    assert wrap in shown(client, f"{band}?was=over&bar=1")
