"""Files go out asleep, and only to those who may read what they hang on."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from helpdesk.files import jobs
from helpdesk.files.actions import path_of, store
from helpdesk.files.models import StoredFile
from helpdesk.tickets.actions import levels
from helpdesk.tickets.actions.write import note
from helpdesk.tickets.rules import Level
from tests import make

PDF = b"%PDF-1.4\n<script>alert(1)</script>\n%%EOF\n"


@pytest.fixture
def stored(centre: Any) -> StoredFile:
    return store("رسالة\u202e.pdf", PDF, at=make.NOW)


@pytest.fixture
def asked(stored: StoredFile) -> Any:
    return make.received("انظروا الرسالة", files=[stored], with_code=True)


def test_inert(asked: Any, stored: StoredFile, amina: Any, as_user: Any) -> None:
    answer = as_user(amina).get(f"/files/{stored.name}/")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "\u202e" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_who_gets_it(asked: Any, stored: StoredFile, cast: Any, as_user: Any) -> None:
    may = {"amina", "brahim", "senior"}
    for name, user in cast.items():
        status = as_user(user).get(f"/files/{stored.name}/").status_code
        expected = 200 if name in may else 302 if name == "visitor" else 404
        assert status == expected, name


def test_sealed(asked: Any, stored: StoredFile, amina: Any, senior: Any, as_user: Any) -> None:
    levels.set_level(asked.ticket, Level.SEALED, by=senior, at=make.NOW, reason="x")
    assert as_user(senior).get(f"/files/{stored.name}/").status_code == 200
    assert as_user(amina).get(f"/files/{stored.name}/").status_code == 404


def test_member_sees_own_public_files_only(
    chama: Any, driss: Any, amina: Any, as_user: Any
) -> None:
    shown, inside = store("a.pdf", PDF, at=make.NOW), store("b.pdf", PDF, at=make.NOW)
    ticket = make.ticket("سؤال", person=chama.person, files=[shown])
    note(ticket, "داخلي", by=amina, at=make.NOW).files.set([inside])
    assert as_user(chama).get(f"/files/{shown.name}/").status_code == 200
    assert as_user(chama).get(f"/files/{inside.name}/").status_code == 404
    assert as_user(driss).get(f"/files/{shown.name}/").status_code == 404


def test_asker_by_code(asked: Any, stored: StoredFile, amina: Any) -> None:
    inside = store("b.pdf", PDF, at=make.NOW)
    note(asked.ticket, "داخلي", by=amina, at=make.NOW).files.set([inside])
    client = Client()
    client.post("/follow/", {"reference": asked.ticket.reference, "code": asked.code})
    answer = client.get(f"/follow/ticket/files/{stored.name}/")
    assert answer.status_code == 200
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client.get(f"/follow/ticket/files/{inside.name}/").status_code == 404
    assert Client().get(f"/follow/ticket/files/{stored.name}/").status_code == 404


@pytest.mark.parametrize("name", ["x", "..", "%2e%2e%2fsecret_key", "ض" * 20])
def test_strange_names(amina: Any, as_user: Any, name: str) -> None:
    assert as_user(amina).get(f"/files/{name}/").status_code == 404


def test_lost_on_disk_is_404(asked: Any, stored: StoredFile, amina: Any, as_user: Any) -> None:
    path_of(stored.name).unlink()
    assert as_user(amina).get(f"/files/{stored.name}/").status_code == 404


def test_orphans_go_with_the_draft_they_were_meant_for(asked: Any, stored: StoredFile) -> None:
    orphan = store("c.pdf", PDF, at=make.NOW)
    assert jobs.drop_orphans(at=make.NOW + timedelta(days=29)) == 0
    assert jobs.drop_orphans(at=make.NOW + timedelta(days=31)) == 1
    assert not path_of(orphan.name).exists()
    assert path_of(stored.name).exists()
