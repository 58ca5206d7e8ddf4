"""Signed in, awake, with the second proof: what passes the gates and what is led where."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helpdesk.accounts.actions import people
from tests import make

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/me/?a=1"}


def aged(client: Client, minutes: int) -> None:
    session = client.session
    session["seen_at"] = (timezone.now() - timedelta(minutes=minutes)).timestamp()
    session.save()


def test_a_visitor_is_led_to_sign_in_and_back(client, centre):
    response = client.get("/desk/me/?a=1")
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next={quote('/desk/me/?a=1')}"


def test_htmx_gets_a_header_never_a_page_in_a_region(client, centre):
    response = client.get("/desk/people/", headers=HTMX)
    assert response.status_code == 200
    assert response.content == b""
    assert response["HX-Redirect"].endswith(quote("/desk/me/?a=1"))


def test_a_post_leads_back_to_the_page_of_its_form(client, centre):
    here = {"Referer": "http://testserver/desk/people/7/"}
    response = client.post("/desk/people/7/roles/", headers=here)
    assert response["Location"].endswith(f"next={quote('/desk/people/7/')}")
    away = client.post("/desk/people/7/roles/", headers={"Referer": "http://evil.example/x"})
    assert away["Location"].endswith(f"next={quote('/desk/')}")


def test_an_idle_session_ends_and_another_begins(as_user, amina, settings):
    client = as_user(amina)
    assert client.get("/desk/me/").status_code == 200
    aged(client, settings.IDLE_MINUTES + 1)
    assert client.get("/desk/me/")["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session


def test_an_idle_person_still_reads_public_pages(as_user, amina, settings):
    client = as_user(amina)
    client.get("/desk/me/")
    aged(client, settings.IDLE_MINUTES + 1)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(("headers", "is_awake"), [({}, True), (HTMX, False)])
def test_a_region_that_refreshes_itself_keeps_nobody_awake(as_user, amina, headers, is_awake):
    client = as_user(amina)
    client.get("/desk/me/")
    aged(client, 10)
    before = client.session["seen_at"]
    client.get("/desk/me/", headers=headers)
    assert (client.session["seen_at"] > before) is is_awake


def test_signing_in_gives_a_new_session_key(client, amina):
    client.get(reverse("account_login"))
    client.session["x"] = 1
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    client.post(reverse("account_login"), {"login": "amina", "password": "pass-word-1"})
    assert client.session["_auth_user_id"] == str(amina.pk)
    assert client.session.session_key != before


def test_changed_rights_rotate_the_session_and_hold_at_once(as_user, amina, administrator):
    client = as_user(amina)
    assert client.get("/desk/people/").status_code == 403
    before = client.session.session_key
    people.change_roles(amina, ["supervisor"], by=administrator, at=make.NOW)
    assert client.get("/desk/people/").status_code == 200
    assert client.session.session_key != before
    stolen = Client()
    stolen.cookies["sessionid"] = before
    assert stolen.get("/desk/people/").status_code == 302
    people.change_roles(amina, ["advisor"], by=administrator, at=make.NOW)
    assert client.get("/desk/people/").status_code == 403


def test_an_ended_posting_and_a_closed_account_hold_at_once(as_user, brahim, administrator):
    client = as_user(brahim)
    other = make.user("other", "advisor")
    assert client.get(f"/desk/people/{other.pk}/").status_code == 200
    for posting in brahim.postings.all():
        people.end_posting_now(posting, today=timezone.localdate(), by=administrator, at=make.NOW)
    assert client.get(f"/desk/people/{other.pk}/").status_code == 404
    people.set_active(brahim, False, by=administrator, at=make.NOW)
    assert client.get("/desk/people/").status_code == 302


class TestSecondProof:
    @pytest.fixture(autouse=True)
    def _required(self, settings):
        settings.TOTP_REQUIRED_GROUPS = ["supervisor", "administrator"]

    @pytest.mark.parametrize("path", ["/desk/me/", "/desk/people/", "/", "/fr/", "/library/"])
    def test_it_comes_before_anything_else(self, as_user, brahim, path):
        response = as_user(brahim).get(path)
        assert (response.status_code, response["Location"]) == (302, reverse("mfa_activate_totp"))

    def test_the_way_to_it_has_no_loop(self, client, brahim):
        form = {"login": "brahim", "password": "pass-word-1"}
        response = client.post(reverse("account_login"), form, follow=True)
        again, proof = reverse("account_reauthenticate"), reverse("mfa_activate_totp")
        assert response.redirect_chain[-1][0] == f"{again}?next={quote(proof, safe='')}"
        password = {"password": "pass-word-1", "next": proof}
        response = client.post(again, password, follow=True)
        assert response.redirect_chain == [(proof, 302)]
        assert response.status_code == 200
        for name in ("account_reauthenticate", "account_logout", "mfa_index"):
            assert client.get(reverse(name)).status_code == 200

    def test_htmx_is_led_by_a_header(self, as_user, brahim):
        response = as_user(brahim).get("/desk/people/", headers=HTMX)
        assert response["HX-Redirect"] == reverse("mfa_activate_totp")

    def test_advisors_and_people_who_have_it_pass(self, as_user, amina, brahim):
        assert as_user(amina).get("/desk/me/").status_code == 200
        Authenticator.objects.create(user=brahim, type="totp", data={})
        assert as_user(brahim).get("/desk/me/").status_code == 200

    def test_it_cannot_be_switched_off_only_reset(self, as_user, brahim, administrator):
        from allauth.mfa.adapter import get_adapter

        proof = Authenticator.objects.create(user=brahim, type="totp", data={})
        assert not get_adapter().can_delete_authenticator(proof)
        client = as_user(brahim)
        assert client.get("/desk/me/").status_code == 200
        people.reset_proof(brahim, by=administrator, at=make.NOW)
        assert client.get("/desk/me/")["Location"] == reverse("mfa_activate_totp")
