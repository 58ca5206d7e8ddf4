"""Requests of organisations: once a key, their own and nobody else's, nothing internal, nothing sealed."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from helpdesk.accounts.actions import keys
from helpdesk.accounts.models import ApiKey, Audit
from helpdesk.centre.models import Centre
from helpdesk.queues.models import Waiting
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.models import Merge, Ticket
from helpdesk.tickets.rules import Kind, Level
from tests import make

pytestmark = pytest.mark.django_db
QUESTION = {"words": "Nous attendons le récépissé définitif depuis 70 jours.", "language": "fr"}


def ask(key: str, path: str = "", **headers: str) -> Any:
    named = {"authorization": f"Bearer {key}", **headers}
    return Client(raise_request_exception=False).get(f"/api/v1/requests/{path}", headers=named)


def send(key: str, said: Any = QUESTION, once: str = "one-and-only", **headers: str) -> Any:
    named = {"authorization": f"Bearer {key}", "idempotency-key": once, **headers}
    return Client(raise_request_exception=False).post(
        "/api/v1/requests/", json.dumps(said), content_type="application/json", headers=named
    )


def test_a_request_comes_in_by_the_one_door_and_waits(key_of: Any, organisation: Any):
    answer = send(key_of(), {**QUESTION, "province": "07.351", "association": "Association Nakhil"})
    assert answer.status_code == 201, answer.content
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.organisation) == ("api", organisation)
    assert ticket.association.name_fr or ticket.association.name_ar
    assert Waiting.objects.now().filter(ticket=ticket).count() == 1
    assert answer.json()["reference"] == ticket.reference


def test_the_same_key_twice_is_one_request_and_other_words_are_told(key_of: Any):
    key = key_of()
    first, second = send(key), send(key)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["reference"] == second.json()["reference"]
    told = send(key, {**QUESTION, "words": "Autre chose", "association": "Autre"})
    assert (told.status_code, told.json()["code"]) == (409, "other-words")
    assert Ticket.objects.count() == 1
    assert send(key, once="another-one").status_code == 201


def test_a_key_means_something_to_its_organisation_alone(
    key_of: Any, centre: Any, administrator: Any
):
    other = keys.add_organisation(
        centre=centre, by=administrator, at=make.NOW, name_ar="آخر", name_fr="Autre", contact=""
    )
    mine, theirs = key_of(), key_of(other)
    reference = send(mine).json()["reference"]
    assert send(theirs).json()["reference"] != reference
    assert ask(theirs, f"{reference}/").status_code == 404
    assert [one["reference"] for one in ask(mine).json()["items"]] == [reference]


def test_what_is_internal_or_of_others_never_goes_out(key_of: Any, amina: Any):
    key = key_of()
    ticket = Ticket.objects.get(pk=int(send(key).json()["reference"][-6:]))
    entry(ticket, Kind.NOTE, at=make.NOW, by=amina, text="سر داخلي")
    entry(ticket, Kind.LINE, at=make.NOW, by=amina, text="متى أودعتم الملف؟", public=True)
    make.ticket("طلب شخص آخر")
    said = ask(key, f"{ticket.reference}/")
    lines = said.json()["lines"]
    assert [line["side"] for line in lines] == ["asker", "centre"]
    assert "سر" not in said.content.decode()
    assert "Amina" not in said.content.decode()
    assert ask(key).json()["count"] == 1


def test_restricted_tells_its_stage_and_sealed_does_not_exist(key_of: Any):
    key = key_of()
    reference = send(key).json()["reference"]
    Ticket.objects.update(level=Level.RESTRICTED)
    said = ask(key, f"{reference}/").json()
    assert (said["is_kept_back"], said["subject"], said["lines"]) == (True, "", [])
    Ticket.objects.update(level=Level.SEALED)
    assert ask(key, f"{reference}/").status_code == 404
    assert ask(key).json()["count"] == 0


def test_joined_by_somebody_elses_request_it_is_kept_back(key_of: Any, amina: Any):
    key = key_of()
    reference = send(key).json()["reference"]
    ours = Ticket.objects.get()
    Merge.objects.create(
        source=make.ticket("طلب شخص آخر"), target=ours, by=amina, at=make.NOW, moved={}
    )
    entry(ours, Kind.LINE, at=make.NOW, text="سر شخص آخر", from_asker=True)
    said = ask(key, f"{reference}/")
    assert said.json()["is_kept_back"]
    assert "سر" not in said.content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"scopes": ["requests:create"]}, {"expires_on": (make.NOW - timedelta(1)).date()},
        {"revoked_at": make.NOW}, {"prefix": "00000000"}, {"secret_hash": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_key_that_does_not_hold_opens_nothing(key_of: Any, change: dict[str, Any]):
    key = key_of()
    ApiKey.objects.update(**change)
    assert ask(key).status_code == (403 if "scopes" in change else 401)


@pytest.mark.parametrize(
    "said", ["", "Bearer", "Bearer ", "Bearer x", "Basic eDp5", "Bearer wasl_" + "é" * 30,
             "Bearer wasl_" + "a" * 5000, "Bearer wasl_00000000_" + "a" * 40],
)  # fmt: skip
def test_what_is_no_key_is_told(centre: Any, said: str):
    answer = Client(raise_request_exception=False).get(
        "/api/v1/requests/", headers={"authorization": said}
    )
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_ended_organisations_open_nothing(key_of: Any, organisation: Any, administrator: Any):
    key = key_of()
    keys.end_organisation(organisation, by=administrator, at=make.NOW)
    assert ask(key).status_code == 401


def test_each_key_has_its_own_pace(key_of: Any):
    quick, slow = key_of(), key_of(per_minute=2)
    assert [ask(slow).status_code for _ in range(3)] == [200, 200, 429]
    assert ask(quick).status_code == 200


def test_only_a_hash_is_kept_and_acts_are_in_the_audit(key_of: Any, administrator: Any):
    key = key_of()
    row = ApiKey.objects.get()
    kept = json.dumps([row.prefix, row.secret_hash, row.scopes, row.label])
    assert key not in kept
    assert key.split("_")[2] not in kept
    assert key.startswith(f"wasl_{row.prefix}_")
    ask(key)
    row.refresh_from_db()
    assert row.used_at is not None
    keys.revoke_key(row, by=administrator, at=make.NOW)
    keys.revoke_key(row, by=administrator, at=make.NOW)
    acts = list(Audit.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["changed-keys", "made-key", "revoked-key"]


@pytest.mark.parametrize(
    ("said", "field"),
    [({"words": ""}, "words"), ({"words": "\u202e\u200b \n"}, "words"), ({"theme": "Q"}, "theme"),
     ({"theme": "Z"}, "theme"), ({"province": "99.999"}, "province"), ({"language": "en"}, "language"),
     ({"words": None}, "words"), ({"channel": "web"}, "channel")],
)  # fmt: skip
def test_a_field_that_cannot_be_taken_is_named(key_of: Any, said: dict[str, Any], field: str):
    told = send(key_of(), {**QUESTION, **said}, **{"accept-language": "fr"})
    assert told.status_code == 422, told.content
    assert told.json()["errors"][0]["field"] == field
    assert not Ticket.objects.exists()


def test_a_session_opens_nothing_here(brahim: Any, as_user: Any, key_of: Any):
    reference = send(key_of()).json()["reference"]
    assert as_user(brahim).get(f"/api/v1/requests/{reference}/").status_code == 401


def test_before_the_opening_nothing_comes_in_by_a_key(key_of: Any, not_open: Any):
    key = key_of()
    for answer in (send(key), ask(key)):
        assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
        assert answer.json()["code"] == "opens-soon"
        assert int(answer["Retry-After"]) > 0
    assert not Ticket.objects.exists()
    Centre.objects.update(opened_at=make.NOW)
    cache.clear()
    assert send(key).status_code == 201
