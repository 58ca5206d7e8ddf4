"""Accounts and postings: who may do what to whom, and what the audit says of it."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from helpdesk.accounts.actions import people
from helpdesk.accounts.errors import NotYourself
from helpdesk.accounts.models import Audit, Posting, User
from tests import make


def acts() -> list[str]:
    return [row.facts["what"] for row in Audit.objects.filter(act="changed-rights").order_by("pk")]


def test_a_new_person_chooses_a_password_by_a_link_shown_once(as_user, administrator):
    page = as_user(administrator)
    form = {
        "username": "hind", "name_ar": "هند", "name_fr": "Hind", "language": "fr", "email": "",
        "roles": ["advisor"], "speaks": ["ar", "shi"],
    }  # fmt: skip
    shown = page.post("/desk/people/new/", form, follow=True)
    link = shown.context["link"]
    hind = User.objects.get(username="hind")
    assert not hind.has_usable_password()
    assert hind.speaks == ["ar", "shi"]
    assert [g.name for g in hind.groups.all()] == ["advisor"]
    assert link.encode() in shown.content.replace(b"&amp;", b"&")
    assert page.get(f"/desk/people/{hind.pk}/").context["link"] == ""
    assert acts() == ["added", "password-link"]

    path = link.split("localhost:8000", 1)[1] if "localhost:8000" in link else link
    her = Client()
    ask = her.get(path, follow=True)
    assert ask.status_code == 200
    chosen = {"password1": "naga-hills-77", "password2": "naga-hills-77"}
    her.post(ask.redirect_chain[-1][0], chosen)
    hind.refresh_from_db()
    assert hind.check_password("naga-hills-77")
    again = Client().get(path, follow=True)
    assert again.context["token_fail"], "the link works once"


@pytest.mark.parametrize(
    ("field", "value"),
    [("username", ""), ("username", "ami na"), ("username", "amina"), ("roles", []),
     ("roles", ["root"]), ("email", "no"), ("email", "AMINA@example.org"), ("name_ar", "")],
)  # fmt: skip
def test_what_cannot_be_taken_is_said_and_kept(as_user, administrator, amina, field, value):
    User.objects.filter(pk=amina.pk).update(email="amina@example.org")
    form = {"username": "hind", "name_ar": "هند", "language": "ar", "roles": ["advisor"]}
    response = as_user(administrator).post("/desk/people/new/", {**form, field: value})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert response.context["form"].data["language"] == "ar"
    assert not User.objects.filter(username="hind").exists()


def test_roles_postings_and_closing_by_an_administrator(as_user, administrator, amina):
    page, at = as_user(administrator), f"/desk/people/{amina.pk}/"
    page.post(f"{at}roles/", {"roles": ["advisor", "senior"]})
    assert set(amina.groups.values_list("name", flat=True)) == {"advisor", "senior"}
    posting = {"team": make.team().pk, "province": "07.431", "starts_on": "2026-12-01"}
    page.post(f"{at}postings/", posting)
    added = Posting.objects.get(user=amina, province="07.431")
    assert (added.starts_on, added.ends_on) == (date(2026, 12, 1), None)
    page.post(f"{at}postings/{added.pk}/end/")
    added.refresh_from_db()
    assert added.ends_on == timezone.localdate() - timedelta(days=1)
    page.post(f"{at}activity/", {"active": "0"})
    amina.refresh_from_db()
    assert not amina.is_active
    assert acts() == ["roles", "posted", "posting-ended", "closed"]


def test_nobody_changes_the_own_rights(as_user, administrator, brahim):
    page, at = as_user(administrator), f"/desk/people/{administrator.pk}/"
    for path, data in [
        ("roles/", {"roles": ["advisor"]}), ("activity/", {"active": "0"}), ("second-proof/", {}),
    ]:  # fmt: skip
        assert page.post(at + path, data).status_code == 409
    with pytest.raises(NotYourself):
        people.post(
            brahim, make.team(), province="", starts_on=date(2026, 1, 1), ends_on=None,
            by=brahim, at=make.NOW,
        )  # fmt: skip
    assert acts() == []


class TestSupervisor:
    def test_posts_people_to_the_own_team_only(self, as_user, brahim, amina):
        page, at = as_user(brahim), f"/desk/people/{amina.pk}/"
        other = make.other_team()
        good = {"team": make.team().pk, "starts_on": "2026-12-01", "ends_on": "2026-12-31"}
        assert page.post(f"{at}postings/", good).status_code == 302
        assert page.post(f"{at}postings/", {**good, "team": other.pk}).status_code == 422
        assert amina.postings.count() == 2
        there = Posting.objects.create(user=amina, team=other, starts_on=date(2026, 1, 1))
        assert page.post(f"{at}postings/{there.pk}/end/").status_code == 404
        mine = amina.postings.filter(team=make.team()).first()
        assert page.post(f"{at}postings/{mine.pk}/end/").status_code == 302

    def test_posts_only_to_the_own_province(self, as_user, centre, amina):
        safi = make.user("safi", "supervisor", province="07.431")
        page, at = as_user(safi), f"/desk/people/{amina.pk}/postings/"
        form = {"team": make.team().pk, "starts_on": "2026-12-01"}
        assert page.post(at, form).status_code == 422
        assert page.post(at, {**form, "province": "07.351"}).status_code == 422
        assert page.post(at, {**form, "province": "07.431"}).status_code == 302

    def test_changes_no_account(self, as_user, brahim, amina):
        page, at = as_user(brahim), f"/desk/people/{amina.pk}/"
        for path in ("details/", "roles/", "activity/", "link/", "second-proof/"):
            assert page.post(at + path, {"active": "0"}).status_code == 403
        assert page.get("/desk/people/new/").status_code == 403
        assert acts() == []


def test_dates_the_wrong_way_round_are_said(as_user, administrator, amina):
    form = {"team": make.team().pk, "starts_on": "2026-12-02", "ends_on": "2026-12-01"}
    response = as_user(administrator).post(f"/desk/people/{amina.pk}/postings/", form)
    assert response.status_code == 422
    assert "ends_on" in response.context["posting"].errors


def test_the_list_finds_and_filters(as_user, administrator, amina, brahim):
    page = as_user(administrator)

    def names(query: str) -> set[str]:
        return {
            row.record.username for row in page.get(f"/desk/people/{query}").context["table"].rows
        }

    assert names("") >= {"amina", "brahim", "nabil"}
    assert names("?q=%D8%A3%D9%85%D9%8A") == {"amina"}
    assert names("?role=supervisor") == {"brahim"}
    assert names("?role=bogus&sort=password&page=x") >= {"amina", "brahim"}


def test_the_list_takes_the_same_queries_however_long(
    as_user, administrator, django_assert_max_num_queries
):
    for n in range(30):
        make.user(f"more{n}", "advisor")
    page = as_user(administrator)
    page.get("/desk/me/")
    with django_assert_max_num_queries(10):
        page.get("/desk/people/")


def test_my_settings(as_user, amina):
    page = as_user(amina)
    page.post("/desk/me/", {"language": "fr", "speaks": ["shi"]})
    amina.refresh_from_db()
    assert (amina.language, amina.speaks, amina.single_keys) == ("fr", ["shi"], False)
    assert 'data-keys="off"' in page.get("/desk/me/").content.decode()
    assert page.post("/desk/me/", {"language": "xx"}).status_code == 422


def test_the_language_button_remembers_and_comes_back(as_user, amina, client):
    page = as_user(amina)
    assert 'action="/desk/language/"' in page.get("/desk/me/").content.decode()
    back = page.post("/desk/language/", {"to": "fr", "next": "/desk/me/?a=1"})
    assert back["Location"] == "/desk/me/?a=1"
    amina.refresh_from_db()
    assert amina.language == "fr"
    away = client.post("/desk/language/", {"to": "fr", "next": "https://evil.example/"})
    assert away["Location"] == "/desk/"
    assert client.cookies["wasl_language"].value == "fr"


def test_no_address_changes_the_language_of_an_account(as_user, amina):
    page = as_user(amina)
    assert page.get("/desk/language/?to=fr&next=/desk/").status_code == 405
    assert page.get("/account/password/change/?lang=fr").status_code == 200
    amina.refresh_from_db()
    assert amina.language == "ar"


def test_signing_in_goes_on_in_the_language_of_the_public_page(client, centre):
    assert "/account/login/?lang=fr" in client.get("/fr/").content.decode()
    assert "/account/login/?lang=ar" in client.get("/").content.decode()
    page = client.get("/account/login/?lang=fr")
    assert page["Content-Language"] == "fr"
    assert 'action="/desk/language/"' in page.content.decode()
    assert client.get("/account/password/reset/")["Content-Language"] == "fr"
    assert client.get("/account/login/?lang=ar")["Content-Language"] == "ar"
    assert client.get("/account/login/?lang=xx")["Content-Language"] == "ar"
    assert client.get("/account/login/?next=/fr/my/")["Content-Language"] == "fr"


def test_the_first_administrator_comes_from_the_command_line(centre):
    out = StringIO()
    call_command("administrator", "nadia", stdout=out)
    call_command("administrator", "nadia", stdout=out)
    nadia = User.objects.get(username="nadia")
    assert nadia.has_perm("accounts.manage_users")
    assert nadia.postings.count() == 1
    assert "/account/password/reset/key/" in out.getvalue()
