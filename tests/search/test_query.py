"""Answers by topic, in the reader's language, with and without an index."""

import json
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from knowledge.articles.models import Edition, Statement, Version
from knowledge.search import actions, index, jobs, kept, query
from knowledge.search.models import SearchRecord
from knowledge.search.rules import KEPT, cleaned
from knowledge.search.snippets import marked
from knowledge.search.stemming import stem
from tests import make


@pytest.mark.parametrize("lang", ["ar", "fr"])
@pytest.mark.parametrize(
    "text",
    [
        "récépissé",
        "lwasl",
        "lwasl nihai ما عطاوناش",
        "récépissé définitif",
        "recepise definitf",
        "الوصل النهائي",
    ],
)
def test_one_topic_once_in_the_language_asked_for(read_only: Path, text: str, lang: str) -> None:
    found = query.search(text, lang=lang)
    topics = [hit.topic for hit in found.hits]
    assert topics[0] == "T03-receipt"
    assert len(topics) == len(set(topics))
    assert {hit.lang for hit in found.hits} == {lang}
    prefix = "/fr" if lang == "fr" else ""
    assert found.hits[0].url.startswith(f"{prefix}/library/T03-receipt/#")
    other = "" if lang == "fr" else "/fr"
    assert found.hits[0].other_url == f"{other}/library/T03-receipt/"
    assert not found.degraded


def test_what_only_the_other_language_has_comes_apart(library: Path) -> None:
    Edition.objects.filter(article__topic="T34-bank", language="ar").update(current=None)
    index.refresh()
    found = query.search("compte bancaire", lang="ar")
    assert "T34-bank" not in [hit.topic for hit in found.hits]
    assert [hit.topic for hit in found.also] == ["T34-bank"]
    assert found.also[0].lang == "fr"
    assert query.suggest("compte bancaire", lang="ar", limit=20)[-1].topic == "T34-bank"


def test_what_was_understood_is_shown_as_people_write_it(read_only: Path) -> None:
    assert query.search("kifach lwasl nihai", lang="ar").understood == ["وصل", "نهائي"]
    assert query.search("récépissé", lang="fr").understood == []
    assert "définitif" in query.search("reçu definitf", lang="fr").understood


def test_marks_are_made_in_the_stored_text(read_only: Path) -> None:
    snippet = query.search("الوصل النهائي", lang="ar").hits[0].snippet
    assert "<mark>" in snippet


def test_a_number_is_marked_whole_or_not() -> None:
    text = "Aide à partir de 50 000 DH"
    assert "<mark>" not in marked(text, {"000": 1.0, "40": 1.0})
    assert "<mark>50 000</mark>" in marked(text, {"000": 1.0, "50": 1.0})


def test_a_snippet_never_carries_markup_of_the_text() -> None:
    snippet = marked("<script>récépissé</script> l'association & co", {stem("recepisse"): 1.0})
    assert (
        snippet == "&lt;script&gt;<mark>récépissé</mark>&lt;/script&gt; l&#x27;association &amp; co"
    )


def test_a_long_text_is_cut_around_its_match() -> None:
    text = "mot " * 200 + "récépissé" + " fin" * 200
    snippet = marked(text, {stem("recepisse"): 1.0})
    assert "<mark>récépissé</mark>" in snippet
    assert snippet.startswith("… ")
    assert snippet.endswith(" …")
    assert len(snippet) < 300


def test_unsure_statements_make_nothing_be_found(library: Path) -> None:
    version = Version.objects.current().in_language("fr").first()
    Statement.objects.create(
        version=version, key="x1", section="watch", rank=99, text="quetzalcoatl", mark="unsure"
    )
    index.rebuild()
    assert query.search("quetzalcoatl", lang="fr").hits == []


def test_the_sweep_follows_the_library(library: Path) -> None:
    assert jobs.index_due(at=make.NOW) == 0
    edition = Edition.objects.get(article__topic="T19-tax", language="fr")
    edition.current = None
    edition.save()
    assert jobs.index_due(at=make.NOW) == 1
    assert "T19-tax" not in [h.topic for h in query.search("TVA impôt", lang="fr").hits]
    edition.current = edition.versions.get()
    edition.save()
    assert jobs.index_due(at=make.NOW) == 1
    assert query.search("TVA impôt", lang="fr").hits[0].topic == "T19-tax"


def test_a_rebuild_by_another_process_is_looked_through(library: Path) -> None:
    """It may have read the library before the newest version was published."""
    key = next(iter(index.engine().stamps()))
    kept = [d for d in index.library.documents() if d.key != key]
    type(index.engine())(library).build(kept)
    assert jobs.index_due(at=make.NOW) == 1
    assert key in index.engine().stamps()


def test_without_an_index_the_simple_search_answers_and_says_so(library: Path) -> None:
    shutil.rmtree(library)
    found = query.search("الوصل النهائي", lang="ar")
    assert found.degraded
    assert found.hits[0].topic == "T03-receipt"
    assert jobs.index_due(at=make.NOW) > 0, "the sweep builds it anew"
    assert not query.search("الوصل النهائي", lang="ar").degraded


def test_a_damaged_index_is_replaced_by_the_sweep(library: Path) -> None:
    for path in library.glob("gen-*/*.term"):
        path.write_bytes(b"rubbish")
    index._engine.cache_clear()
    assert query.search("الوصل النهائي", lang="ar").degraded
    assert jobs.index_due(at=make.NOW) > 0
    assert not query.search("الوصل النهائي", lang="ar").degraded


def test_the_theme_narrows(read_only: Path) -> None:
    found = query.search("association", lang="fr", theme="E")
    assert {hit.topic for hit in found.hits} <= {
        "T38-funding",
        "T18-partnership",
        "T20-public-generosity",
        "T21-aid-distribution",
    }
    assert found.hits


def test_search_command(read_only: Path) -> None:
    out = StringIO()
    call_command("search", "récépissé définitif", "--lang", "fr", "--json", stdout=out)
    best = json.loads(out.getvalue())[0]
    assert set(best) == {"topic", "lang", "title", "section", "url", "score"}
    assert (best["topic"], best["lang"]) == ("T03-receipt", "fr")


def test_search_command_guesses_the_language(read_only: Path) -> None:
    for text, lang in (
        ("kifach njib lwasl", "ar"),
        ("lwasl nihai", "ar"),
        ("le récépissé", "fr"),
        ("الوصل", "ar"),
    ):
        assert query.search(text).lang == lang


def test_index_command_says_what_it_did(library: Path) -> None:
    out = StringIO()
    call_command("index", "--rebuild", stdout=out)
    assert out.getvalue().startswith("index: ")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("appelez 0612345678 svp", "appelez … svp"),
        ("+212 6 12 34 56 78 le reçu", "… le reçu"),
        ("رقمي ٠٦١٢٣٤٥٦٧٨", "رقمي …"),
        ("CIN EE123456", "CIN …"),
        ("x@y.ma reçu", "… reçu"),
        ("dahir 1-58-376, 15 000 DH, art. 5", "dahir 1-58-376, 15 000 DH, art. 5"),
        ("a\x00b\ud800", "ab"),
        ("x" * 500, "x" * 200),
    ],
)
def test_what_is_kept_of_a_search_leads_to_nobody(typed: str, kept: str) -> None:
    assert cleaned(typed) == kept


def test_searches_are_recorded_and_forgotten(read_only: Path) -> None:
    actions.record(query.search("zzzz 0612345678", lang="fr"), place="desk", at=make.NOW)
    actions.record(query.search("TVA", lang="fr"), place="search", at=make.NOW)
    gap = SearchRecord.objects.without_hits().get()
    assert (gap.text, gap.place, gap.language) == ("zzzz …", "desk", "fr")
    assert SearchRecord.objects.get(text="TVA").best_topic == "T19-tax"
    assert jobs.forget_old(at=make.NOW + KEPT / 2) == 0
    assert jobs.forget_old(at=make.NOW + KEPT * 2) == 2


def test_queries_do_not_grow_with_hits(read_only: Path, django_assert_max_num_queries: Any) -> None:
    kept.follow()  # once a second at most
    with django_assert_max_num_queries(2):
        query.search("association récépissé bureau banque", lang="fr", limit=20)
