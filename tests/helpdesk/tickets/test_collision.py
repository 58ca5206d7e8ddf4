"""Two save the same form: nothing is overwritten, the second sees both texts and decides."""

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse

from helpdesk.accounts.models import User
from helpdesk.associations import actions as associations
from helpdesk.associations.models import Association, Person
from helpdesk.centre.collision import Moved
from helpdesk.tickets.actions import naming, write
from helpdesk.tickets.models import Ticket
from tests import make

SEEN = re.compile(r'name="seen" value="([^"]*)"')


def opened(client: Any, url: str) -> str:
    """The stamp of a form as it was opened."""
    found = SEEN.search(client.get(url).content.decode())
    assert found
    return found[1]


@pytest.mark.django_db
def test_filing_shows_both_and_saving_again_is_a_decision(
    as_user: Any, amina: User, senior: User
) -> None:
    ticket = make.ticket(subject="سؤال")
    url = reverse("tickets:filing", args=[ticket.pk])
    mine, theirs = as_user(amina), as_user(senior)
    stamp, other = opened(mine, url), opened(theirs, url)
    typed = {"subject": "وصل لم يسلم", "theme": "", "province": "07.351"}
    assert theirs.post(url, {**typed, "seen": other}).status_code == 302
    typed = {"subject": "La banque refuse", "theme": "", "province": ""}
    answer = mine.post(url, {**typed, "seen": stamp})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "سلمى" in page
    assert "وصل لم يسلم" in page
    assert 'value="La banque refuse"' in page
    # The province was not touched here: the field now holds the colleague's.
    assert re.search(r'value="07.351" selected', page)
    ticket.refresh_from_db()
    assert ticket.subject == "وصل لم يسلم"
    again = {**typed, "province": "07.351", "seen": SEEN.search(page)[1]}  # type: ignore[index]
    assert mine.post(url, again).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.subject, ticket.province) == ("La banque refuse", "07.351")
    assert ticket.filed_by == amina


@pytest.mark.django_db
def test_the_same_correction_twice_is_no_quarrel(as_user: Any, amina: User, senior: User) -> None:
    ticket = make.ticket(subject="سؤال")
    url = reverse("tickets:filing", args=[ticket.pk])
    mine, theirs = as_user(amina), as_user(senior)
    stamp = opened(mine, url)
    typed = {"subject": "جواب", "theme": "", "province": ""}
    theirs.post(url, {**typed, "seen": opened(theirs, url)})
    assert mine.post(url, {**typed, "seen": stamp}).status_code == 302


@pytest.mark.django_db
def test_facts_of_both_stay(as_user: Any, amina: User, senior: User) -> None:
    ticket = make.ticket()
    write.facts(ticket, {"deposit_date": "2026-09-01", "has_final": ""}, by=senior, at=make.NOW)
    url = reverse("tickets:facts", args=[ticket.pk])
    mine, theirs = as_user(amina), as_user(senior)
    stamp, other = opened(mine, url), opened(theirs, url)
    theirs.post(url, {"deposit_date": "2026-09-04", "seen": other})
    answer = mine.post(url, {"deposit_date": "2026-09-08", "seen": stamp})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="2026-09-08"' in page
    assert "سلمى" in page
    assert ticket.facts.get(code="deposit_date").value == "2026-09-04"
    mine.post(url, {"deposit_date": "2026-09-08", "seen": SEEN.search(page)[1]})  # type: ignore[index]
    assert ticket.facts.get(code="deposit_date").value == "2026-09-08"


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["person", "association"])
def test_who_asks_and_for_whom(as_user: Any, amina: User, senior: User, what: str) -> None:
    ticket = make.ticket()
    build: Any = {"person": make.person, "association": make.association}[what]
    one, other = build("حسن"), build("زينب")
    url = reverse(f"tickets:{what}", args=[ticket.pk])
    mine, theirs = as_user(amina), as_user(senior)
    stamp = opened(mine, url)
    theirs.post(url, {what: str(one.pk), "seen": opened(theirs, url)})
    answer = mine.post(url, {what: str(other.pk), "seen": stamp})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "حسن" in page
    assert "زينب" in page
    assert "سلمى" in page
    ticket.refresh_from_db()
    assert getattr(ticket, what) == one
    mine.post(url, {what: str(other.pk), "seen": SEEN.search(page)[1]})  # type: ignore[index]
    ticket.refresh_from_db()
    assert getattr(ticket, what) == other


@pytest.mark.django_db
def test_somebody_new_is_not_written_down_when_the_ticket_moved(
    as_user: Any, amina: User, senior: User
) -> None:
    ticket, known = make.ticket(), make.person("حسن")
    url = reverse("tickets:person", args=[ticket.pk])
    mine = as_user(amina)
    stamp = opened(mine, url)
    naming.set_person(ticket, known, standing="candidate-founder", by=senior, at=make.NOW)
    typed = {"new": "1", "name": "زينب", "standing": "candidate-founder", "seen": stamp}
    answer = mine.post(url, typed)
    assert answer.status_code == 409
    assert not Person.objects.filter(name="زينب").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["association", "person"])
def test_facts_of_an_association_and_of_a_person(
    as_user: Any, amina: User, senior: User, what: str
) -> None:
    if what == "association":
        row: Any = make.association("جمعية النخيل")
        url, field = reverse("associations:facts", args=[row.pk]), "seat"
        rest = {"name_ar": "جمعية النخيل", "legal_status": row.legal_status, "province": "07.351"}
    else:
        row = make.person("حسن")
        url, field = reverse("associations:person_facts", args=[row.pk]), "other_name"
        rest = {"name": "حسن", "language": "ar"}
    mine, theirs = as_user(amina), as_user(senior)
    stamp, other = opened(mine, url), opened(theirs, url)
    assert theirs.post(url, {**rest, field: "Gueliz", "seen": other}).status_code == 302
    answer = mine.post(url, {**rest, field: "Menara", "seen": stamp})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Gueliz" in page
    assert 'value="Menara"' in page
    assert "سلمى" in page
    row.refresh_from_db()
    assert getattr(row, field) == "Gueliz"
    again = {**rest, field: "Menara", "seen": SEEN.search(page)[1]}  # type: ignore[index]
    assert mine.post(url, again).status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) == "Menara"


def _winners(*acts: Callable[[], Any]) -> int:
    """How many of the acts, begun at one moment, found the row as they had read it."""
    gate, won = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            act()
            won.append(act)
        except Moved:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return len(won)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["filing", "facts", "person", "association"])
def test_two_edits_at_once_have_one_winner(amina: User, senior: User, what: str) -> None:
    for turn in range(6):
        ticket, person = make.ticket(), make.person("حسن")
        group = make.association(f"جمعية {turn}")

        def act(
            user: User, word: str, what: str = what, ticket: Ticket = ticket,
            person: Person = person, group: Association = group,
        ) -> Callable[[], Any]:  # fmt: skip
            row = Ticket.objects.get(pk=ticket.pk)
            who, whom = Person.objects.get(pk=person.pk), Association.objects.get(pk=group.pk)
            changed = {"name": word, "other_name": "", "email": "", "language": "ar", "speaks": ""}
            return {
                "filing": lambda: naming.file_under(
                    row, subject=word, theme=None, province="", by=user, at=make.NOW
                ),
                "facts": lambda: write.facts(
                    row, {"country": word}, by=user, at=make.NOW, seen={}
                ),
                "person": lambda: associations.change_person(
                    who, by=user, at=make.NOW, **changed
                ),
                "association": lambda: associations.change_association(
                    whom, by=user, at=make.NOW, seat=word
                ),
            }[what]  # fmt: skip

        assert _winners(act(amina, "واحد"), act(senior, "اثنان")) == 1
