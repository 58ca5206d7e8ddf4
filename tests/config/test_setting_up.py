"""A real centre from nothing: the first link, the steps with their history, the gate, the opening."""

import io
from datetime import date
from typing import Any

import pytest
import tablib
from django.core.cache import cache
from django.test import Client
from PIL import Image

from config.installation.actions import first_centre
from config.installation.beginning import first_administrator
from config.installation.checks import STOPPERS, before_opening
from helpdesk.accounts.actions import lay_groups
from helpdesk.accounts.models import Audit, User
from helpdesk.associations.actions import add_association
from helpdesk.associations.models import Association
from helpdesk.centre import colours
from helpdesk.centre.models import Centre, Change, Operator
from helpdesk.notices import posting
from helpdesk.notices.jobs import send_due
from helpdesk.notices.models import Notice
from helpdesk.queues.mail_in import Became, take_in
from helpdesk.queues.models import Queue
from knowledge.health import Light
from tests import make

pytestmark = pytest.mark.django_db
STEPS = "/desk/centre/steps"
WEEK = {f"w-opens{n}": "9:00" for n in range(5)} | {f"w-closes{n}": "17h" for n in range(5)}
OPERATOR = {
    "name_ar": "مركز مراكش", "name_fr": "Centre de Marrakech", "served": ["07.351"],
    "operator-name_ar": "جمعية النخيل", "operator-name_fr": "Association Annakhil",
    "operator-body_ar": "الجهة", "operator-mandate_from": "2026-01-01",
    "operator-mandate_until": "2028-12-31",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh_face() -> Any:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def closed() -> Centre:
    lay_groups()
    return first_centre(at=make.NOW, is_open=False)


@pytest.fixture
def client_of(closed: Centre, as_user: Any) -> Any:
    return as_user(make.user("nabil", "administrator"))


def lights(centre: Centre) -> dict[str, str]:
    return {c.key: c.light for c in before_opening(centre=centre.pk, at=make.NOW)}


def test_an_empty_installation_has_one_link_and_no_password(closed: Centre) -> None:
    link = first_administrator(at=make.NOW)
    user = User.objects.get()
    assert not user.has_usable_password()
    assert [role.value for role in user.roles] == ["administrator"]
    page = Client().get(link.partition("8000")[2], follow=True)
    assert page.status_code == 200
    assert b'name="password1"' in page.content
    assert first_administrator(at=make.NOW).startswith("http")
    assert User.objects.count() == 1
    User.objects.update(last_login=make.NOW)
    assert first_administrator(at=make.NOW) == ""


def test_who_runs_it_is_written_down_with_what_was_before(
    closed: Centre, client_of: Client
) -> None:
    assert lights(closed)["centre"] == Light.RED
    answer = client_of.post(f"{STEPS}/centre/", OPERATOR)
    assert answer["Location"] == f"{STEPS}/look/"
    centre = Centre.objects.get()
    assert centre.operator.name_fr == "Association Annakhil"
    assert list(centre.provinces()) == ["07.351"]
    assert lights(centre)["centre"] == Light.GREEN
    client_of.post(f"{STEPS}/centre/", {**OPERATOR, "name_fr": "Centre de Safi"})
    change = Change.objects.first()
    assert (change.before, change.after) == (
        {"name_fr": "Centre de Marrakech"}, {"name_fr": "Centre de Safi"}
    )  # fmt: skip
    told = client_of.get("/desk/centre/history/").content.decode()
    for said in ("Centre de Marrakech", "Centre de Safi", "nabil", "2028-12-31"):
        assert said in told
    assert Operator.objects.count() == 1
    wrong = client_of.post(
        f"{STEPS}/centre/", {**OPERATOR, "name_fr": "", "operator-mandate_until": "2020-01-01"}
    )
    assert wrong.status_code == 422
    assert "Association Annakhil" in wrong.content.decode()
    assert Centre.objects.get().name_fr == "Centre de Safi"


def test_a_logo_is_drawn_anew_and_a_light_colour_refused(client_of: Client) -> None:
    sent = io.BytesIO()
    Image.new("RGB", (900, 300), "#123456").save(sent, "JPEG", comment=b"secret-comment")
    sent.seek(0)
    sent.name = "logo.jpg"
    answer = client_of.post(f"{STEPS}/look/", {"logo": sent, "colour": "1D4ED8"})
    assert answer.status_code == 302
    centre = Centre.objects.get()
    picture = bytes(centre.logo.png)
    assert b"secret-comment" not in picture
    with Image.open(io.BytesIO(picture)) as kept:
        assert (kept.format, kept.size) == ("PNG", (320, 107))
    Centre.objects.update(opened_at=make.NOW)
    cache.clear()
    home = Client().get("/").content.decode()
    assert f"/identity/logo-{centre.logo.digest}.png" in home
    assert "/identity/colours-1d4ed8.css" in home
    assert Client().get(f"/identity/logo-{centre.logo.digest}.png").content == picture
    assert b"--green:#1d4ed8" in Client().get("/identity/colours-1d4ed8.css").content
    assert Client().get("/identity/colours-ffff00.css").status_code == 404
    light = client_of.post(f"{STEPS}/look/", {"colour": "#ffcc4d"})
    assert light.status_code == 422
    assert Centre.objects.get().colour == "#1d4ed8"
    broken = io.BytesIO(b"<svg onload=alert(1)>")
    broken.name = "x.png"
    assert client_of.post(f"{STEPS}/look/", {"logo": broken}).status_code == 422
    client_of.post(f"{STEPS}/look/", {"drop": "on", "colour": ""})
    assert not hasattr(Centre.objects.get(), "logo")


def test_contrast_is_that_of_the_standard() -> None:
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert colours.is_readable("#0e6b5b")
    assert not colours.is_readable("#777777")
    assert colours.colour_of("red") == colours.colour_of("#12345") == ""


def test_the_privacy_page_says_number_and_day_and_every_form_leads_to_it(
    client_of: Client,
) -> None:
    half = client_of.post(f"{STEPS}/privacy/", {"cndp_number": "D-W-12/2026"})
    assert half.status_code == 422
    assert "D-W-12/2026" in half.content.decode()
    client_of.post(f"{STEPS}/privacy/", {"cndp_number": "D-W-12/2026", "cndp_on": "2026-03-04"})
    Centre.objects.update(opened_at=make.NOW)
    cache.clear()
    for prefix in ("", "/fr"):
        page = Client().get(f"{prefix}/privacy/").content.decode()
        assert "D-W-12/2026" in page
        assert "2026" in page
        for address in ("/chat/", "/chat/frame/", "/call/", "/follow/", "/ask/", "/"):
            form = Client().get(prefix + address, follow=True).content.decode()
            assert f'href="{prefix}/privacy/"' in form, address


def test_hours_and_queues_keep_what_was_before(closed: Centre, client_of: Client) -> None:
    assert lights(closed)["hours"] == Light.RED
    assert client_of.post(f"{STEPS}/hours/", {}).status_code == 422
    client_of.post(f"{STEPS}/hours/", WEEK)
    assert lights(closed)["hours"] == Light.GREEN
    change = Change.objects.get(step="hours")
    assert change.before["day0"] == "09:00-12:30 14:00-17:00"
    assert change.after["day0"] == "09:00-17:00"
    client_of.post(f"{STEPS}/queues/", {"preset": "language"})
    assert [q.languages for q in Queue.objects.all()] == [["ar", "ary", "shi"], ["fr"]]
    asked = make.ticket("Quel délai ?", language="fr", centre=closed)
    assert asked.waitings.get().queue.languages == ["fr"]
    client_of.post(f"{STEPS}/queues/", {"preset": "one"})
    assert Queue.objects.count() == 2, "somebody waits in the second"
    assert make.ticket("Un autre ?", language="fr").waitings.get().queue.languages == []


def test_somebody_new_is_invited_by_a_link_shown_once(closed: Centre, client_of: Client) -> None:
    said = {
        "username": "amal", "name_ar": "أمل", "name_fr": "Amal", "language": "ar",
        "roles": ["senior"], "province": "07.351",
    }  # fmt: skip
    page = client_of.post(f"{STEPS}/staff/", said, follow=True).content.decode()
    assert "/account/password/reset/key/" in page
    assert "/account/password/reset/key/" not in client_of.get(f"{STEPS}/staff/").content.decode()
    amal = User.objects.get(username="amal")
    assert amal.postings.get().province == "07.351"
    assert lights(closed)["staff"] == Light.AMBER
    assert client_of.post(f"{STEPS}/staff/", said).status_code == 422
    client_of.post(f"{STEPS}/library/", {"reviewer": amal.pk, "reads_early": "on"})
    assert lights(closed)["reviewer"] == Light.GREEN
    amal.groups.clear()
    assert lights(closed)["reviewer"] == Light.RED
    assert client_of.post(f"{STEPS}/library/", {"reviewer": 999}).status_code == 422


def test_mail_is_proven_by_a_message_that_comes_back(
    closed: Centre, client_of: Client, settings: Any, mailoutbox: Any
) -> None:
    settings.EMAIL_BACKEND, settings.IMAP_URL = posting.OURS, ""
    page = client_of.get(f"{STEPS}/mail/").content.decode()
    assert page.count("غير مضبوط</span>") == 2
    client_of.post("/desk/centre/mail/test/")
    assert not Notice.objects.exists(), "nothing is sent that cannot come back"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.IMAP_URL = "imap://localhost/INBOX"
    client_of.post("/desk/centre/mail/test/")
    notice = Notice.objects.get()
    assert notice.address.startswith("reply+")
    assert send_due(at=notice.due_at) == 1
    assert lights(closed)["mail"] == Light.RED
    (sent,) = mailoutbox
    forged = sent.message().as_bytes().replace(b"<notice.", b"<notice.9")
    assert take_in(forged, at=make.NOW) != Became.TRIAL
    assert take_in(sent.message().as_bytes(), at=make.NOW) == Became.TRIAL
    assert lights(closed)["mail"] == Light.GREEN


def test_visitors_of_a_closed_centre_read_that_it_opens_soon(
    closed: Centre, client_of: Client
) -> None:
    make.library()
    for prefix, said in (("", "يفتح المركز قريبا"), ("/fr", "Le centre ouvre bientôt")):
        for address in ("/", "/ask/", "/chat/", "/call/", "/follow/"):
            page = Client().get(prefix + address)
            assert (page.status_code, said in page.content.decode()) == (503, True), address
    assert Client().post("/ask/question/", {"words": "x"}).status_code == 503
    for address in ("/privacy/", "/library/", "/library/T03-receipt/", "/account/login/"):
        assert Client().get(address).status_code == 200, address
    assert client_of.get("/ask/", follow=True).status_code == 200, "staff try everything"
    Centre.objects.update(reads_early=False)
    cache.clear()
    assert Client().get("/library/T03-receipt/").status_code == 503


def test_it_opens_once_nothing_that_must_be_done_is_red(
    closed: Centre, client_of: Client, monkeypatch: Any
) -> None:
    page = client_of.get("/desk/centre/live/").content.decode()
    for step in ("centre", "hours", "mail", "library", "privacy", "staff"):
        assert f"{STEPS}/{step}/" in page
    refused = client_of.post("/desk/centre/live/")
    assert refused.status_code == 409
    assert Centre.objects.get().opened_at is None
    good = [c for c in before_opening(centre=closed.pk, at=make.NOW) if c.key not in STOPPERS]
    monkeypatch.setattr("config.installation.actions.before_opening", lambda **_: good)
    assert client_of.post("/desk/centre/live/").status_code == 302
    assert Centre.objects.get().opened_by.username == "nabil"
    assert Audit.objects.filter(act="opened-centre").count() == 1
    assert Change.objects.filter(step="live").count() == 1
    assert Client().get("/ask/", follow=True).status_code == 200
    client_of.post("/desk/centre/live/")
    assert Audit.objects.filter(act="opened-centre").count() == 1


def test_the_first_key_of_backups_is_shown_once(
    closed: Centre, client_of: Client, settings: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    begun: list[int] = []
    monkeypatch.setattr("config.installation.backups.jobs.start", begun.append)
    client_of.post("/desk/centre/backup/key/")
    settings.DATA_DIR, settings.BACKUP_DIR = tmp_path, str(tmp_path)
    assert not (tmp_path / "backup_key.pub").exists(), "nothing is made without a folder"
    client_of.post("/desk/centre/backup/now/")
    assert begun == [], "nor a backup without a key"
    shown = client_of.post("/desk/centre/backup/key/")
    assert b"AGE-SECRET-KEY-" in shown.content
    assert "no-store" in shown["Cache-Control"]
    public = (tmp_path / "backup_key.pub").read_text()
    assert client_of.post("/desk/centre/backup/key/").status_code == 302
    assert (tmp_path / "backup_key.pub").read_text() == public
    assert b"AGE-SECRET-KEY-" not in client_of.get(f"{STEPS}/backup/").content
    client_of.post("/desk/centre/backup/now/")
    assert len(begun) == 1


def test_a_spreadsheet_of_associations_keeps_good_rows_and_returns_the_others(
    closed: Centre, client_of: Client
) -> None:
    at = "/desk/centre/sheets/associations/"
    empty = client_of.get(at).content.decode("utf-8-sig")
    head = empty.strip().split(",")
    assert head[0] == "الاسم بالعربية"
    add_association(centre=closed, at=make.NOW, name_ar="جمعية الواحة", legal_status="declared")
    table = tablib.Dataset(headers=["الاسم بالعربية", "Name in Arabic?", "Province", "founded_on"])
    table.append(["جمعية النخيل", "x", "إقليم آسفي", date(2019, 5, 2)])
    table.append(["جمعية الواحة", "x", "", None])
    table.append(["-HYPERLINK(1)", "x", "Nulle part", "2019-05-02"])
    table.append(["جمعية النخيل", "x", "", ""])
    sent = io.BytesIO(table.export("xlsx"))
    sent.name = "list.xlsx"
    page = client_of.post(at, {"sheet": sent})
    assert page.status_code == 200
    assert Association.objects.count() == 1, "nothing is kept before it was looked at"
    assert [len(page.context[name]) for name in ("good", "bad")] == [1, 3]
    rows = page.context["rows"]
    back = client_of.post(at, {"rows": rows, "act": "bad"}).content.decode("utf-8-sig")
    assert back.count("\r\n") == 4
    assert "'-HYPERLINK" in back
    client_of.post(at, {"rows": rows, "act": "take"})
    client_of.post(at, {"rows": rows, "act": "take"})
    kept = Association.objects.get(name_ar="جمعية النخيل")
    assert (kept.province, kept.founded_on) == ("07.431", date(2019, 5, 2))
    assert Association.objects.count() == 2
    for content in (b"", b"PK\x03\x04nonsense", b"\xff\xfe", b"a,b\n1,2"):
        broken = io.BytesIO(content)
        broken.name = "x.csv"
        assert client_of.post(at, {"sheet": broken}).status_code == 422
    for text in ("[1,", "{}", '[[1],{"name_ar":{"a":1}}]', "[" * 5000):
        assert client_of.post(at, {"rows": text, "act": "take"}).status_code == 302
    assert client_of.get("/desk/centre/sheets/queues/").status_code == 404


def test_a_spreadsheet_of_staff_gives_a_link_to_each(closed: Centre, client_of: Client) -> None:
    at = "/desk/centre/sheets/staff/"
    lines = "username;name_fr;roles;province\namal;Amal;conseiller;Safi\nsaid;Said;roi;\namal;Amal;conseiller;\n"
    sent = io.BytesIO(lines.encode())
    sent.name = "staff.csv"
    page = client_of.post(at, {"sheet": sent})
    assert [row.number for row in page.context["bad"]] == [3, 4]
    shown = client_of.post(at, {"rows": page.context["rows"], "act": "take"}, follow=True)
    assert shown.content.decode().count("/account/password/reset/key/") == 1
    amal = User.objects.get(username="amal")
    assert (amal.postings.get().province, [r.value for r in amal.roles]) == ("07.431", ["advisor"])
