"""Meaning beside words: the fusion always, the vectors where the extra is installed (make test-all)."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from knowledge.search import index, jobs, query
from knowledge.search.engines import dense
from knowledge.search.engines.port import Document
from knowledge.search.expansion import Question, Understood
from knowledge.search.fusion import fuse, readable
from tests import make
from tests.search.test_evaluation import FLOORS, SET

semantic = pytest.mark.semantic


def test_what_both_lists_find_comes_first_and_words_weigh_more() -> None:
    fused = [name for name, _ in fuse(["a", "b", "c"], ["d", "b", "e"])]
    assert fused == ["b", "a", "c", "d", "e"]
    assert fuse([], []) == []


def test_latin_darija_is_embedded_in_arabic_letters() -> None:
    question = Question(understood=[Understood("lwasl", "الوصل", sure=True)])
    assert readable("fin Lwasl?", question) == "fin الوصل"
    assert readable("Où est le reçu ?", Question()) == "Où est le reçu ?"


def test_a_processor_without_avx2_gets_no_vectors(tmp_path: Path) -> None:
    cpu = tmp_path / "cpuinfo"
    cpu.write_text("flags\t\t: fpu sse4_2 avx\n")
    assert not dense.has_avx2(cpu)
    cpu.write_text("flags\t\t: fpu sse4_2 avx avx2 bmi1\n")
    assert dense.has_avx2(cpu)
    assert not dense.has_avx2(tmp_path / "none")


@pytest.mark.django_db
def test_without_the_extra_all_is_as_before(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    assert jobs.vectors_due(at=make.NOW) == 0
    with pytest.raises(CommandError, match="make semantic"):
        call_command("search_eval", str(SET), semantic=True)


DOCUMENTS = [
    Document("a.fr", "a", "fr", "A", "Le récépissé", "L'autorité remet le reçu du dépôt.", "", "1"),
    Document(
        "b.fr", "b", "fr", "D", "La banque", "Ouvrir un compte et choisir qui signe.", "", "1"
    ),
    Document("a.ar", "a", "ar", "A", "الوصل", "تسلم السلطة وصلا عند إيداع الملف.", "", "1"),
]


@semantic
def test_vectors_are_kept_found_replaced_and_survive_damage(tmp_path: Path) -> None:
    shelf = dense.Shelf(tmp_path)
    assert shelf.is_empty
    shelf.put(DOCUMENTS)
    near = dense.embed_question("qui peut retirer de l'argent ?")
    assert [hit.key for hit in shelf.find(near, lang="fr", limit=1)] == ["b.fr"]
    assert {hit.key for hit in shelf.find(near, theme="A")} == {"a.fr", "a.ar"}
    shelf.put([Document("b.fr", "b", "fr", "D", "Autre", "Autre texte", "", "2")], gone=["a.ar"])
    assert dense.Shelf(tmp_path).stamps() == {"a.fr": "1", "b.fr": "2"}
    (tmp_path / "vectors.npz").write_bytes(b"PK\x03\x04 torn")
    assert dense.Shelf(tmp_path).is_empty
    for text in ("", "\0", "و" * 18_000):
        assert dense.embed_question(text).shape == (384,)


@semantic
def test_meaning_keeps_the_floor_of_words() -> None:
    out = StringIO()
    call_command("search_eval", str(SET), semantic=True, stdout=out)
    kinds = json.loads(out.getvalue())["kinds"]
    for kind, (_mrr, s3) in FLOORS.items():
        assert kinds[kind]["s3"] >= s3 - 0.1, kind


@semantic
def test_the_library_is_embedded_in_the_background_and_found_by_meaning(library: Path) -> None:
    asked = "on veut mettre fin à notre groupe pour de bon"
    before = query.search(asked, lang="fr")
    while jobs.vectors_due(at=make.NOW):
        pass
    assert jobs.vectors_due(at=make.NOW) == 0
    after = query.search(asked, lang="fr")
    shown = [hit.topic for hit in (*after.hits, *after.also)]
    assert {hit.topic for hit in (*before.hits, *before.also)} <= set(shown)
    nearest = [hit.topic for hit in query.search("récépissé définitif", lang="fr").hits]
    assert nearest[0] == "T03-receipt"
    assert index.shelf().stamps().keys() == {f"{t}.{lang}" for t, lang in _published()}


def _published() -> set[tuple[str, str]]:
    from knowledge.articles.models import Edition

    rows = Edition.objects.exclude(current=None).values_list("article__topic", "language")
    return set(rows)
