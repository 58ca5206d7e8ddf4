"""Latin letters read as Arabic, errors mended, equivalents added; known words stay as they are."""

import pytest

from knowledge.search.expansion import Question, understand
from knowledge.search.spelling import Speller, distance
from knowledge.search.stemming import stem
from knowledge.search.vocabulary import Count, Vocabulary


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    words = ("رقصه", "جلوس", "الوصل", "النهايي", "مؤسسه", "récépissé", "définition", "dossier")
    return Vocabulary(Count(word, 3, 0) for word in words)


def _read(text: str, vocabulary: Vocabulary) -> Question:
    return understand(text, vocabulary)


@pytest.mark.parametrize(
    ("latin", "arabic"),
    [
        ("lwasl", "وصل"),
        ("wsl", "وصل"),
        ("jam3iya", "جمعيه"),
        ("ljam3ia", "جمعيه"),
        ("jm3ya", "جمعيه"),
        ("9anoun", "قانون"),
        ("qanoun", "قانون"),
        ("lmaktab", "مكتب"),
        ("lmilaf", "ملف"),
        ("ra2is", "رييس"),
    ],
)
def test_latin_letters(latin: str, arabic: str, vocabulary: Vocabulary) -> None:
    question = _read(f"kifach {latin}", vocabulary)
    assert question.stems.get(stem(arabic), 0) > 0.5


def test_french_words_are_not_read_as_arabic(vocabulary: Vocabulary) -> None:
    assert _read("dossier refusé", vocabulary).understood == []


def test_a_french_word_of_the_index_stays_in_an_arabizi_question(vocabulary: Vocabulary) -> None:
    question = _read("kifach ndiro dossier", vocabulary)
    assert all(understood.typed != "dossier" for understood in question.understood)


@pytest.mark.parametrize("known", ["رخصة", "فلوس", "الرايس", "شنو", "lbanka"])
def test_words_of_the_glossary_are_never_corrected(known: str, vocabulary: Vocabulary) -> None:
    """رخصة (licence) once became رقصة (dance), فلوس (money) جلوس (sitting)."""
    question = _read(known, vocabulary)
    assert stem("رقصه") not in question.stems
    assert stem("جلوس") not in question.stems


def test_an_error_is_mended_towards_the_glossary(vocabulary: Vocabulary) -> None:
    question = _read("recepisse definitf", vocabulary)
    assert [u.read for u in question.understood] == ["definitif"]
    assert question.stems["definitf"] == 1.0, "the asker's own word stays"


def test_equivalents_cross_the_languages(vocabulary: Vocabulary) -> None:
    question = _read("récépissé", vocabulary)
    assert 0 < question.stems[stem("وصل")] < 1
    assert 0 < _read("الوصل", vocabulary).stems[stem("recepisse")] < 1


def test_the_longest_spelling_wins(vocabulary: Vocabulary) -> None:
    assert stem("statuts") in _read("القانون الأساسي", vocabulary).stems


def test_an_empty_question_asks_nothing(vocabulary: Vocabulary) -> None:
    for text in ("", "   ", "؟؟؟", "de la", "\u200f"):
        assert _read(text, vocabulary).is_empty


def test_near_words_by_deletions() -> None:
    speller = Speller()
    speller.add([("association", 5), ("associations", 2), ("reunion", 9), ("dons", 1)])
    assert speller.near("asociation")[0] == ("association", 0.7)
    assert speller.near("assocaition")[0][0] == "association", "a swap is one edit"
    assert speller.near("xyzzy") == ()
    assert speller.near("don") == (), "short words are left alone"


@pytest.mark.parametrize(
    ("one", "two", "edits"),
    [
        ("abc", "abc", 0),
        ("abc", "acb", 1),
        ("abcd", "abd", 1),
        ("abcdef", "xbcdxf", 2),
        ("a", "xyz", 3),
    ],
)
def test_distance(one: str, two: str, edits: int) -> None:
    assert distance(one, two, 2) == edits
