"""Names out of a request's words: what is on record in any spelling, and others by what stands before."""

import pytest

from helpdesk.tickets.nameless import nameless

KNOWN = ["فاطمة الزهراء بناني", "جمعية واحة النخيل", "Karim Alaoui", "Association Ennakhil"]


@pytest.mark.parametrize(
    "text",
    [
        "أنا فاطمة الزهراء", "قالت بناني إن", "رسالة لفاطمة وكريم", "Fatima Zahra Bennani demande",
        "M. Alaoui est parti", "KARIM a signé", "اتصلوا 0661-23-45-67", "écrire à k.alaoui@example.org",
        "رقم ٠٦٦١٢٣٤٥٦٧", "CIN EE123456", "طلب W-2026-000123", "voir https://nakhil.example.org/a",
        "السيد حسن المنصوري رئيسنا", "Mme Zineb Tazi est trésorière", "سميتي خديجة",
        "جمعية «أمل الغد» رفضت", "l'association « Espoir de demain » refuse", "النخيل والواحة",
    ],
)  # fmt: skip
def test_nobody_is_left(text: str) -> None:
    left = nameless(text, KNOWN).casefold()
    assert "…" in left
    for name in (
        "فاطمة", "الزهراء", "بناني", "كريم", "fatima", "bennani", "alaoui", "karim", "0661", "٠٦٦١", "example",
        "ee123456", "000123", "حسن", "المنصوري", "zineb", "tazi", "خديجة", "أمل", "الغد", "espoir", "النخيل",
    ):  # fmt: skip
        assert name not in left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("كراء فضاء الجمعية", "كراء فضاء الجمعية"), ("جمعية فضاء الشباب تسأل", "جمعية … تسأل"),
        ("فضاء الشباب تسأل عن كراء فضاء", "… تسأل عن كراء فضاء"), ("رسالة من تيفاوين", "رسالة من …"),
    ],
)  # fmt: skip
def test_ordinary_words_of_a_group_go_only_as_its_name(text: str, left: str) -> None:
    groups = ["جمعية فضاء الشباب", "جمعية تيفاوين"]
    assert nameless(text, [], groups=groups, ordinary=lambda word: word != "تيفاوين") == left


@pytest.mark.parametrize(
    "text",
    [
        "كيف نجدد المكتب بعد نهاية الولاية؟", "Le récépissé définitif n'est pas venu après 60 jours.",
        "الفصل 5 من ظهير 1-58-376، أجل 60 يوما", "15 000 DH, le 24/11/2026",
    ],
)  # fmt: skip
def test_what_names_nobody_stays(text: str) -> None:
    assert nameless(text, KNOWN) == text
