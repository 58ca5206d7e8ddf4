"""A practice moves no figure, no list and no export of the real desk, and leaves no row when it is wiped."""

import io
import re
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

import pytest
import tablib
import time_machine
from django.apps import apps
from django.test import Client
from django.urls import reverse

from config.installation.practice import acts, invented, records
from helpdesk.accounts.models import Audit, User
from helpdesk.associations.actions import add_association
from helpdesk.centre.models import Centre, Change
from helpdesk.files import actions as files
from helpdesk.live.models import Draft
from helpdesk.notices.jobs import send_due
from helpdesk.notices.models import Notice
from helpdesk.queues.actions import be, claim
from helpdesk.queues.models import Presence
from helpdesk.tickets.actions import answering, closing
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.querysets import draft_place
from helpdesk.tickets.rules import Help, Kind, Outcome
from telephony import actions as telephony
from telephony.models import Call
from tests import make
from tests.contracts.walk import routes

pytestmark = pytest.mark.django_db
TOLD = [
    route.name
    for route in routes()
    if route.is_ours
    and not route.args
    and route.name.startswith(
        ("supervision:", "queues:list", "queues:search", "queues:desk", "associations:", "tickets:recalls",
         "library:opinions", "accounts:people", "telephony:under_way", "telephony:ringing", "queues:queues", "upkeep:", "retention:page", "healthz", "metrics", "organisations:")
    )
]  # fmt: skip
"""Every figure, list and export of the real desk."""
AFTER = ("supervision:board", "supervision:figures", "queues:lists", "supervision:programme")
STAYS = {"accounts.Audit", "centre.Change", "sessions.Session"}
"""That it was held and wiped; who is signed in."""
LATER = make.NOW + timedelta(hours=1)
_PASSING = re.compile(
    r'csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"|nonce="[^"]+"|data-(pass|stream\w*)="[^"]*"|[0-9a-f]{20}-\d{10}'
    r"|^(?!wasl_waiting|wasl_notices)(wasl|process|python)_.*\n",
    re.MULTILINE,
)


def told(clients: Iterable[Client], names: Collection[str]) -> dict[str, Any]:
    """What each of these addresses tells the first who may read it, without what changes from one request
    to the next."""
    found: dict[str, Any] = {}
    for client in clients:
        for name in names:
            if name in found:
                continue
            answer = client.get(reverse(name), {"q": "الوصل"})
            assert answer.status_code < 500, name
            if answer.status_code == 200:
                found[name] = read(answer)
    return found


def read(answer: Any) -> Any:
    content = b"".join(answer) if answer.streaming else answer.content
    if content[:2] == b"PK":
        return tablib.Databook().load(io.BytesIO(content), "xlsx").json
    return _PASSING.sub("", content.decode())


def keys() -> dict[str, set[Any]]:
    """Keys of every row of every table but those that stay."""
    return {
        model._meta.label: set(model._base_manager.values_list("pk", flat=True))
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.label not in STAYS
    }


def worked(ticket: Ticket, by: Any) -> None:
    """Taken, answered and closed, with an e-mail for each."""
    claim(ticket, by=by, at=LATER)
    answering.answer(
        ticket, "حسب الفصل 5: 60 يوما", by=by, at=LATER, language="ar", help=Help.INFO, quotes=[]
    )
    ticket.refresh_from_db()
    closing.close(ticket, by=by, at=LATER, outcome=Outcome.SOLVED_FIRST, help=Help.INFO)


def practise(centre: Centre, by: User, people: list[User], as_user: Any) -> Centre:
    """A practice with questions answered and closed, a chat, a call, a search, a file, a draft; who took
    part is back at the real desk."""
    practice = acts.begin(centre, by=by, at=make.NOW)
    for who in people:
        acts.join(who, practice, at=make.NOW)
        anew(who)
        be(who, Presence.State.FREE, at=make.NOW)
    advisor, asker = people[0], as_user(people[1])
    assert invented.bring(practice, at=make.NOW) == invented.AT_ONCE
    asker.post("/call/", {"way": "call", "language": "ar", "microphone": "1", "key": "k1"})
    asker.post("/chat/", {"words": "سؤال عن الوصل", "key": "k" * 24, "language": "ar"})
    asker.get("/search/", {"q": "الوصل النهائي"})
    call = Call.objects.get()
    telephony.answer(call, by=advisor, at=make.NOW)
    said = telephony.Wrapup("قيل", Help.INFO, Outcome.SOLVED_FIRST, "ar", name="متصل تجريبي")
    telephony.wrap_up(call, said, by=advisor, at=LATER)
    ours = Ticket.objects.filter(centre=practice)
    assert {one.channel for one in ours} == {"web", "phone", "chat"}
    for ticket in ours.filter(channel="web")[:3]:
        worked(ticket, advisor)
    kept, first = files.store("وثيقة.txt", b"invented", at=make.NOW), ours.earliest("pk")
    entry(first, Kind.NOTE, at=LATER, by=advisor, text="note", files=[kept])
    Draft.objects.create(user=advisor, place=draft_place(first.pk), fields={}, saved_at=LATER)
    add_association(centre=practice, at=LATER, name_ar="جمعية تجريبية", legal_status="declared")
    for who in people:
        acts.leave(anew(who), at=LATER)
        anew(who)
    return practice


def anew(who: User) -> User:
    """As the next request would find this person."""
    who.refresh_from_db()
    who.__dict__.pop("_scope", None)
    return who


def test_no_figure_counts_it_and_nothing_is_left_of_it(
    brahim: User, administrator: User, amina: User, senior: User,
    centre: Centre, as_user: Any, django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    with (
        time_machine.travel(make.NOW, tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        for who in (amina, senior, brahim, administrator):
            be(who, Presence.State.AWAY, at=make.NOW)
        worked(
            make.ticket("لم نتوصل بالوصل", contact_email="a@example.org", answer_by="email"), amina
        )
        send_due(at=LATER)
    with time_machine.travel(LATER + timedelta(hours=1), tick=False):
        clients = [as_user(who) for who in (brahim, administrator)]
        before, rows = told(clients, TOLD), keys()
        assert len(before) > 30, "figures, lists and exports"

    with (
        time_machine.travel(make.NOW, tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        practice = practise(centre, administrator, [amina, senior], as_user)
        assert send_due(at=LATER) == 0
    found = records.gathered(practice)
    assert {n.state for n in Notice.objects.filter(pk__in=found[Notice])} == {Notice.State.HELD}
    assert len(found[Notice]) >= 3
    path = files.path_of(files.StoredFile.objects.get(pk__in=found[files.StoredFile]).name)
    assert path.exists()

    with time_machine.travel(LATER + timedelta(hours=1), tick=False):
        for address, text in told(clients, TOLD).items():
            assert before[address] == text, address
        with django_capture_on_commit_callbacks(execute=True):
            facts = acts.wipe(
                centre, expected=acts.size(found), by=administrator, at=LATER + timedelta(hours=1)
            )
        after = keys()
        for table, known in rows.items():
            assert after[table] == known, table
        assert not path.exists()
        assert facts["ticket"] == len(found[Ticket])
        # With every row where it was, a few addresses tell whether one of them was altered.
        for address, text in told(clients, AFTER).items():
            assert before[address] == text, address
        worked(make.ticket("سؤال حقيقي"), amina)
        moved = told(clients, AFTER)
        assert moved["supervision:board"] != before["supervision:board"], "a real request does"
    kept = Audit.objects.filter(act__in=["began-practice", "wiped-practice"])
    assert [row.user for row in kept.order_by("pk")] == [administrator, administrator]
    assert Change.objects.filter(centre=centre, step="practice").count() == 2
