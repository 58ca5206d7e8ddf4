"""Names in either script."""

import pytest

from helpdesk.associations.names import clean, fold, index_words, keys, question, same, telling

PAIRS = [
    ("Association Ennakhil", "جمعية النخيل"),
    ("Ennakhil", "النّخيل"),
    ("Association Alwifak", "جمعية الوفاق"),
    ("El Amal", "جمعية الأمل"),
    ("Association Assaada", "جمعية السعادة"),
    ("association Achabab", "جمعية الشباب"),
    ("Tadamoun", "التضامن"),
    ("Attanmia", "جمعية التنمية"),
    ("Association Toubkal", "جمعية توبقال"),
    ("Jam3iyat Tiwizi", "جمعية تيويزي"),
    ("Nahda", "النهضة"),
    ("Association Ifoulki", "جمعية إفولكي"),
    ("lwifaq", "الوفاق"),
    ("Fatima Zahra", "فاطمة الزهراء"),
    ("Mohamed", "محمد"),
    ("Hassan", "حسن"),
    ("Youssef", "يوسف"),
    ("Amina", "أمينة"),
    ("Khadija", "خديجة"),
    ("Association Annour", "جمعية النور"),
]


@pytest.mark.parametrize(("latin", "arabic"), PAIRS)
def test_a_name_meets_itself_in_the_other_script(latin: str, arabic: str) -> None:
    assert same(latin, arabic)
    assert same(arabic, latin)
    for _, wanted in question(latin):
        assert set(wanted) & index_words(arabic)
    for _, wanted in question(arabic):
        assert set(wanted) & index_words(latin)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("جمعية النخيل", "جمعية الأمل"),
        ("Association Ennakhil", "جمعية الأمل"),
        ("جمعية النخيل", "جمعية النخيل للتنمية"),
        ("Association Ennakhil", "جمعية النخيل للتنمية"),
        ("Fatima", "Fatiha"),
        ("فاطمة", "Fatima Zahra"),
        ("Nour", "نار"),
        ("Karim", "كريمة"),
        ("Amina", "أمين"),
        ("Said", "سعد"),
        ("", ""),
        ("", "جمعية"),
    ],
)
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert not same(one, other)


def test_marks_case_and_accents_do_not_matter() -> None:
    assert fold("جمعيّة  النَّخيل") == fold("جمعية النخيل")
    assert fold("Association L'Étoile") == fold("association l’etoile")
    assert same("Étoile du Sud", "etoile du sud")


def test_words_every_name_carries_are_no_question() -> None:
    assert question("جمعية") == []
    assert question("association de la") == []
    assert telling("جمعية النخيل للتنمية") == ["نخيل", "تنميه"]
    assert [word for word, _ in question("جمعية أمل النخيل")] == ["نخيل", "امل"]


def test_two_associations_of_nothing_but_common_words_are_compared_as_written() -> None:
    assert same("جمعية", "جمعيّة")
    assert not same("Association", "Union")


def test_a_word_of_vowels_has_no_key_and_one_consonant_is_one() -> None:
    assert keys("aya") == []
    assert keys("ايه") == []
    assert keys("ali") == keys("علي") == ["l"]
    assert not same("Ali", "علوي")


@pytest.mark.parametrize("nonsense", ["xxx", "zzz", "kkk", "q", "ككك", "ززززز", "kkk zzz"])
def test_one_letter_typed_again_and_again_has_no_key(nonsense: str) -> None:
    assert [found for _, found in question(nonsense)] == [[] for _ in nonsense.split()]


def test_typed_names_lose_what_could_turn_a_line_round() -> None:
    assert clean("  جمعية\u202e النخيل\x00\n ") == "جمعية النخيل"
    assert len(clean("ن" * 500)) == 200


@pytest.mark.parametrize("text", ["", "   ", "…!?", "\ud800", "🌴", "=nxl", "%_%", "ن" * 5000])
def test_odd_text_is_harmless(text: str) -> None:
    assert isinstance(question(text), list)
    assert all(len(word) <= 40 for word in index_words(text))
