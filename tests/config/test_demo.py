"""The demonstration: what a start always shows, and what becomes of a visitor's work."""

from datetime import timedelta
from typing import Any

import pytest

from config.demonstration import laying, load, sheets, week
from config.demonstration.laying import Laid
from config.demonstration.stories import stories
from helpdesk.accounts.actions import lay_groups
from helpdesk.accounts.models import User
from helpdesk.associations.models import Association, LegalDeadline
from helpdesk.hours.models import Schedule
from helpdesk.hours.timetables import is_open
from helpdesk.queues import actions as queues
from helpdesk.queues.models import Presence, PresenceSpell, Waiting
from helpdesk.tickets.actions import answering
from helpdesk.tickets.models import Answer, DisputeSide, Entry, Promise, Ticket
from helpdesk.tickets.rules import Level, State
from telephony.models import Call
from tests import make

NOW = make.NOW
SUNDAY_NIGHT = NOW.replace(day=22, hour=22, minute=30)
COUNT = 28


@pytest.fixture
def library(centre: Any) -> None:
    lay_groups()
    make.library()


@pytest.fixture
def demo(library: None) -> Laid:
    return laying.lay(at=NOW)


def assert_all_there(at: Any) -> None:
    assert Waiting.objects.now().count() >= 3
    soon = Promise.objects.owed().filter(window_until__range=(at, at + timedelta(hours=1)))
    assert soon.exists()
    assert Ticket.objects.late(at=at).exists()
    assert Answer.objects.awaiting().exists()


def test_the_first_start_tells_every_story(demo: Laid) -> None:
    assert demo == Laid(told=COUNT, moved=0, left=0)
    assert_all_there(NOW)
    assert_whole_territory_and_every_case()
    assert_every_stage()
    assert_answers_say_only_what_the_library_says()
    assert_nothing_in_the_future()
    assert_members_have_tickets_of_their_own()


def assert_whole_territory_and_every_case() -> None:
    assert Association.objects.exclude(email="").count() == 40
    assert set(Association.objects.exclude(email="").values_list("province", flat=True)) == {
        "07.351", "07.161", "07.041", "07.191", "07.211", "07.427", "07.431", "07.585",
    }  # fmt: skip
    assert {case.words for case in sheets.cases().values()} <= set(
        Entry.objects.filter(number=1).values_list("text", flat=True)
    )


def assert_every_stage() -> None:
    assert set(Ticket.objects.values_list("state", flat=True)) == set(State)
    assert set(Ticket.objects.values_list("level", flat=True)) == set(Level)
    assert sorted(DisputeSide.objects.values_list("side", flat=True)) == ["a", "b"]
    assert Ticket.objects.filter(ratings__score=5).exists()
    passed = LegalDeadline.objects.get(rule="final-receipt", state="passed")
    assert (passed.due_on - passed.event_on).days == 60


def assert_answers_say_only_what_the_library_says() -> None:
    for answer in Answer.objects.prefetch_related("given__version__statements"):
        given = {
            s.key: s.text
            for one in answer.given.all()
            for s in one.version.statements.all()
            if s.key in one.statements
        }
        said = [line[2:] for line in answer.text.split("\n") if line.startswith("- ")]
        assert said
        assert set(said) <= {
            s.text for one in answer.given.all() for s in one.version.statements.all()
        }
        assert given


def assert_nothing_in_the_future() -> None:
    assert not Entry.objects.filter(at__gt=NOW).exists()
    assert not Ticket.objects.filter(moved_at__gt=NOW).exists()
    for story in stories():
        ticket = Entry.objects.get(key=f"demo:{story.slug}").ticket
        assert not laying._is_touched(story, ticket), story.slug


def test_the_centre_is_open_on_a_sunday_night(library: None) -> None:
    laying.lay(at=SUNDAY_NIGHT)
    assert_all_there(SUNDAY_NIGHT)
    assert is_open(Schedule.objects.get(), at=SUNDAY_NIGHT)


@pytest.mark.long
def test_the_next_start_moves_the_times(demo: Laid) -> None:
    later = NOW + timedelta(hours=5)
    before = Ticket.objects.in_bulk()
    assert laying.lay(at=later) == Laid(told=0, moved=COUNT, left=0)
    assert_all_there(later)
    for pk, ticket in Ticket.objects.in_bulk().items():
        assert ticket.opened_at - before[pk].opened_at == timedelta(hours=5)
    told = Entry.objects.filter(kind="promise").exclude(data__from=None).first()
    assert told is not None
    owed = Promise.objects.get(pk=told.data["promise"])
    assert told.data["until"] == owed.window_until.isoformat()


@pytest.mark.long
def test_what_a_visitor_did_stays_for_six_hours(demo: Laid) -> None:
    amina = User.objects.get(username="demo-amina")
    mine = make.ticket("سؤال زائر", at=NOW)
    taken = [w.ticket for w in Waiting.objects.now().exclude(ticket=mine)]
    for ticket in taken[:2]:
        queues.claim(ticket, by=amina, at=NOW + timedelta(minutes=5))
    soon = NOW + timedelta(minutes=30)
    laid = laying.lay(at=soon)
    assert_all_there(soon)
    assert laid.left == 2 or laid.told
    laying.lay(at=NOW + timedelta(hours=7))
    assert not Ticket.objects.filter(pk__in=[t.pk for t in taken[:2]]).exists()
    assert Ticket.objects.filter(pk=mine.pk).exists()
    assert Ticket.objects.count() == COUNT + 1


@pytest.mark.long
def test_promises_of_the_demonstration_are_mended(demo: Laid) -> None:
    """All that waited was taken, released and kept: the next start has it all again."""
    amina = User.objects.get(username="demo-amina")
    brahim = User.objects.get(username="demo-brahim")
    at = NOW + timedelta(minutes=10)
    for waiting in Waiting.objects.now().select_related("ticket"):
        queues.claim(waiting.ticket, by=amina, at=at)
    answering.release(Answer.objects.awaiting().get(), by=brahim, at=at)
    Promise.objects.owed().update(state=Promise.State.KEPT)
    Ticket.objects.filter(first_answered_at=None).update(first_answered_at=at)
    later = NOW + timedelta(minutes=20)
    laid = laying.lay(at=later)
    assert_all_there(later)
    assert 0 < laid.told < COUNT


@pytest.mark.long
def test_the_next_day_everything_is_told_anew(demo: Laid) -> None:
    tomorrow = NOW + timedelta(days=1)
    assert laying.lay(at=tomorrow) == Laid(told=COUNT, moved=0, left=0)
    assert_all_there(tomorrow)
    assert Ticket.objects.count() == COUNT
    passed = LegalDeadline.objects.get(rule="final-receipt", state="passed")
    assert (tomorrow.date() - passed.event_on).days == 76
    assert laying.lay(at=tomorrow, fresh=True).told == COUNT
    assert Ticket.objects.count() == COUNT


def assert_members_have_tickets_of_their_own() -> None:
    for name, states in (("chama", {"closed", "new"}), ("driss", {"answered"})):
        user = User.objects.get(username=f"demo-{name}")
        assert not user.has_usable_password()
        own = Ticket.objects.visible_to(user)
        assert {ticket.state for ticket in own} == states


@pytest.mark.long
def test_a_week_of_calls_is_laid_once_and_each_day_after_adds_its_own(library: None) -> None:
    late = NOW.replace(hour=16)
    first = laying.lay(at=late, calls=True)
    calls = Call.objects.filter(key__startswith=week.KEY)
    assert first.calls == calls.count() > 20
    assert set(calls.values_list("line", flat=True)) == {"web", "desk"}
    states = set(calls.values_list("state", flat=True))
    assert (
        {"done", "abandoned", "call-back"} <= states <= {"done", "abandoned", "short", "call-back"}
    )
    assert calls.filter(hold_seconds__gt=0, talk_seconds__gt=0).exists()
    assert calls.filter(turn=2).exists()
    assert not Call.objects.filter(started_at__gt=late).exists()
    assert not calls.live().exists()
    assert not Promise.objects.owed().filter(ticket__calls__in=calls).exists()
    assert not Waiting.objects.now().filter(ticket__calls__in=calls).exists()
    assert not Presence.objects.exclude(sent_at=None).exists()
    assert PresenceSpell.objects.filter(ended_at__lt=late - timedelta(days=2)).exists()
    assert not load.has_real_tickets()
    again = laying.lay(at=late + timedelta(hours=1), calls=True)
    assert (again.calls, again.told) == (0, 0)
    tomorrow = laying.lay(at=late + timedelta(days=1), calls=True)
    assert 1 <= tomorrow.calls <= week.LATEST
    laying.lay(at=late + timedelta(days=40), calls=True)
    oldest = calls.order_by("started_at").first()
    assert oldest is not None
    assert oldest.started_at > late + timedelta(days=32)
