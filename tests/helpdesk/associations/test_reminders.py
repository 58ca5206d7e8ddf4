"""Notices about delays: to whom, in which language, when, and once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from helpdesk.associations.actions import give_consent, hold_office, start_deadline
from helpdesk.associations.jobs import pass_deadlines
from helpdesk.notices.models import Notice
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.reminders import remind_deadlines
from tests import make

NOW = make.NOW
SOON = date(2026, 11, 24) - timedelta(days=25)
"""An event whose thirty days end in five."""


@pytest.fixture
def palms(centre: Any) -> Any:
    return make.association("جمعية النخيل", name_fr="Association Ennakhil")


def asked(palms: Any, **fields: Any) -> Ticket:
    given = {"answer_by": "email", "contact_email": "asker@example.org", **fields}
    return make.ticket(association=palms, **given)


def run(deadline_of: Any, amina: Any, *, ticket: Ticket | None = None, at: datetime = NOW) -> int:
    start_deadline(
        deadline_of, rule="foreign-aid", event_on=SOON, by=amina, at=NOW,
        ticket_id=ticket.pk if ticket else None,
    )  # fmt: skip
    return remind_deadlines(at=at)


@pytest.mark.parametrize(
    ("language", "said", "marked"),
    [("ar", "29 نونبر 2026", "1.58.376"), ("fr", "29 novembre 2026", "1-58-376")],
)
def test_the_asker_is_reminded_in_their_language(
    palms: Any, amina: Any, language: str, said: str, marked: str
) -> None:
    ticket = asked(palms, language=language)
    Notice.objects.all().delete()
    assert run(palms, amina, ticket=ticket) == 1
    notice = Notice.objects.get()
    assert (notice.kind, notice.address, notice.language) == (
        "deadline-reminder", "asker@example.org", language,
    )  # fmt: skip
    assert said in notice.text
    assert marked in notice.text
    assert ticket.reference in notice.text
    assert (notice.subject_kind, notice.subject_id) == ("ticket", ticket.pk)


def test_once_before_and_once_after(palms: Any, amina: Any) -> None:
    ticket = asked(palms)
    Notice.objects.all().delete()
    assert run(palms, amina, ticket=ticket) == 1
    assert remind_deadlines(at=NOW + timedelta(hours=1)) == 0
    later = NOW + timedelta(days=6)
    pass_deadlines(at=later)
    assert remind_deadlines(at=later) == 1
    assert remind_deadlines(at=later) == 0
    kinds = Notice.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["deadline-reminder", "deadline-passed"]


def test_a_reminder_waits_for_a_working_morning(palms: Any, amina: Any) -> None:
    friday_evening = datetime(2026, 11, 27, 19, 0, tzinfo=UTC)
    ticket = asked(palms)
    Notice.objects.all().delete()
    run(palms, amina, ticket=ticket, at=friday_evening)
    assert Notice.objects.get().due_at == datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


def test_of_a_sealed_ticket_nothing_but_the_day_is_said(palms: Any, amina: Any) -> None:
    ticket = asked(palms, level=2)
    Notice.objects.all().delete()
    run(palms, amina, ticket=ticket)
    text = Notice.objects.get().text
    assert "النخيل" not in text
    assert "376" not in text


def test_who_only_follows_gets_no_mail_and_is_not_asked_again(palms: Any, amina: Any) -> None:
    ticket = asked(palms, answer_by="follow", contact_email="")
    Notice.objects.all().delete()
    assert run(palms, amina, ticket=ticket) == 1
    assert not Notice.objects.exists()
    assert remind_deadlines(at=NOW) == 0


def test_without_a_ticket_office_holders_who_agreed_are_told(palms: Any, amina: Any) -> None:
    agreed = make.person("Leila", email="leila@example.org", language="fr")
    silent = make.person("حسن", email="hassan@example.org")
    for person in (agreed, silent):
        hold_office(person, palms, office="president", at=NOW)
    give_consent(
        agreed,
        purpose="contact",
        text_version="1",
        language="fr",
        channel="phone",
        at=NOW,
        by=amina,
    )
    run(palms, amina)
    notice = Notice.objects.get()
    assert (notice.address, notice.language) == ("leila@example.org", "fr")
    assert "Ennakhil" in notice.text


def test_else_the_association_s_own_address(palms: Any, amina: Any) -> None:
    palms.email = "bureau@example.org"
    palms.save()
    run(palms, amina)
    assert Notice.objects.get().address == "bureau@example.org"


def test_an_unsure_rule_is_told_to_nobody(palms: Any, amina: Any) -> None:
    ticket = asked(palms)
    Notice.objects.all().delete()
    start_deadline(
        palms, rule="aid-distribution", event_on=date(2026, 12, 6), by=amina, at=NOW,
        ticket_id=ticket.pk,
    )  # fmt: skip
    assert remind_deadlines(at=NOW) == 0
    assert not Notice.objects.exists()
