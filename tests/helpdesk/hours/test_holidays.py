"""Holidays: proposed, confirmed by a supervisor, moved, refused, added."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from helpdesk.accounts.models import Audit
from helpdesk.centre.models import Centre
from helpdesk.hours import actions, timetables
from helpdesk.hours.jobs import propose_holidays
from helpdesk.hours.models import Holiday, Opening, Schedule
from tests import make

NOW = make.NOW


def test_proposals_are_laid_once_and_count_for_nothing_yet(centre: Any) -> None:
    assert propose_holidays(at=NOW) > 25
    assert propose_holidays(at=NOW) == 0
    assert Holiday.objects.confirmed().days() == frozenset()


def test_a_moon_date_is_confirmed_where_it_really_falls(centre: Any, brahim: Any) -> None:
    actions.propose(2027)
    feast = Holiday.objects.get(day=date(2027, 5, 16))
    assert feast.estimated
    with pytest.raises(actions.DayTaken):
        actions.confirm(feast, day=date(2027, 5, 17), by=brahim, at=NOW)
    feast.refresh_from_db()
    assert feast.confirmed_at is None
    actions.confirm(feast, day=date(2027, 5, 15), by=brahim, at=NOW)
    actions.confirm(feast, day=date(2027, 5, 15), by=brahim, at=NOW)
    assert Audit.objects.filter(act="confirmed-holiday").count() == 1
    actions.propose(2027)
    assert not Holiday.objects.filter(day=date(2027, 5, 16)).exists()
    assert Holiday.objects.confirmed().days() == frozenset({date(2027, 5, 15)})


def test_a_refused_day_stays_refused(centre: Any, brahim: Any) -> None:
    actions.propose(2027)
    day = Holiday.objects.get(day=date(2027, 1, 14))
    actions.confirm(day, day=day.day, by=brahim, at=NOW)
    actions.refuse(day, by=brahim, at=NOW)
    assert actions.propose(2027) == 0
    assert Holiday.objects.confirmed().days() == frozenset()


def test_fixed_days_are_confirmed_together_and_no_moon_date(centre: Any, brahim: Any) -> None:
    actions.propose(2027)
    done = actions.confirm_fixed(year=2027, by=brahim, at=NOW)
    assert done == Holiday.objects.filter(estimated=False).count()
    assert not Holiday.objects.confirmed().filter(estimated=True).exists()


def test_a_confirmed_day_closes_a_schedule_and_no_working_day(centre: Any, brahim: Any) -> None:
    schedule = Schedule.objects.get()
    assert Opening.objects.exists()
    assert timetables.is_open(schedule, at=NOW)
    today = timezone.localtime(NOW).date()
    actions.add(day=today, name_ar="عطلة", name_fr="Jour férié", by=brahim, at=NOW)
    assert not timetables.is_open(schedule, at=NOW)
    opening = timetables.next_opening(schedule, at=NOW)
    assert opening is not None
    assert timezone.localtime(opening).date() == date(2026, 11, 25)
    assert timetables.add_working_days(1, on=date(2026, 11, 23)) == date(2026, 11, 25)
    Centre.objects.update(always_open=True)
    assert timetables.is_open(Schedule.objects.get(), at=NOW)


def test_a_centre_without_schedule_keeps_office_hours(centre: Any) -> None:
    assert timetables.is_open(None, at=NOW)
    at = timetables.add_working_minutes(None, 8 * 60, at=NOW)
    assert timezone.localtime(at).date() == date(2026, 11, 25)


def test_only_supervisors_enter(cast: dict[str, Any], as_user: Any) -> None:
    holiday = Holiday.objects.create(day=date(2026, 12, 1), name_ar="عيد", name_fr="fête")
    for name, user in cast.items():
        client = as_user(user)
        status = client.get("/desk/holidays/").status_code
        assert status == 200 if name == "brahim" else status in (302, 403), name
        if name != "brahim":
            for path in (f"{holiday.pk}/confirmation", f"{holiday.pk}/refusal", "fixed", "new"):
                assert client.post(f"/desk/holidays/{path}/").status_code in (302, 403), name
    holiday.refresh_from_db()
    assert holiday.confirmed_at is None


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_page_confirms_moves_refuses_and_adds(brahim: Any, as_user: Any, language: str) -> None:
    brahim.language = language
    brahim.save()
    year = timezone.localdate().year
    actions.propose(year)
    client = as_user(brahim)
    html = client.get(f"/desk/holidays/?year={year}").content.decode()
    assert ("عيد العرش" if language == "ar" else "Fête du Trône") in html
    throne = Holiday.objects.get(day=date(year, 7, 30))
    client.post(f"/desk/holidays/{throne.pk}/confirmation/", {"day": f"{year}-07-30"})
    client.post("/desk/holidays/fixed/", {"year": str(year)})
    assert not Holiday.objects.of_year(year).proposed().filter(estimated=False).exists()
    client.post(f"/desk/holidays/{throne.pk}/refusal/")
    throne.refresh_from_db()
    assert throne.refused_at
    sent = {"year": str(year), "day": f"{year}-12-07", "name_ar": "عطلة", "name_fr": "Pont"}
    assert client.post("/desk/holidays/new/", sent).status_code == 302
    again = client.post("/desk/holidays/new/", sent)
    assert again.status_code == 422
    assert "Pont" in again.content.decode()


@pytest.mark.parametrize("day", ["", "zzz", "2999-01-01", "2026-02-30", "x" * 3000])
def test_a_wrong_day_comes_back(brahim: Any, as_user: Any, day: str) -> None:
    year = timezone.localdate().year
    holiday = Holiday.objects.create(day=date(year, 12, 1), name_ar="عيد", name_fr="fête")
    client = as_user(brahim)
    url = f"/desk/holidays/{holiday.pk}/confirmation/"
    assert client.post(url, {"day": day}).status_code == 422
    sent = {"year": "x" * 100, "day": day, "name_ar": "عطلة", "name_fr": "Pont"}
    assert client.post("/desk/holidays/new/", sent).status_code == 422
    assert client.get("/desk/holidays/?year=²").status_code == 200
    assert client.post(f"/desk/holidays/{10**30}/refusal/").status_code == 404
    holiday.refresh_from_db()
    assert holiday.confirmed_at is None
