"""A practice day: who takes part, what says so, what never leaves, and how it ends."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.installation.actions import make_centre
from config.installation.practice import acts, invented, records
from config.management.commands import handover
from helpdesk.accounts.models import Audit, User
from helpdesk.centre.models import Centre
from helpdesk.centre.practice import answering
from helpdesk.portal import slip
from helpdesk.queues import reception
from helpdesk.queues.actions import be
from helpdesk.queues.models import Presence, PresenceSpell, Queue
from helpdesk.tickets.models import Ticket
from telephony import actions as telephony
from telephony.actions import dialling
from telephony.models import Call
from telephony.providers.hook.models import Told
from tests import make
from tests.telephony.hooking import SECRET, Exchange

pytestmark = pytest.mark.django_db
HOST = "souss.example.org"
PAGE = "/desk/centre/practice/"
MARK = "تجريبي: الطلبات مختلقة ولا شيء يرسل"


@pytest.fixture
def practice(centre: Centre, administrator: User) -> Centre:
    held = acts.begin(centre, by=administrator, at=make.NOW)
    cache.clear()
    return held


@pytest.fixture
def inside(practice: Centre, amina: User, as_user: Any) -> Client:
    """Amina, who takes part."""
    client: Client = as_user(amina)
    client.post(f"{PAGE}part/", {"part": "yes"})
    amina.refresh_from_db()
    amina.__dict__.pop("_scope", None)
    return client


def text(page: Any) -> str:
    return str(page.content.decode())


def test_an_administrator_begins_it_and_is_in_it(
    centre: Centre, administrator: User, as_user: Any
) -> None:
    client = as_user(administrator)
    assert "practice/beginning/" in text(client.get(PAGE))
    assert PAGE in text(client.get("/desk/centre/steps/practice/"))
    for _ in range(2):
        assert client.post(f"{PAGE}beginning/")["Location"] == PAGE
    held = Centre.objects.get(practice_of=centre)
    administrator.refresh_from_db()
    assert administrator.practising == held
    page = text(client.get(PAGE))
    assert MARK in page
    for _ in range(6):
        client.post(f"{PAGE}requests/")
    assert Ticket.objects.filter(centre=held).count() == 25
    assert client.get("/desk/centre/").context["centre"] == centre, "the set-up is the real one"


def test_every_page_of_who_takes_part_says_so_and_nobody_elses(
    practice: Centre, inside: Client, brahim: User, as_user: Any
) -> None:
    real = make.ticket("سؤال حقيقي")
    inside.post("/chat/", {"words": "سؤال", "key": "k" * 24, "language": "ar"})
    ticket = Ticket.objects.get(centre=practice)
    for address in ("/desk/", "/desk/queue/", f"/desk/tickets/{ticket.pk}/", "/chat/", "/ask/theme/",
                    "/call/"):  # fmt: skip
        assert MARK in text(inside.get(address)), address
    assert "سؤال حقيقي" not in text(inside.get("/desk/queue/"))
    assert inside.get(f"/desk/tickets/{real.pk}/").status_code == 404
    other = as_user(brahim)
    for address in ("/desk/", "/desk/queue/", "/desk/board/"):
        page = text(other.get(address))
        assert MARK not in page, address
        assert ticket.reference not in page, address
    assert other.get(f"/desk/tickets/{ticket.pk}/").status_code == 404
    assert MARK not in text(Client().get("/chat/"))
    chief = as_user(brahim)
    chief.post(f"{PAGE}part/", {"part": "yes"})
    assert MARK in text(chief.get("/desk/board/"))


def test_the_receipt_says_so_wherever_it_is_read(
    practice: Centre, inside: Client, amina: User
) -> None:
    made = make.received("سؤال", centre=practice, with_code=True)
    assert slip.receipt(made.ticket, made.code).is_practice
    assert not slip.receipt(make.ticket("حقيقي"), "1" * 16).is_practice
    asker = Client()
    said = {"reference": made.ticket.reference, "code": made.code}
    assert MARK in text(asker.post("/follow/", said, follow=True))


def test_nobody_who_practises_is_there_for_the_real_desk(
    practice: Centre, inside: Client, amina: User
) -> None:
    real, ours = Queue.objects.order_by("pk")
    assert ours.team.centre == practice
    be(amina, Presence.State.FREE, at=make.NOW)
    assert not reception.is_staffed(real, at=make.NOW)
    assert reception.is_staffed(ours, at=make.NOW)
    assert not PresenceSpell.objects.exists(), "it is no time at work"
    inside.post(f"{PAGE}part/", {"part": "no"})
    assert not Presence.objects.exists(), "she had said nothing of herself before"


@pytest.mark.parametrize("wiped", [False, True])
def test_whoever_comes_back_is_away_since_they_were(
    practice: Centre, centre: Centre, amina: User, senior: User, administrator: User, wiped: bool
) -> None:
    at = [make.NOW + timedelta(minutes=n) for n in range(5)]
    be(amina, Presence.State.AWAY, at=at[0])
    be(senior, Presence.State.FREE, at=at[0])
    people = {amina: at[0], senior: at[2]}
    for who in people:
        acts.join(who, practice, at=at[2])
        who.refresh_from_db()
        acts.join(who, practice, at=at[3])
        be(who, Presence.State.FREE, at=at[3])
    if wiped:
        size = acts.size(records.gathered(practice))
        acts.wipe(centre, expected=size, by=administrator, at=at[4])
    else:
        for who in people:
            acts.leave(who, at=at[4])
    for who, since in people.items():
        row = Presence.objects.get(user=who)
        assert (row.state, row.since, row.away_since) == (Presence.State.AWAY, since, None)
    spell = PresenceSpell.objects.get()
    assert (spell.user, spell.began_at, spell.ended_at) == (senior, at[0], at[2])


def test_whoever_does_not_practise_leaves_nothing(amina: User, as_user: Any) -> None:
    be(amina, Presence.State.FREE, at=make.NOW)
    as_user(amina).post(f"{PAGE}part/", {"part": "no"})
    acts.leave(amina, at=make.NOW)
    assert Presence.objects.get(user=amina).state == Presence.State.FREE


def test_nobody_goes_in_or_out_with_a_call_in_hand(
    practice: Centre, amina: User, as_user: Any
) -> None:
    make.call(amina)
    page = as_user(amina).post(f"{PAGE}part/", {"part": "yes"}, follow=True)
    assert "أنهوا أولا" in text(page)
    amina.refresh_from_db()
    assert amina.practising is None


def test_before_the_opening_its_lines_lead_into_the_practice(
    practice: Centre, not_open: Centre, settings: Any
) -> None:
    settings.LINE_HOOK_SECRETS = {"pbx": SECRET}
    exchange = Exchange()
    assert exchange.said("ringing", number="0612345678").status_code == 200
    assert Call.objects.get().centre == practice
    found = records.gathered(Centre.objects.get(pk=practice.pk))
    acts.wipe(not_open, expected=acts.size(found), by=None, at=make.NOW)
    cache.clear()
    assert exchange.said("ringing", "c2").status_code == 503
    assert not Call.objects.exists()


def test_once_open_a_line_is_real_whoever_practises(practice: Centre, centre: Centre) -> None:
    assert answering(centre, at=make.NOW) == centre


def test_nobody_outside_is_called(
    practice: Centre, inside: Client, amina: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr("telephony.providers.dials", lambda: True)
    ticket = make.ticket("سؤال", centre=practice, contact_number="+212612345678")
    with pytest.raises(dialling.NotCalled, match="التجريب"):
        dialling._call(ticket.contact_number, by=amina, at=make.NOW, key="k", ticket=ticket)
    assert not telephony.in_call(amina, at=make.NOW)


def test_it_is_wiped_only_as_it_was_shown_and_by_who_is_sure(
    practice: Centre, inside: Client, centre: Centre, administrator: User, as_user: Any
) -> None:
    client = as_user(administrator)
    size = client.get(f"{PAGE}wiping/").context["size"]
    assert client.post(f"{PAGE}wiping/", {"size": size}).status_code == 409
    make.ticket("سؤال", centre=practice)
    for wrong in (size, "", "x", "٣", "9" * 5000):
        assert client.post(f"{PAGE}wiping/", {"size": wrong, "sure": "on"}).status_code == 409
    assert Ticket.objects.exists()
    size = client.get(f"{PAGE}wiping/").context["size"]
    assert client.post(f"{PAGE}wiping/", {"size": size, "sure": "on"})["Location"] == PAGE
    assert not Ticket.objects.exists()
    assert list(Centre.objects.all()) == [centre]
    assert Audit.objects.get(act="wiped-practice").facts["ticket"] == 1
    assert inside.get("/desk/").status_code == 200, "back at the real desk"
    assert client.post(f"{PAGE}wiping/", {"size": size, "sure": "on"})["Location"] == PAGE
    again = acts.begin(centre, by=administrator, at=make.NOW + timedelta(days=1))
    assert acts.size(records.gathered(again)) > 0


def test_each_centre_has_its_own_and_its_lines_lead_there(
    practice: Centre, not_open: Centre, administrator: User, settings: Any
) -> None:
    settings.LINE_HOOK_SECRETS = {"pbx": SECRET, "souss": SECRET[::-1]}
    settings.ALLOWED_HOSTS = ["testserver", HOST]
    second = make_centre(
        slug="souss", name_ar="مركز آخر", name_fr="Autre", host=HOST, line_keys=["souss"]
    )
    theirs = acts.begin(second, by=administrator, at=make.NOW)
    assert acts.begin(second, by=administrator, at=make.NOW) == theirs
    cache.clear()
    Exchange().said("ringing", number="0612345678")
    souss = Exchange(key="souss", secret=SECRET[::-1])
    souss.said("ringing", number="0612345678")
    assert [call.centre for call in Call.objects.order_by("pk")] == [practice, theirs]
    Centre.objects.filter(pk=second.pk).update(opened_at=timezone.now())
    cache.clear()
    souss.said("ended")
    souss.said("ringing", "c2")
    assert [call.centre for call in Call.objects.order_by("pk")] == [practice, theirs, second]
    assert Client(headers={"host": HOST}).get("/ask/theme/").status_code == 200
    assert Client().get("/ask/theme/").status_code == 503, "a practice opens nothing to the public"
    found = records.gathered(Centre.objects.get(pk=practice.pk))
    acts.wipe(not_open, expected=acts.size(found), by=None, at=make.NOW)
    assert [call.centre for call in Call.objects.order_by("pk")] == [theirs, second]
    assert set(Told.objects.values_list("key", flat=True)) == {"souss"}
    assert Told.objects.count() == 3


def test_a_contact_after_the_opening_is_real(
    practice: Centre, not_open: Centre, inside: Client, administrator: User, settings: Any
) -> None:
    settings.LINE_HOOK_SECRETS = {"pbx": SECRET}
    exchange = Exchange()
    exchange.said("ringing")
    Centre.objects.filter(pk=not_open.pk).update(opened_at=timezone.now())
    cache.clear()
    exchange.said("answered")
    exchange.said("ringing", "c2")
    assert [call.centre for call in Call.objects.order_by("pk")] == [practice, not_open]
    Client().post("/chat/", {"words": "سؤال", "key": "k" * 24, "language": "ar"})
    inside.post("/chat/", {"words": "سؤال", "key": "q" * 24, "language": "ar"})
    chats = Ticket.objects.filter(channel="chat").order_by("pk")
    assert [ticket.centre for ticket in chats] == [not_open, practice]


def test_programs_do_not_practise_and_the_set_up_stays_the_real_one(
    practice: Centre, administrator: User, as_user: Any
) -> None:
    client = as_user(administrator)
    assert client.get("/desk/organisations/").status_code == 200
    client.post(f"{PAGE}part/", {"part": "yes"})
    assert client.get("/desk/organisations/").status_code == 403
    assert client.get("/desk/health/").status_code == 200
    assert handover.centre_named(None) == practice.practice_of
    with pytest.raises(CommandError):
        handover.centre_named(practice.slug)


@pytest.mark.parametrize("address", ["/desk/", "/desk/queue/", "/ask/theme/", "/"])
def test_who_does_not_practise_pays_no_query_for_it(
    centre: Centre, brahim: User, administrator: User, amina: User, as_user: Any, address: str
) -> None:
    client = as_user(brahim) if address.startswith("/desk/") else Client()

    def asked() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    before = asked()
    held = acts.begin(centre, by=administrator, at=make.NOW)
    acts.join(amina, held, at=make.NOW)
    invented.bring(held, at=make.NOW)
    assert asked() == before
