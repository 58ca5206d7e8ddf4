"""Finding who asks: by number in any spelling, by name in either script, never two made one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from helpdesk.associations.actions import (
    association_for,
    by_number,
    change_association,
    change_person,
    in_formation,
    person_for,
    write_name_words,
)
from helpdesk.associations.models import Association, NameWord, Person
from helpdesk.associations.numbers import BadNumber
from tests import make

NOW = make.NOW
SPELLINGS = [
    "0661223344",
    "06 61 22 33 44",
    "+212 661-223344",
    "00212661223344",
    "٠٦٦١٢٢٣٣٤٤",
    "۰۶ ۶۱ ۲۲ ۳۳ ۴۴",
    "+212 (0)6 61 22 33 44",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_one_person_in_any_spelling_of_the_number(centre: Any, spelling: str) -> None:
    first = person_for(centre=centre, at=NOW, name="فاطمة", number="0661223344")
    again = person_for(centre=centre, at=NOW, name="فاطمة", number=spelling)
    assert again == first
    assert by_number(spelling, centre=centre) == [first]
    assert first.phones.count() == 1


def test_two_names_on_one_telephone_are_two_people_latest_first(centre: Any) -> None:
    mother = person_for(centre=centre, at=NOW, name="فاطمة", number="0661223344")
    son = person_for(centre=centre, at=NOW + timedelta(hours=1), name="Hassan", number="0661223344")
    assert mother != son
    assert by_number("0661223344", centre=centre) == [son, mother]
    latest = person_for(
        centre=centre, at=NOW + timedelta(hours=2), name="Fatima", number="0661223344"
    )
    assert latest == mother, "the same name in the other script"
    assert by_number("0661223344", centre=centre) == [mother, son]


def test_a_nameless_call_on_a_shared_telephone_guesses_nobody(centre: Any) -> None:
    for name in ("فاطمة", "حسن"):
        person_for(centre=centre, at=NOW, name=name, number="0661223344")
    unnamed = person_for(centre=centre, at=NOW, number="0661223344")
    assert unnamed.name == ""
    assert person_for(centre=centre, at=NOW, number="0661223344") == unnamed
    assert Person.objects.count() == 3


def test_a_nameless_call_from_the_one_known_person_is_theirs(centre: Any) -> None:
    known = person_for(centre=centre, at=NOW, name="فاطمة", number="0661223344")
    assert person_for(centre=centre, at=NOW, number="0661223344") == known


def test_what_was_told_anonymously_stays_apart_from_a_name(centre: Any) -> None:
    unnamed = person_for(centre=centre, at=NOW, number="0661223344")
    named = person_for(centre=centre, at=NOW, name="حسن", number="0661223344")
    assert named != unnamed


def test_at_most_three_and_only_of_the_own_centre(centre: Any) -> None:
    for hour, name in enumerate(["أحمد", "حسن", "مريم", "ليلى"]):
        person_for(centre=centre, at=NOW + timedelta(hours=hour), name=name, number="0661223344")
    assert [p.name for p in by_number("0661223344", centre=centre)] == ["ليلى", "مريم", "حسن"]
    other = type(centre).objects.create(slug="other", name_ar="آخر", name_fr="autre")
    assert by_number("0661223344", centre=other) == []


def test_by_e_mail_with_the_same_name_only(centre: Any) -> None:
    first = person_for(centre=centre, at=NOW, name="Ahmed", email="Bureau@Example.org")
    assert person_for(centre=centre, at=NOW, name="أحمد", email="bureau@example.ORG ") == first
    assert person_for(centre=centre, at=NOW, email="bureau@example.org") == first
    assert person_for(centre=centre, at=NOW, name="Leila", email="bureau@example.org") != first


def test_an_account_is_one_person_and_never_takes_somebody_elses_record(
    centre: Any, chama: Any, driss: Any
) -> None:
    assert person_for(centre=centre, at=NOW, user=chama) == chama.person
    newcomer = make.user("nadia", "member")
    victim = person_for(centre=centre, at=NOW, name="نادية", email="nadia@example.org")
    own = person_for(centre=centre, at=NOW, user=newcomer, name="نادية", email="nadia@example.org")
    assert own != victim
    assert person_for(centre=centre, at=NOW, user=newcomer) == own


def test_nothing_known_is_a_person_too(centre: Any) -> None:
    assert str(person_for(centre=centre, at=NOW))
    person_for(centre=centre, at=NOW)
    assert Person.objects.count() == 2


def test_an_impossible_number_is_refused_and_nothing_stored(centre: Any) -> None:
    with pytest.raises(BadNumber):
        person_for(centre=centre, at=NOW, name="حسن", number="12")
    with pytest.raises(BadNumber):
        by_number("not a number", centre=centre)
    assert Person.objects.count() == 0


def test_language_follows_the_last_contact(centre: Any) -> None:
    person_for(centre=centre, at=NOW, name="حسن", number="0661223344", language="fr", speaks="shi")
    person = person_for(centre=centre, at=NOW, name="حسن", number="0661223344", language="ar")
    assert (person.language, person.speaks) == ("ar", "shi")


def test_an_association_by_its_name_in_either_script(centre: Any) -> None:
    first = association_for(centre=centre, at=NOW, name="جمعية النخيل", province="07.351")
    again = association_for(centre=centre, at=NOW, name="Association Ennakhil", province="07.351")
    assert again == first
    assert (first.name_ar, first.name_fr) == ("جمعية النخيل", "")
    latin = association_for(centre=centre, at=NOW, name="Étoile du Sud", province="07.431")
    assert latin.name_fr == "Étoile du Sud"
    assert association_for(centre=centre, at=NOW, name="etoile du sud", province="07.431") == latin


def test_the_same_name_in_another_province_is_another_association(centre: Any) -> None:
    here = association_for(centre=centre, at=NOW, name="جمعية الأمل", province="07.351")
    there = association_for(centre=centre, at=NOW, name="جمعية الأمل", province="07.431")
    assert here != there
    assert association_for(centre=centre, at=NOW, name="جمعية الأمل") not in (here, there), (
        "which of the two is nobody's guess"
    )


def test_a_province_told_later_is_noted(centre: Any) -> None:
    first = association_for(centre=centre, at=NOW, name="جمعية الأمل")
    again = association_for(centre=centre, at=NOW, name="جمعية الأمل", province="07.431")
    assert again == first
    assert again.province == "07.431"
    with pytest.raises(ValueError, match="name"):
        association_for(centre=centre, at=NOW, name=" \u202e ")


def test_founders_get_a_nameless_association_of_their_own(centre: Any) -> None:
    founder = person_for(centre=centre, at=NOW, name="حسن")
    first = in_formation(centre=centre, province="07.041", at=NOW, founder=founder)
    assert in_formation(centre=centre, province="07.041", at=NOW) != first
    assert first.in_formation
    assert first.mandates.get().office == "founder"
    change_association(first, by=None, at=NOW, name_ar="جمعية الماء")
    assert not first.in_formation
    assert Association.objects.looked_up("الماء").get() == first


def test_look_up_by_words_in_either_script(centre: Any, amina: Any) -> None:
    one = association_for(centre=centre, at=NOW, name="جمعية النخيل للتنمية", province="07.351")
    association_for(centre=centre, at=NOW, name="جمعية الأمل", province="07.351")
    rows = Association.objects.visible_to(amina)
    for text in ("نخيل", "النخ", "Ennakhil", "tanmia nakhil", "للتنمية", "تنمية النخيل"):
        assert list(rows.looked_up(text)) == [one], text
        assert list(rows.named(text)) == [one], text
    assert list(rows.looked_up("جمعية")) == []
    assert rows.named("جمعية").count() == 2
    assert rows.named("قنفذ").count() == 0


def test_people_are_found_after_their_name_is_corrected(centre: Any) -> None:
    person = person_for(centre=centre, at=NOW, name="حسن")
    change_person(
        person, by=None, at=NOW, name="Hassan Alaoui", other_name="", email=" H@Example.org", language="fr",
        speaks="",
    )  # fmt: skip
    assert Person.objects.looked_up("علوي").get() == person
    assert person.email == "h@example.org"
    change_person(
        person, by=None, at=NOW, name="", other_name="", email="", language="fr", speaks=""
    )
    assert not NameWord.objects.filter(person=person).exists()


@pytest.mark.parametrize(
    "text", ["", "   ", "%", "_", "'", "\x00", "ن" * 3000, "🌴", "a' OR 1=1 --"]
)
def test_odd_look_ups_are_harmless(centre: Any, text: str) -> None:
    association_for(centre=centre, at=NOW, name="جمعية النخيل")
    assert list(Association.objects.looked_up(text)) == []
    list(Association.objects.named(text))


def test_a_look_up_goes_by_the_index(centre: Any) -> None:
    people = Person.objects.bulk_create(
        Person(centre=centre, name=f"اسم{n} عائلة{n}", added_at=NOW) for n in range(300)
    )
    write_name_words(people=people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    plan = Person.objects.looked_up("aila7 ism").explain()
    if connection.vendor == "sqlite":
        assert "SCAN associations_nameword" not in plan, plan
        assert "USING INDEX associations_nameword_word" in plan, plan
    assert Person.objects.looked_up("عائلة7").count() == 11


@pytest.mark.parametrize("nonsense", ["xxx", "zzz", "kkk", "lll", "ككك"])
def test_nonsense_finds_nobody(centre: Any, nonsense: str) -> None:
    for name in ("Ali", "Aïcha Kaoui", "Zouhour Zaz", "خديجة كيكي", "Aziza Essaoui"):
        person_for(centre=centre, at=NOW, name=name)
    assert not Person.objects.looked_up(nonsense).exists()
    assert not Person.objects.named(nonsense).exists()
