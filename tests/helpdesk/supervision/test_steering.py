"""What is steered from the board: contacts are given, queues paused, advisors moved, the desk told."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connections
from django.utils import timezone

from helpdesk.accounts.models import Audit, User
from helpdesk.queues import actions as queues
from helpdesk.queues.models import Presence, Queue, Serving, Waiting
from helpdesk.supervision import team
from helpdesk.supervision.models import DeskNotice
from helpdesk.tickets.errors import AlreadyTaken
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Channel, Level
from tests import make

SOON = timedelta(hours=2)


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """Every test begins at the same minute: what pages keep for seconds would reach the next."""
    cache.clear()
    yield
    cache.clear()


def later(hours: float) -> str:
    return f"{timezone.localtime(make.NOW + timedelta(hours=hours)):%Y-%m-%dT%H:%M}"


def second_queue(**fields: Any) -> Queue:
    return Queue.objects.create(team=make.team(), name_ar="المنازعات", name_fr="Litiges", **fields)


@pytest.mark.django_db
class TestGiving:
    def test_it_becomes_theirs_and_the_thread_says_who_gave_it(
        self, amina: User, brahim: User, as_user: Any
    ) -> None:
        ticket = make.ticket()
        page = f"/desk/board/assignment/{ticket.pk}/"
        client = as_user(brahim)
        assert "أمينة" in client.get(page).content.decode()
        assert client.post(page, {"to": amina.pk}).status_code == 302
        ticket.refresh_from_db()
        assert (ticket.assignee, ticket.state) == (amina, "open")
        assert Waiting.objects.get(ticket=ticket).claimed_by == amina
        told = ticket.entries.get(kind="pass")
        assert (told.by, told.to_name) == (brahim, "أمينة")

    def test_the_loser_learns_who_has_it(
        self, amina: User, senior: User, brahim: User, as_user: Any
    ) -> None:
        ticket = make.ticket()
        queues.claim(ticket, by=senior, at=make.NOW)
        answer = as_user(brahim).post(f"/desk/board/assignment/{ticket.pk}/", {"to": amina.pk})
        assert answer.status_code == 200
        assert "سلمى" in answer.content.decode()
        ticket.refresh_from_db()
        assert ticket.assignee == senior

    def test_a_call_begins_to_be_handled(self, amina: User, brahim: User) -> None:
        ticket = make.ticket(channel=Channel.CHAT)
        queues.give(ticket, to=amina, by=brahim, at=make.NOW)
        assert amina.handlings.under_way().filter(ticket=ticket).exists()

    def test_nobody_gets_what_they_may_not_read(
        self, amina: User, brahim: User, senior: User, as_user: Any
    ) -> None:
        ticket = make.ticket()
        Ticket.objects.filter(pk=ticket.pk).update(level=Level.SEALED)
        brahim.grants.create(ticket=ticket, given_by=senior, given_at=make.NOW, reason="x")
        answer = as_user(brahim).post(f"/desk/board/assignment/{ticket.pk}/", {"to": amina.pk})
        assert "أمينة" in answer.content.decode()
        ticket.refresh_from_db()
        assert ticket.assignee is None
        Ticket.objects.filter(pk=ticket.pk).update(level=Level.RESTRICTED)
        ticket.refresh_from_db()
        queues.give(ticket, to=amina, by=brahim, at=make.NOW)
        assert ticket.assignee == amina, "a restricted one is open to whoever has it"

    @pytest.mark.parametrize("to", ["", "x", "987654321"])
    def test_somebody_must_be_chosen(
        self, amina: User, brahim: User, as_user: Any, to: str
    ) -> None:
        ticket = make.ticket()
        answer = as_user(brahim).post(f"/desk/board/assignment/{ticket.pk}/", {"to": to})
        assert answer.status_code == 200
        ticket.refresh_from_db()
        assert ticket.assignee is None


@pytest.mark.django_db(transaction=True)
def test_given_and_claimed_at_once_has_one_winner(amina: User, senior: User, brahim: User) -> None:
    for _ in range(5):
        ticket, lost = make.ticket(), []
        gate = threading.Barrier(2)

        def act(what: Any, lost: list[Any] = lost, gate: Any = gate) -> None:
            gate.wait()
            try:
                what()
            except AlreadyTaken as taken:
                lost.append(taken.taker)
            finally:
                connections.close_all()

        acts = (
            lambda pk=ticket.pk: queues.claim(Ticket.objects.get(pk=pk), by=senior, at=make.NOW),
            lambda pk=ticket.pk: queues.give(
                Ticket.objects.get(pk=pk), to=amina, by=brahim, at=make.NOW
            ),
        )
        threads = [threading.Thread(target=act, args=(one,)) for one in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        ticket.refresh_from_db()
        assert lost == [ticket.assignee]
        assert ticket.entries.filter(kind__in=["claim", "pass"]).count() == 1


@pytest.mark.django_db
class TestPausing:
    def page(self) -> str:
        return f"/desk/board/queues/{Queue.objects.first().pk}/pause/"

    def test_askers_read_why_until_it_is_over(self, brahim: User, as_user: Any) -> None:
        said = {"until": later(3), "text_ar": "انقطاع الكهرباء", "text_fr": "Coupure de courant"}
        client = as_user(brahim)
        assert client.get(self.page()).status_code == 200
        assert client.post(self.page(), said).status_code == 302
        assert Queue.objects.first().is_paused(at=make.NOW)
        audit = Audit.objects.get(act="paused-queue")
        assert (audit.user, audit.subject_kind) == (brahim, "queue")
        chat = as_user(None).get("/chat/").content.decode()
        assert "انقطاع الكهرباء" in chat
        assert "Coupure de courant" in as_user(None).get("/fr/chat/").content.decode()
        assert "انقطاع" in client.get("/desk/board/").context["board"].queues[0].why
        with time_machine.travel(make.NOW + timedelta(hours=4)):
            assert "انقطاع الكهرباء" not in as_user(None).get("/chat/").content.decode()

    def test_what_comes_in_waits_all_the_same(self, brahim: User) -> None:
        queue = Queue.objects.first()
        queues.pause(queue, until=make.NOW + SOON, why_ar="عطلة", why_fr="", by=brahim, at=make.NOW)
        ticket = make.ticket()
        assert Waiting.objects.now().get(ticket=ticket).queue == queue

    def test_opened_again_once(self, brahim: User, as_user: Any) -> None:
        queue = Queue.objects.first()
        queues.pause(queue, until=make.NOW + SOON, why_ar="س", why_fr="", by=brahim, at=make.NOW)
        assert queues.end_pause(queue, by=brahim, at=make.NOW)
        assert not queues.end_pause(queue, by=brahim, at=make.NOW)
        assert Audit.objects.filter(act="opened-queue").count() == 1
        assert not queue.is_paused(at=make.NOW)

    @pytest.mark.parametrize(
        "said",
        [
            {"until": later(-1), "text_ar": "س"}, {"until": later(24 * 31), "text_ar": "س"},
            {"until": later(1)}, {"until": "x", "text_ar": "س"}, {"text_ar": "س"},
        ],
    )  # fmt: skip
    def test_a_pause_has_an_end_and_a_reason(
        self, brahim: User, as_user: Any, said: dict[str, str]
    ) -> None:
        assert as_user(brahim).post(self.page(), said).status_code == 422
        assert not Queue.objects.first().is_paused(at=make.NOW)

    def test_only_supervisors_of_the_team(self, cast: dict[str, Any], as_user: Any) -> None:
        other = make.other_team()
        foreign = f"/desk/board/queues/{other.queues.first().pk}/pause/"
        for name, who in cast.items():
            status = as_user(who).get(self.page()).status_code
            assert (status == 200) == (name == "brahim"), name
        assert as_user(cast["brahim"]).get(foreign).status_code == 404


@pytest.mark.django_db
class TestMoving:
    def move(self, client: Any, user: User, queue: Queue | None) -> Any:
        page = f"/desk/board/team/{user.pk}/queue/"
        return client.post(page, {"queue": queue.pk if queue else ""})

    def test_what_waits_in_their_queue_comes_first(
        self, amina: User, brahim: User, as_user: Any
    ) -> None:
        litiges = second_queue(rank=9)
        first = make.ticket("الأقدم", at=make.NOW - timedelta(hours=3))
        second = make.ticket("في طابور اليوم", at=make.NOW - timedelta(hours=1))
        Waiting.objects.filter(ticket=second).update(queue=litiges)
        self.move(as_user(brahim), amina, litiges)
        desk = as_user(amina)
        desk.post("/desk/queue/next/")
        desk.post("/desk/queue/next/")
        taken = Waiting.objects.filter(claimed_by=amina).order_by("claimed_at")
        assert [row.ticket for row in taken] == [second, first]

    def test_it_holds_for_the_day_and_is_written_down(
        self, amina: User, brahim: User, as_user: Any
    ) -> None:
        litiges, client = second_queue(), as_user(brahim)
        self.move(client, amina, litiges)
        self.move(client, amina, litiges)
        row = Serving.objects.get()
        assert (row.user, row.queue, row.set_by) == (amina, litiges, brahim)
        assert Audit.objects.filter(act="moved-advisor").count() == 1
        board = client.get("/desk/board/").context["board"]
        assert {one.user: one.queue for one in board.team}[amina] == "المنازعات"
        with time_machine.travel(make.NOW + timedelta(days=1)):
            board = as_user(brahim).get("/desk/board/").context["board"]
            assert {one.queue for one in board.team} == {""}
        self.move(client, amina, None)
        assert not Serving.objects.exists()

    def test_to_another_team_they_are_posted_for_the_day(
        self, amina: User, brahim: User, as_user: Any
    ) -> None:
        other = make.other_team()
        brahim.postings.create(team=other, starts_on=make.NOW.date())
        ticket = make.ticket()
        Ticket.objects.filter(pk=ticket.pk).update(team=other)
        self.move(as_user(brahim), amina, other.queues.first())
        posting = amina.postings.get(team=other)
        assert posting.starts_on == posting.ends_on == timezone.localdate(make.NOW)
        seen = Ticket.objects.visible_to(User.objects.get(pk=amina.pk))
        assert ticket in seen

    def test_only_within_the_own_teams(self, amina: User, brahim: User, as_user: Any) -> None:
        stranger = make.user("zakaria", "advisor", of=make.other_team())
        assert self.move(as_user(brahim), stranger, Queue.objects.first()).status_code == 404
        foreign = make.other_team().queues.first()
        self.move(as_user(brahim), amina, foreign)
        assert not Serving.objects.exists()
        assert self.move(as_user(amina), amina, Queue.objects.first()).status_code == 403

    def test_nobody_is_ranked(self, amina: User, brahim: User, senior: User) -> None:
        for user in (amina, brahim, senior):
            queues.be(user, Presence.State.FREE, at=make.NOW)
            Presence.objects.filter(user=user).update(seen_at=make.NOW)
        names = [one.user.shown_name for one in team.members(brahim, at=make.NOW)]
        assert names == sorted(names)


@pytest.mark.django_db
class TestTellingTheDesk:
    def tell(self, client: Any, **more: Any) -> Any:
        said = {
            "team": make.team().pk, "text_ar": "اجتماع في الثالثة", "text_fr": "Réunion à 15 h",
            "ends_at": later(5), **more,
        }  # fmt: skip
        return client.post("/desk/board/notices/", said)

    @pytest.mark.long
    def test_every_page_shows_it_until_each_puts_it_away(
        self, amina: User, brahim: User, senior: User, as_user: Any
    ) -> None:
        assert self.tell(as_user(brahim)).status_code == 302
        desk = as_user(amina)
        for page in ("/desk/", "/desk/queue/", "/desk/me/", "/desk/notices/"):
            html = desk.get(page).content.decode()
            assert "اجتماع في الثالثة" in html, page
            assert 'role="status"' in html
        notice = DeskNotice.objects.get()
        away = f"/desk/notices/{notice.pk}/putting-away/"
        assert desk.post(away, {"next": "/desk/queue/"})["Location"] == "/desk/queue/"
        assert desk.post(away, {"next": "//evil.example/"})["Location"] == "/desk/"
        assert desk.post(away, headers={"HX-Request": "true"}).content == b""
        assert "اجتماع" not in desk.get("/desk/").content.decode()
        assert "اجتماع" in as_user(senior).get("/desk/").content.decode()
        User.objects.filter(pk=senior.pk).update(language="fr")
        assert "Réunion à 15 h" in as_user(senior).get("/desk/").content.decode()

    def test_it_begins_and_ends(self, amina: User, brahim: User, as_user: Any) -> None:
        self.tell(as_user(brahim), starts_at=later(1))
        desk = as_user(amina)
        assert "اجتماع" not in desk.get("/desk/").content.decode()
        with time_machine.travel(make.NOW + timedelta(hours=2)):
            assert "اجتماع" in as_user(amina).get("/desk/").content.decode()
        with time_machine.travel(make.NOW + timedelta(hours=6)):
            assert "اجتماع" not in as_user(amina).get("/desk/").content.decode()

    def test_ended_by_hand(self, amina: User, brahim: User, as_user: Any) -> None:
        self.tell(as_user(brahim))
        page = f"/desk/board/notices/{DeskNotice.objects.get().pk}/end/"
        assert as_user(amina).post(page).status_code == 403
        assert as_user(brahim).post(page).status_code == 302
        assert as_user(brahim).post(page).status_code == 404
        assert "اجتماع" not in as_user(amina).get("/desk/").content.decode()
        assert Audit.objects.filter(act="told-desk").count() == 2

    def test_another_team_does_not_see_it(self, brahim: User, as_user: Any) -> None:
        self.tell(as_user(brahim))
        stranger = make.user("zakaria", "advisor", of=make.other_team())
        assert "اجتماع" not in as_user(stranger).get("/desk/").content.decode()
        away = f"/desk/notices/{DeskNotice.objects.get().pk}/putting-away/"
        assert as_user(stranger).post(away).status_code == 404

    @pytest.mark.parametrize(
        "said", [{"text_ar": "", "text_fr": ""}, {"ends_at": later(-1)}, {"starts_at": later(9)}]
    )
    def test_it_says_something_for_a_time(
        self, brahim: User, as_user: Any, said: dict[str, str]
    ) -> None:
        assert self.tell(as_user(brahim), **said).status_code == 422
        assert not DeskNotice.objects.exists()
