"""The page of a ticket: who sees it, what it costs, and that every kind of entry has a face."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helpdesk.associations import actions as associations
from helpdesk.queues import actions as queues
from helpdesk.tickets.actions import answering, levels, promising, write
from helpdesk.tickets.actions.answering import Quote
from helpdesk.tickets.rules import Help, Kind, Level
from knowledge.articles import access as library
from tests import make

pytestmark = pytest.mark.django_db
READERS = {"amina", "brahim", "senior"}


@pytest.fixture
def ticket(centre: Any) -> Any:
    return make.ticket(person=make.person("فاطمة", number="0661234547"))


def page(pk: int) -> str:
    return reverse("tickets:ticket", args=[pk])


def test_the_page_opens_for_the_desk_only(ticket: Any, cast: Any, as_user: Any) -> None:
    for name, user in cast.items():
        status = as_user(user).get(page(ticket.pk)).status_code
        if name in READERS:
            assert status == 200, name
        elif name == "visitor":
            assert status == 302
        else:
            assert status in (403, 404), name


def test_an_unknown_ticket_and_one_of_another_team_are_the_same_404(
    amina: Any, as_user: Any
) -> None:
    other = make.ticket()
    other.team = make.other_team()
    other.save()
    assert as_user(amina).get(page(999_999)).status_code == 404
    assert as_user(amina).get(page(other.pk)).status_code == 404


@pytest.mark.parametrize(
    ("level", "assigned", "named", "opens"),
    [
        (Level.ORDINARY, "", "", {"amina", "brahim", "senior"}),
        (Level.RESTRICTED, "", "", {"brahim", "senior"}),
        (Level.RESTRICTED, "amina", "", {"amina", "brahim", "senior"}),
        (Level.SEALED, "", "", set()),
        (Level.SEALED, "amina", "", set()),
        (Level.SEALED, "", "amina", {"amina"}),
        (Level.SEALED, "", "senior", {"senior"}),
    ],
)
def test_levels_and_grants_decide_who_reads(
    ticket: Any, cast: Any, as_user: Any, level: Level, assigned: str, named: str, opens: set[str]
) -> None:
    ticket.level, ticket.assignee = level, cast.get(assigned)
    ticket.save()
    if named:
        levels.grant(ticket, cast[named], by=cast["senior"], at=make.NOW, reason="يتابع الملف")
    for name in READERS:
        found = as_user(cast[name]).get(page(ticket.pk)).status_code == 200
        assert found == (name in opens), name


def test_every_kind_of_entry_has_a_face(ticket: Any, amina: Any, as_user: Any) -> None:
    for kind in Kind:
        for by, from_asker in ((amina, False), (None, True)):
            write.entry(ticket, kind, at=make.NOW, by=by, from_asker=from_asker, text="نص التدوين")
    full = {
        "outcome": "withdrawn", "help": "info", "level": 1, "to_ar": "سلمى", "released_ar": "سلمى",
        "from": make.NOW.isoformat(), "until": make.NOW.isoformat(), "score": 4, "act": "reached",
        "rule": "final-receipt", "event": "2026-09-08", "due": "2026-11-07", "how": "visit",
        "about": "person", "seconds": 402, "attempt": 2,
        "given": [{"title": "عنوان", "version": 1, "citations": ["الفصل 5"]}],
    }  # fmt: skip
    for kind in Kind:
        write.entry(ticket, kind, at=make.NOW, by=amina, data=full)
    for language in ("ar", "fr"):
        amina.language = language
        amina.save()
        body = as_user(amina).get(page(ticket.pk)).content.decode()
        assert body.count('<article class="ent ') == min(3 * len(Kind) + 1, 60)


def test_the_page_costs_at_most_fifteen_queries(amina: Any, senior: Any, as_user: Any) -> None:
    make.library()
    group = associations.add_association(centre=make.centre(), at=make.NOW, name_ar="جمعية الأفق")
    person = make.person("عبد الرحيم", number="0661000047")
    ticket = make.ticket(person=person, association=group)
    queues.claim(ticket, by=amina, at=make.NOW)
    associations.start_deadline(
        group, rule="final-receipt", event_on=make.NOW.date(), by=amina, at=make.NOW
    )
    version = library.current_version("T04-refusal", language="ar")
    for n in range(3):
        other = make.ticket(person=person, association=group)
        queues.claim(other, by=amina, at=make.NOW)
        write.note(ticket, "ملاحظة", by=amina, at=make.NOW)
        answering.answer(
            ticket, "جواب", by=amina, at=make.NOW, language="ar", help=Help.ADVICE,
            quotes=[Quote(version)], key=f"k{n}",
        )  # fmt: skip
        promising.promise(
            ticket, by=amina, at=make.NOW, window_from=make.NOW, window_until=make.NOW
        )
        make.ticket()
    client = as_user(amina)
    client.get(page(ticket.pk))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page(ticket.pk)).status_code == 200
    assert len(queries) <= 15, "\n".join(q["sql"][:160] for q in queries)
