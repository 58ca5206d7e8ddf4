"""Mail set up on the page: real servers are tried, what they refuse is told, the password is never shown again."""

import json
import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.installation.actions import first_centre, make_centre
from config.installation.checks import before_opening
from helpdesk.accounts.actions import lay_groups
from helpdesk.centre.models import Centre, Change
from helpdesk.notices import addresses, posting
from helpdesk.notices.jobs import send_due
from helpdesk.notices.models import MailAccount, Notice
from helpdesk.queues import reaching
from helpdesk.queues.mail_in import fetch_mail, rest
from knowledge.health import Light
from tests import make
from tests.browser.signalling import certificate
from tests.services import PostBox, Sink, free_port, imap_server, mail_sink

pytestmark = pytest.mark.django_db
PAGE, PASSWORD = "/desk/centre/steps/mail/", "kaf-lam-2026 %&'"


@pytest.fixture(autouse=True)
def _by_the_page(settings: Any) -> Iterator[None]:
    settings.EMAIL_BACKEND, settings.IMAP_URL = posting.OURS, ""
    cache.clear()
    rest.ended()
    yield
    cache.clear()


@pytest.fixture
def centre() -> Centre:
    lay_groups()
    return first_centre(at=make.NOW, is_open=False)


@pytest.fixture
def nabil(centre: Centre, as_user: Any) -> Any:
    return as_user(make.user("nabil", "administrator", language="fr"))


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with mail_sink(password=PASSWORD) as sink:
        settings.MAIL_PORTS = [sink.port]
        yield sink


def out(at: int, **other: Any) -> dict[str, Any]:
    said = {
        "host": "127.0.0.1", "port": at, "security": "none", "user": "centre",
        "password": PASSWORD, "address": "centre@assoc.example", **other,
    }  # fmt: skip
    return {"part": "out", **{f"out-{name}": value for name, value in said.items()}}


def into(box: PostBox, **other: Any) -> dict[str, Any]:
    said = {
        "host": "127.0.0.1", "port": box.port, "security": "none", "user": "centre",
        "password": "post-box", "folder": "INBOX", "address": "", **other,
    }  # fmt: skip
    return {"part": "in", **{f"in-{name}": value for name, value in said.items()}}


def light(centre: Centre) -> str:
    return next(
        c for c in before_opening(centre=centre.pk, at=timezone.now()) if c.key == "mail"
    ).light


def test_an_account_is_kept_sealed_and_used_at_once(nabil: Client, sink: Sink) -> None:
    """Neither page, history nor database say the password, which is not asked for again."""
    assert nabil.post(PAGE, out(sink.port), follow=True).redirect_chain == [(PAGE, 302)]
    notice = make_notice()
    assert send_due(at=notice.due_at) == 1
    assert sink.mails[0]["From"] == "Wasl <centre@assoc.example>"

    pages = [nabil.get(address).content.decode() for address in (PAGE, "/desk/centre/history/")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM notices_mailaccount")
        rows = repr(cursor.fetchall())
    history = json.dumps([[row.before, row.after] for row in Change.objects.all()])
    for said in (*pages, rows, history):
        assert "kaf-lam" not in said
        assert MailAccount.objects.get().sealed not in history
    assert "un nouveau" in pages[1]
    assert "127.0.0.1" in pages[1]
    assert "Un mot de passe est conservé" in pages[0]

    kept = out(sink.port, password="", address="autre@assoc.example")
    assert nabil.post(PAGE, kept).status_code == 302
    assert posting.sender() == "Wasl <autre@assoc.example>"
    assert Change.objects.filter(step="mail").latest("pk").after == {
        "out.address": "autre@assoc.example"
    }


def test_a_kept_password_is_told_to_no_other_server(nabil: Client, sink: Sink) -> None:
    nabil.post(PAGE, out(sink.port))
    with mail_sink(password=PASSWORD) as other:
        for moved in ({"host": "localhost"}, {"user": "other"}, {"security": "starttls"}):
            page = nabil.post(PAGE, out(sink.port, password="", **moved))
            assert page.status_code == 422, moved
            assert "Saisissez à nouveau le mot de passe" in page.content.decode()
        assert not other.raw
    assert MailAccount.objects.get().host == "127.0.0.1"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"password": "wrong"}, "pas ce nom d&#x27;utilisateur avec ce mot de passe"),
        ({"security": "starttls"}, "pas ce chiffrement"),
        ({"security": "tls"}, "pas ce chiffrement"),
        ({"host": "no such/host"}, "le seul nom du serveur"),
        ({"port": 22}, "répondent ici sur les ports"),
        ({"port": 10**30}, "out-port"),
        ({"user": "é"}, "lettres de a à z"),
        ({"password": ""}, "Saisissez le mot de passe"),
        ({"address": "x\r\nBcc: y@example.org"}, "out-address"),
    ],
)
def test_what_is_refused_is_told_and_what_was_typed_stays(
    nabil: Client, sink: Sink, typed: dict[str, Any], said: str
) -> None:
    answer = nabil.post(PAGE, out(sink.port, **typed))
    page = answer.content.decode()
    assert (answer.status_code, said in page) == (422, True)
    assert "centre@assoc.example" in page or "address" in typed
    for secret in ("kaf-lam", "wrong"):
        assert secret not in page
    assert "aiosmtpd" not in page
    assert not MailAccount.objects.exists()


def test_servers_that_are_not_there(
    nabil: Client, sink: Sink, settings: Any, monkeypatch: Any
) -> None:
    port = free_port()
    settings.MAIL_PORTS.append(port)
    assert "Rien ne répond" in nabil.post(PAGE, out(port)).content.decode()
    settings.EMAIL_TIMEOUT = 0.2
    slow = nabil.post(PAGE, out(sink.port, security="tls")).content.decode()
    assert "à temps" in slow or "pas ce chiffrement" in slow

    def unknown(host: str, port: int) -> list[str]:
        raise reaching.socket.gaierror

    monkeypatch.setattr(reaching.dialling, "resolved", unknown)
    assert "Aucun serveur ne s&#x27;appelle" in nabil.post(PAGE, out(sink.port)).content.decode()
    monkeypatch.setattr(reaching.dialling, "resolved", lambda host, port: ["8.8.8.8"])
    page = nabil.post(PAGE, out(sink.port)).content.decode()
    assert "pas du réseau interne" in page, "no password in the clear over the open network"


def test_a_certificate_must_be_one_that_is_trusted(
    nabil: Client, settings: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    pair = certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pair)
    for security, more in (("tls", {"ssl_context": tls}), ("starttls", {"tls_context": tls})):
        with mail_sink(password=PASSWORD, **more) as sink:
            settings.MAIL_PORTS = [sink.port]
            typed = out(sink.port, host="localhost", security=security)
            page = nabil.post(PAGE, typed)
            assert "est signé par aucune autorité" in page.content.decode()
            with monkeypatch.context() as trusting:
                trusting.setenv("SSL_CERT_FILE", str(pair))
                assert nabil.post(PAGE, typed).status_code == 302
                named = out(sink.port, host="127.0.0.1", security=security)
                assert nabil.post(PAGE, named).status_code == 422, "of another name"
            assert MailAccount.objects.get().security == security


def test_another_pepper_opens_nothing_and_the_page_says_so(
    nabil: Client, centre: Centre, sink: Sink, settings: Any
) -> None:
    nabil.post(PAGE, out(sink.port))
    MailAccount.objects.create(
        way="in", host="127.0.0.1", port=993, security="tls", user="centre", folder="INBOX",
        sealed=Fernet(Fernet.generate_key()).encrypt(b"x").decode(), changed_at=make.NOW,
        changed_by=make.user("other", "administrator"),
    )  # fmt: skip
    cache.clear()
    notice = make_notice()
    settings.PEPPER = "another"
    assert fetch_mail(at=make.NOW) == 0
    assert send_due(at=notice.due_at) == 0
    notice.refresh_from_db()
    assert (notice.state, notice.failed_why) == (Notice.State.QUEUED, "Unopened"), "sent later"
    assert "ne peut plus être ouvert" in nabil.get(PAGE).content.decode()


def test_where_the_environment_names_an_account_the_page_has_no_form(
    nabil: Client, settings: Any, sink: Sink
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    page = nabil.get(PAGE).content.decode()
    assert "EMAIL_URL" in page
    assert "out-host" not in page
    assert "in-host" in page
    assert nabil.post(PAGE, out(sink.port)).status_code == 422
    settings.IMAP_URL = "imaps://a:b@127.0.0.1/INBOX"
    assert "in-host" not in nabil.get(PAGE).content.decode()
    assert not MailAccount.objects.exists()


def test_only_the_first_centre_sets_it(centre: Centre, as_user: Any, sink: Sink) -> None:
    second = make_centre(slug="souss", name_ar="سوس", name_fr="Souss")
    other = make.user("idir", "administrator", of=second.teams.get(), language="fr")
    client = as_user(other)
    page = client.get(PAGE).content.decode()
    assert "réglé par son premier centre" in page
    assert "out-host" not in page
    assert client.post(PAGE, out(sink.port)).status_code == 422
    client.post("/desk/centre/mail/out/none/")
    assert not MailAccount.objects.exists()


@pytest.mark.full
def test_both_are_proven_and_a_change_needs_a_new_proof(
    nabil: Client, centre: Centre, sink: Sink, settings: Any
) -> None:
    """The whole way: both accounts, the message that leaves by itself, the box it comes back from."""
    with imap_server() as box:
        settings.MAIL_PORTS.append(box.port)
        nabil.post(PAGE, out(sink.port))
        for typed, said in (
            ({"password": "wrong"}, "avec ce mot de passe"),
            ({"folder": "Nowhere"}, "pas de dossier"),
            ({"security": "starttls"}, "pas ce chiffrement"),
            ({"security": "tls"}, "pas ce chiffrement"),
        ):
            page = nabil.post(PAGE, into(box, **typed)).content.decode()
            assert said in page, typed
            assert "post-box" not in page
        assert light(centre) == Light.RED
        assert nabil.post(PAGE, into(box)).status_code == 302
        notice = Notice.objects.get(kind="mail-test")
        assert notice.address.startswith("centre+")
        assert notice.address.endswith("@assoc.example")
        assert addresses.reply_token(notice.address)
        assert addresses.is_ours(notice.address)
        send_due(at=notice.due_at)
        box.put(sink.raw[0])
        assert fetch_mail(at=timezone.now()) == 1
        assert light(centre) == Light.GREEN
        nabil.post(PAGE, into(box, password="", address="autre@assoc.example"))
        assert light(centre) == Light.RED, "what was proven was another account"
        nabil.post("/desk/centre/mail/in/none/")
        assert posting.mailbox_url() == ""
        assert not MailAccount.objects.filter(way="in").exists()


def make_notice() -> Notice:
    at = timezone.now() - timedelta(minutes=1)
    return Notice.objects.create(
        key=f"test:{at.timestamp()}", channel="email", kind="mail-test", subject="x", text="y",
        address="fatima@example.org", due_at=at, written_at=at,
    )  # fmt: skip
