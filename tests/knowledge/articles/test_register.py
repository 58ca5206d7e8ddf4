"""The register of legal texts: one click from an answer to its text, one click back."""

import re
from typing import Any

import pytest
from django.test import Client

from knowledge.articles import actions, citable, register
from knowledge.articles.models import Citation, Instrument, Relation, Statement
from tests.make import NOW

pytestmark = pytest.mark.django_db
DAHIR = "dahir-1-58-376"


def read(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return str(response.content, "utf-8")


@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_every_text_has_its_page_with_bulletins_and_mark(
    client: Client, library: None, prefix: str
) -> None:
    shelf = read(client, f"{prefix}/library/texts/")
    for text in Instrument.objects.texts():
        assert f"{prefix}/library/texts/{text.code}/" in shelf
        page = read(client, f"{prefix}/library/texts/{text.code}/")
        assert text.mark
        for words in filter(None, (text.bulletin_ar.split("،")[0], text.bulletin_fr.split(",")[0])):
            assert words.split()[-1] in page


@pytest.mark.long
@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_one_click_both_ways(client: Client, library: None, prefix: str) -> None:
    """Each citation of an article leads to its text, whose page leads to each statement."""
    language = "fr" if prefix else "ar"
    cited = (
        Citation.objects.filter(
            statement__version__current_of__language=language,
        )
        .exclude(instrument__kind="source")
        .exclude(statement__section="spoken")
    )
    cited = cited.exclude(statement__mark="unsure").select_related(
        "instrument", "statement__version__edition__article"
    )
    pages: dict[str, str] = {}
    for row in cited:
        topic = row.statement.version.edition.article.topic
        here, there = f"{prefix}/library/{topic}/", f"{prefix}/library/texts/{row.instrument.code}/"
        for path in {here, there} - pages.keys():
            pages[path] = read(client, path)
        assert f'href="{there}"' in pages[here]
        assert f'href="{here}#{row.statement.key}"' in pages[there]
        assert f'id="{row.statement.key}"' in pages[here]


def test_what_changed_the_dahir_and_what_replaced_the_old_law(
    client: Client, library: None
) -> None:
    page = read(client, f"/fr/library/texts/{DAHIR}/")
    assert page.index("Modifié par") < page.index("law-75-00") < page.index("law-07-09")
    assert "Modifie" in read(client, "/fr/library/texts/law-75-00/")
    assert "Remplacé" in read(client, "/fr/library/texts/law-004-71/")
    assert "law-004-71" in read(client, "/fr/library/texts/law-18-18/")


def test_a_relation_that_the_table_no_longer_holds_goes(library: None) -> None:
    one, other = Instrument.objects.texts()[:2]
    Relation.objects.create(by=one, does="replaces", to=other)
    before = Relation.objects.count()
    actions.load_library(at=NOW)
    assert Relation.objects.count() == before - 1


def test_unsure_statements_cite_for_staff_only(client: Client, library: None, amina: Any) -> None:
    statement = Statement.objects.filter(
        version__current_of__language="ar", citations__instrument__code=DAHIR
    ).first()
    unsure = Statement.objects.create(
        version=statement.version,
        key="u1",
        section="watch",
        rank=99,
        text="غير أكيد",
        mark="unsure",
    )
    Citation.objects.create(
        statement=unsure, instrument=Instrument.objects.get(code=DAHIR), place="art. 5"
    )
    assert "غير أكيد" not in read(client, f"/library/texts/{DAHIR}/")
    client.force_login(amina)
    assert "غير أكيد" in read(client, f"/library/texts/{DAHIR}/")


def test_a_citation_is_copied_by_all_and_said_by_staff(
    client: Client, library: None, amina: Any
) -> None:
    path = "/library/T03-receipt/"
    assert "data-copy" not in read(client, path)
    text = read(client, f"/library/texts/{DAHIR}/")
    assert re.search(r'data-copy="ظهير الجمعيات 1.58.376، الفصل\s5"', text)
    assert "الفصل الخامس" not in text
    client.force_login(amina)
    assert "الفصل الخامس" in read(client, path)
    assert "الفصل الخامس" in read(client, f"/library/texts/{DAHIR}/")


@pytest.mark.parametrize("code", ["nix", "A1", "N5", "law-75-000", "x" * 300])
def test_what_is_not_there_is_not_found(client: Client, library: None, code: str) -> None:
    assert client.get(f"/library/texts/{code}/").status_code == 404


def test_a_text_costs_few_queries(
    client: Client, library: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(9):  # one of them is asked every ten seconds: is it open
        read(client, f"/library/texts/{DAHIR}/")


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ('[[relation]]\nby = "law-75-00"\ndoes = "eats"\nto = "dahir-1-58-376"', "does is one of"),
        ('[[relation]]\nby = "law-75-00"\ndoes = "amends"\nto = "nix"', "not in instruments.toml"),
        ('[[relation]]\nby = "law-75-00"\nto = "nix"', "by, does, to"),
    ],
)
def test_a_damaged_table_says_what_is_wrong(tmp_path: Any, table: str, reason: str) -> None:
    (tmp_path / "relations.toml").write_text(table, encoding="utf-8")
    with pytest.raises(citable.SheetError, match=reason):
        citable.load_relations(tmp_path, {"law-75-00", DAHIR})


def test_places_stand_in_the_order_of_the_text(library: None) -> None:
    dahir = Instrument.objects.get(code=DAHIR)
    statements = Statement.objects.citing(dahir, "fr")
    found = [re.search(r"\d+", words) for words in register.places(statements, dahir)]
    numbers = [int(first[0]) for first in found if first]
    assert numbers == sorted(numbers)
