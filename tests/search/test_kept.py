"""The staff's terms in search: at once, in every process, on both engines; and words nobody knows."""

import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from knowledge.articles.actions import wording
from knowledge.articles.terms import Term
from knowledge.search import explaining, glossary, index, jobs, kept, query, unknown, wordlist
from knowledge.search.models import UnknownWord
from knowledge.search.rules import is_common, may_be_word
from knowledge.search.thesaurus import own_thesaurus, thesaurus
from knowledge.search.vocabulary import Count, Vocabulary
from tests import make

DAY = timedelta(days=1)
NEW = "zerwata"
"""A word that stands nowhere."""


@pytest.fixture(autouse=True)
def _as_in_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LOOK_SECONDS", 1.0)


def given(**values: Any) -> dict[str, Any]:
    bare: dict[str, Any] = {name: [] for name in ("ar", "fr", "darija", "latin")}
    return {**bare, "meaning_ar": "", "meaning_fr": "", "is_shown": False, "note": "", **values}


def keep(by: Any, **values: Any) -> Term:
    stands_for = values.pop("stands_for", "")
    return wording.write_term(given(**values), by=by, at=make.NOW, stands_for=stands_for)


def topics(text: str, lang: str = "fr") -> list[str]:
    return [hit.topic for hit in query.search(text, lang=lang).hits]


def within(seconds: float, text: str, topic: str) -> bool:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        if topic in topics(text)[:1]:
            return True
        time.sleep(0.05)
    return False


# --- effective at once --------------------------------------------------------------------------


def test_a_term_finds_an_article_within_two_seconds(read_only: Path, editor: Any) -> None:
    assert topics(NEW) == []
    keep(editor, fr=["TVA", "taxe sur la valeur ajoutée"], latin=[NEW])
    assert within(2, NEW, "T19-tax")
    assert within(2, f"chno {NEW} 3afak", "T19-tax"), "and among Darija in Latin letters"


def test_at_rest_and_back(read_only: Path, editor: Any) -> None:
    term = keep(editor, fr=["TVA"], darija=["زرواطة"], latin=[NEW])
    kept.follow(at_once=True)
    assert topics(NEW)[0] == topics("زرواطة")[0] == "T19-tax"
    wording.move_term(term, "resting", revision=1, by=editor, at=make.NOW)
    kept.follow(at_once=True)
    assert topics(NEW) == []
    assert not index.engine().vocabulary.knows("زرواطة")
    wording.move_term(term, "used", revision=2, by=editor, at=make.NOW)
    kept.follow(at_once=True)
    assert topics(NEW)[0] == "T19-tax"


def test_a_shipped_entry_is_silenced_changed_and_given_back(db: Any, editor: Any) -> None:
    entry = next(entry for entry in glossary.shipped() if "tanbar" in entry.latin)
    term = keep(editor, stands_for=entry.key, ar=["دمغة"], fr=["papier timbré"])
    kept.follow(at_once=True)
    assert thesaurus().expand(["tanbar"]) == {}
    assert own_thesaurus().expand(["دمغ"]).keys() == {"papi", "timbr"}
    wording.move_term(term, "resting", revision=1, by=editor, at=make.NOW)
    kept.follow(at_once=True)
    assert entry not in glossary.entries()
    assert len(glossary.entries()) == len(glossary.shipped()) - 1
    wording.move_term(term, "shipped", revision=2, by=editor, at=make.NOW)
    kept.follow(at_once=True)
    assert glossary.entries() == glossary.shipped()


def test_keys_of_what_ships_are_its_own() -> None:
    keys = [entry.key for entry in glossary.shipped()]
    assert len(set(keys)) == len(keys)
    assert all(len(key) == 10 for key in keys)


def test_the_question_is_asked_once_a_second(
    db: Any, editor: Any, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(kept.time, "monotonic", lambda: clock[0])
    keep(editor, fr=["TVA"], latin=[NEW])
    with django_assert_num_queries(2):  # has it changed; the terms
        kept.follow()
        kept.follow()
    clock[0] += 1.01
    with django_assert_num_queries(1):
        kept.follow()


def test_two_editors_the_second_is_told(db: Any, editor: Any, senior: Any) -> None:
    term = keep(editor, fr=["TVA"], latin=[NEW])
    other = Term.objects.get(pk=term.pk)
    assert wording.change_term(
        term, given(fr=["TVA", "taxe"], latin=[NEW]), revision=1, by=editor, at=make.NOW
    )
    with pytest.raises(wording.ChangedMeanwhile):
        wording.change_term(other, given(fr=["impôt"]), revision=1, by=senior, at=make.NOW)
    entry = glossary.shipped()[0]
    keep(editor, stands_for=entry.key, fr=["un"])
    with pytest.raises(wording.ChangedMeanwhile):
        keep(senior, stands_for=entry.key, fr=["deux"])
    assert Term.objects.get(pk=term.pk).fr == ["TVA", "taxe"]


def test_readers_see_a_term_with_its_meaning(db: Any, editor: Any, client: Any) -> None:
    keep(editor, ar=["زرواطة"], fr=["zorglub"], meaning_ar="معنى", meaning_fr="Sens", is_shown=True)
    keep(editor, ar=["مخفية"], fr=["cachette"])
    page = client.get("/fr/library/words/").content.decode()
    assert "zorglub" in page
    assert "Sens" in page
    assert "cachette" not in page
    shown = {e for letter in wordlist.by_letter("fr") for e in letter.terms}
    assert len(shown) == len(glossary.terms())


# --- the words of an index ----------------------------------------------------------------------


def test_words_of_the_staff_are_known_to_the_speller() -> None:
    vocabulary = Vocabulary([Count("zerwatas", 5, 1)])
    assert vocabulary.near(NEW)[0][0] == "zerwatas"
    with_it = glossary.Glossary([glossary.Entry((), ("zerwata",), (), ())])
    grown = vocabulary.following(with_it)
    assert grown is vocabulary
    assert grown.knows(NEW)
    assert grown.near("zerwatta")[0][0] == NEW
    shrunk = grown.following(glossary.in_use())
    assert shrunk is not grown
    assert not shrunk.knows(NEW)
    assert shrunk.near("zerwatta")[0][0] == "zerwatas"


def test_threads_search_while_terms_change(read_only: Path) -> None:
    """Each gets a vocabulary that is whole: of before or of after."""
    faults: list[Exception] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                assert index.engine().vocabulary.knows("association")
            except Exception as error:
                faults.append(error)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for n in range(4):
        word = "zor" + "glub" * (n % 2)
        glossary.use(glossary.Glossary([glossary.Entry((), (word,), (), ())]))
        index.engine().vocabulary.near(word)
    stop.set()
    for thread in threads:
        thread.join()
    assert faults == []


# --- what a question becomes --------------------------------------------------------------------


def test_each_step_is_told(read_only: Path, editor: Any) -> None:
    keep(editor, fr=["TVA"], latin=[NEW])
    told = explaining.explain(f"kifach {NEW} wasl")
    how = {word.folded: word.how for word in told.words}
    assert told.is_arabizi
    assert how == {"kifach": "stop", NEW: "kept", "wasl": "read"} or how[NEW] in ("unknown", "read")
    assert [one.entry.fr for one in told.added if one.entry.term] == [("TVA",)]
    assert dict(told.asked)["tva"] == 50
    assert told.results.hits
    told = explaining.explain("récépissé definitf zzzzqx")
    assert [word.how for word in told.words] == ["known", "mended", "unknown"]
    assert told.words[1].taken.read[0][0] == "definitif"
    assert explaining.explain("").words == []


# --- words that nothing knows -------------------------------------------------------------------


def search_for(text: str, at: Any) -> int:
    return unknown.note(query.search(text, lang="fr"), theme="", at=at)


def test_a_word_is_read_only_when_it_is_common(read_only: Path, editor: Any) -> None:
    for at in (make.NOW, make.NOW, make.NOW):
        search_for(f"{NEW} 0612345678 récépissé", at)
    assert unknown.proposals() == []
    assert {row.word for row in UnknownWord.objects.all()} == {""}
    search_for(NEW, make.NOW + DAY)
    (found,) = unknown.proposals()
    assert (found.word, found.times, found.days) == (NEW, 4, 2)
    assert {row.word for row in UnknownWord.objects.all()} == {NEW}
    unknown.set_aside(NEW, by=editor, at=make.NOW)
    assert unknown.proposals() == []


def test_what_became_a_term_is_proposed_no_more(read_only: Path, editor: Any) -> None:
    for at in (make.NOW, make.NOW + DAY, make.NOW + 2 * DAY):
        search_for(NEW, at)
    assert [row.word for row in unknown.proposals()] == [NEW]
    keep(editor, fr=["TVA"], latin=[NEW])
    kept.follow(at_once=True)
    assert unknown.proposals() == []


def test_rare_words_are_forgotten(read_only: Path) -> None:
    search_for(NEW, make.NOW)
    assert jobs.forget_words(at=make.NOW + 59 * DAY) == 0
    assert jobs.forget_words(at=make.NOW + 62 * DAY) == 1


def test_what_may_be_a_word() -> None:
    assert [w for w in ("tva", "ab", "a1b2", "زرواطة", "abزر", "x" * 30) if may_be_word(w)] == [
        "tva", "زرواطة",
    ]  # fmt: skip
    assert not is_common(9, 1)
    assert not is_common(2, 2)
    assert is_common(3, 2)


def test_the_search_page_counts_them_and_looking_does_not(read_only: Path, client: Any) -> None:
    client.head(f"/fr/search/?q={NEW}")
    assert not UnknownWord.objects.exists()
    client.get(f"/fr/search/?q={NEW}")
    assert UnknownWord.objects.get().searches == 1
