"""Libraries of other centres at the desk: out, in, beside ours, taken, signed; every refusal in words."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from helpdesk.accounts.models import Audit
from knowledge.articles.actions import bundling
from knowledge.articles.bundle_models import Bundle, Origin, TrustedKey
from knowledge.articles.bundles import keys, opening, packing
from knowledge.articles.models import Version
from tests import bundles, make

pytestmark = pytest.mark.django_db
TOPIC = "T33-seat"
HOME = "/desk/bundles/"


@pytest.fixture
def library(db: Any) -> None:
    bundles.lay_small_library()


@pytest.fixture
def came(library: None, administrator: Any) -> Bundle:
    return bundles.came(TOPIC, by=administrator, at=make.NOW)[1]


def enter(client: Client, user: Any) -> Client:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def send(client: Client, data: bytes) -> Any:
    file = SimpleUploadedFile("agadir.wasl", data)
    return client.post(f"{HOME}arrival/", {"file": file}, follow=True)


def test_from_key_to_readers(
    client: Client, library: None, administrator: Any, editor: Any, senior: Any
):
    data, key = bundles.sent(TOPIC, on=make.NOW.date()), bundles.their_key()
    enter(client, editor)
    page = send(client, data)
    assert page.status_code == 422
    assert keys.number(key) in page.content.decode()
    enter(client, administrator)
    typed = {"centre": "أكادير", "key": key.upper(), "number": keys.number(key).translate(ARABIC)}
    assert client.post(f"{HOME}keys/new/", {**typed, "number": "1" * 30}).status_code == 422
    assert not TrustedKey.objects.exists()
    assert client.post(f"{HOME}keys/new/", typed).status_code == 302
    enter(client, editor)
    page = send(client, data)
    row = Bundle.objects.get()
    assert page.redirect_chain[0][0] == f"{HOME}{row.pk}/"
    assert f'value="{TOPIC}.ar"' in page.content.decode()
    beside = client.get(f"{HOME}{row.pk}/{TOPIC}/ar/").content.decode()
    assert "<ins>" in beside
    client.post(f"{HOME}{row.pk}/", {"take": [f"{TOPIC}.ar", "T01-creation.ar", "x"]})
    version = Origin.objects.get().version
    assert bundles.CHANGED["ar"] not in Client().get(f"/library/{TOPIC}/").content.decode()
    waiting = f"{HOME}waiting/{version.pk}/"
    assert waiting in client.get(HOME).content.decode()
    assert "أكادير" in client.get(waiting).content.decode()
    enter(client, senior)
    given = {"bulletin": "BO 7455", "read": "on"}
    assert client.post(f"{waiting}signature/", {"read": "on"}).status_code == 422
    assert client.post(f"{waiting}signature/", given).status_code == 302
    assert client.post(f"{waiting}signature/", given).status_code == 404
    assert bundles.CHANGED["ar"] in Client().get(f"/library/{TOPIC}/").content.decode()
    acts = set(Audit.objects.values_list("act", flat=True))
    assert acts >= {"trusted-key", "brought-bundle", "took-version", "signed-version"}


ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def test_what_is_wrong_is_said_in_the_readers_language(client: Client, came: Bundle, editor: Any):
    enter(client, editor)
    data = bytes(came.data)
    for language, words in (("ar", ("مبتورة", "مبتور")), ("fr", ("tronqué",))):
        client.cookies["wasl_language"] = language
        editor.__class__.objects.filter(pk=editor.pk).update(language=language)
        page = send(client, data[:-5])
        assert page.status_code == 422
        assert any(word in page.content.decode() for word in words)
    for spoilt in (b"", b"x", bundles.repacked(data, **{opening.SIGNATURE: b"x" * 64})):
        assert send(client, spoilt).status_code == 422
    assert client.post(f"{HOME}arrival/").status_code == 422
    assert Bundle.objects.count() == 1


def test_nothing_ticked_and_nothing_left(client: Client, came: Bundle, editor: Any):
    enter(client, editor)
    url = f"{HOME}{came.pk}/"
    client.post(url)
    assert not Origin.objects.exists()
    assert client.get(f"{url}T99-none/ar/").status_code == 404
    for _again in range(2):
        client.post(url, {"take": [f"{TOPIC}.fr"]})
    assert Origin.objects.count() == 1
    version = Origin.objects.get().version
    assert client.post(f"{HOME}waiting/{version.pk}/away/", {"why": "x"}).status_code == 422
    client.post(f"{HOME}waiting/{version.pk}/away/", {"why": "غير صحيح في جهتنا"})
    assert client.get(f"{HOME}waiting/{version.pk}/").status_code == 404
    assert Audit.objects.get(act="put-away-version").reason == "غير صحيح في جهتنا"


def test_trust_that_ended_shuts_what_came(
    client: Client, came: Bundle, administrator: Any, editor: Any
):
    enter(client, administrator)
    client.post(f"{HOME}keys/{came.key_id}/end/")
    enter(client, editor)
    for url in (f"{HOME}{came.pk}/", f"{HOME}{came.pk}/{TOPIC}/ar/"):
        assert came.key.number in client.get(url).content.decode()
    client.post(f"{HOME}{came.pk}/", {"take": [f"{TOPIC}.fr"]})
    assert not Origin.objects.exists()


def test_taken_out_as_a_file_and_counted(client: Client, library: None, senior: Any):
    enter(client, senior)
    version = Version.objects.current().get(edition__article__topic=TOPIC, edition__language="ar")
    bundling.reviewing.sign(version, by=senior, at=make.NOW, bulletin="BO 5712")
    made = client.post(f"{HOME}export/")
    found = opening.open_bundle(made.content, trusted=[keys.own()])
    assert list(found.articles) == [TOPIC]
    assert made["Content-Disposition"].endswith('.wasl"')
    assert Audit.objects.get(act="exported-bundle").user == senior


def test_by_command(
    tmp_path: Path,
    library: None,
    administrator: Any,
    editor: Any,
    capsys: pytest.CaptureFixture[str],
):
    def run(*words: str) -> str:
        call_command("library_bundle", *words)
        return capsys.readouterr().out

    file, by, key = tmp_path / "b.wasl", ("--by", editor.username), bundles.their_key()
    file.write_bytes(bundles.sent(TOPIC, on=make.NOW.date()))
    with pytest.raises(CommandError):
        run("import", str(file), *by)
    with pytest.raises(CommandError):
        run("trust", key, "Agadir", "--number", "1", *by)
    run("trust", key, "Agadir", "--number", keys.number(key), *by)
    assert "changed" in run("check", str(file))
    assert not Bundle.objects.exists()
    assert run("import", str(file), "--only", "T01-creation", *by).startswith("0 taken")
    assert run("import", str(file), *by).startswith("2 taken")
    assert run("import", str(file), *by).startswith("0 taken")
    assert keys.number(keys.own()) in run("key")
    run("export", str(file))
    assert packing.unpack(file.read_bytes())
    for wrong in (("check", str(tmp_path / "none")), ("import", str(file), "--by", "nobody")):
        with pytest.raises(CommandError):
            run(*wrong)
