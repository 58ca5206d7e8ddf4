"""Law that knows when it is in force: pages, lists, search, print, copy and feed all say it."""

import re
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from knowledge.articles import access, actions, copying
from knowledge.articles.actions import reviewing
from knowledge.articles.models import Article, Instrument, Upkeep, Version
from knowledge.search import index, query
from tests.make import NOW

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
DAY = timedelta(days=1)
OVER = "لم يعد ساري المفعول"


@pytest.fixture
def library(db: Any) -> None:
    actions.load_library(at=NOW)


@pytest.fixture
def receipt(library: None) -> Article:
    return Article.objects.get(topic="T03-receipt")


def given(**fields: Any) -> dict[str, Any]:
    empty = {
        "in_force_from": None, "in_force_until": None, "is_ended": False, "ended_by": None,
        "successor": None, "territory": [],
    }  # fmt: skip
    return {**empty, **fields}


def end(article: Article, by: Any, **fields: Any) -> Article:
    reviewing.set_validity(
        article,
        given(in_force_until=TODAY - DAY, **fields),
        by=by,
        at=NOW + timedelta(hours=1),
        why="مقتضى جديد",
    )
    article.refresh_from_db()
    return article


def read(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("shift", [-2, -1, 0, 1])
@pytest.mark.parametrize("ended", [True, False])
def test_lists_and_rules_agree_on_what_applies(receipt, editor, shift, ended):
    for field in ("in_force_from", "in_force_until"):
        fields = given(is_ended=ended, **{field: TODAY + shift * DAY})
        reviewing.set_validity(receipt, fields, by=editor, at=NOW, why="اختبار")
        receipt.refresh_from_db()
        shown = Version.objects.current().applying(on=TODAY)
        assert shown.filter(edition__article=receipt).exists() == receipt.applies
        assert (receipt in Article.objects.over(on=TODAY)) == receipt.is_over


def test_an_article_that_is_over_stays_readable_and_says_what_to_read_instead(
    client, receipt, editor
):
    end(receipt, editor, successor=Article.objects.get(topic="T02-dossier"),
        ended_by=Instrument.objects.get(code="law-07-09"))  # fmt: skip
    successor = access.current_version("T02-dossier", language="ar")
    for url in ("/library/T03-receipt/", "/library/T03-receipt/print/"):
        page = read(client, url)
        assert OVER in page
        assert successor.title in page
        assert "07.09" in page
    assert 'href="/fr/library/T02-dossier/"' in read(client, "/fr/library/T03-receipt/")
    assert OVER in read(client, "/library/T03-receipt/v1/")


def test_it_is_no_longer_counted_among_the_questions_asked_most(client, receipt, editor):
    title = access.current_version("T03-receipt", language="ar").title
    assert title in [v.title for v in access.asked_most(language="ar", first=12)]
    end(receipt, editor)
    assert title not in [v.title for v in access.asked_most(language="ar", first=12)]
    shelf = read(client, "/library/theme/A/")
    assert shelf.index(title) > shelf.index(access.current_version("T33-seat", language="ar").title)


def test_nothing_changes_while_no_date_is_established(client, receipt):
    page = read(client, "/library/T03-receipt/")
    assert OVER not in page
    assert "الصيغة الحالية" in page or "Current" not in page
    assert receipt.applies


def test_the_last_day_still_counts_and_the_page_tells_of_it(client, receipt, editor):
    reviewing.set_validity(receipt, given(in_force_until=TODAY), by=editor, at=NOW, why="أجل")
    page = read(client, "/library/T03-receipt/")
    assert OVER not in page
    assert "24" in page


def test_suggestions_leave_it_out_and_name_its_successor(receipt, editor, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    index.rebuild()
    words = "Récépissé provisoire et récépissé définitif"
    assert query.suggest(words, lang="fr")[0].topic == "T03-receipt"
    last = query.search(words, lang="fr", limit=40)
    end(receipt, editor)
    assert "T03-receipt" not in [hit.topic for hit in query.suggest(words, lang="fr")]
    found = query.search(words, lang="fr", limit=40)
    assert {hit.topic for hit in found.hits} == {hit.topic for hit in last.hits}
    assert found.hits[-1].topic == "T03-receipt"
    assert found.hits[-1].is_over
    end(receipt, editor, successor=Article.objects.get(topic="T36-digital"))
    assert query.suggest(words, lang="fr")[0].topic == "T36-digital"


SEARCHED = {"palette.py", "citing.py", "library.py"}
"""Pages on which somebody looks for an article, and the library for programs; all others offer it, and never one that is over."""


def test_only_pages_where_one_searches_show_what_is_over():
    root = Path(__file__).parents[3]
    asking = {
        path.name
        for package in ("helpdesk", "telephony", "config")
        for path in (root / package).rglob("*.py")
        if re.search(
            r"knowledge\.search\.query import .*\bsearch\b|query\.search\(", path.read_text()
        )
    }
    assert asking == SEARCHED


def test_the_ask_form_and_the_chat_offer_its_successor(receipt, editor, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    index.rebuild()
    end(receipt, editor, successor=Article.objects.get(topic="T36-digital"))
    words = "Récépissé provisoire et récépissé définitif"
    found = query.suggestions(words, lang="fr", theme="A", limit=3)
    topics = [hit.topic for hit in found.hits + found.also]
    assert topics[0] == "T36-digital"
    assert "T03-receipt" not in topics
    assert len(found.hits) <= 3


def test_what_holds_elsewhere_is_not_suggested_to_a_province(receipt, editor, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    index.rebuild()
    fields = given(territory=["07.431"])
    reviewing.set_validity(receipt, fields, by=editor, at=NOW, why="خاص بإقليم")
    words = "récépissé définitif"
    topics = {where: [h.topic for h in query.suggest(words, lang="fr", province=where)]
              for where in ("", "07.431", "07.351")}  # fmt: skip
    assert "T03-receipt" in topics[""]
    assert "T03-receipt" in topics["07.431"]
    assert "T03-receipt" not in topics["07.351"]


def test_the_search_page_says_it_last(client, receipt, editor, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    index.rebuild()
    end(receipt, editor)
    assert OVER in read(client, "/search/?q=الوصل النهائي")


def test_the_copy_and_the_feed_say_it(client, receipt, editor, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    before = copying.digest()
    end(receipt, editor, successor=Article.objects.get(topic="T02-dossier"))
    assert copying.digest() != before
    with zipfile.ZipFile(copying.copy()) as box:
        page = box.read("ar/T03-receipt.html").decode()
    assert OVER in page
    assert 'href="T02-dossier.html"' in page
    assert f"{OVER}" in read(client, "/library/changes.atom")


def test_each_change_is_kept_with_who_why_and_what_was_before(receipt, editor):
    end(receipt, editor)
    row = Upkeep.objects.of_article(receipt).get()
    assert (row.by, row.why) == (editor, "مقتضى جديد")
    assert row.before["in_force_until"] is None
    assert row.after["in_force_until"] == (TODAY - DAY).isoformat()
    same = given(in_force_until=TODAY - DAY)
    assert not reviewing.set_validity(receipt, same, by=editor, at=NOW, why="مرة ثانية")
    assert Upkeep.objects.of_article(receipt).count() == 1


def test_the_library_sets_no_day_that_nobody_read(library):
    """domain.md gives none; it says only which texts were replaced."""
    dated = Article.objects.exclude(in_force_from=None, in_force_until=None)
    assert list(dated) == []
    assert not Article.objects.filter(is_ended=True).exists()
    ended = dict(Instrument.objects.filter(is_ended=True).values_list("code", "ended_by__code"))
    assert ended == {"law-004-71": "law-18-18", "decree-2-04-970": "law-18-18"}
    assert not Instrument.objects.exclude(in_force_until=None).exists()


def test_a_replaced_text_says_so_and_what_people_said_of_it_stays(client, library, editor):
    assert OVER in read(client, "/library/texts/law-004-71/")
    text = Instrument.objects.get(code="law-004-71")
    fields = {**given(in_force_from=date(2000, 1, 1))}
    reviewing.set_validity(text, fields, by=editor, at=NOW, why="تصحيح")
    actions.load_library(at=NOW)
    text.refresh_from_db()
    assert not text.is_ended
