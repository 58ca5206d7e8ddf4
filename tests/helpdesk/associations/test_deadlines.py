"""Starting and ending clocks; stages; consents; offices; the list of calls."""

from datetime import date, timedelta
from typing import Any

import pytest

from helpdesk.associations import clock
from helpdesk.associations.actions import (
    add_association,
    change_association,
    change_stage,
    drop,
    end_mandate,
    give_consent,
    hold_office,
    in_formation,
    meet,
    note_call,
    note_told,
    start_deadline,
    withdraw_consent,
)
from helpdesk.associations.jobs import pass_deadlines
from helpdesk.associations.models import LegalDeadline
from helpdesk.associations.rules import Stage
from helpdesk.hours.models import Holiday
from tests import make

NOW = make.NOW
TODAY = date(2026, 11, 24)


@pytest.fixture
def palms(centre: Any) -> Any:
    return add_association(
        centre=centre, at=NOW, name_ar="جمعية النخيل", province="07.351",
        stage=Stage.FOUNDING_ASSEMBLY,
    )  # fmt: skip


def running(association: Any) -> dict[str, date]:
    return dict(association.deadlines.running().values_list("rule", "due_on"))


def test_the_same_event_twice_is_one_deadline(palms: Any, amina: Any) -> None:
    first = start_deadline(palms, rule="foreign-aid", event_on=TODAY, by=amina, at=NOW, ticket_id=7)
    again = start_deadline(
        palms, rule="foreign-aid", event_on=TODAY, by=amina, at=NOW + timedelta(days=1)
    )
    assert again == first
    assert (first.due_on, first.mark, first.ticket_id) == (date(2026, 12, 24), "general", 7)
    assert start_deadline(
        palms, rule="foreign-aid", event_on=TODAY + timedelta(days=1), by=amina, at=NOW
    ) != first  # fmt: skip
    with pytest.raises(clock.UnknownRule):
        start_deadline(palms, rule="no-such", event_on=TODAY, by=amina, at=NOW)


def test_working_days_count_confirmed_holidays_only(palms: Any, amina: Any) -> None:
    day = Holiday.objects.create(day=date(2026, 12, 1), name_ar="عيد", name_fr="fête")
    first = start_deadline(palms, rule="information", event_on=TODAY, by=amina, at=NOW)
    assert first.due_on == date(2026, 12, 22)
    Holiday.objects.filter(pk=day.pk).update(confirmed_at=NOW, confirmed_by=amina)
    second = start_deadline(
        palms, rule="information", event_on=TODAY - timedelta(days=1), by=amina, at=NOW
    )
    assert second.due_on == date(2026, 12, 22)


def test_a_deposited_file_runs_both_receipts_until_they_come(palms: Any, amina: Any) -> None:
    change_stage(palms, stage=Stage.FILED, by=amina, at=NOW, on=TODAY, ticket_id=3)
    assert palms.filed_on == TODAY
    assert running(palms) == {
        "provisional-receipt": TODAY, "final-receipt": TODAY + timedelta(days=60),
    }  # fmt: skip
    change_stage(palms, stage=Stage.PROVISIONAL, by=amina, at=NOW, on=TODAY)
    assert set(running(palms)) == {"final-receipt"}
    change_stage(palms, stage=Stage.FINAL, by=amina, at=NOW + timedelta(days=20))
    assert running(palms) == {}
    assert palms.final_on == TODAY + timedelta(days=20)
    assert palms.stage == Stage.FINAL


def test_day_61_marks_the_association_and_puts_it_on_the_list(palms: Any, amina: Any) -> None:
    change_stage(palms, stage=Stage.FILED, by=amina, at=NOW, on=TODAY)
    change_stage(palms, stage=Stage.PROVISIONAL, by=amina, at=NOW, on=TODAY)
    last_day = NOW + timedelta(days=60)
    assert pass_deadlines(at=last_day) == 0
    assert pass_deadlines(at=last_day + timedelta(days=1)) == 1
    assert pass_deadlines(at=last_day + timedelta(days=1)) == 0
    palms.refresh_from_db()
    assert palms.stage == Stage.DAY_60
    on_list = LegalDeadline.objects.to_call(on=TODAY + timedelta(days=61))
    assert [d.rule for d in on_list] == ["final-receipt"]


def test_midnight_is_casablancas(palms: Any, amina: Any) -> None:
    """23:30 UTC of the last day is already the next day in Casablanca."""
    start_deadline(palms, rule="foreign-aid", event_on=TODAY - timedelta(days=30), by=amina, at=NOW)
    assert pass_deadlines(at=NOW.replace(hour=22, minute=59)) == 0
    assert pass_deadlines(at=NOW.replace(hour=23, minute=30)) == 1


def test_an_old_file_is_past_day_60_at_once(palms: Any, amina: Any) -> None:
    change_stage(palms, stage=Stage.FILED, by=amina, at=NOW, on=TODAY - timedelta(days=77))
    assert palms.stage == Stage.DAY_60
    change_stage(palms, stage=Stage.PROVISIONAL, by=amina, at=NOW, on=TODAY - timedelta(days=77))
    assert palms.stage == Stage.DAY_60, "a provisional receipt does not turn the clock back"


def test_a_clock_from_a_ticket_tells_the_association_it_filed(centre: Any, amina: Any) -> None:
    nameless = in_formation(centre=centre, at=NOW)
    start_deadline(nameless, rule="final-receipt", event_on=TODAY, by=amina, at=NOW, ticket_id=1)
    nameless.refresh_from_db()
    assert (nameless.stage, nameless.filed_on) == (Stage.FILED, TODAY)


def test_ending_a_clock_twice_changes_nothing(palms: Any, amina: Any) -> None:
    deadline = start_deadline(palms, rule="declare-change", event_on=TODAY, by=amina, at=NOW)
    assert meet(deadline, on=TODAY)
    assert not meet(deadline, on=TODAY + timedelta(days=3))
    assert not drop(deadline, on=TODAY)
    assert deadline.ended_on == TODAY


def test_the_end_of_a_mandate_moves_its_clock(palms: Any, amina: Any) -> None:
    end = date(2027, 5, 1)
    change_association(palms, by=amina, at=NOW, mandate_ends_on=end)
    assert running(palms) == {"mandate-end": end}
    change_association(palms, by=amina, at=NOW, mandate_ends_on=end, seat="مراكش")
    assert running(palms) == {"mandate-end": end}
    change_association(palms, by=amina, at=NOW, mandate_ends_on=date(2028, 5, 1))
    assert running(palms) == {"mandate-end": date(2028, 5, 1)}
    change_association(palms, by=amina, at=NOW, mandate_ends_on=None)
    assert running(palms) == {}
    with pytest.raises(TypeError):
        change_association(palms, by=amina, at=NOW, stage=Stage.DISSOLVED)


def test_dissolution_stops_every_clock(palms: Any, amina: Any) -> None:
    change_stage(palms, stage=Stage.FILED, by=amina, at=NOW, on=TODAY)
    change_stage(palms, stage=Stage.DISSOLVED, by=amina, at=NOW)
    assert running(palms) == {}


def test_a_call_takes_it_off_the_list_until_it_passes(palms: Any, amina: Any, brahim: Any) -> None:
    deadline = start_deadline(
        palms, rule="foreign-aid", event_on=TODAY - timedelta(days=25), by=amina, at=NOW
    )
    rows = LegalDeadline.objects.to_call
    assert deadline in rows(on=TODAY)
    assert deadline not in rows(on=TODAY - timedelta(days=3)), "more than a week away"
    assert note_call(deadline, by=amina, at=NOW)
    assert not note_call(deadline, by=brahim, at=NOW)
    assert deadline.called_by == amina
    assert deadline not in rows(on=TODAY)
    later = NOW + timedelta(days=6)
    pass_deadlines(at=later)
    assert deadline in rows(on=later.date())
    assert note_call(deadline, by=brahim, at=later)
    assert deadline not in rows(on=later.date())


def test_reminders_are_due_once_before_and_once_after(palms: Any, amina: Any) -> None:
    deadline = start_deadline(
        palms, rule="foreign-aid", event_on=TODAY - timedelta(days=25), by=amina, at=NOW
    )
    rows = LegalDeadline.objects.reminders_due
    assert deadline in rows(at=NOW)
    assert deadline not in rows(at=NOW - timedelta(days=3))
    assert note_told(deadline, at=NOW)
    assert not note_told(deadline, at=NOW)
    assert deadline not in rows(at=NOW)
    later = NOW + timedelta(days=6)
    pass_deadlines(at=later)
    deadline.refresh_from_db()
    assert deadline in rows(at=later)
    assert note_told(deadline, at=later)
    assert deadline not in rows(at=later)


def test_an_unsure_rule_reminds_nobody_but_stands_on_the_list(
    palms: Any, amina: Any, chama: Any
) -> None:
    deadline = start_deadline(
        palms, rule="aid-distribution", event_on=TODAY + timedelta(days=12), by=amina, at=NOW
    )
    assert deadline.due_on == TODAY + timedelta(days=2)
    assert deadline not in LegalDeadline.objects.reminders_due(at=NOW)
    assert deadline in LegalDeadline.objects.to_call(on=TODAY)
    hold_office(chama.person, palms, office="treasurer", at=NOW)
    assert deadline in LegalDeadline.objects.visible_to(amina)
    assert deadline not in LegalDeadline.objects.visible_to(chama)


def test_consent_is_kept_once_and_can_be_withdrawn(centre: Any) -> None:
    person = make.person()
    said = {"purpose": "contact", "text_version": "2026-11", "language": "ar", "channel": "web"}
    first = give_consent(person, at=NOW, **said)
    assert give_consent(person, at=NOW + timedelta(days=1), **said) == first
    assert withdraw_consent(person, purpose="contact", at=NOW) == 1
    assert withdraw_consent(person, purpose="contact", at=NOW) == 0
    assert give_consent(person, at=NOW, **said) != first
    assert person.consents.count() == 2


def test_an_office_is_written_once_and_ends(palms: Any) -> None:
    person = make.person("حسن")
    start = date(2025, 1, 1)
    first = hold_office(person, palms, office="president", at=NOW, starts_on=start)
    again = hold_office(person, palms, office="president", at=NOW, source="محضر")
    assert again == first
    assert again.source == "محضر"
    assert first.is_held(TODAY)
    with pytest.raises(ValueError, match="before"):
        end_mandate(first, on=date(2024, 12, 31))
    end_mandate(first, on=date(2026, 11, 1))
    assert not first.is_held(TODAY)
    assert hold_office(person, palms, office="president", at=NOW, starts_on=TODAY) != first
