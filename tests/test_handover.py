"""A centre goes to its successor as one file: all of it, proved equal, or nothing."""

import hashlib
import json
import stat
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from config.handover.opening import NotOpened, open_pack
from config.handover.packing import Manifest, pack
from helpdesk.accounts.models import Team, User
from helpdesk.associations.models import Association, Consent, Person, Phone
from helpdesk.centre.models import Centre, Operator
from helpdesk.files.actions import path_of, store
from helpdesk.queues.models import Waiting
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.models import Answer, Entry, GivenVersion, Ticket
from helpdesk.tickets.rules import Kind
from knowledge.articles.models import Version
from tests import make
from tests.contracts.world import PDF

CANARY = "+212699999901"
pytestmark = pytest.mark.django_db


def lay(centre: Centre) -> dict[str, Any]:
    """A request with everything, one merged into it, and what belongs to another centre."""
    amina, brahim = make.user("amina", "advisor"), make.user("brahim", "supervisor")
    who, whose = make.person("سعاد", number=CANARY, email="s@example.org"), make.association()
    make.mandate(who, whose)
    Consent.objects.create(
        person=who, purpose="contact", text_version="1", language="ar", channel="web",
        given_at=make.NOW, recorded_by=amina,
    )  # fmt: skip
    ticket = make.ticket("سؤال", person=who, association=whose, contact_email="s@example.org")
    twin = make.ticket("السؤال نفسه", person=who)
    Ticket.objects.filter(pk=twin.pk).update(merged_into=ticket, state="closed")
    line = entry(ticket, Kind.LINE, at=make.NOW, text="كلام\nسطر", from_asker=True, language="ar")
    stored = store("ملف.pdf", PDF, at=make.NOW)
    line.files.add(stored)
    answer = Answer.objects.create(
        ticket=ticket, state=Answer.State.RELEASED, language="ar", text="جواب", help="info",
        caution_version="1", author=amina, written_at=make.NOW, released_by=brahim,
        released_at=make.NOW + timedelta(minutes=3),
        entry=entry(ticket, Kind.ANSWER, at=make.NOW, text="جواب", by=amina),
    )  # fmt: skip
    GivenVersion.objects.create(answer=answer, version=Version.objects.current().first())
    other = Centre.objects.create(slug="other", name_ar="آخر", name_fr="Autre")
    foreign = make.ticket("ليس لنا")
    Ticket.objects.filter(pk=foreign.pk).update(centre=other)
    return {"ticket": ticket, "twin": twin, "stored": stored}


@pytest.fixture
def packed(centre: Centre, tmp_path: Path) -> tuple[Path, Manifest, dict[str, Any]]:
    """The pack of a centre whose database and files are gone by now."""
    make.library()
    path = tmp_path / "centre.wasl"
    with transaction.atomic():
        laid = lay(centre)
        manifest = pack(centre, path, at=make.NOW)
        transaction.set_rollback(True)
    path_of(laid["stored"].name).unlink()
    return path, manifest, laid


@pytest.fixture
def fresh(packed: Any, centre: Centre) -> Centre:
    """The successor: another association, another name, one administrator called like an advisor."""
    operator = Operator.objects.create(name_ar="الخلف", name_fr="Successeur")
    Centre.objects.filter(pk=centre.pk).update(slug="new", name_fr="Nouveau", operator=operator)
    make.user("amina", "administrator")
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
    again = pack(fresh, tmp_path / "again.wasl", at=make.NOW)
    assert (again.tables, again.files) == (manifest.tables, manifest.files)
    assert make.ticket("بعد التسليم").pk > laid["twin"].pk


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
    with pytest.raises(NotOpened, match="records here already"):
        open_pack(packed[0], fresh, at=make.NOW)
    assert Association.objects.count() == 1


def test_by_command(packed: Any, fresh: Centre, tmp_path: Path) -> None:
    told = StringIO()
    with pytest.raises(CommandError):
        call_command("take_over", tmp_path / "nothing", centre="new")
    call_command("take_over", packed[0], stdout=told)
    assert "tickets.ticket" in told.getvalue()
    call_command("handover", tmp_path / "next.wasl", stdout=told)
    with pytest.raises(CommandError):
        call_command("handover", tmp_path / "next.wasl")
    Centre.objects.create(slug="second", name_ar="ثان", name_fr="Deux")
    with pytest.raises(CommandError, match="--centre"):
        call_command("handover", tmp_path / "third.wasl")


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
