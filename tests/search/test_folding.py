"""One spelling for everything that people write in several ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search.analysis import analyse, stems_of
from knowledge.search.expansion import understand
from knowledge.search.folding import fold, normalise, words
from knowledge.search.simple import vocabulary
from knowledge.search.stemming import bare_forms, stem


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("ﺍﻟﻮﺻﻞ", "الوصل"),  # presentation forms
        ("الـــوصل", "الوصل"),  # tatweel
        ("الوَصْلُ", "الوصل"),  # vowel signs
        ("\u202bالوصل\u202c", "الوصل"),  # bidi controls
        ("الو\u200dصل", "الوصل"),  # joiner
        ("إيداع", "ايداع"),
        ("جمعية", "جمعيه"),
        ("ڭريك", "كريك"),
        ("٦٠ يوما", "60 يوما"),
        ("االستثمار", "الاستثمار"),  # lam-alef turned round by a PDF
        ("الو\x00صل", "الوصل"),
        ("الو\ud800صل", "الوصل"),
        ("CRÉÉ", "créé"),
    ],
)
def test_normal_form(written: str, plain: str) -> None:
    assert normalise(written) == plain


def test_french_elisions_go_and_accents_fold() -> None:
    assert list(words("L’association n'a pas reçu d’accusé")) == [
        *("association", "a", "pas", "reçu", "accusé"),
    ]
    assert fold("récépissé") == "recepisse"


def test_a_plural_and_an_article_share_the_stem() -> None:
    assert stem("جمعيات") == stem("جمعيه") == stem("الجمعيه")
    assert stem("récépissés") == stem("recepisse")


def test_an_association_is_not_an_assembly() -> None:
    assert stem("جمعيه") != stem("الجمع")


def test_what_grew_on_to_a_word_comes_off() -> None:
    assert "ملف" in bare_forms("لملف")
    assert "نطلب" in bare_forms("كنطلب")
    assert "عطاوك" in bare_forms("ماعطاوكش")
    assert bare_forms("dossier") == []


def test_question_words_say_nothing() -> None:
    assert stems_of("كيف هل ما هي de la les kifach chno واش") == []


def test_terms_are_stems_grams_and_pairs() -> None:
    terms = analyse("récépissé définitif")
    assert len(terms.stems) == 2
    assert terms.grams[0] == "_rec"
    assert terms.pairs == ["_".join(terms.stems)]


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text: str) -> None:
    analyse(text)
    understand(text, vocabulary())


@pytest.mark.parametrize(
    "text",
    ["\ud800\udfff" * 500, "\x00" * 5000, "a" * 100_000, "'" * 5000, "\u202e" * 5000, "ﷺ" * 3000],
)
def test_blobs_are_cut(text: str) -> None:
    question = understand(text, vocabulary())
    assert len(question.stems) <= 60
    assert all(len(gram) <= 4 for gram in question.grams)


def test_at_most_sixty_words_are_searched() -> None:
    assert len(understand(" ".join(f"mot{n}x" for n in range(500)), vocabulary()).stems) <= 300
