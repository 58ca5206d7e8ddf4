"""A centre goes to its successor as one sealed file: all of it, proved equal, or nothing."""

import hashlib
import json
import stat
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from config.handover.lists import list_lines
from config.handover.opening import again, open_pack
from config.handover.packing import Manifest, pack
from config.handover.records import sum_of
from config.handover.refusing import NotOpened
from helpdesk.accounts.models import Audit, Posting, Team, User
from helpdesk.associations.models import Association, Person, Phone
from helpdesk.centre.models import Centre, Operator
from helpdesk.files.actions import path_of
from helpdesk.files.models import StoredFile
from helpdesk.notices.models import Notice
from helpdesk.queues.models import Waiting
from helpdesk.tickets.chats import Chat
from helpdesk.tickets.models import Answer, Entry, Ticket
from helpdesk.tickets.recalls import Recalled
from telephony.models import Call
from telephony.providers.twilio import correspondents
from tests import make
from tests.handed import CANARY, lay

SUCCESSOR = pyrage.x25519.Identity.generate()
pytestmark = pytest.mark.django_db


@pytest.fixture
def packed(centre: Centre, tmp_path: Path) -> tuple[Path, Manifest, dict[str, Any]]:
    """The pack of a centre whose database and files are gone by now."""
    make.library()
    path = tmp_path / "centre.wasl"
    with transaction.atomic():
        laid = lay(centre)
        manifest = pack(centre, path, at=make.NOW)
        pack(centre, tmp_path / "sealed.wasl", at=make.NOW, recipient=SUCCESSOR.to_public())
        transaction.set_rollback(True)
    for name in ("stored", "sound"):
        path_of(laid[name].name).unlink()
    return path, manifest, laid


@pytest.fixture
def fresh(packed: Any, centre: Centre) -> Centre:
    """The successor: another association, another name, one administrator called like an advisor."""
    operator = Operator.objects.create(name_ar="الخلف", name_fr="Successeur")
    Centre.objects.filter(pk=centre.pk).update(slug="new", name_fr="Nouveau", operator=operator)
    make.user("amina", "administrator")
    Notice.objects.create(
        key="test-mail", channel="email", kind="test", address="x@example.org", text="x", state="sent",
        due_at=make.NOW, written_at=make.NOW,
    )  # fmt: skip
    return Centre.objects.get(pk=centre.pk)


def test_it_opens_in_a_fresh_centre_and_is_equal(
    packed: Any, fresh: Centre, tmp_path: Path
) -> None:
    path, manifest, laid = packed
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    taken = open_pack(path, fresh, at=make.NOW)
    assert taken.sum == manifest.sum
    counts = {name: number for name, (number, _sum) in manifest.tables.items()}
    assert (counts["tickets.ticket"], counts["associations.person"]) == (2, 1)
    assert (counts["tickets.answer"], counts["associations.consent"]) == (1, 1)
    ticket = Ticket.objects.get(pk=laid["ticket"].pk)
    assert ticket.reference == laid["ticket"].reference, "its number goes on"
    assert (ticket.centre, ticket.person.name) == (fresh, "سعاد")
    assert Ticket.objects.get(pk=laid["twin"].pk).merged_into == ticket
    assert Phone.objects.get().number.for_storage() == CANARY
    assert not Ticket.objects.filter(subject__contains="ليس لنا").exists()
    answer = Answer.objects.get()
    assert (answer.author.username, answer.author.is_active) == ("former.amina", False)
    assert not answer.author.has_usable_password()
    assert answer.given.get().version.published_at is not None
    [stored] = Entry.objects.get(files__isnull=False).files.all()
    assert hashlib.sha256(path_of(stored.name).read_bytes()).hexdigest() == stored.sha256
    found = {name: list(sum_of(lines)) for name, lines in again(fresh, manifest.day)}
    assert {"lists": list(sum_of(list_lines())), **found} == manifest.tables
    assert pack(fresh, tmp_path / "again.wasl", at=make.NOW).files == manifest.files
    assert make.ticket("بعد التسليم").pk > laid["twin"].pk


def test_calls_messages_and_traces_come_along(packed: Any, fresh: Centre, settings: Any) -> None:
    path, manifest, laid = packed
    settings.PEPPER = "of the successor"
    open_pack(path, fresh, at=make.NOW)
    call = Call.objects.get()
    assert (call.centre, call.state, call.number.for_storage()) == (fresh, "voicemail", CANARY)
    assert (call.user.username, call.payload.words) == ("former.amina", "كلام المتصلة")
    assert (call.events.count(), call.legs.count()) == (1, 1)
    sound = call.recordings.get().file
    assert hashlib.sha256(path_of(sound.name).read_bytes()).hexdigest() == laid["sound"].sha256
    told = Notice.objects.get(key="answer:1")
    assert (told.state, told.address, told.lease_by) == ("delivered", CANARY, "")
    assert set(Notice.objects.values_list("key", flat=True)) == {"test-mail", "answer:1"}
    assert manifest.under_way == {
        "notices.notice": 1, "telephony.call": 1, "telephony.callpayload": 1, "telephony.callevent": 1,
        "telephony.leg": 1, "telephony.recording": 1,
    }  # fmt: skip
    assert correspondents.wants_none(CANARY, "sms"), "under the successor's own pepper"
    assert Recalled.objects.get().recall.opened_at == make.NOW
    assert Chat.objects.get().ended_by == "desk"
    [act] = Audit.objects.filter(act="granted")
    former = User.objects.get(username="former.amina")
    assert (act.user, act.facts, act.subject_id) == (former, {"user": former.pk}, laid["ticket"].pk)
    assert not Audit.objects.filter(subject_kind="user", user=former).exists()
    assert Posting.objects.get(user=former).is_over(manifest.day + timedelta(days=1))
    assert not former.groups.exists()
    assert not User.objects.get(username="amina").postings.get().ends_on, "not the namesake's"


def test_a_sealed_pack_opens_for_the_successor_only(
    packed: Any, fresh: Centre, tmp_path: Path, settings: Any
) -> None:
    _path, manifest, _laid = packed
    path, bad = tmp_path / "sealed.wasl", tmp_path / "bad.wasl"
    whole = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for words in (CANARY, "سعاد", "manifest.json", settings.PEPPER):
        assert words.encode() not in whole
    middle = len(whole) // 2
    altered = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    key, stranger = SUCCESSOR, pyrage.x25519.Identity.generate()
    for content, identity, ar, fr in (
        (whole, stranger, "لا يفتح هذه الحزمة", "n'ouvre pas ce paquet"),
        (whole, None, "مختومة", "scellé"),
        (whole[:middle], key, "مبتورة", "tronqué"),
        (whole[:-1], key, "مبتورة", "tronqué"),
        (altered, key, "مبتورة", "tronqué"),
        (_path.read_bytes(), key, "--clear", "--clear"),
        (b"", None, "تعذّرت", "ne peut pas être lu"),
    ):
        bad.write_bytes(content)
        with pytest.raises(NotOpened) as why:
            open_pack(bad, fresh, at=make.NOW, identity=identity)
        first, second = why.value.told.split("\n")
        assert ar in first
        assert fr in second
        assert not any(m.objects.exists() for m in (Ticket, Person, Call, Chat, StoredFile))
        assert not User.objects.filter(username__startswith="former.").exists()
    assert open_pack(path, fresh, at=make.NOW, identity=key).tables == manifest.tables
    assert not list(Path(settings.DATA_DIR).glob(".handover-*")), "a plain copy was left"


def test_no_password_nor_second_proof_is_in_a_pack(packed: Any) -> None:
    with ZipFile(packed[0]) as plain:
        text = b"".join(plain.read(name) for name in plain.namelist())
    for word in ("argon2", "pbkdf2", "md5$", '"password"', "totp", "recovery"):
        assert word.encode() not in text


def test_the_new_desk_works_with_what_came(packed: Any, fresh: Centre, as_user: Any) -> None:
    path, _manifest, laid = packed
    open_pack(path, fresh, at=make.NOW)
    team = Team.objects.get(pk=Ticket.objects.get(pk=laid["ticket"].pk).team_id)
    page = as_user(make.user("new", "supervisor", of=team)).get(
        f"/desk/tickets/{laid['ticket'].pk}/"
    )
    assert page.status_code == 200
    assert "سؤال" in page.content.decode()
    assert Waiting.objects.filter(queue__team=team).exists()


@pytest.mark.parametrize("member", ["records/tickets.entry.jsonl", "files/", "manifest.json", ""])
def test_a_pack_that_was_touched_is_refused_whole(
    packed: Any, fresh: Centre, tmp_path: Path, member: str
) -> None:
    path, _manifest, _laid = packed
    touched = tmp_path / "touched.wasl"
    with ZipFile(path) as old, ZipFile(touched, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            is_it = bool(member) and name.startswith(member)
            if is_it and name == "manifest.json":
                told = json.loads(data)
                told["tables"]["tickets.ticket"][1] = "0" * 64
                data = json.dumps(told).encode()
            elif is_it:
                data = data.replace(b"a", b"b", 1) + b" "
            new.writestr(name, data)
    if not member:
        touched.write_bytes(path.read_bytes()[:-900])
    with pytest.raises(NotOpened):
        open_pack(touched, fresh, at=make.NOW)
    assert not Ticket.objects.exists()
    assert not Person.objects.exists()
    assert not User.objects.filter(username__startswith="former.").exists()


def test_it_opens_only_where_nothing_is(packed: Any, fresh: Centre) -> None:
    make.association("جمعية سابقة")
    with pytest.raises(NotOpened, match=r"associations\.association"):
        open_pack(packed[0], fresh, at=make.NOW)
    assert Association.objects.count() == 1


def test_by_command(packed: Any, fresh: Centre, tmp_path: Path) -> None:
    told = StringIO()
    private, public = tmp_path / "private.txt", tmp_path / "public.txt"
    private.write_text(f"# of the successor\n{SUCCESSOR}\n")
    public.write_text(f"{SUCCESSOR.to_public()}\n")
    sealed, following = tmp_path / "sealed.wasl", tmp_path / "next.wasl"
    with pytest.raises(CommandError, match="identity"):
        call_command("take_over", sealed)
    with pytest.raises(CommandError, match=r"nothing(.|\n)*Rien"):
        call_command("take_over", tmp_path / "nothing", identity=str(private), centre="new")
    call_command("take_over", sealed, identity=str(private), stdout=told)
    assert "tickets.ticket" in told.getvalue()
    for wrong in (private, tmp_path / "nothing"):
        with pytest.raises(CommandError):
            call_command("handover", following, key=wrong)
    with pytest.raises(CommandError, match="clear"):
        call_command("handover", following)
    assert not following.exists()
    call_command("handover", following, key=public, stdout=told)
    assert following.read_bytes().startswith(b"age-encryption.org/v1")
    call_command("handover", tmp_path / "clear.wasl", clear=True, stdout=told)
    assert ZipFile(tmp_path / "clear.wasl").testzip() is None
    with pytest.raises(CommandError):
        call_command("handover", following, key=public)
    Centre.objects.create(slug="second", name_ar="ثان", name_fr="Deux")
    with pytest.raises(CommandError, match="--centre"):
        call_command("handover", tmp_path / "third.wasl", clear=True)


def test_a_second_centre_is_made_with_people_of_its_own(centre: Centre, as_user: Any) -> None:
    told = StringIO()
    names = {"name_ar": "مركز الصويرة", "name_fr": "Centre d'Essaouira"}
    call_command("new_centre", "essaouira", administrator="nadia", stdout=told, **names)
    assert "/account/" in told.getvalue() or "http" in told.getvalue()
    made = Centre.objects.get(slug="essaouira")
    assert made.opened_at is None, "closed until its administrator opens it"
    client = as_user(User.objects.get(username="nadia"))
    make.user("brahim", "supervisor")
    page = client.get("/desk/people/").content.decode()
    assert "nadia" in page
    assert "brahim" not in page
    assert client.get("/desk/centre/").context["centre"] == made
    for wrong in (
        {"slug": "essaouira", "who": "x"},
        {"slug": "b c", "who": "x"},
        {"slug": "c", "who": "nadia"},
    ):
        with pytest.raises(CommandError):
            call_command("new_centre", wrong["slug"], administrator=wrong["who"], **names)
    assert Centre.objects.count() == 2
