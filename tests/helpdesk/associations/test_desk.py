"""The desk's pages about associations and people: who may, what is shown, bad input."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from helpdesk.accounts.models import Audit
from helpdesk.associations.actions import (
    add_association,
    hold_office,
    person_for,
    start_deadline,
)
from helpdesk.associations.models import Association, LegalDeadline, Mandate, Person
from helpdesk.associations.rules import Stage
from tests import make

NUMBER = "0661223344"
WHOLE = "06 61 22 33 44"


@pytest.fixture
def palms(centre: Any) -> Association:
    return add_association(
        centre=centre, at=make.NOW, name_ar="جمعية النخيل", name_fr="Ennakhil",
        province="07.351",
    )  # fmt: skip


@pytest.fixture
def fatima(palms: Association, centre: Any) -> Person:
    person = person_for(centre=centre, at=make.NOW, name="فاطمة", number=NUMBER)
    hold_office(person, palms, office="president", at=make.NOW)
    return person


@pytest.fixture
def due(palms: Association, amina: Any) -> LegalDeadline:
    """Ends in three days, whatever day it is."""
    return start_deadline(
        palms, rule="foreign-aid", event_on=timezone.localdate() - timedelta(days=27), by=amina,
        at=timezone.now(),
    )  # fmt: skip


def pages(palms: Association, fatima: Person, due: LegalDeadline) -> list[str]:
    mandate = Mandate.objects.get(person=fatima)
    return [
        "/desk/associations/", "/desk/associations/new/", f"/desk/associations/{palms.pk}/",
        f"/desk/associations/{palms.pk}/facts/", f"/desk/contacts/{fatima.pk}/",
        f"/desk/contacts/{fatima.pk}/facts/", f"/desk/mandates/{mandate.pk}/end/",
        "/desk/day-61/",
    ]  # fmt: skip


def acts(palms: Association, fatima: Person, due: LegalDeadline) -> list[str]:
    phone = fatima.phones.get()
    return [
        f"/desk/associations/{palms.pk}/stage/", f"/desk/associations/{palms.pk}/deadlines/",
        f"/desk/associations/{palms.pk}/mandates/", f"/desk/deadlines/{due.pk}/end/",
        f"/desk/contacts/{fatima.pk}/phones/",
        f"/desk/contacts/{fatima.pk}/phones/{phone.pk}/number/",
        f"/desk/day-61/{due.pk}/called/", f"/desk/day-61/{due.pk}/number/{phone.pk}/",
    ]  # fmt: skip


@pytest.mark.long
def test_pages_open_to_the_desk_only(
    palms: Any, fatima: Any, due: Any, cast: dict[str, Any], as_user: Any
) -> None:
    for name, user in cast.items():
        client = as_user(user)
        for url in pages(palms, fatima, due):
            answer = client.get(url)
            if name in ("amina", "brahim", "senior"):
                assert answer.status_code == 200, (name, url)
            else:
                assert answer.status_code in (302, 403, 404), (name, url)
                assert "account" in answer.get("Location", "account"), (name, url)
        for url in acts(palms, fatima, due):
            assert client.get(url).status_code in (302, 403, 405), (name, url)
            if name not in ("amina", "brahim", "senior"):
                assert client.post(url).status_code in (302, 403, 404), (name, url)
    assert LegalDeadline.objects.get(pk=due.pk).called_at is None
    assert not Audit.objects.filter(act="revealed-number").exists()


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_no_page_shows_a_whole_number_unasked(
    palms: Any, fatima: Any, due: Any, brahim: Any, as_user: Any, language: str
) -> None:
    brahim.language = language
    brahim.save()
    client = as_user(brahim)
    for url in pages(palms, fatima, due):
        html = client.get(url).content.decode()
        assert "223344" not in html.replace(" ", "").replace("-", ""), url
        assert f'lang="{language}"' in html
        assert "style=" not in html


def test_another_province_is_unknown(palms: Any, fatima: Any, due: Any, as_user: Any) -> None:
    outsider = make.user("karima", "advisor", province="07.431")
    client = as_user(outsider)
    assert client.get(f"/desk/associations/{palms.pk}/").status_code == 404
    assert client.post(f"/desk/day-61/{due.pk}/called/").status_code == 404
    assert client.post(f"/desk/mandates/{Mandate.objects.get().pk}/end/").status_code == 404
    assert "النخيل" not in client.get("/desk/associations/").content.decode()
    assert "النخيل" not in client.get("/desk/day-61/").content.decode()


@pytest.mark.parametrize("pk", [0, 999999, 10**30])
def test_unknown_keys_are_404(amina: Any, as_user: Any, pk: int) -> None:
    client = as_user(amina)
    for url in (f"/desk/associations/{pk}/", f"/desk/contacts/{pk}/"):
        assert client.get(url).status_code == 404
    assert client.post(f"/desk/day-61/{pk}/called/").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["", "q=النخيل", "q=nakhil", "province=07.351", "stage=active", "sort=name", "sort=-province"],
)
def test_the_list_finds_it(palms: Any, amina: Any, as_user: Any, query: str) -> None:
    answer = as_user(amina).get(f"/desk/associations/?{query}")
    assert "جمعية النخيل" in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "q=قنفذ", "province=07.431", "stage=dissolved", "q=" + "x" * 5000, "page=99999",
        "page=zzz", "sort=centre__slug", "sort=password", "province=%27", "stage[]=1",
        "q=%00%ED%A0%80",
    ],
)  # fmt: skip
def test_odd_filters_never_break_the_list(palms: Any, amina: Any, as_user: Any, query: str) -> None:
    assert as_user(amina).get(f"/desk/associations/?{query}").status_code == 200


def test_a_long_list_asks_few_questions(
    centre: Any, amina: Any, as_user: Any, django_assert_max_num_queries: Any
) -> None:
    for n in range(40):
        one = add_association(
            centre=centre, at=make.NOW, name_ar=f"جمعية رقم {n}", province="07.351"
        )
        start_deadline(
            one, rule="foreign-aid", event_on=timezone.localdate() - timedelta(days=27), by=amina,
            at=timezone.now(),
        )  # fmt: skip
        person = make.person(f"شخص {n}", number=f"06612233{n:02d}")
        hold_office(person, one, office="president", at=make.NOW)
    client = as_user(amina)
    client.get("/desk/associations/new/")  # the first page of a session also writes the session
    with django_assert_max_num_queries(10):
        client.get("/desk/associations/")
    with django_assert_max_num_queries(15):
        client.get("/desk/day-61/")


def test_facts_are_corrected_and_found_by_the_new_name(
    palms: Any, amina: Any, as_user: Any
) -> None:
    client = as_user(amina)
    answer = client.post(
        f"/desk/associations/{palms.pk}/facts/",
        {
            "name_ar": "جمعية الواحة\u202e", "legal_status": "declared", "province": "07.351",
            "filed_on": "2026-01-05", "stage": "dissolved",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    palms.refresh_from_db()
    assert palms.name_ar == "جمعية الواحة"
    assert palms.stage == Stage.ACTIVE, "only the form's own fields are taken"
    assert "الواحة" in client.get("/desk/associations/?q=waha").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name_ar", ""),
        ("email", "not a mail"),
        ("province", "99.999"),
        ("legal_status", "king"),
        ("founded_on", "31/02/2026"),
        ("founded_on", "0001-01-01"),
        ("founded_on", "2999-01-01"),
        ("final_on", "2001-01-01"),
        ("mandate_ends_on", "٢٠٢٦"),
    ],
)
def test_wrong_facts_come_back_as_typed(
    palms: Any, amina: Any, as_user: Any, field: str, value: str
) -> None:
    sent = {
        "name_ar": "جمعية أخرى", "name_fr": "", "legal_status": "declared", "seat": "حي الأمل",
        "filed_on": "2026-01-05", field: value,
    }  # fmt: skip
    answer = as_user(amina).post(f"/desk/associations/{palms.pk}/facts/", sent)
    assert answer.status_code == 422
    assert "حي الأمل" in answer.content.decode()
    palms.refresh_from_db()
    assert palms.name_ar == "جمعية النخيل"


def test_a_known_association_is_not_written_twice(palms: Any, amina: Any, as_user: Any) -> None:
    client = as_user(amina)
    sent = {"name_fr": "Association Ennakhil", "legal_status": "declared", "province": "07.351"}
    answer = client.post("/desk/associations/new/", sent)
    assert answer["Location"] == f"/desk/associations/{palms.pk}/"
    client.post("/desk/associations/new/", {**sent, "province": "07.431"})
    assert Association.objects.count() == 2


def test_a_stage_starts_its_clocks_and_a_clock_can_be_ended(
    palms: Any, amina: Any, as_user: Any
) -> None:
    client, today = as_user(amina), timezone.localdate()
    client.post(
        f"/desk/associations/{palms.pk}/stage/",
        {"stage": "file-deposited", "on": (today - timedelta(days=77)).isoformat()},
    )
    palms.refresh_from_db()
    assert palms.stage == Stage.DAY_60
    html = client.get(f"/desk/associations/{palms.pk}/").content.decode()
    assert 'class="clock"' in html
    receipt = palms.deadlines.get(rule="final-receipt")
    for _ in range(2):
        client.post(f"/desk/deadlines/{receipt.pk}/end/", {"how": "met", "on": today.isoformat()})
    receipt.refresh_from_db()
    assert receipt.state == "met"


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("stage", {"stage": "king", "on": "2026-01-01"}),
        ("stage", {"stage": "active", "on": "2999-01-01"}),
        ("stage", {}),
        ("deadlines", {"rule": "no-such", "event_on": "2026-01-01"}),
        ("deadlines", {"rule": "foreign-aid", "event_on": "1901-01-01"}),
        ("deadlines", {"rule": "foreign-aid", "event_on": "x" * 4000}),
        ("mandates", {"name": "", "office": "president"}),
        ("mandates", {"name": "حسن", "office": "king"}),
        ("mandates", {"name": "حسن", "office": "member", "number": "12"}),
        ("mandates", {"name": "ن" * 500, "office": "member"}),
        (
            "mandates",
            {
                "name": "حسن",
                "office": "member",
                "starts_on": "2026-02-01",
                "ends_on": "2026-01-01",
            },
        ),
    ],
)
def test_wrong_acts_change_nothing(
    palms: Any, amina: Any, as_user: Any, path: str, sent: dict[str, str]
) -> None:
    answer = as_user(amina).post(f"/desk/associations/{palms.pk}/{path}/", sent)
    assert answer.status_code == 422
    palms.refresh_from_db()
    assert palms.stage == Stage.ACTIVE
    assert not palms.deadlines.exists()
    assert not palms.mandates.exists()
    assert not Person.objects.exists()


def test_an_office_holder_is_found_by_number_or_written_down(
    palms: Any, fatima: Any, amina: Any, as_user: Any
) -> None:
    client = as_user(amina)
    url = f"/desk/associations/{palms.pk}/mandates/"
    client.post(url, {"name": "Fatima", "number": "+212 661 22 33 44", "office": "treasurer"})
    assert set(fatima.mandates.values_list("office", flat=True)) == {"president", "treasurer"}
    client.post(url, {"name": "حسن", "number": NUMBER, "office": "secretary"})
    assert Person.objects.count() == 2
    mandate = fatima.mandates.get(office="president")
    client.post(f"/desk/mandates/{mandate.pk}/end/", {"on": "2026-06-30"})
    mandate.refresh_from_db()
    assert mandate.ends_on == date(2026, 6, 30)


def test_a_number_is_shown_once_asked_with_a_reason(fatima: Any, brahim: Any, as_user: Any) -> None:
    client, phone = as_user(brahim), fatima.phones.get()
    url = f"/desk/contacts/{fatima.pk}/phones/{phone.pk}/number/"
    assert client.post(url, {"reason": " "}).status_code == 422
    assert not Audit.objects.filter(act="revealed-number").exists()
    answer = client.post(url, {"reason": "خط الهاتف انقطع"})
    assert WHOLE in answer.content.decode()
    assert "tel:0661223344" in answer.content.decode()
    row = Audit.objects.get(act="revealed-number")
    assert (row.user, row.subject_id, row.reason) == (brahim, fatima.pk, "خط الهاتف انقطع")
    assert WHOLE not in client.get(f"/desk/contacts/{fatima.pk}/").content.decode()


def test_an_advisor_sees_numbers_of_those_she_works_for(
    fatima: Any, palms: Any, amina: Any, as_user: Any
) -> None:
    client, phone = as_user(amina), fatima.phones.get()
    url = f"/desk/contacts/{fatima.pk}/phones/{phone.pk}/number/"
    assert client.post(url, {"reason": "معاودة الاتصال"}).status_code == 403
    ticket = make.ticket(person=fatima, association=palms)
    type(ticket).objects.filter(pk=ticket.pk).update(assignee=amina)
    assert WHOLE in client.post(url, {"reason": "معاودة الاتصال"}).content.decode()


def test_the_day_61_list_gives_the_number_to_call_and_notes_the_call(
    palms: Any, fatima: Any, due: Any, amina: Any, brahim: Any, as_user: Any
) -> None:
    client, phone = as_user(amina), fatima.phones.get()
    html = client.get("/desk/day-61/").content.decode()
    assert "جمعية النخيل" in html
    shown = client.post(f"/desk/day-61/{due.pk}/number/{phone.pk}/").content.decode()
    assert "tel:0661223344" in shown
    row = Audit.objects.get(act="revealed-number")
    assert row.user == amina
    with translation.override("fr"):
        assert row.reason_shown == f"appel au sujet du délai n° {due.pk} (liste des appels)"
    client.post(f"/desk/day-61/{due.pk}/called/")
    as_user(brahim).post(f"/desk/day-61/{due.pk}/called/")
    due.refresh_from_db()
    assert due.called_by == amina
    assert "جمعية النخيل" not in client.get("/desk/day-61/").content.decode()
    assert client.post(f"/desk/day-61/{due.pk}/number/{phone.pk}/").status_code == 404


def test_who_gave_only_an_address_is_written_to_and_told(
    palms: Any, due: Any, centre: Any, amina: Any, as_user: Any
) -> None:
    founder = person_for(centre=centre, at=make.NOW, name="سعيد", email="said@example.org")
    hold_office(founder, palms, office="founder", at=make.NOW)
    amina.language = "fr"
    amina.save(update_fields=["language"])
    html = as_user(amina).get("/desk/day-61/").content.decode()
    assert 'href="mailto:said@example.org"' in html
    assert "Prévenue" in html
    assert "Appel fait" not in html


def test_only_numbers_of_present_office_holders_are_called(
    palms: Any, fatima: Any, due: Any, amina: Any, as_user: Any
) -> None:
    Mandate.objects.update(ends_on=date(2020, 1, 1))
    stranger = make.person("حسن", number="0677889900")
    for phone in (fatima.phones.get(), stranger.phones.get()):
        url = f"/desk/day-61/{due.pk}/number/{phone.pk}/"
        assert as_user(amina).post(url).status_code == 404


def test_a_person_is_corrected(fatima: Any, amina: Any, as_user: Any) -> None:
    client = as_user(amina)
    url = f"/desk/contacts/{fatima.pk}/facts/"
    sent = {"name": "فاطمة الزهراء", "language": "fr", "email": "F@Example.org", "speaks": "shi"}
    assert client.post(url, sent).status_code == 302
    fatima.refresh_from_db()
    assert (fatima.name, fatima.email, fatima.speaks) == ("فاطمة الزهراء", "f@example.org", "shi")
    assert client.post(url, {**sent, "language": "xx"}).status_code == 422
    phones = f"/desk/contacts/{fatima.pk}/phones/"
    assert client.post(phones, {"number": "٠٦٧٧٨٨٩٩٠٠"}).status_code == 302
    assert client.post(phones, {"number": "abc"}).status_code == 422
    assert fatima.phones.count() == 2
