"""Sound in pieces: kept under numbers, joined up to the first hole, told by content, deleted with proof."""

import json
import struct
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from helpdesk.accounts.models import Audit
from helpdesk.associations import actions as associations
from helpdesk.associations.models import Consent
from helpdesk.files.actions import path_of
from helpdesk.queues.models import Presence
from helpdesk.tickets.models import Entry, Promise
from telephony import actions, jobs, sounds
from telephony.actions import entering, recording
from telephony.facts import State, Why
from telephony.models import Call, Leg
from telephony.providers.web.actions import open_leg
from telephony.recordings import Recording
from tests import make

pytestmark = pytest.mark.django_db
VOICEMAIL, TALK = Recording.Kind.VOICEMAIL, Recording.Kind.TALK
HEAD = bytes.fromhex(
    "1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806701ffffffffffffff"
    "1549a966992ad7b1830f42404d80864368726f6d655741864368726f6d65"
    "1654ae6b80"
)
"""As Chromium begins a recording: a stream of unknown size, its information without a length."""


def later(seconds: float) -> datetime:
    return make.NOW + timedelta(seconds=seconds)


def sound(first: int, last: int, *, head: bool = False) -> bytes:
    """Blocks of 60 ms with these time stamps (ms), in a cluster of their own."""
    cluster = (
        b"\x1f\x43\xb6\x75\x01\xff\xff\xff\xff\xff\xff\xff" + b"\xe7\x84" + struct.pack(">I", first)
    )
    for at in range(first, last, 60):
        cluster += b"\xa3\x90\x81" + struct.pack(">h", at - first) + b"\x80" + b"opus-opus-op"
    return (HEAD if head else b"") + cluster


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def call(centre) -> Call:
    return make.ringing("الوصل", number="0661234567")


def leg_of(call: Call) -> Leg:
    return call.legs.get(role=Leg.Role.CALLER)


class Page:
    """A caller's page that records."""

    def __init__(self, call: Call, language: str = "ar") -> None:
        self.header, self.client = open_leg(leg_of(call)), Client()
        self.base = ("/fr" if language == "fr" else "") + "/call/voicemail/"

    def ask(self, method: str, path: str = "", body: Any = b"", *, leg: str | None = None) -> Any:
        sent = body if isinstance(body, bytes) else json.dumps(body)
        header = self.header if leg is None else leg
        return self.client.generic(
            method, self.base + path, sent, "application/octet-stream", headers={"X-Wasl-Leg": header}
        )  # fmt: skip


def test_pieces_in_any_order_twice_and_late_are_one_sound(call):
    page = Page(call)
    assert page.ask("POST").json() == {"part": 1, "seconds": 300}
    pieces = [sound(0, 960, head=True), sound(960, 1980), sound(1980, 3000)]
    for number in (2, 0, 0, 1, 2):
        assert page.ask("PUT", f"1/pieces/{number}/", pieces[number]).status_code == 204
    assert page.ask("GET", "1/pieces/").json() == {"pieces": [0, 1, 2]}
    assert page.ask("POST", "1/ending/", {"pieces": 3}).json() == {"kept": True, "seconds": 3}
    assert page.ask("POST", "1/ending/", {"pieces": 3}).json() == {"kept": True, "seconds": 3}
    kept = Recording.objects.get()
    whole = path_of(kept.file.name).read_bytes()
    assert sounds.seconds_of(whole, sounds.WEBM) == pytest.approx(3.0)
    at = whole.index(b"\x44\x89\x88") + 3
    assert struct.unpack(">d", whole[at : at + 8])[0] == pytest.approx(3000)
    assert whole.endswith(pieces[2])
    assert not kept.pieces.exists()


def test_a_message_ends_the_call_and_is_owed_a_call(call):
    page = Page(call)
    page.ask("POST")
    page.ask("PUT", "1/pieces/0/", sound(0, 3000, head=True))
    page.ask("POST", "1/ending/", {"pieces": 1})
    call.refresh_from_db()
    assert call.state == State.VOICEMAIL
    assert [p.kind for p in Promise.objects.owed()] == [Promise.Kind.VOICEMAIL]
    entry = Entry.objects.get(data__act="voicemail")
    assert (entry.public, entry.data["seconds"], entry.files.count()) == (False, 3, 1)


def test_an_end_with_a_piece_missing_names_it(call):
    page = Page(call)
    page.ask("POST")
    page.ask("PUT", "1/pieces/0/", sound(0, 960, head=True))
    page.ask("PUT", "1/pieces/2/", sound(1980, 3000))
    answer = page.ask("POST", "1/ending/", {"pieces": 3})
    assert (answer.status_code, answer.json()["missing"]) == (409, [1])


def test_what_nobody_ends_is_closed_up_to_the_first_hole(call):
    page = Page(call)
    page.ask("POST")
    for number, piece in (
        (0, sound(0, 960, head=True)),
        (1, sound(960, 1980)),
        (3, sound(3000, 4000)),
    ):
        page.ask("PUT", f"1/pieces/{number}/", piece)
    assert jobs.close_recordings(at=later(50)) == 0
    assert jobs.close_recordings(at=later(70)) == 1
    kept = Recording.objects.get()
    assert kept.seconds == 2
    assert page.ask("PUT", "1/pieces/2/", sound(1980, 3000)).status_code == 409
    # The page has it all still, and sends it once more though the call is over.
    assert page.ask("POST").json()["part"] == 2


def test_a_reload_begins_a_part_and_what_came_before_is_kept(call):
    page = Page(call)
    page.ask("POST")
    page.ask("PUT", "1/pieces/0/", sound(0, 3960, head=True))
    assert page.ask("POST").json()["part"] == 2
    assert [r.seconds for r in Recording.objects.order_by("part")] == [4, 0]


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"MZ\x90\x00" + b"x" * 90, 415), (b"<html><script>" + b"x" * 90, 415), (b"", 415),
     (HEAD + b"x" * 64 * 1024, 413)],
)  # fmt: skip
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_what_is_no_sound_or_too_large_is_refused_with_a_sentence(call, language, content, status):
    page = Page(call, language)
    page.ask("POST")
    answer = page.ask("PUT", "1/pieces/0/", content)
    assert answer.status_code == status
    assert answer.json()["said"]
    assert not Recording.objects.get().pieces.exists()


def test_neither_too_many_pieces_nor_too_much_in_all(call, monkeypatch):
    page = Page(call)
    page.ask("POST")
    assert page.ask("PUT", "1/pieces/601/", b"x").status_code == 413
    monkeypatch.setitem(recording.MOST, VOICEMAIL, 5000)
    assert page.ask("PUT", "1/pieces/0/", HEAD + b"x" * 3000).status_code == 204
    assert page.ask("PUT", "1/pieces/1/", b"x" * 3000).status_code == 413


def test_a_forged_header_opens_nothing(call):
    page = Page(call)
    page.ask("POST")
    for leg in ("", "x.y", f"{call.code}.wrong", page.header + "x"):
        assert page.ask("PUT", "1/pieces/0/", b"x", leg=leg).status_code == 403
    assert page.ask("PUT", "9/pieces/0/", b"x").status_code == 404


def test_other_kinds_are_taken_as_they_are():
    assert sounds.kind_of(b"\x00\x00\x00\x1cftypiso5") is sounds.MP4
    assert sounds.kind_of(b"OggS\x00\x02") is sounds.OGG
    assert sounds.kind_of(b"RIFF1234WAVE") is None
    assert sounds.with_length(b"OggS", sounds.OGG, 3) == b"OggS"


def test_broken_sound_is_kept_as_it_came():
    for cut in range(0, len(HEAD), 7):
        assert sounds.with_length(HEAD[:cut], sounds.WEBM, 1) is not None
    assert sounds.seconds_of(HEAD, sounds.WEBM) == len(HEAD) / 3200


# --- talks ------------------------------------------------------------------------------------------


def agreed(call: Call) -> Call:
    person = associations.person_for(centre=call.centre, at=make.NOW, name="Hassan")
    call.recording_consent = associations.give_consent(
        person, purpose=Consent.Purpose.RECORDING, text_version=entering.CONSENT_VERSION,
        language="ar", channel="phone", at=make.NOW,
    )  # fmt: skip
    call.save(update_fields=["recording_consent"])
    return call


def test_a_talk_is_recorded_only_with_consent_and_where_switched_on(call, amina, settings):
    leg = actions.answer(call, by=amina, at=make.NOW)
    for on, has in ((False, False), (True, False), (False, True)):
        settings.RECORD_CALLS = on
        if has:
            agreed(call)
        with pytest.raises(recording.NotRecorded):
            recording.begin(leg, TALK, at=make.NOW)
    settings.RECORD_CALLS = True
    assert recording.begin(leg, TALK, at=make.NOW).consent is not None
    associations.withdraw_consent(
        call.recording_consent.person, purpose=Consent.Purpose.RECORDING, at=make.NOW
    )
    with pytest.raises(recording.NotRecorded):
        recording.begin(leg, TALK, at=make.NOW)


def test_the_database_refuses_a_talk_without_consent(call):
    with pytest.raises(IntegrityError), transaction.atomic():
        Recording.objects.create(
            call=call, leg=leg_of(call), kind=TALK, began_at=make.NOW, moved_at=make.NOW
        )


def test_the_advisors_page_sends_it_and_others_may_not(call, amina, senior, settings, as_user):
    settings.RECORD_CALLS = True
    leg = actions.answer(agreed(call), by=amina, at=make.NOW)
    base, headers = f"/desk/calls/{call.pk}/recording/", {"X-Wasl-Leg": open_leg(leg)}
    client = as_user(amina)
    assert client.post(base, headers=headers).status_code == 201
    sent = client.generic("PUT", f"{base}1/pieces/0/", sound(0, 5000, head=True), headers=headers)
    assert sent.status_code == 204
    assert client.post(f"{base}1/pausing/", headers=headers).status_code == 204
    assert as_user(senior).post(base, headers=headers).status_code == 404
    done = client.post(f"{base}1/ending/", {"pieces": 1}, "application/json", headers=headers)
    assert done.json() == {"kept": True, "seconds": 5}
    call.refresh_from_db()
    assert call.is_live


def test_without_consent_the_page_is_told_so(call, amina, settings, as_user):
    settings.RECORD_CALLS = True
    leg = actions.answer(call, by=amina, at=make.NOW)
    answer = as_user(amina).post(
        f"/desk/calls/{call.pk}/recording/", headers={"X-Wasl-Leg": open_leg(leg)}
    )
    assert (answer.status_code, bool(answer.json()["said"])) == (403, True)


class Desk:
    """The page of an advisor who has a call and records it."""

    def __init__(self, call: Call, leg: Leg, client: Client) -> None:
        self.base, self.client = f"/desk/calls/{call.pk}/recording/", client
        self.headers = {"X-Wasl-Leg": open_leg(leg)}

    def ask(self, method: str, path: str = "", body: Any = b"") -> Any:
        sent = body if isinstance(body, bytes) else json.dumps(body)
        return self.client.generic(
            method, self.base + path, sent, "application/octet-stream", headers=self.headers
        )


def test_what_was_said_last_arrives_after_the_hang_up(call, amina, settings, as_user):
    settings.RECORD_CALLS = True
    leg = actions.answer(agreed(call), by=amina, at=make.NOW)
    desk = Desk(call, leg, as_user(amina))
    desk.ask("POST")
    desk.ask("PUT", "1/pieces/0/", sound(0, 3000, head=True))
    actions.end(leg, at=timezone.now())
    assert desk.ask("PUT", "1/pieces/1/", sound(3000, 5000)).status_code == 204
    assert desk.ask("POST", "1/ending/", {"pieces": 2}).json() == {"kept": True, "seconds": 5}
    entry = Entry.objects.get(data__act="talk")
    assert (entry.ticket, str(entry.author), entry.public) == (call.ticket, str(amina), False)


def test_the_next_advisor_does_not_cut_off_the_first_ones_last_words(
    call, amina, senior, settings, as_user
):
    settings.RECORD_CALLS = True
    first = actions.answer(agreed(call), by=amina, at=make.NOW)
    desk = Desk(call, first, as_user(amina))
    desk.ask("POST")
    desk.ask("PUT", "1/pieces/0/", sound(0, 3000, head=True))
    actions.give_back(call, why=Why.TRANSFER, at=later(5), by=amina)
    second = Desk(call, actions.answer(call, by=senior, at=later(6)), as_user(senior))
    assert second.ask("POST").json()["part"] == 2
    assert desk.ask("PUT", "1/pieces/1/", sound(3000, 4000)).status_code == 204
    assert desk.ask("POST", "1/ending/", {"pieces": 2}).json()["seconds"] == 4
    assert desk.ask("POST").status_code == 409, "whoever gave the call away begins no part"
    assert second.ask("PUT", "2/pieces/0/", sound(0, 3000, head=True)).status_code == 204


def test_who_only_listens_records_nothing(call, amina, brahim, settings, as_user):
    settings.RECORD_CALLS = True
    actions.answer(agreed(call), by=amina, at=make.NOW)
    leg = actions.listen(call, by=brahim, at=make.NOW)
    assert Desk(call, leg, as_user(brahim)).ask("POST").status_code == 403


def test_a_caller_who_changes_their_mind_is_not_recorded_any_more(
    client, amina, centre, settings, as_user
):
    settings.RECORD_CALLS = True
    Presence.objects.update_or_create(
        user=amina, defaults={"state": "free", "since": make.NOW, "seen_at": make.NOW}
    )
    client.post(
        "/call/", {"way": "call", "language": "ar", "microphone": "1", "key": "k", "record": "on"}
    )
    call = Call.objects.get()
    leg = actions.answer(call, by=amina, at=timezone.now())
    advisor = as_user(amina)
    desk = Desk(call, leg, advisor)
    card = f"/desk/calls/{call.pk}/"
    assert 'id="act-record"' in advisor.get(card).content.decode()
    desk.ask("POST")
    desk.ask("PUT", "1/pieces/0/", sound(0, 3000, head=True))
    version = Call.objects.get().version
    assert 'action="/call/withdrawal/"' in client.get("/call/").content.decode()
    assert client.post("/call/withdrawal/").status_code == 302
    assert client.post("/call/withdrawal/").status_code == 302, "once more changes nothing"
    assert Call.objects.get().version > version, "the advisor's page is told"
    assert "withdrawal" not in client.get("/call/").content.decode()
    for page in (card, f"{card}band/"):
        shown = advisor.get(page).content.decode()
        assert 'id="act-record"' not in shown
        assert "لم يعد المتصل يريد" in shown
    assert desk.ask("PUT", "1/pieces/1/", sound(3000, 4000)).status_code == 409
    assert desk.ask("POST").status_code == 403
    kept = Recording.objects.get()
    assert (kept.seconds, kept.ended_at is None, kept.pieces.count()) == (3, False, 0)


def test_a_consent_withdrawn_elsewhere_ends_it_too(call, amina, settings, as_user):
    settings.RECORD_CALLS = True
    leg = actions.answer(agreed(call), by=amina, at=make.NOW)
    desk = Desk(call, leg, as_user(amina))
    desk.ask("POST")
    associations.withdraw_consent(
        call.recording_consent.person, purpose=Consent.Purpose.RECORDING, at=make.NOW
    )
    assert desk.ask("PUT", "1/pieces/0/", sound(0, 3000, head=True)).status_code == 403
    assert not Recording.objects.get().pieces.exists()


def test_without_consent_the_card_has_no_recording(call, amina, settings, as_user):
    for on in (False, True):
        settings.RECORD_CALLS = on
        if not on:
            actions.answer(call, by=amina, at=make.NOW)
        page = as_user(amina).get(f"/desk/calls/{call.pk}/").content.decode()
        assert "act-record" not in page
        assert "recorder.js" not in page


# --- hearing it, and its end ------------------------------------------------------------------------


def a_message(call: Call) -> Recording:
    made = recording.begin(leg_of(call), VOICEMAIL, at=make.NOW)
    recording.keep_piece(made, 0, sound(0, 3000, head=True), at=make.NOW)
    return recording.end(made, pieces=1, at=make.NOW)


def test_the_team_hears_it_and_nobody_else(call, amina, driss, as_user):
    kept = a_message(call)
    url = f"/files/{kept.file.name}/"
    whole = as_user(amina).get(url)
    assert whole["Content-Type"] == "audio/webm"
    assert whole["X-Content-Type-Options"] == "nosniff"
    size = kept.file.size
    part = as_user(amina).get(url, headers={"Range": "bytes=10-19"})
    assert (part.status_code, len(part.content)) == (206, 10)
    assert part["Content-Range"] == f"bytes 10-19/{size}"
    assert as_user(amina).get(url, headers={"Range": f"bytes={size}-"}).status_code == 416
    assert as_user(driss).get(url).status_code == 404
    assert as_user(None).get(url).status_code == 302
    page = as_user(amina).get(f"/desk/tickets/{call.ticket_id}/")
    assert f'src="{url}"' in page.content.decode()
    whole.close()


def test_a_recorded_talk_too_is_gone_after_its_time(call, amina, settings, as_user):
    settings.RECORD_CALLS, settings.RECORDING_DAYS = True, 30
    leg = actions.answer(agreed(call), by=amina, at=make.NOW)
    made = recording.begin(leg, TALK, at=make.NOW)
    recording.keep_piece(made, 0, sound(0, 3000, head=True), at=make.NOW)
    kept = recording.end(made, pieces=1, at=make.NOW)
    stored, path = kept.file, path_of(kept.file.name)
    assert jobs.delete_recordings(at=make.NOW + timedelta(days=31)) == 1
    kept.refresh_from_db()
    assert (path.exists(), kept.proof["sha256"]) == (False, stored.sha256)
    audited = Audit.objects.get(act="deleted-recording")
    assert (audited.reason, audited.facts["size"]) == ("retention", stored.size)
    assert as_user(amina).get(f"/files/{stored.name}/").status_code == 404
    page = as_user(amina).get(f"/desk/tickets/{call.ticket_id}/").content.decode()
    assert stored.name not in page


def test_after_its_time_the_sound_is_gone_and_the_proof_is_there(call, settings):
    settings.RECORDING_DAYS = 90
    kept = a_message(call)
    stored, path = kept.file, path_of(kept.file.name)
    assert jobs.delete_recordings(at=make.NOW + timedelta(days=89)) == 0
    assert jobs.delete_recordings(at=make.NOW + timedelta(days=91)) == 1
    assert jobs.delete_recordings(at=make.NOW + timedelta(days=91)) == 0
    kept.refresh_from_db()
    assert (kept.file, path.exists()) == (None, False)
    assert kept.proof["sha256"] == stored.sha256
    assert (kept.proof["size"], kept.proof["why"]) == (stored.size, "retention")
    assert kept.seconds == 3
