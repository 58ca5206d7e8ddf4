"""How long records are kept: a second person, a dry run that is exact, and figures that do not move."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from config.retention import acts
from config.retention.jobs import delete_due
from helpdesk.accounts.models import Audit, Posting, User
from helpdesk.associations.models import Consent, NameWord, Person, Phone
from helpdesk.centre.models import Centre
from helpdesk.files.actions import path_of, store
from helpdesk.files.models import StoredFile
from helpdesk.notices.models import Notice
from helpdesk.supervision import measure_page
from helpdesk.supervision.models import KeptTally, RetentionRule
from helpdesk.supervision.periods import period
from helpdesk.supervision.programme import report
from helpdesk.tickets.actions.closing import close
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.models import Answer, Entry, Ticket
from helpdesk.tickets.rules import Help, Kind, Outcome
from telephony.models import CallPayload
from tests import make
from tests.contracts.world import PDF

PAGE = "/desk/retention/"
CANARY = "+212699999901"
SECRET = "سري للغاية 774411"
pytestmark = pytest.mark.django_db


@pytest.fixture
def other_administrator(centre: Centre) -> User:
    return make.user("nadia", "administrator")


@pytest.fixture
def kept(centre: Centre, amina: User, administrator: User, brahim: User) -> StoredFile:
    """All rules in force; an old closed request with everything on it, and a new one."""
    old = make.NOW - timedelta(days=3 * 365 + 40)
    who = make.person(f"سعاد {SECRET}", number=CANARY, email="canary@example.org")
    Person.objects.filter(pk=who.pk).update(added_at=old)
    Consent.objects.create(
        person=who, purpose="contact", text_version="1", language="ar", channel="web", given_at=old
    )
    ticket = make.ticket(
        SECRET, at=old, person=who, province="07.351", contact_email="canary@example.org",
        association=make.association(),
    )  # fmt: skip
    call = make.ringing("كلام", number=CANARY, at=old)
    line = entry(ticket, Kind.LINE, at=old, text=SECRET, from_asker=True, language="ar")
    stored = store("canary.pdf", PDF, at=old)
    line.files.add(stored)
    said = entry(ticket, Kind.ANSWER, at=old, text="جواب", language="ar")
    Answer.objects.create(
        ticket=ticket, state=Answer.State.RELEASED, language="ar", text="جواب", help="info",
        caution_version="1", author=amina, written_at=old, released_by=brahim, released_at=old,
        entry=said,
    )  # fmt: skip
    close(
        ticket, by=amina, at=old + timedelta(days=1), outcome=Outcome.SOLVED_FIRST, help=Help.INFO
    )
    Notice.objects.filter(subject_kind="ticket", subject_id=ticket.pk).update(address=CANARY)
    close(call.ticket, by=amina, at=old, outcome=Outcome.NO_ANSWER, help=Help.INFO)
    fresh = make.person("جديد", number="+212611111111")
    make.ticket("سؤال جديد", person=fresh)
    for kind, days in (
        ("recordings", 90),
        ("call-numbers", 90),
        ("contacts", 365),
        ("addresses", 365),
        ("tickets", 1095),
    ):
        RetentionRule.objects.create(centre=centre, kind=kind, days=days)
    return stored


def listed(centre: Centre) -> dict[str, int | None]:
    return {one.kind.code: one.number for one in acts.dry_run(centre, at=make.NOW)}


def test_a_change_needs_a_second_person(
    administrator: User, other_administrator: User, brahim: User, as_user: Any
) -> None:
    first, second = as_user(administrator), as_user(other_administrator)
    days = {
        "recordings": "60",
        "call-numbers": "90",
        "contacts": "365",
        "addresses": "365",
        "tickets": "1095",
    }
    assert first.post(PAGE, {**days, "tickets": "10"}).status_code == 422
    assert first.post(PAGE, days).status_code == 302
    assert not RetentionRule.objects.in_force().exists()
    url = f"{PAGE}recordings/confirmation/"
    first.post(url, {"days": "60"})
    assert not RetentionRule.objects.in_force().exists(), "nobody confirms their own"
    second.post(url, {"days": "61"})
    assert not RetentionRule.objects.in_force().exists(), "not what was read"
    second.post(url, {"days": "60"})
    rule = RetentionRule.objects.in_force().get()
    assert (rule.kind, rule.days, rule.confirmed_by) == ("recordings", 60, other_administrator)
    as_user(brahim).post(f"{PAGE}contacts/confirmation/", {"days": "365"})
    assert RetentionRule.objects.in_force().count() == 2, "a supervisor is a second person too"
    second.post(f"{PAGE}tickets/refusal/")
    assert not RetentionRule.objects.get(kind="tickets").proposed_days
    acts_told = Audit.objects.filter(subject_kind="retentionrule").values_list("act", flat=True)
    assert sorted(acts_told) == [
        *["confirmed-retention"] * 2, *["proposed-retention"] * 5, "refused-retention",
    ]  # fmt: skip
    assert as_user(brahim).post(PAGE, days).status_code == 403
    assert as_user(brahim).post(f"{PAGE}sweep/").status_code == 403


def test_nothing_goes_without_a_rule_in_force(kept: StoredFile, centre: Centre) -> None:
    RetentionRule.objects.update(days=None, proposed_days=1)
    before = Ticket.objects.count()
    assert delete_due(at=make.NOW) == 0
    assert (Ticket.objects.count(), Phone.objects.count()) == (before, 2)


def test_exactly_what_was_listed_goes(
    kept: StoredFile, centre: Centre, administrator: User, as_user: Any
) -> None:
    told = listed(centre)
    assert told == {"recordings": 0, "call-numbers": 1, "contacts": 1, "addresses": 0, "tickets": 2}
    page = as_user(administrator).get(PAGE)
    assert page.context["total"] == 4
    path = path_of(kept.name)
    assert path.exists()
    rows = Ticket.objects.count()
    as_user(administrator).post(f"{PAGE}sweep/", {"at": page.context["at"]})
    assert Ticket.objects.count() == rows - 2
    assert not path.exists()
    assert not CallPayload.objects.exists()
    assert [one.person.name for one in Phone.objects.all()] == ["جديد"]
    assert Consent.objects.count() == 1, "that it was given stays proven, of nobody by name"
    assert not set(listed(centre).values()) - {0}
    told_of = Audit.objects.filter(act="swept-retention")
    assert sum(one.facts["rows"] for one in told_of) == 4
    as_user(administrator).post(f"{PAGE}sweep/", {"at": "2020-01-01T00:00:00+00:00"})
    assert Audit.objects.filter(act="swept-retention").count() == told_of.count()


def test_figures_do_not_move(kept: StoredFile, centre: Centre, brahim: User) -> None:
    Posting.objects.update(starts_on=date(2020, 1, 1))
    then = make.NOW - timedelta(days=3 * 365 + 40)
    spans = [period(kind, then.date()) for kind in ("month", "quarter", "year")]
    asked = [report.Asked(centre.pk, one, province) for one in spans for province in ("", "07.351")]

    def figures() -> list[Any]:
        return [report.report(brahim, one, at=make.NOW) for one in asked]

    before = figures()
    assert before[0].sections[0].figures[1].number is None, "two questions: counted, and not told"
    assert acts.sweep(centre, at=make.NOW)
    after = figures()
    assert [one.sections for one in after] == [one.sections for one in before]
    assert [one.facts_digest for one in after] == [one.facts_digest for one in before]
    assert KeptTally.objects.exists()
    assert measure_page.oldest(brahim, at=make.NOW) == (make.NOW - timedelta(days=1095)).date()


def test_no_trace_stays_in_the_database(kept: StoredFile, centre: Centre) -> None:
    """Not in a row, and on SQLite not in a free page of the file either."""
    acts.sweep(centre, at=make.NOW)
    assert not Entry.objects.filter(text__contains=SECRET).exists()
    assert not NameWord.objects.filter(word__contains="774411").exists()
    assert not Notice.objects.filter(address=CANARY).exists()
    if connection.vendor == "sqlite":
        whole = bytes(connection.connection.serialize())
        for canary in (CANARY, CANARY[1:], "774411", "canary@example.org", "canary.pdf"):
            assert canary.encode() not in whole, canary


def test_another_centre_keeps_its_own(kept: StoredFile, centre: Centre) -> None:
    other = Centre.objects.create(slug="other", name_ar="آخر", name_fr="Autre")
    Ticket.objects.update(centre=other)
    Person.objects.update(centre=other)
    assert (listed(centre)["tickets"], listed(centre)["contacts"]) == (0, 0)
    assert {one.number for one in acts.dry_run(other, at=make.NOW)} == {None}
