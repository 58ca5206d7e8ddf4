"""The library as readers see it: shape, marks, languages, old versions, nothing unsure."""

from typing import Any

import pytest
from django.test import Client

from knowledge.articles import actions, reading
from knowledge.articles.actions import reviewing
from knowledge.articles.models import Statement, Version
from tests.make import NOW

pytestmark = pytest.mark.django_db
TOPIC = "T03-receipt"


@pytest.fixture
def library(db: Any) -> None:
    actions.load_library(at=NOW)


@pytest.fixture
def receipt(library: None) -> Version:
    return Version.objects.current().in_language("ar").get(edition__article__topic=TOPIC)


def read(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return str(response.content, "utf-8")


def test_an_article_has_its_fixed_shape_in_both_languages(client: Client, library: None) -> None:
    arabic, french = read(client, f"/library/{TOPIC}/"), read(client, f"/fr/library/{TOPIC}/")
    for page in (arabic, french):
        shape = [page.index(f'id="{name}"') for name in ("in-short", "steps", "documents", "watch")]
        assert shape == sorted(shape)
        assert 'id="deadlines"' in page
        assert 'id="texts"' in page
    assert 'lang="ar" dir="rtl"' in arabic
    assert 'lang="fr" dir="ltr"' in french
    assert f'href="/fr/library/{TOPIC}/"' in arabic
    assert f'href="/library/{TOPIC}/"' in french


def test_every_article_opens(client: Client, library: None) -> None:
    for version in Version.objects.current().select_related("edition__article"):
        prefix = "/fr" if version.edition.language == "fr" else ""
        read(client, f"{prefix}/library/{version.edition.article.topic}/")


def test_statements_name_the_texts_behind_them(client: Client, receipt: Version) -> None:
    page = read(client, f"/library/{TOPIC}/")
    assert 'href="#text-1"' in page
    assert "الفصل\u00a05" in page
    assert "1.58.376" in page


def test_a_provisional_version_says_so_until_somebody_signs(
    client: Client, receipt: Version, senior: Any
) -> None:
    assert "في انتظار المراجعة" in read(client, f"/library/{TOPIC}/")
    reviewing.sign(receipt, by=senior, at=NOW, bulletin="BO 5712")
    page = read(client, f"/library/{TOPIC}/")
    assert "في انتظار المراجعة" not in page
    assert senior.name_ar in page
    assert ">1</bdi> من" in read(client, "/library/reviewed/")


def test_unsure_and_spoken_lines_are_for_staff(
    client: Client, receipt: Version, amina: Any, driss: Any
) -> None:
    Statement.objects.create(
        version=receipt, key="u1", section="watch", rank=99, text="كلام غير مؤكد", mark="unsure"
    )
    spoken = receipt.statements.filter(section="spoken").first()
    for somebody in (None, driss):
        if somebody:
            client.force_login(somebody)
        page = read(client, f"/library/{TOPIC}/")
        assert "كلام غير مؤكد" not in page
        assert spoken.text not in page
    client.force_login(amina)
    page = read(client, f"/library/{TOPIC}/")
    assert "كلام غير مؤكد" in page
    assert 'id="spoken"' in page


def test_an_empty_section_says_that_nothing_is_established(
    client: Client, receipt: Version
) -> None:
    receipt.statements.filter(section="documents").delete()
    assert "غير محدد" in read(client, f"/library/{TOPIC}/")


def test_an_old_version_stays_readable_and_names_its_successor(
    client: Client, receipt: Version
) -> None:
    newer = Version.objects.create(
        edition=receipt.edition, number=2, title="عنوان جديد", question="؟", digest="2",
        checked_on=NOW.date(), written_at=NOW,
    )  # fmt: skip
    assert client.get(f"/library/{TOPIC}/v2/").status_code == 404
    actions.publish(newer, at=NOW)
    assert "عنوان جديد" in read(client, f"/library/{TOPIC}/")
    old = read(client, f"/library/{TOPIC}/v1/")
    assert receipt.title in old
    assert f'href="/library/{TOPIC}/"' in old


def test_an_article_of_one_language_sends_to_the_other(client: Client, receipt: Version) -> None:
    edition = receipt.edition.article.editions.get(language="fr")
    edition.current = None
    edition.save()
    page = read(client, f"/fr/library/{TOPIC}/")
    assert receipt.title in page
    assert f'href="/library/{TOPIC}/"' in page


@pytest.mark.parametrize("path", ["/library/nix/", "/library/T03-receipt/v9/", "/library/é/"])
def test_what_is_not_there_is_not_found(client: Client, library: None, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_article_costs_few_queries(
    client: Client, library: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        read(client, f"/library/{TOPIC}/")
    with django_assert_max_num_queries(4):
        read(client, "/library/")


def test_home_and_library_stand_before_the_library_is_loaded(client: Client, db: Any) -> None:
    for path in ("/", "/fr/", "/library/", "/library/reviewed/"):
        read(client, path)


def test_a_line_is_parted_at_its_colon_only_when_the_head_is_short() -> None:
    line = reading.Line(key="s1", text="Récépissé définitif : dans les 60 jours", mark="seen")
    assert (line.head, line.tail) == ("Récépissé définitif", "Dans les 60 jours")
    long = reading.Line(key="s2", text="x" * 80 + ": y", mark="seen")
    assert (long.head, long.tail) == ("", long.text)
