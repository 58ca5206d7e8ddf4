"""What readers do: judge, print, send on, take the library along, follow its changes."""

import html
import re
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from knowledge.articles import access, actions, copying, rules
from knowledge.articles.actions import reviewing
from knowledge.articles.models import Feedback, Statement, UseCount, Version
from tests.make import NOW

pytestmark = pytest.mark.django_db
TOPIC = "T03-receipt"
PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def reader(library: None) -> Client:
    return Client(headers={"User-Agent": PHONE})


@pytest.fixture
def receipt(library: None) -> Version:
    return Version.objects.current().in_language("ar").get(edition__article__topic=TOPIC)


def read(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return str(response.content, "utf-8")


# --- opinions -----------------------------------------------------------------------------------


def test_an_opinion_is_given_once_a_session(reader: Client, receipt: Version) -> None:
    url = f"/library/{TOPIC}/opinion/"
    assert f'href="{url}?useful=yes"' in read(reader, f"/library/{TOPIC}/")
    assert re.search(r'value="no"[^>]*checked', read(reader, f"{url}?useful=no"))
    response = reader.post(url, {"useful": "no", "why": "ما لقيتش شحال د النسخ"}, follow=True)
    assert response.redirect_chain == [(f"/library/{TOPIC}/", 302)]
    assert "شكرًا لكم" in response.content.decode()
    again = reader.post(url, {"useful": "yes"}, follow=True)
    assert "من قبل" in again.content.decode()
    said = Feedback.objects.get()
    assert (said.version, said.useful, said.why) == (receipt, False, "ما لقيتش شحال د النسخ")
    assert reader.post("/fr/library/T03-receipt/opinion/", {"useful": "yes"}).status_code == 302
    assert Feedback.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        ({}, ""),
        ({"why": "كلام بلا اختيار"}, "كلام بلا اختيار"),
        ({"useful": "perhaps", "why": "x"}, "x"),
        ({"useful": "yes", "why": "ك" * 301}, "ك" * 301),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_kept(
    reader: Client, data: dict[str, str], kept: str
) -> None:
    response = reader.post(f"/library/{TOPIC}/opinion/", data)
    assert response.status_code == 422
    page = response.content.decode()
    assert 'role="alert"' in page
    assert kept in page
    assert not Feedback.objects.exists()


def test_an_opinion_needs_its_form(library: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/library/{TOPIC}/opinion/", {"useful": "yes"}).status_code == 403


def test_more_opinions_than_readers_give_are_not_taken(library: None, receipt: Version) -> None:
    url = f"/library/{TOPIC}/opinion/"
    for _ in range(rules.OPINIONS_AN_HOUR):
        actions.tell(receipt, useful=False, why="", at=NOW)
    with pytest.raises(actions.TooMany):
        actions.tell(receipt, useful=False, why="", at=NOW + timedelta(minutes=59))
    actions.tell(receipt, useful=True, why="", at=NOW + timedelta(minutes=61))
    Feedback.objects.update(at=NOW + timedelta(days=3650))
    response = Client().post(url, {"useful": "yes", "why": "كلامي"})
    assert response.status_code == 429
    assert "كلامي" in response.content.decode()


def test_what_names_a_person_is_not_kept(receipt: Version) -> None:
    said = actions.tell(
        receipt, useful=False, why="اتصلوا بي 06 61 23 45 67\nأو a.b@example.org", at=NOW
    )
    assert said.why == "اتصلوا بي … أو …"
    assert rules.impersonal("60 يوم، الفصل 5") == "60 يوم، الفصل 5"


def test_writers_read_opinions_and_nobody_else(
    receipt: Version, editor: Any, brahim: Any, amina: Any, chama: Any
) -> None:
    actions.tell(receipt, useful=False, why="ناقص <b>شي</b> حاجة", at=NOW)
    actions.tell(receipt, useful=True, why="", at=NOW)
    for user, status in ((editor, 200), (brahim, 200), (amina, 403), (chama, 403)):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        response = client.get("/desk/library/opinions/")
        assert response.status_code in (status, 404 if status == 403 else status)
        if status == 200:
            page = response.content.decode()
            assert "ناقص &lt;b&gt;شي" in page
            assert TOPIC in page


# --- paper, WhatsApp, counts -----------------------------------------------------------------------


def test_the_printed_page_says_all_that_the_article_says(reader: Client, receipt: Version) -> None:
    page = html.unescape(read(reader, f"/library/{TOPIC}/print/")).replace("\xa0", " ")
    for statement in receipt.statements.exclude(section="spoken").exclude(mark="unsure"):
        assert statement.text.split(":")[-1].strip()[-20:].replace("\xa0", " ") in page
    assert f"{settings.PUBLIC_URL}/library/{TOPIC}/" in page


def test_whatsapp_gets_title_and_address_and_nothing_that_follows(
    reader: Client, receipt: Version
) -> None:
    page = read(reader, f"/library/{TOPIC}/")
    link = re.search(r'href="(https://wa\.me/\?text=[^"]*)"([^>]*)', page)
    assert link
    assert unquote(link[1]).endswith(f"{receipt.title}\n{settings.PUBLIC_URL}/library/{TOPIC}/")
    assert "noreferrer" in link[2]


def test_reading_is_counted_without_the_reader(reader: Client, chama: Any, amina: Any) -> None:
    for _ in range(3):
        response = reader.get(f"/library/{TOPIC}/")
    assert not response.cookies
    read(reader, f"/fr/library/{TOPIC}/print/")
    reader.head(f"/library/{TOPIC}/")
    reader.get(f"/library/{TOPIC}/", headers={"Sec-Purpose": "prefetch"})
    for agent in ("Googlebot/2.1", "curl/8", "facebookexternalhit/1.1", "WhatsApp/2", ""):
        Client(headers={"User-Agent": agent}).get(f"/library/{TOPIC}/")
    for user in (amina, chama):
        client = Client(headers={"User-Agent": PHONE})
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        client.get(f"/library/{TOPIC}/")
    rows = list(UseCount.objects.order_by("kind").values_list("kind", "language", "times"))
    assert rows == [("print", "fr", 1), ("view", "ar", 4)], "chama reads as everybody, amina works"
    assert {f.name for f in UseCount._meta.fields} == {
        "id", "subject", "kind", "language", "province", "day", "times",
    }  # fmt: skip


def test_a_reading_costs_one_write(reader: Client, django_assert_max_num_queries: Any) -> None:
    read(reader, f"/library/{TOPIC}/")
    with django_assert_max_num_queries(11) as told:
        read(reader, f"/library/{TOPIC}/")
    writes = [q["sql"] for q in told if q["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
    assert len(writes) == 1


def test_a_count_that_fails_costs_nobody_the_page(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    from knowledge.articles import counting

    def locked(key: Any) -> bool:
        raise OperationalError("database is locked")

    monkeypatch.setattr(counting, "_add", locked)
    read(reader, f"/library/{TOPIC}/")


# --- the copy --------------------------------------------------------------------------------------


@pytest.fixture
def box(reader: Client, settings: Any, tmp_path: Any) -> zipfile.ZipFile:
    settings.DATA_DIR = tmp_path
    response = reader.get("/library/copy.zip")
    assert response.status_code == 200
    return zipfile.ZipFile(BytesIO(response.getvalue()))


def test_the_copy_holds_every_article_and_all_its_links_stay_inside(box: zipfile.ZipFile) -> None:
    names = set(box.namelist())
    for language in copying.LANGUAGES:
        for version in access.shelf(language=language):
            assert f"{language}/{version.edition.article.topic}.html" in names
    for name in names:
        text = box.read(name).decode("utf-8")
        if not name.endswith(".html"):
            assert "url(" not in text
            continue
        assert "<script" not in text
        assert "http" not in text.replace(settings.PUBLIC_URL, "")
        for link in re.findall(r'(?:href|src)="([^"]+)"', text):
            path = (PurePosixPath(name).parent / link.partition("#")[0]).as_posix()
            parts: list[str] = []
            for part in path.split("/"):
                parts = parts[:-1] if part == ".." else [*parts, part]
            assert "/".join(parts) in names, f"{name}: {link}"
    assert sum(len(box.read(name)) for name in names) < 2_000_000


def test_the_copy_says_nothing_unsure(box: zipfile.ZipFile) -> None:
    unsure = Statement.objects.filter(mark="unsure", version__current_of__isnull=False)
    for statement in unsure.select_related("version__edition__article"):
        edition = statement.version.edition
        page = box.read(f"{edition.language}/{edition.article.topic}.html").decode()
        assert f'id="{statement.key}"' not in page


def test_the_copy_is_made_anew_only_when_the_library_changed(
    receipt: Version, senior: Any, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    first = copying.copy()
    stamp = first.stat().st_mtime_ns
    assert copying.copy() == first
    assert first.stat().st_mtime_ns == stamp
    reviewing.sign(receipt, by=senior, at=NOW, bulletin="BO 5712")
    second = copying.copy()
    assert second != first
    assert list((tmp_path / "copies").iterdir()) == [second]


def test_who_has_this_copy_loads_nothing_again(
    reader: Client, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    first = reader.get("/library/copy.zip")
    again = reader.get("/library/copy.zip", headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert not again.content


# --- the feed --------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_the_feed_tells_the_newest_versions(reader: Client, prefix: str) -> None:
    language = "fr" if prefix else "ar"
    newer = Version.objects.current().in_language(language).get(edition__article__topic=TOPIC)
    edition = newer.edition
    version = Version.objects.create(
        edition=edition, number=2, title="عنوان & <جديد>", question="؟", digest="2",
        checked_on=NOW.date(), written_at=NOW,
    )  # fmt: skip
    actions.publish(version, at=NOW + timedelta(days=1))
    response = reader.get(f"{prefix}/library/changes.atom")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(response.content)
    entries = feed.findall(f"{ATOM}entry")
    assert 1 < len(entries) <= 30
    assert entries[0].findtext(f"{ATOM}title") == "عنوان & <جديد>"
    link = entries[0].find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == f"{settings.PUBLIC_URL}{prefix}/library/{TOPIC}/"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    assert "changes.atom" in read(reader, f"{prefix}/library/")


# --- what is missing -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/library/", "/library/theme/I/"])
def test_what_is_missing_goes_to_the_question_form(reader: Client, path: str) -> None:
    page = read(reader, path)
    assert re.search(r'<form[^>]*action="/ask/"', page)
    asked = reader.get("/ask/", {"q": "نموذج محضر تسليم السلط"})
    assert asked.status_code == 200
