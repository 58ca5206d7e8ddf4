"""Passwords, sessions and what the log tells of signing in."""

import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings as ours
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config import settings as written
from config.logs import JsonLine
from helpdesk.accounts.actions import people
from helpdesk.accounts.models import Audit, User
from tests import make

OWN = "pass-word-1"
"""Everybody's password in the tests."""
LONG = "أرݣان على ضفاف تانسيفت — 64 " + "x" * 64


def signed_in(name: str = "amina", **extra: str) -> Client:
    client = Client(**extra)
    client.post(reverse("account_login"), {"login": name, "password": OWN})
    return client


def lives(client: Client) -> bool:
    return client.get("/desk/me/").status_code == 200


def new_password(client: Client, new: str, old: str = OWN) -> bool:
    given = {"oldpassword": old, "password1": new, "password2": new}
    return client.post(reverse("account_change_password"), given).status_code == 302


class TestPassword:
    @pytest.mark.parametrize(
        "text",
        ["short-one", "1234567890", "Password123!", "iloveyou2026", "QWERTYUIOP", "جمعية 2026!",
         "Marrakech-2026", "wasl wasl wasl", "centre-conseil-1"],
    )  # fmt: skip
    def test_what_would_be_tried_first_is_refused(self, text: str) -> None:
        with pytest.raises(ValidationError):
            validate_password(text)

    @pytest.mark.parametrize(
        "text",
        ["argan ou tajine", "naga-hills-77", "8402957713", "البحر هادئ اليوم", "a" * 9 + "é", LONG],
    )
    def test_any_signs_and_any_length_are_taken(self, text: str) -> None:
        validate_password(text)

    def test_the_list_is_known_with_what_people_put_around_its_words(self) -> None:
        from helpdesk.accounts.passwords import NotWellKnown

        listed = sorted(
            word for word in NotWellKnown().passwords if word[:1].isalpha() and word[-1:].isalpha()
        )
        assert len(listed) > 3000
        for word in listed[::200]:
            with pytest.raises(ValidationError):
                validate_password(f"{word}2026!!"[:64].rjust(10, "1"))

    def test_it_is_changed_with_the_old_one_and_compared_as_typed(self, amina: User) -> None:
        client = signed_in()
        assert not new_password(client, LONG, old="not-the-old-1")
        assert not new_password(client, "marrakech2026")
        assert new_password(client, LONG)
        amina.refresh_from_db()
        assert amina.check_password(LONG)
        assert not amina.check_password(LONG[:-1])
        assert not amina.check_password(LONG.upper())
        assert not amina.check_password(LONG.replace("ݣ", "گ"))

    def test_other_sessions_end_with_the_password(self, amina: User) -> None:
        here, elsewhere = signed_in(), signed_in()
        assert new_password(here, LONG)
        assert lives(here)
        assert not lives(elsewhere)

    def test_its_field_hides_it_and_lets_helpers_fill_it(self, amina: User) -> None:
        pages = [
            Client().get(reverse("account_login")),
            signed_in().get(reverse("account_change_password")),
        ]
        for page in pages:
            text = page.content.decode()
            assert 'type="password"' in text
            assert 'autocomplete="off"' not in text
            assert "onpaste" not in text
        assert 'autocomplete="current-password"' in pages[0].content.decode()

    def test_it_never_runs_out(self, amina: User) -> None:
        User.objects.filter(pk=amina.pk).update(date_joined=timezone.now() - timedelta(days=3650))
        assert lives(signed_in())

    def test_it_is_kept_by_argon2(self) -> None:
        text = Path(written.__file__).read_text("utf-8")
        first = text.split("PASSWORD_HASHERS = [", 1)[1].split(",")[0].strip()
        assert first == '"django.contrib.auth.hashers.Argon2PasswordHasher"'


class TestPace:
    def test_one_account_is_tried_five_times_in_five_minutes_from_one_address(
        self, amina: User, client: Client
    ) -> None:
        way = reverse("account_login")
        wrong = {"login": "amina", "password": "guess-1"}
        for _ in range(5):
            client.post(way, wrong)
        refused = client.post(way, {"login": "amina", "password": OWN})
        assert refused.status_code == 200
        assert "_auth_user_id" not in client.session
        # No lock-out: the person comes in from elsewhere at the same moment.
        assert lives(signed_in(REMOTE_ADDR="10.9.8.7"))

    def test_behind_the_proxy_each_address_has_its_own_pace(
        self, amina: User, settings: Any
    ) -> None:
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        guesser = Client(HTTP_X_FORWARDED_FOR="10.1.1.1")
        for n in range(11):
            guesser.post(reverse("account_login"), {"login": f"nobody-{n}", "password": "x"})
        guesser.post(reverse("account_login"), {"login": "amina", "password": OWN})
        assert not lives(guesser)
        # What a caller writes into the header stands before what the proxy adds.
        liar = signed_in(HTTP_X_FORWARDED_FOR="10.2.2.2, 10.1.1.1")
        assert not lives(liar)
        assert lives(signed_in(HTTP_X_FORWARDED_FOR="10.1.1.1, 10.2.2.2"))

    def test_unknown_and_known_names_are_refused_alike(self, amina: User) -> None:
        texts = [
            Client()
            .post(reverse("account_login"), {"login": name, "password": "guess-1"})
            .content.decode()
            for name in ("amina", "amino")
        ]
        assert texts[0].replace("amina", "").count("alert") == texts[1].replace("amino", "").count(
            "alert"
        )
        sent = [
            Client().post(reverse("account_reset_password"), {"email": email})
            for email in ("amina@example.org", "nobody@example.org")
        ]
        assert [one.status_code for one in sent] == [302, 302]
        assert sent[0]["Location"] == sent[1]["Location"]


class TestSession:
    def test_it_has_128_random_bits_and_says_nothing(self, amina: User) -> None:
        keys = {signed_in().cookies[ours.SESSION_COOKIE_NAME].value for _ in range(3)}
        assert len(keys) == 3
        assert all(len(key) == 32 and key.isalnum() for key in keys)
        cookie = signed_in().cookies[ours.SESSION_COOKIE_NAME]
        assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")
        made_up = Client()
        made_up.cookies[ours.SESSION_COOKIE_NAME] = "0" * 32
        assert not lives(made_up)

    def test_it_ends_after_twelve_hours_however_busy(self, amina: User) -> None:
        client = signed_in()
        assert lives(client)
        session = client.session
        session["begun_at"] -= ours.SESSION_COOKIE_AGE + 1
        session.save()
        assert not lives(client)

    def test_signing_out_ends_it_for_good_and_clears_the_device(self, amina: User) -> None:
        client = signed_in()
        kept = client.cookies[ours.SESSION_COOKIE_NAME].value
        answer = client.post(reverse("account_logout"))
        assert answer["Clear-Site-Data"] == '"storage"'
        again = Client()
        again.cookies[ours.SESSION_COOKIE_NAME] = kept
        assert not lives(again)
        assert "Clear-Site-Data" not in client.get("/").headers

    def test_a_password_given_again_gives_a_new_key(self, amina: User) -> None:
        client = signed_in()
        before = client.session.session_key
        client.post(reverse("account_reauthenticate"), {"password": "guess-1"})
        assert client.session.session_key == before
        client.post(reverse("account_reauthenticate"), {"password": OWN})
        assert client.session.session_key != before
        assert lives(client)
        old = Client()
        old.cookies[ours.SESSION_COOKIE_NAME] = before
        assert not lives(old)

    def test_an_administrator_ends_all_of_somebody(
        self, amina: User, as_user: Any, administrator: User
    ) -> None:
        one, two = signed_in(), signed_in()
        assert lives(one)
        assert lives(two)
        before = User.objects.get(pk=amina.pk).rights_version
        as_user(administrator).post(f"/desk/people/{amina.pk}/sessions/")
        assert not lives(one)
        assert not lives(two)
        # By this the sockets know it (tests/live/test_socket.py).
        assert User.objects.get(pk=amina.pk).rights_version > before
        assert Audit.objects.filter(act="changed-rights", facts__what="sessions-ended").count() == 1
        assert lives(signed_in())

    def test_oneself_ends_all_others_after_the_password(self, amina: User) -> None:
        here, lost = signed_in(), signed_in()
        assert lives(here)
        assert lives(lost)
        session = here.session
        session["account_authentication_methods"] = []
        session.save()
        asked = here.post("/desk/me/sessions/")
        assert asked["Location"].startswith(reverse("account_reauthenticate"))
        assert lives(lost)
        here.post(asked["Location"], {"password": OWN, "next": "/desk/me/sessions/"})
        assert not lives(lost)
        assert lives(here)

    def test_a_reset_second_proof_ends_them(self, brahim: User, administrator: User) -> None:
        client = signed_in("brahim")
        assert lives(client)
        people.reset_proof(brahim, by=administrator, at=timezone.now())
        assert not lives(client)

    @pytest.mark.parametrize(
        "name", ["account_email", "mfa_activate_totp", "mfa_generate_recovery_codes"]
    )
    def test_what_opens_the_account_is_changed_after_the_password(
        self, amina: User, name: str
    ) -> None:
        client = signed_in()
        if name == "mfa_generate_recovery_codes":
            TOTP.activate(amina, generate_totp_secret())
        session = client.session
        session["account_authentication_methods"] = []
        session.save()
        answer = client.post(reverse(name), {"email": "other@example.org", "action_add": ""})
        assert answer["Location"].startswith(reverse("account_reauthenticate"))

    def test_nobody_is_led_to_another_host(self, amina: User) -> None:
        for there in (
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
        ):
            answer = Client().post(
                reverse("account_login"), {"login": "amina", "password": OWN, "next": there}
            )
            assert answer["Location"] == "/desk/"

    def test_what_is_private_is_stored_by_nobody(self, amina: User) -> None:
        client = signed_in()
        for path in (
            "/desk/me/",
            "/desk/",
            "/",
            "/my/",
            "/account/password/change/",
            "/drafts/nix/",
            "/desk/nix/",
        ):
            assert "no-store" in client.get(path)["Cache-Control"], path
        for path in (
            "/follow/",
            "/fr/follow/",
            "/account/login/",
            "/account/password/reset/",
            "/ask/",
            "/chat/",
        ):
            assert "no-store" in Client().get(path)["Cache-Control"], path

    def test_every_page_of_the_desk_offers_to_sign_out(self, amina: User) -> None:
        page = signed_in().get("/desk/me/").content.decode()
        assert reverse("account_logout") in page


class TestSecondProof:
    def test_a_code_opens_once_and_lasts_half_a_minute(self, amina: User) -> None:
        secret = generate_totp_secret()
        TOTP.activate(amina, secret)
        counters = list(yield_hotp_counters_from_time())
        assert len(counters) == 1
        code = format_hotp_value(hotp_value(secret, counters[0]))
        first, second = signed_in(), signed_in()
        assert not lives(first)
        first.post(reverse("mfa_authenticate"), {"code": code})
        second.post(reverse("mfa_authenticate"), {"code": code})
        assert lives(first)
        assert not lives(second)

    def test_a_copy_of_the_database_opens_no_account(self, amina: User, settings: Any) -> None:
        secret = generate_totp_secret()
        TOTP.activate(amina, secret)
        RecoveryCodes.activate(amina)
        for row in Authenticator.objects.filter(user=amina):
            kept = row.data.get("secret") or row.data["seed"]
            assert kept.startswith("sealed:")
            assert secret not in str(row.data)
        code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
        settings.PEPPER = "of another server"
        client = signed_in()
        assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200
        assert not lives(client)

    def test_a_seed_of_before_still_opens(self, amina: User) -> None:
        secret = generate_totp_secret()
        Authenticator.objects.create(user=amina, type="totp", data={"secret": secret})
        code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
        client = signed_in()
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert lives(client)

    def test_a_recovery_code_opens_once(self, amina: User) -> None:
        TOTP.activate(amina, generate_totp_secret())
        codes = RecoveryCodes.activate(amina).get_unused_codes()
        assert len(codes) == 10
        assert min(len(code) for code in codes) >= 8
        first, second = signed_in(), signed_in()
        for client in (first, second):
            client.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert [lives(first), lives(second)] == [True, False]

    def test_guessing_a_code_is_slowed(self, amina: User) -> None:
        secret = generate_totp_secret()
        TOTP.activate(amina, secret)
        client = signed_in()
        for _ in range(6):
            client.post(reverse("mfa_authenticate"), {"code": "000000"})
        good = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
        client.post(reverse("mfa_authenticate"), {"code": good})
        assert not lives(client)

    def test_a_password_reset_does_not_go_round_it(self, amina: User) -> None:
        TOTP.activate(amina, generate_totp_secret())
        link = people.first_link(amina, by=None, at=make.NOW)
        client = Client()
        way = client.get(link)["Location"]
        client.post(way, {"password1": LONG, "password2": LONG})
        amina.refresh_from_db()
        assert amina.check_password(LONG)
        assert not lives(client)
        assert Client().get(link).status_code == 200
        assert Authenticator.objects.filter(user=amina).exists()


def test_the_log_tells_who_came_and_who_was_refused(
    amina: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "wasl.security")
    client = signed_in()
    client.post(reverse("account_logout"))
    Client().post(reverse("account_login"), {"login": "amina", "password": "guess\nname: x"})
    TOTP.activate(amina, generate_totp_secret())
    signed_in().post(reverse("mfa_authenticate"), {"code": "000000"})
    lines = [JsonLine().format(one) for one in caplog.records if one.name == "wasl.security"]
    told = [json.loads(line) for line in lines]
    assert [(one["message"], one.get("person"), one.get("kind")) for one in told] == [
        ("signed in", amina.pk, "password"),
        ("signed out", amina.pk, None),
        ("sign-in refused", None, "password"),
        ("sign-in refused", amina.pk, "second proof"),
    ]
    assert all("guess" not in line and "\n" not in line for line in lines)
    assert ours.LOGGING["loggers"]["wasl.security"]["level"] == "INFO"
    assert all(one["at"].endswith("+00:00") for one in told)


def test_a_refused_page_is_told_with_the_number_of_the_account(
    amina: User, caplog: pytest.LogCaptureFixture
) -> None:
    client = signed_in()
    assert client.get("/desk/audit/").status_code == 403
    line = json.loads(JsonLine().format(caplog.records[-1]))
    assert (line["person"], line["view"], line["status"]) == (amina.pk, "accounts:audit", 403)
