"""The territory the centre serves: the provinces of Marrakech-Safi by their HCP codes.

Source: HCP, census of 2024 (docs/words.md names the terms). Code -> (Arabic, French).
"""

from django.utils.translation import get_language

REGION = ("07", "جهة مراكش-آسفي", "Région Marrakech-Safi")

PROVINCES: dict[str, tuple[str, str]] = {
    "07.351": ("عمالة مراكش", "Préfecture de Marrakech"),
    "07.161": ("إقليم شيشاوة", "Chichaoua"),
    "07.041": ("إقليم الحوز", "Al Haouz"),
    "07.191": ("إقليم قلعة السراغنة", "El Kelâa des Sraghna"),
    "07.211": ("إقليم الصويرة", "Essaouira"),
    "07.427": ("إقليم الرحامنة", "Rehamna"),
    "07.431": ("إقليم آسفي", "Safi"),
    "07.585": ("إقليم اليوسفية", "Youssoufia"),
}

COMMUNES: dict[str, str] = {
    "مراكش": "Marrakech",
    "تسلطانت": "Tassoultante",
    "الأوداية": "Loudaya",
    "حربيل": "Harbil",
    "سعادة": "Saada",
    "شيشاوة": "Chichaoua",
    "أسيف المال": "Assif El Mal",
    "مجاط": "Majjat",
    "إيمنتانوت": "Imintanoute",
    "سيدي المختار": "Sidi L'Mokhtar",
    "أسني": "Asni",
    "أوريكة": "Ourika",
    "أمزميز": "Amizmiz",
    "تحناوت": "Tahannaout",
    "تمصلوحت": "Tameslohte",
    "قلعة السراغنة": "El Kelâa des Sraghna",
    "العطاوية": "Laattaouia",
    "سيدي رحال": "Sidi Rahal",
    "تملالت": "Tamallalt",
    "زمران": "Zemrane",
    "الصويرة": "Essaouira",
    "تمنار": "Tamanar",
    "الحنشان": "El Hanchane",
    "سميمو": "Smimou",
    "صخور الرحامنة": "Skhour Rhamna",
    "ابن جرير": "Ben Guerir",
    "بوشان": "Bouchane",
    "سيدي بوعثمان": "Sidi Bou Othmane",
    "آسفي": "Safi",
    "سبت كزولة": "Sebt Gzoula",
    "جمعة سحيم": "Jamaat Shaim",
    "حرارة": "Hrara",
    "الشماعية": "Echemmaia",
    "إيغود": "Ighoud",
    "الكنتور": "El Gantour",
    "سيدي شيكر": "Sidi Chiker",
    "اليوسفية": "Youssoufia",
}
"""Arabic name -> French one, of the communes the centre met so far. Records keep what was typed: a
commune that is not here is shown as it stands."""

_IN_ARABIC = {french.casefold(): arabic for arabic, french in COMMUNES.items()}


def commune_name(typed: str, language: str | None = None) -> str:
    """The commune in the reader's language where both its names are known."""
    if (language or get_language()) == "fr":
        return COMMUNES.get(typed.strip(), typed)
    return _IN_ARABIC.get(typed.strip().casefold(), typed)


def province_name(code: str, language: str | None = None) -> str:
    """The province's name in the reader's language; empty for an unknown code."""
    names = PROVINCES.get(code)
    if names is None:
        return ""
    return names[1] if (language or get_language()) == "fr" else names[0]


def province_choices() -> list[tuple[str, str]]:
    """Choices for a form field, in the reader's language."""
    return [(code, province_name(code)) for code in PROVINCES]
