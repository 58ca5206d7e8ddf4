"""Merging is a row: what moves, what stays, and the way back, case by case."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.associations.actions import merging as persons
from helpdesk.associations.models import LegalDeadline, Person
from helpdesk.centre import moving
from helpdesk.files.actions import store
from helpdesk.live.actions import draft_of, save_draft
from helpdesk.notices.models import Notice
from helpdesk.queues import actions as queues
from helpdesk.queues import merging as acts
from helpdesk.queues.models import Handling, Waiting
from helpdesk.tickets.actions import (
    answering,
    closing,
    levels,
    merging,
    naming,
    promising,
    rating,
    timing,
    write,
)
from helpdesk.tickets.actions.answering import Quote
from helpdesk.tickets.chats import Chat
from helpdesk.tickets.desk_models import Snooze, Tag, Tagging
from helpdesk.tickets.errors import MergedAway, NotYours, Overtaken, StillMerged
from helpdesk.tickets.models import Merge, Ticket
from helpdesk.tickets.opinion_models import Rating
from helpdesk.tickets.querysets import draft_place
from helpdesk.tickets.rules import Channel, Help, Kind, Level, Outcome, State
from knowledge.articles import access as library
from telephony.models import Call
from tests import make

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(hours=1)


@pytest.fixture
def asker(centre: Any) -> Any:
    return make.person("فاطمة", number="0661000111")


@pytest.fixture
def pair(asker: Any, amina: Any) -> tuple[Any, Any]:
    """Two requests of one person, the first of them Amina's."""
    source = make.ticket("سؤال عن الوصل", person=asker, with_code=True)
    target = make.ticket("نفس السؤال مرة أخرى", person=asker, with_code=True)
    queues.claim(source, by=amina, at=make.NOW)
    write.note(target, "ملاحظة", by=amina, at=make.NOW)
    return source, target


def merge(source: Any, target: Any, by: Any) -> Merge:
    return acts.merge(source, target, by=by, at=LATER)


# --- the table of cases -------------------------------------------------------------------------


def chat_lines(ticket: Any, amina: Any) -> None:
    for n in range(5):
        write.entry(
            ticket, Kind.LINE, at=make.NOW, text=f"سطر {n}", from_asker=n % 2 == 0,
            by=None if n % 2 == 0 else amina, key=f"line:{ticket.pk}:{n}",
        )  # fmt: skip


def promises(ticket: Any, amina: Any) -> None:
    for hours in (2, 30):
        owed = promising.promise(
            ticket, by=amina, at=make.NOW, window_from=make.NOW + timedelta(hours=hours),
            window_until=make.NOW + timedelta(hours=hours + 2), key=f"owed:{ticket.pk}:{hours}",
        )  # fmt: skip
    promising.attempt(owed, by=amina, at=make.NOW, reached=False)


def _answer(ticket: Any, amina: Any, *, four_eyes: bool) -> Any:
    make.library()
    version = library.current_version("T03-receipt", language="ar")
    return answering.answer(
        ticket, "جوابنا.", by=amina, at=make.NOW, language="ar", help=Help.ADVICE,
        quotes=[Quote(version)], four_eyes=four_eyes, key=f"answer:{ticket.pk}",
    )  # fmt: skip


def answer_out(ticket: Any, amina: Any) -> None:
    _answer(ticket, amina, four_eyes=False)


def answer_awaiting(ticket: Any, amina: Any) -> None:
    _answer(ticket, amina, four_eyes=True)


def answer_returned(ticket: Any, amina: Any) -> None:
    reviewer = make.user(f"reviewer{ticket.pk}", "senior")
    answering.send_back(
        _answer(ticket, amina, four_eyes=True), by=reviewer, at=make.NOW, why="ينقص أجل"
    )


def deadlines(ticket: Any, amina: Any) -> None:
    naming.set_association(ticket, make.association("جمعية الأمل"), by=amina, at=make.NOW)
    day = (make.NOW - timedelta(days=20)).date()
    timing.count(ticket, "final-receipt", event_on=day, by=amina, at=make.NOW)


def files(ticket: Any, amina: Any) -> None:
    from io import BytesIO

    stored = store("وصل.txt", BytesIO(b"scan"), at=make.NOW)
    write.entry(ticket, Kind.LINE, at=make.NOW, text="هذا الوصل", from_asker=True, files=[stored])


def facts(ticket: Any, amina: Any) -> None:
    write.facts(ticket, {"deposit_date": "2026-09-01", "has_final": "no"}, by=amina, at=make.NOW)


def a_call(ticket: Any, amina: Any) -> None:
    queues.receive(
        Channel.PHONE, key=f"call:test:{ticket.pk}", at=make.NOW, centre=ticket.centre,
        words="اتصلت", language="ar", ticket=ticket, by=amina, waits=False, data={"seconds": 40},
    )  # fmt: skip
    Call.objects.create(
        centre=ticket.centre, user=amina, ticket=ticket, started_at=make.NOW, key=f"k{ticket.pk}"
    )
    Handling.objects.create(ticket=ticket, user=amina, channel=Channel.PHONE, started_at=make.NOW)


def a_mail(ticket: Any, amina: Any) -> None:
    queues.receive(
        Channel.MAIL, key=f"mail:test:{ticket.pk}", at=make.NOW, centre=ticket.centre,
        words="رسالة", language="ar", ticket=ticket, data={"subject": "س"},
    )  # fmt: skip


def rated(ticket: Any, amina: Any) -> None:
    answer_out(ticket, amina)
    rating.rate(ticket, score=4, words="شكرا", at=make.NOW)


def closed(ticket: Any, amina: Any) -> None:
    closing.close(ticket, by=amina, at=make.NOW, outcome=Outcome.ADVICE_GIVEN, help=Help.ADVICE)


def restricted_both(ticket: Any, amina: Any) -> None:
    Ticket.objects.update(level=Level.RESTRICTED)


def on_one_side(ticket: Any, amina: Any) -> None:
    naming.set_association(ticket, make.association("جمعية الخلاف"), by=amina, at=make.NOW)
    naming.take_side(ticket, "a", by=amina, at=make.NOW)


def contact(ticket: Any, amina: Any) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(answer_by="email", contact_email="f@example.org")


def back_in_the_queue(ticket: Any, amina: Any) -> None:
    queues.pass_on(ticket, to=None, by=amina, at=make.NOW)


CASES: list[Callable[[Any, Any], None]] = [
    chat_lines, promises, answer_out, answer_awaiting, answer_returned, deadlines, files, facts,
    a_call, a_mail, rated, closed, restricted_both, on_one_side, contact, back_in_the_queue,
]  # fmt: skip


def picture(ticket: Any) -> dict[str, Any]:
    """All that hangs on a ticket, but what tells of merges."""
    ticket = Ticket.objects.get(pk=ticket.pk)
    told = ("last", "moved_at", "id")
    fields = {
        f.attname: getattr(ticket, f.attname) for f in Ticket._meta.concrete_fields
        if f.attname not in told
    }  # fmt: skip
    entries = ticket.entries.exclude(kind=Kind.MERGE).order_by("number")
    return {
        "fields": fields,
        "entries": [(e.pk, e.number, [f.pk for f in e.files.all()]) for e in entries],
        "answers": sorted(ticket.answers.values_list("pk", "state", "entry_id")),
        "given": sorted(ticket.answers.values_list("given__pk", flat=True), key=str),
        "promises": sorted(ticket.promises.values_list("pk", "state", "attempts")),
        "facts": sorted(ticket.facts.values_list("code", "value")),
        "waiting": sorted(
            Waiting.objects.filter(ticket=ticket).values_list("pk", "claimed_by", "ended_at"), key=str
        ),
        "handlings": sorted(Handling.objects.filter(ticket=ticket).values_list("pk", flat=True)),
        "calls": sorted(Call.objects.filter(ticket=ticket).values_list("pk", flat=True)),
        "ratings": list(Rating.objects.filter(ticket=ticket).values_list("pk", "contact", "score")),
        "deadlines": list(LegalDeadline.objects.filter(ticket_id=ticket.pk).values_list("pk")),
        "side": getattr(getattr(ticket, "dispute_side", None), "side", ""),
    }  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("on_both", [False, True], ids=["source", "both"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_all_of_it_goes_there_comes_back_and_goes_again(
    pair: Any, brahim: Any, amina: Any, case: Any, on_both: bool
) -> None:
    source, target = pair
    case(source, amina)
    if on_both and case not in (back_in_the_queue,):
        case(target, amina)
        Ticket.objects.filter(pk=target.pk).update(
            association=Ticket.objects.get(pk=source.pk).association
        )
        if case is facts:
            write.facts(target, {"has_final": "yes"}, by=amina, at=make.NOW)
    before, there = picture(source), picture(target)
    for _again in range(2):
        row = merge(source, target, brahim)
        moved = picture(target)
        keys = [pk for pk, _n, _f in before["entries"]]
        assert [pk for pk, _n, _f in moved["entries"]][-len(keys) :] == keys
        numbers = list(Ticket.objects.get(pk=target.pk).entries.values_list("number", flat=True))
        if not _again:
            assert numbers == list(range(1, len(numbers) + 1))
        assert numbers[-1] == Ticket.objects.get(pk=target.pk).last
        for name in ("answers", "promises", "handlings", "calls", "deadlines"):
            assert set(before[name]) <= set(moved[name]), name
        shell = Ticket.objects.get(pk=source.pk)
        assert (shell.state, shell.outcome) == (State.CLOSED, Outcome.MERGED)
        assert shell.merged_into_id == target.pk
        assert not shell.entries.exclude(kind=Kind.MERGE).exists()
        acts.undo(row, by=brahim, at=LATER)
        assert picture(source) == before
        assert picture(target) == there
    assert not Notice.objects.filter(kind__contains="clos").exists()
    assert Merge.objects.count() == 2


def test_a_fact_told_differently_stays_where_it_was(pair: Any, amina: Any) -> None:
    source, target = pair
    write.facts(source, {"has_final": "no", "deposit_date": "2026-09-01"}, by=amina, at=make.NOW)
    write.facts(target, {"has_final": "yes"}, by=amina, at=make.NOW)
    merge(source, target, amina)
    assert dict(target.facts.values_list("code", "value")) == {
        "has_final": "yes", "deposit_date": "2026-09-01"
    }  # fmt: skip
    assert dict(source.facts.values_list("code", "value")) == {"has_final": "no"}


def test_what_was_written_since_stays_and_is_counted_first(pair: Any, amina: Any) -> None:
    source, target = pair
    answer_awaiting(source, amina)
    row = merge(source, target, amina)
    write.note(target, "بعد الدمج", by=amina, at=LATER)
    reviewer = make.user("reviewer", "senior")
    waiting = Ticket.objects.get(pk=target.pk).answers.get()
    answering.release(waiting, by=reviewer, at=LATER)
    assert merging.written_since(row) == 2
    acts.undo(row, by=amina, at=LATER)
    assert target.answers.filter(pk=waiting.pk, entry__ticket=target).exists()
    assert target.entries.filter(text="بعد الدمج").exists()
    assert Ticket.objects.get(pk=target.pk).first_answered_at == LATER


def test_a_chain_leads_to_its_end_and_is_taken_apart_from_there(
    pair: Any, asker: Any, brahim: Any
) -> None:
    a, b = pair
    c = make.ticket("ثالث", person=asker)
    before_a, before_b = picture(a), picture(b)
    first = merge(a, b, brahim)
    second = merge(b, c, brahim)
    assert set(Ticket.objects.filter(merged_into=c).values_list("pk", flat=True)) == {a.pk, b.pk}
    with pytest.raises(StillMerged):
        acts.undo(first, by=brahim, at=LATER)
    acts.undo(second, by=brahim, at=LATER)
    assert Ticket.objects.get(pk=a.pk).merged_into_id == b.pk
    acts.undo(first, by=brahim, at=LATER)
    assert picture(a) == before_a
    assert picture(b) == before_b


def test_two_into_one_are_undone_in_any_order(pair: Any, asker: Any, brahim: Any) -> None:
    a, target = pair
    b = make.ticket("ثالث", person=asker)
    chat_lines(b, make.user("other", "advisor"))
    pictures = [picture(one) for one in (a, b, target)]
    first, second = merge(a, target, brahim), merge(b, target, brahim)
    acts.undo(first, by=brahim, at=LATER)
    acts.undo(second, by=brahim, at=LATER)
    assert [picture(one) for one in (a, b, target)] == pictures


def test_merged_twice_says_who_did(pair: Any, asker: Any, amina: Any, brahim: Any) -> None:
    source, target = pair
    third = make.ticket("ثالث", person=asker)
    merge(source, target, brahim)
    with pytest.raises(MergedAway, match="إبراهيم") as moved:
        merge(source, third, amina)
    assert moved.value.target.pk == target.pk
    with pytest.raises(MergedAway):
        merge(target, source, amina)


def test_undone_once(pair: Any, amina: Any) -> None:
    row = merge(*pair, amina)
    acts.undo(row, by=amina, at=LATER)
    with pytest.raises(Overtaken):
        acts.undo(row, by=amina, at=LATER)


# --- what is refused ----------------------------------------------------------------------------


def other_person(source: Any, target: Any, amina: Any) -> None:
    Ticket.objects.filter(pk=target.pk).update(person=make.person("أخرى"))


def nobody_known(source: Any, target: Any, amina: Any) -> None:
    Ticket.objects.filter(pk=target.pk).update(person=None)


def both_nameless(source: Any, target: Any, amina: Any) -> None:
    Ticket.objects.update(person=None)


def lower_level(source: Any, target: Any, amina: Any) -> None:
    levels.set_level(source, Level.RESTRICTED, by=amina, at=make.NOW, reason="أسباب خاصة")


def sealed_to_more(source: Any, target: Any, amina: Any) -> None:
    for one in (source, target):
        levels.set_level(one, Level.SEALED, by=amina, at=make.NOW, reason="أسباب خاصة")
    levels.grant(target, make.user("more", "advisor"), by=amina, at=make.NOW, reason="ينوب عنها")


def two_sides(source: Any, target: Any, amina: Any) -> None:
    group = make.association("جمعية الخلاف")
    for one, side in ((source, "a"), (target, "b")):
        naming.set_association(one, group, by=amina, at=make.NOW)
        naming.take_side(one, side, by=amina, at=make.NOW)


def two_associations(source: Any, target: Any, amina: Any) -> None:
    for one, name in ((source, "جمعية الماء"), (target, "جمعية النور")):
        naming.set_association(one, make.association(name), by=amina, at=make.NOW)


def open_into_closed(source: Any, target: Any, amina: Any) -> None:
    closed(target, amina)


REFUSED = [
    other_person, nobody_known, both_nameless, lower_level, sealed_to_more, two_sides,
    two_associations, open_into_closed,
]  # fmt: skip


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.__name__)
def test_refused_and_nothing_moved(pair: Any, amina: Any, case: Any) -> None:
    source, target = pair
    case(source, target, amina)
    before = picture(source), picture(target)
    with pytest.raises(NotYours):
        merge(source, target, amina)
    assert (picture(source), picture(target)) == before
    assert not Merge.objects.exists()


def test_a_request_is_not_put_into_itself(pair: Any, amina: Any) -> None:
    with pytest.raises(NotYours):
        merge(pair[0], pair[0], amina)


def test_nameless_ones_of_one_address_may_become_one(pair: Any, amina: Any) -> None:
    Ticket.objects.update(person=None, contact_email="one@example.org")
    merge(*pair, amina)


# --- what comes in afterwards -------------------------------------------------------------------


def test_whoever_still_holds_the_old_one_writes_into_the_other(pair: Any, amina: Any) -> None:
    source, target = pair
    held = Ticket.objects.get(pk=source.pk)
    merge(source, target, amina)
    assert write.note(held, "كتبت قبل قليل", by=amina, at=LATER).ticket_id == target.pk
    reply = queues.receive(
        Channel.MAIL, key="mail:1", at=LATER, centre=held.centre, words="رد", language="ar",
        ticket=held,
    )  # fmt: skip
    assert reply.ticket.pk == target.pk
    owed = promising.promise(
        held, by=amina, at=LATER, window_from=LATER, window_until=LATER + timedelta(hours=1)
    )
    assert owed.ticket_id == target.pk
    _answer(held, amina, four_eyes=True)
    assert target.answers.get().state == "awaiting"


def test_an_unanswered_question_is_not_hidden_behind_an_answer(pair: Any, amina: Any) -> None:
    source, target = pair
    answer_out(target, amina)
    merge(source, target, amina)
    assert Ticket.objects.get(pk=target.pk).state == State.OPEN


def test_the_nearer_target_counts(pair: Any, amina: Any) -> None:
    source, target = pair
    near = make.NOW + timedelta(minutes=5)
    Ticket.objects.filter(pk=source.pk).update(answer_due_at=near)
    row = merge(source, target, amina)
    assert Ticket.objects.get(pk=target.pk).answer_due_at == near
    acts.undo(row, by=amina, at=LATER)
    assert Ticket.objects.get(pk=target.pk).answer_due_at == target.answer_due_at


def test_what_was_being_typed_goes_along(pair: Any, amina: Any, brahim: Any) -> None:
    source, target = pair
    for user, text in ((amina, "أكتب هنا"), (brahim, "وأنا أيضا")):
        save_draft(place=draft_place(source.pk), fields={"body": text}, at=make.NOW, user=user)
    save_draft(place=draft_place(target.pk), fields={"body": "بدأت"}, at=make.NOW, user=brahim)
    merge(source, target, amina)
    assert draft_of(place=draft_place(target.pk), user=amina)["body"] == "أكتب هنا"
    assert draft_of(place=draft_place(target.pk), user=brahim)["body"] == "بدأت\n\nوأنا أيضا"


def test_two_that_waited_wait_once_in_the_earlier_place(asker: Any, brahim: Any) -> None:
    source = make.ticket("أول", person=asker)
    target = make.ticket("ثان", person=asker, at=make.NOW + timedelta(minutes=10))
    row = merge(source, target, brahim)
    waiting = Waiting.objects.now().get()
    assert (waiting.ticket_id, waiting.since) == (target.pk, make.NOW)
    acts.undo(row, by=brahim, at=LATER)
    assert set(Waiting.objects.now().values_list("ticket", flat=True)) == {source.pk, target.pk}


def test_into_one_that_somebody_has_nobody_waits(asker: Any, amina: Any, brahim: Any) -> None:
    source, target = make.ticket("أول", person=asker), make.ticket("ثان", person=asker)
    queues.claim(target, by=amina, at=make.NOW)
    row = merge(source, target, brahim)
    assert not Waiting.objects.now().exists()
    assert Waiting.objects.filter(ticket=target, claimed_by=amina).count() == 2
    acts.undo(row, by=brahim, at=LATER)
    assert Waiting.objects.now().get().ticket_id == source.pk


# --- splitting ----------------------------------------------------------------------------------


def test_split_and_put_back(pair: Any, amina: Any) -> None:
    source, _target = pair
    chat_lines(source, amina)
    answer_out(source, amina)
    before = picture(source)
    answer = source.entries.get(kind=Kind.ANSWER)
    line = source.entries.filter(kind=Kind.LINE).first()
    new = acts.split(source, [line.pk, answer.pk], subject="سؤال ثان", by=amina, at=LATER)
    assert [e.kind for e in new.entries.all()] == [Kind.LINE, Kind.ANSWER, Kind.MERGE]
    assert list(new.entries.values_list("number", flat=True)) == [1, 2, 3]
    assert new.answers.count() == 1
    new.refresh_from_db()
    assert (new.person_id, new.secret_hash) == (source.person_id, source.secret_hash)
    assert source.entries.filter(kind=Kind.MERGE).exists()
    acts.undo(Merge.objects.get(), by=amina, at=LATER)
    assert picture(source) == before
    assert Ticket.objects.get(pk=new.pk).merged_into_id == source.pk


def test_a_split_that_went_on_is_merged_instead(pair: Any, amina: Any) -> None:
    source, _target = pair
    chat_lines(source, amina)
    line = source.entries.filter(kind=Kind.LINE).first()
    new = acts.split(source, [line.pk], subject="سؤال ثان", by=amina, at=LATER)
    write.note(new, "تابعنا", by=amina, at=LATER)
    with pytest.raises(NotYours):
        acts.undo(Merge.objects.get(), by=amina, at=LATER)
    merge(new, source, amina)
    assert source.entries.filter(text="تابعنا").exists()


def test_something_goes_and_something_stays(pair: Any, amina: Any) -> None:
    source, _target = pair
    only = source.entries.get(kind=Kind.QUESTION)
    for chosen in ([], [only.pk], [999_999]):
        with pytest.raises(NotYours):
            acts.split(source, chosen, subject="س", by=amina, at=LATER)
    assert Ticket.objects.count() == 2


# --- what hangs on a request --------------------------------------------------------------------


def test_what_stays_is_named_as_it_is_called() -> None:
    for stays, model in ((merging.STAYS, Ticket), (persons.STAYS, Person)):
        assert set(stays) <= {moving.name_of(field) for field in moving.hanging_on(model)}


def test_tags_go_along_and_stand_once_what_was_put_off_does_not(pair: Any, amina: Any) -> None:
    source, target = pair
    tags = [
        Tag.objects.create(team=make.team(), name=name, key=name, made_at=make.NOW)
        for name in ("a", "b")
    ]
    for ticket, tag in ((source, tags[0]), (source, tags[1]), (target, tags[0])):
        Tagging.objects.create(ticket=ticket, tag=tag, at=make.NOW)
    Snooze.objects.create(ticket=source, user=amina, until=LATER, at=make.NOW)
    row = merge(source, target, amina)
    assert set(target.tags.all()) == set(tags)
    assert not target.snoozes.exists()
    acts.undo(row, by=amina, at=LATER)
    assert set(source.tags.all()) == set(tags)
    assert list(target.tags.all()) == [tags[0]]
    assert source.snoozes.count() == 1


def test_a_live_chat_is_ended_first(pair: Any, amina: Any) -> None:
    source, target = pair
    chat = Chat.objects.create(ticket=source, began_at=make.NOW, asker_seen_at=make.NOW)
    with pytest.raises(NotYours):
        merge(source, target, amina)
    Chat.objects.filter(pk=chat.pk).update(ended_at=make.NOW)
    row = merge(source, target, amina)
    assert Chat.objects.get().ticket_id == target.pk
    acts.undo(row, by=amina, at=LATER)
    assert Chat.objects.get().ticket_id == source.pk


def test_what_was_sealed_meanwhile_stays_sealed_in_both(pair: Any, amina: Any, senior: Any) -> None:
    source, target = pair
    row = merge(source, target, amina)
    target.refresh_from_db()
    levels.set_level(target, Level.SEALED, by=senior, at=LATER, reason="أسباب خاصة")
    acts.undo(row, by=senior, at=LATER)
    source.refresh_from_db()
    assert source.level == Level.SEALED
    assert Ticket.objects.visible_to(senior, at=LATER).filter(pk=source.pk).exists()
    assert not Ticket.objects.visible_to(amina, at=LATER).filter(pk=source.pk).exists()


def test_what_was_split_off_meanwhile_stays_there(pair: Any, amina: Any) -> None:
    source, target = pair
    row = merge(source, target, amina)
    asked = target.entries.get(text="سؤال عن الوصل")
    new = acts.split(target, [asked.pk], subject="الوصل", by=amina, at=LATER)
    assert merging.coming_back(row) == 1
    acts.undo(row, by=amina, at=LATER)
    assert new.entries.filter(pk=asked.pk).exists()
    assert source.entries.first().kind == Kind.CLAIM
