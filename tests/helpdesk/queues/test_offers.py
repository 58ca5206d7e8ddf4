"""Who is asked first: state × connection × load, then language, theme, territory and the longest idle."""

from datetime import date, timedelta
from typing import Any

import pytest

from helpdesk.accounts.models import Posting, User
from helpdesk.queues import actions as queues
from helpdesk.queues.jobs import end_forgotten, offer_due
from helpdesk.queues.models import Handling, Presence, Queue, Serving, Waiting
from helpdesk.tickets.errors import AlreadyTaken
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Channel
from knowledge.articles.models import Theme
from telephony import actions as telephony
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.NOW
SECOND = timedelta(seconds=1)


@pytest.fixture
def desk(amina: User, senior: User, brahim: User) -> Any:
    """Three people connected; `desk(amina, idle=9)` makes somebody free since so many minutes."""

    def free(user: User, *, idle: int = 1, at: Any = NOW) -> User:
        Presence.objects.update_or_create(
            user=user, defaults={"state": "free", "since": at - idle * 60 * SECOND, "seen_at": at}
        )
        return user

    return free


def chat(words: str = "سلام", **fields: Any) -> Ticket:
    return make.ticket(words, channel=Channel.CHAT, **fields)


def offered(ticket: Ticket) -> Any:
    return Waiting.objects.get(ticket=ticket, ended_at=None).offered_to


def test_the_longest_idle_is_asked_first(desk: Any, amina: User, senior: User) -> None:
    desk(amina, idle=3), desk(senior, idle=9)
    assert offered(chat()) == senior


def test_language_before_theme_before_territory_before_idle(
    desk: Any, centre: Any, amina: User, senior: User, brahim: User
) -> None:
    receipt, money = (Theme.objects.create(code=c, name_ar=c, name_fr=c) for c in "AB")
    Posting.objects.filter(user=brahim).update(province="07.351")
    for user, speaks, themes in (
        (amina, ["ar", "shi"], [money]), (senior, ["ar"], [receipt]), (brahim, ["ar"], [money]),
    ):  # fmt: skip
        User.objects.filter(pk=user.pk).update(speaks=speaks)
        user.themes.set(themes)
    desk(amina, idle=1), desk(senior, idle=2), desk(brahim, idle=3)
    spoken = {
        "tashelhit": (chat(language="shi", theme=receipt), amina),
        "theme": (chat(theme=receipt), senior),
        "territory": (chat(theme=money, province="07.351"), brahim),
    }
    assert {name: offered(ticket) for name, (ticket, _) in spoken.items()} == {
        name: user for name, (_, user) in spoken.items()
    }


def test_who_serves_the_queue_today_comes_first(desk: Any, amina: User, senior: User) -> None:
    desk(amina, idle=1), desk(senior, idle=9)
    Serving.objects.create(
        user=amina, queue=Queue.objects.get(), day=date(2026, 11, 24), set_at=NOW
    )
    assert offered(chat()) == amina


def test_nobody_out_of_reach_is_asked(desk: Any, amina: User, senior: User, editor: User) -> None:
    Posting.objects.filter(user=amina).update(province="07.161")
    desk(amina), desk(editor)
    assert offered(chat(province="07.351")) is None
    Posting.objects.filter(user=amina).update(province="", ends_on="2026-11-23")
    assert offered(chat()) is None


def test_a_restricted_contact_goes_to_who_may_read_it(desk: Any, amina: User, senior: User) -> None:
    desk(amina, idle=9), desk(senior, idle=1)
    assert offered(chat(level=1)) == senior


@pytest.mark.parametrize(
    "change", [{"state": "busy"}, {"state": "break"}, {"seen_at": NOW - 61 * SECOND},
               {"seen_at": None}],
)  # fmt: skip
def test_who_is_not_free_or_not_there_is_not_asked(desk: Any, amina: User, change: Any) -> None:
    desk(amina)
    Presence.objects.update(**change)
    assert offered(chat()) is None


def test_capacity_counts_chats_and_a_call_is_all_of_it(desk: Any, amina: User) -> None:
    desk(amina)
    for _ in range(3):
        queues.claim(chat(), by=amina, at=NOW)
    assert offered(chat()) is None
    Handling.objects.all().delete()
    call = telephony.answer_telephone(by=amina, at=NOW, number=None, key="k1")
    assert queues.assign(at=NOW) == 0
    assert Presence.objects.with_load(at=NOW).get().load == 3
    Handling.objects.filter(started_at=call.started_at).update(wrapped_at=NOW)
    assert queues.assign(at=NOW) == 1


def test_an_offer_goes_on_after_twenty_seconds_and_round_again(
    desk: Any, amina: User, senior: User
) -> None:
    desk(amina, idle=9), desk(senior, idle=5)
    ticket = chat()
    seen = []
    for seconds in (0, 19, 20, 39, 40, 79, 80):
        at = NOW + seconds * SECOND
        Presence.objects.update(seen_at=at)
        offer_due(at=at)
        seen.append(offered(ticket))
    assert seen == [amina, amina, senior, senior, None, None, amina]
    assert Waiting.objects.get(ticket=ticket).passed == []


def test_the_list_stays_open_while_an_offer_stands(desk: Any, amina: User, senior: User) -> None:
    desk(amina)
    ticket = chat()
    assert offered(ticket) == amina
    queues.claim(ticket, by=senior, at=NOW)
    with pytest.raises(AlreadyTaken):
        queues.claim(ticket, by=amina, at=NOW)
    assert not Waiting.objects.offered_to(amina, at=NOW).exists()


def test_passing_asks_the_next_at_once(desk: Any, amina: User, senior: User) -> None:
    desk(amina, idle=9), desk(senior, idle=1)
    ticket = chat()
    assert queues.decline(ticket, by=amina, at=NOW)
    assert not queues.decline(ticket, by=amina, at=NOW)
    assert offered(ticket) == senior
    assert queues.decline(ticket, by=senior, at=NOW)
    assert offered(ticket) is None


def test_one_has_one_offer_at_a_time(desk: Any, amina: User) -> None:
    desk(amina)
    first, second = chat(), chat()
    assert (offered(first), offered(second)) == (amina, None)
    queues.claim(first, by=amina, at=NOW)
    offer_due(at=NOW)
    assert offered(second) == amina


def test_becoming_free_is_being_asked(desk: Any, amina: User, senior: User) -> None:
    ticket = chat()
    assert offered(ticket) is None
    Presence.objects.create(user=amina, state="away", since=NOW, seen_at=NOW)
    queues.be(amina, Presence.State.FREE, at=NOW)
    assert offered(ticket) == amina
    queues.be(amina, Presence.State.BREAK, at=NOW)
    assert offered(ticket) is None


def test_saying_the_same_again_keeps_the_idle_time(desk: Any, amina: User) -> None:
    desk(amina, idle=9)
    queues.be(amina, Presence.State.FREE, at=NOW)
    assert Presence.objects.get().since == NOW - 9 * 60 * SECOND


def test_ending_a_contact_is_being_asked(desk: Any, amina: User) -> None:
    desk(amina)
    User.objects.filter(pk=amina.pk).update(capacity=1)
    first = queues.claim(chat(), by=amina, at=NOW)
    second = chat()
    assert offered(second) is None
    at = NOW + 90 * SECOND
    Presence.objects.update(seen_at=at)
    queues.end_talk(first, by=amina, at=NOW + 60 * SECOND)
    assert offered(second) is None
    queues.release(first, by=amina, at=at)
    assert offered(second) == amina
    done = Handling.objects.get()
    assert (done.talk_seconds, done.wrapup_seconds) == (60, 30)
    assert queues.release(first, by=amina, at=at) is None


def test_coming_back_is_being_asked(desk: Any, amina: User) -> None:
    desk(amina)
    Presence.objects.update(seen_at=NOW - 2 * 60 * SECOND)
    ticket = chat()
    assert queues.seen(amina, at=NOW)
    assert offered(ticket) == amina
    assert not queues.seen(amina, at=NOW + 14 * SECOND)
    assert Presence.objects.get().seen_at == NOW
    assert not queues.seen(amina, at=NOW + 16 * SECOND)
    assert Presence.objects.get().seen_at == NOW + 16 * SECOND


def test_an_open_socket_is_a_desk_that_is_there(
    desk: Any, amina: User, senior: User, editor: User
) -> None:
    desk(amina), desk(senior)
    later = NOW + 61 * SECOND
    ticket = chat(at=later)
    assert offered(ticket) is None
    assert queues.seen_all([amina.pk, editor.pk, 10**9], at=later) == 1
    assert offered(ticket) == amina
    assert queues.seen_all([amina.pk], at=later) == 0
    assert not Presence.objects.filter(user=editor).exists()


def test_written_questions_are_picked_unless_the_queue_pushes(desk: Any, amina: User) -> None:
    desk(amina)
    ticket = make.ticket()
    offer_due(at=NOW)
    assert offered(ticket) is None
    Queue.objects.update(push_written=True, push_live=False)
    offer_due(at=NOW)
    assert offered(ticket) == amina
    queues.claim(ticket, by=amina, at=NOW)
    assert not Handling.objects.exists()
    assert offered(chat()) is None


def test_a_paused_queue_offers_nothing(desk: Any, amina: User) -> None:
    desk(amina)
    Queue.objects.update(paused_until=NOW + 60 * SECOND)
    ticket = chat()
    assert offered(ticket) is None
    Presence.objects.update(seen_at=NOW + 61 * SECOND)
    offer_due(at=NOW + 61 * SECOND)
    assert offered(ticket) == amina


def test_the_oldest_waits_first(desk: Any, amina: User) -> None:
    new, old = chat(), chat(at=NOW - 60 * SECOND)
    desk(amina)
    offer_due(at=NOW)
    assert (offered(old), offered(new)) == (amina, None)


def test_a_contact_passed_on_takes_its_handling_along(desk: Any, amina: User, senior: User) -> None:
    ticket = queues.claim(chat(), by=amina, at=NOW)
    queues.pass_on(ticket, to=senior, by=amina, at=NOW + 30 * SECOND)
    first, second = Handling.objects.order_by("pk")
    assert (first.user, first.talk_seconds, first.wrapped_at) == (amina, 30, NOW + 30 * SECOND)
    assert (second.user, second.wrapped_at) == (senior, None)
    desk(amina)
    queues.pass_on(ticket, to=None, by=senior, at=NOW)
    assert offered(ticket) == amina


def test_work_that_nobody_ended_is_ended(desk: Any, amina: User) -> None:
    ticket = queues.claim(chat(), by=amina, at=NOW)
    assert end_forgotten(at=NOW + 3600 * SECOND) == 0
    assert end_forgotten(at=NOW + 5 * 3600 * SECOND) == 1
    assert Handling.objects.get().wrapped_at == NOW
    again = queues.claim(chat(), by=amina, at=NOW)
    Ticket.objects.filter(pk=again.pk).update(state="closed", closed_at=NOW + 60 * SECOND)
    assert end_forgotten(at=NOW + 90 * SECOND) == 1
    assert Handling.objects.get(ticket=again).talk_seconds == 60
    assert ticket.pk != again.pk


def test_the_desk_shows_the_offer_and_passes_it(
    desk: Any, amina: User, senior: User, as_user: Any
) -> None:
    client = as_user(amina)
    client.post("/desk/presence/", {"state": "free"})
    client.get("/desk/")
    ticket = chat()
    page = client.get("/desk/lists/").content.decode()
    assert f"/desk/tickets/{ticket.pk}/refusal/" in page
    assert f'id="shared-{ticket.pk}"' in page  # the open list has it too
    assert "refusal" not in as_user(senior).get("/desk/").content.decode()
    client.post(f"/desk/tickets/{ticket.pk}/refusal/")
    assert offered(ticket) is None
    assert "refusal" not in client.get("/desk/lists/").content.decode()
    client.post(f"/desk/tickets/{ticket.pk}/claim/")
    assert ">1/3<" in client.get("/desk/").content.decode()


def test_the_desk_that_asks_is_connected(desk: Any, amina: User, as_user: Any) -> None:
    client = as_user(amina)
    client.get("/desk/lists/")
    assert Presence.objects.get().seen_at
    assert Presence.objects.get().state == "away"


def test_after_the_talk_there_is_a_short_wrap_up(desk: Any, amina: User) -> None:
    ticket = queues.claim(chat(), by=amina, at=NOW)
    queues.end_talk(ticket, at=NOW + 60 * SECOND)
    assert end_forgotten(at=NOW + 120 * SECOND) == 0
    assert Presence.objects.filter(user=amina).count() == 0
    assert end_forgotten(at=NOW + 300 * SECOND) == 1
    assert Handling.objects.get().wrapup_seconds == 120


def test_an_offer_made_in_vain_is_taken_back(desk: Any, amina: User) -> None:
    """Else it would keep its person from every other offer."""
    desk(amina)
    ticket = chat()
    Waiting.objects.update(channel=Channel.WEB)
    later = NOW + 20 * SECOND
    offer_due(at=later)
    assert offered(ticket) is None
    assert offered(chat(at=later)) == amina
