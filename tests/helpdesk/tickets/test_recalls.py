"""Recall after a change of law: who is found, who is told how, what remains, and who may see it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from helpdesk.accounts.models import Audit
from helpdesk.live.models import Draft
from helpdesk.notices.models import Notice
from helpdesk.queues import actions as queues
from helpdesk.tickets import jobs, recall_page, recall_words
from helpdesk.tickets.actions import answering, closing, levels, promising, recalling
from helpdesk.tickets.actions.answering import Quote
from helpdesk.tickets.errors import Overtaken
from helpdesk.tickets.models import Answer, Promise, Ticket
from helpdesk.tickets.recalls import RECENT, Recall, Recalled
from helpdesk.tickets.rules import Help, Level, Outcome
from knowledge.articles import access as library
from knowledge.articles.actions import publish, reviewing
from knowledge.articles.models import Version
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.NOW
HOUR = timedelta(hours=1)
TOPIC = "T05-changes"
CHANGE_AR = "صار الأجل الذي ذكرناه لكم أجلا آخر، فراجعوا الصيغة الجديدة."
CHANGE_FR = "Le délai indiqué n’est plus le même : lisez la nouvelle version."


@pytest.fixture
def old(centre: Any) -> Version:
    make.library()
    return library.current_version(TOPIC, language="ar")


def asked(amina: Any, **fields: Any) -> Ticket:
    made = make.ticket(**{"answer_by": "email", "contact_email": "fatima@example.org", **fields})
    queues.claim(made, by=amina, at=NOW)
    return made


def answered(ticket: Ticket, by: Any, *versions: Any, at: datetime = NOW) -> Answer:
    return answering.answer(
        ticket, "هذا جوابنا.", by=by, at=at, language="ar", help=Help.ADVICE,
        quotes=[Quote(version) for version in versions],
    )  # fmt: skip


def changed(old: Version, by: Any, *, at: datetime = NOW + HOUR, marked: bool = True) -> Version:
    """The next version of the edition, with or without the mark."""
    made = Version.objects.create(
        edition=old.edition, number=old.number + 1, title=old.title, question=old.question,
        checked_on=at.date(), digest="y" * 64, written_at=at,
    )  # fmt: skip
    old.edition.refresh_from_db()
    made.edition = old.edition
    publish(made, at=at)
    if marked:
        reviewing.mark_changes_advice(made, change_ar=CHANGE_AR, change_fr=CHANGE_FR, by=by, at=at)
    return made


def swept(at: datetime = NOW + 2 * HOUR) -> list[Recalled]:
    jobs.recall_due(at=at)
    return list(Recalled.objects.order_by("pk"))


def test_every_answer_of_an_older_version_is_found_once(old, amina, senior):
    first, second = asked(amina), asked(amina)
    answered(first, amina, old)
    answered(first, amina, old, at=NOW + HOUR / 2)
    answered(second, amina, library.current_version("T01-creation", language="ar"))
    changed(old, senior)
    rows = swept()
    assert [row.ticket for row in rows] == [first]
    assert rows[0].answer.written_at == NOW + HOUR / 2
    assert swept() == rows
    owed = Promise.objects.get(kind="recall")
    assert (owed.ticket, owed.owed_by, owed.made_by) == (first, amina, None)
    assert first.entries.filter(kind="promise", public=True).count() == 0
    assert list(Answer.objects.overtaken()) == list(first.answers.all())


def test_without_the_mark_nothing_happens(old, amina, senior):
    answered(asked(amina), amina, old)
    changed(old, senior, marked=False)
    assert swept() == []
    assert not Recall.objects.exists()


def test_closed_requests_count_while_they_are_recent(old, amina, senior):
    recent, past = asked(amina), asked(amina)
    for ticket in (recent, past):
        answered(ticket, amina, old)
        closing.close(ticket, by=amina, at=NOW, outcome=Outcome.ADVICE_GIVEN, help=Help.ADVICE)
    Answer.objects.filter(ticket=past).update(released_at=NOW + HOUR - RECENT - HOUR)
    Answer.objects.filter(ticket=recent).update(released_at=NOW + HOUR - RECENT)
    changed(old, senior)
    assert [row.ticket for row in swept()] == [recent]


def test_an_open_request_counts_however_old_it_is(old, amina, senior):
    ticket = asked(amina)
    answered(ticket, amina, old)
    Answer.objects.update(released_at=NOW - 3 * RECENT)
    changed(old, senior)
    assert [row.ticket for row in swept()] == [ticket]


def test_an_answer_of_the_old_version_that_goes_out_later_is_found_too(old, amina, senior):
    ticket = asked(amina)
    changed(old, senior)
    assert swept() == []
    recall = Recall.objects.get()
    recalling.close_recall(recall, by=senior, at=NOW + 2 * HOUR)
    answered(ticket, amina, old, at=NOW + 3 * HOUR)
    assert [row.ticket for row in swept(NOW + 4 * HOUR)] == [ticket]
    recall.refresh_from_db()
    assert recall.closed_at is None


def test_who_was_answered_anew_is_not_called(old, amina, senior):
    before, after = asked(amina), asked(amina)
    answered(before, amina, old)
    answered(after, amina, old)
    new = changed(old, senior)
    answered(before, amina, new, at=NOW + HOUR)
    assert [row.ticket for row in swept()] == [after]
    answered(after, amina, new, at=NOW + 3 * HOUR)
    row = swept(NOW + 4 * HOUR)[0]
    assert (row.state, row.way) == ("answered", "answer")
    assert row.promise.state == "kept"


def test_the_message_is_in_the_language_of_who_asked_and_the_notice_is_a_link(old, amina, senior):
    arabic, french = asked(amina), asked(amina, language="fr")
    for ticket in (arabic, french):
        answered(ticket, amina, old)
    changed(old, senior)
    for row in swept():
        recalling.send(row, by=amina, at=NOW + 3 * HOUR)
    told = {
        t: t.entries.filter(kind="line", data__has_key="recall").get() for t in (arabic, french)
    }
    assert CHANGE_AR in told[arabic].text
    assert CHANGE_FR in told[french].text
    assert told[arabic].public
    assert "/fr/library/T05-changes/" in told[french].text
    for notice in Notice.objects.filter(kind="advice-changed"):
        assert CHANGE_AR not in notice.text
        assert CHANGE_FR not in notice.text
        assert old.title not in notice.text
    row = Recalled.objects.get(ticket=arabic)
    assert (row.state, row.way, row.told_by) == ("sent", "message", amina)
    assert row.promise.state == "dropped"
    with pytest.raises(Overtaken):
        recalling.send(row, by=senior, at=NOW + 4 * HOUR)
    assert Notice.objects.filter(kind="advice-changed").count() == 2


@pytest.mark.parametrize("state", ["failed", "no-channel"])
def test_a_message_that_does_not_arrive_makes_the_call_due_again(old, amina, senior, state):
    answered(asked(amina), amina, old)
    changed(old, senior)
    recalling.send(swept()[0], by=amina, at=NOW + 3 * HOUR)
    assert swept(NOW + 4 * HOUR)[0].state == "sent"
    Notice.objects.filter(kind="advice-changed").update(state=state)
    row = swept(NOW + 5 * HOUR)[0]
    assert row.state == "due"
    assert row.promise.state == "open"
    recalling.send(row, by=amina, at=NOW + 6 * HOUR)
    assert Notice.objects.filter(kind="advice-changed").count() == 2


def test_a_call_settles_the_row_and_three_in_vain_end_it(old, amina, senior):
    reached, never = asked(amina), asked(amina)
    for ticket in (reached, never):
        answered(ticket, amina, old)
    changed(old, senior)
    rows = {row.ticket: row for row in swept()}
    promising.attempt(rows[reached].promise, by=amina, at=NOW + 3 * HOUR, reached=True)
    for n in range(3):
        promising.attempt(
            Promise.objects.get(pk=rows[never].promise_id), by=amina, at=NOW + (4 + n) * HOUR,
            reached=False,
        )  # fmt: skip
    assert [row.state for row in swept(NOW + 9 * HOUR)] == ["told", "unreached"]
    assert {row.way for row in Recalled.objects.all()} == {"call"}


def test_closing_a_request_does_not_drop_its_recall(old, amina, senior):
    ticket = asked(amina)
    answered(ticket, amina, old)
    changed(old, senior)
    row = swept()[0]
    closing.close(
        ticket, by=amina, at=NOW + 3 * HOUR, outcome=Outcome.ADVICE_GIVEN, help=Help.ADVICE
    )
    row.promise.refresh_from_db()
    assert row.promise.state == "open"


def test_a_recall_closes_only_when_nobody_is_due(old, amina, senior):
    answered(asked(amina), amina, old)
    changed(old, senior)
    row = swept()[0]
    with pytest.raises(recalling.StillDue):
        recalling.close_recall(row.recall, by=senior, at=NOW + 3 * HOUR)
    recalling.spare(row, by=amina, at=NOW + 3 * HOUR, why="لا يعنيه التغيير")
    recalling.close_recall(row.recall, by=senior, at=NOW + 4 * HOUR, note="تم")
    row.recall.refresh_from_db()
    assert row.recall.closed_by == senior
    assert Audit.objects.get(act="recall-closed").user == senior


def test_a_merged_request_is_told_once_where_it_goes_on(old, amina, senior):
    source, target = asked(amina), asked(amina)
    answered(source, amina, old)
    changed(old, senior)
    row = swept()[0]
    Ticket.objects.filter(pk=source.pk).update(merged_into=target, state="closed")
    Answer.objects.filter(ticket=source).update(ticket=target)
    assert len(swept(NOW + 3 * HOUR)) == 1
    row.refresh_from_db()
    written = recalling.send(row, by=amina, at=NOW + 4 * HOUR)
    assert written.ticket == target


def test_the_desk_sees_who_remains_and_what_was_done(old, amina, brahim, senior, as_user):
    ticket = asked(amina)
    answered(ticket, amina, old)
    changed(old, senior)
    row = swept()[0]
    client = as_user(amina)
    assert f"/desk/recalls/{row.recall_id}/" in client.get("/desk/recalls/").content.decode()
    page = client.get(f"/desk/recalls/{row.recall_id}/").content.decode()
    assert ticket.reference in page
    assert CHANGE_AR in page
    one = client.get(f"/desk/recalled/{row.pk}/").content.decode()
    assert CHANGE_AR in one
    url = f"/desk/recalled/{row.pk}/"
    assert client.post(url, {"what": "spared", "note": ""}).status_code == 422
    assert client.post(url, {"what": "call", "note": "أخبرته"}).status_code == 302
    done = as_user(brahim).get(f"/desk/recalls/{row.recall_id}/?view=all").content.decode()
    assert "أمينة" in done
    assert "أخبرته" in done
    thread = client.get(f"/desk/tickets/{ticket.pk}/").content.decode()
    assert "أخبرته" in thread


def test_the_ready_message_goes_to_all_that_it_reaches(old, amina, brahim, senior, as_user):
    mail, phone = asked(amina), asked(amina, answer_by="phone", contact_email="")
    for ticket in (mail, phone):
        answered(ticket, amina, old)
    changed(old, senior)
    rows = {row.ticket: row for row in swept()}
    recall = rows[mail].recall
    assert recall_page.sendable(brahim, recall) == [rows[mail]]
    look = as_user(brahim).get(f"/desk/recalls/{recall.pk}/sending/").content.decode()
    assert CHANGE_AR in look
    as_user(brahim).post(f"/desk/recalls/{recall.pk}/sending/")
    as_user(brahim).post(f"/desk/recalls/{recall.pk}/sending/")
    assert [row.state for row in Recalled.objects.order_by("ticket")] == ["sent", "due"]
    assert Notice.objects.filter(kind="advice-changed").count() == 1
    assert Audit.objects.get(act="recall-told").facts == {"sent": 1}


def test_a_sealed_request_is_followed_by_those_named_in_it_alone(
    old, amina, brahim, senior, as_user
):
    ticket = asked(amina)
    answered(ticket, amina, old)
    levels.set_level(ticket, Level.SEALED, by=senior, at=NOW, reason="نزاع")
    levels.grant(ticket, senior, by=brahim, at=NOW, reason="تتبع")
    changed(old, senior)
    row = swept()[0]
    url = f"/desk/recalls/{row.recall_id}/"
    for who, sees in ((senior, True), (brahim, ticket.grants.filter(user=brahim).exists())):
        page = as_user(who).get(url).content.decode()
        assert (ticket.reference in page) == sees
    other = make.user("karim", "supervisor")
    page = as_user(other).get(url).content.decode()
    assert ticket.reference not in page
    assert "لا يمكنكم الاطلاع عليها" in page
    assert as_user(other).get(f"/desk/recalled/{row.pk}/").status_code == 404
    as_user(other).post(f"{url}sending/")
    row.refresh_from_db()
    assert row.state == "due"
    assert as_user(other).post(f"{url}closing/", {}).status_code == 422
    recalling.send(row, by=senior, at=NOW + 3 * HOUR)
    notice = Notice.objects.get(kind="advice-changed")
    assert ticket.subject not in notice.text


def test_outsiders_partners_and_editors_see_no_recall(
    old, amina, senior, editor, partner, chama, as_user
):
    answered(asked(amina), amina, old)
    changed(old, senior)
    row = swept()[0]
    for who in (editor, partner, chama):
        for url in ("/desk/recalls/", f"/desk/recalls/{row.recall_id}/"):
            assert as_user(who).get(url).status_code == 403
        assert as_user(who).get(f"/desk/recalled/{row.pk}/").status_code in (403, 404)
    assert as_user(amina).post(f"/desk/recalls/{row.recall_id}/sending/").status_code == 403


def test_the_message_keeps_the_caution_and_names_no_telephone(old, amina, senior):
    answered(asked(amina), amina, old)
    changed(old, senior)
    said = recall_words.message(swept()[0])
    assert "هذه معلومة عامة" in said
    assert not Draft.objects.exists()


def test_the_first_version_of_an_edition_changes_nothing(old, senior):
    with pytest.raises(reviewing.NothingBefore):
        reviewing.mark_changes_advice(
            old, change_ar=CHANGE_AR, change_fr=CHANGE_FR, by=senior, at=NOW
        )
