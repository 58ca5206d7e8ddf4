"""How dates, numbers, ages and telephone numbers read in Arabic and in French.

Django's own Arabic month names are not the ones used in Morocco, and its "since" texts carry
commas and no dual. Everything that shows a date or a number to a person goes through here.
Pure functions: no request, no database.
"""

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

NBSP = "\u00a0"
DOTS = "••"

MONTHS = {
    "ar": [
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "ماي",
        "يونيو",
        "يوليوز",
        "غشت",
        "شتنبر",
        "أكتوبر",
        "نونبر",
        "دجنبر",
    ],
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
}
SHORT_MONTHS = {
    "ar": MONTHS["ar"],
    "fr": [
        "janv.",
        "févr.",
        "mars",
        "avr.",
        "mai",
        "juin",
        "juil.",
        "août",
        "sept.",
        "oct.",
        "nov.",
        "déc.",
    ],
}
WEEKDAYS = {
    "ar": ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"],
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
}
DATE_STYLES = ("full", "weekday", "short", "month", "numeric")


def reader_language(language: str | None = None) -> str:
    """`ar` or `fr`; anything else reads as Arabic, the first language of the house."""
    code = (language or get_language() or "ar")[:2]
    return code if code in MONTHS else "ar"


def local(value: date | datetime) -> date | datetime:
    """The same instant on the centre's clock; plain dates stay as they are."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def date_text(value: date | datetime, style: str = "full", language: str | None = None) -> str:
    """`24 نونبر 2026`; styles: full, weekday, short (no year), month (no day), numeric."""
    day, lang = local(value), reader_language(language)
    if style == "numeric":
        return f"{day:%d/%m/%Y}"
    number = "1er" if lang == "fr" and day.day == 1 else str(day.day)
    if style == "short":
        return f"{number} {SHORT_MONTHS[lang][day.month - 1]}"
    month = MONTHS[lang][day.month - 1]
    if style == "month":
        return f"{month} {day.year}"
    text = f"{number} {month} {day.year}"
    return f"{WEEKDAYS[lang][day.weekday()]} {text}" if style == "weekday" else text


def day_text(value: date | datetime, *, today: date | None = None) -> str:
    """`today`, `yesterday`, `tomorrow`, else weekday and date: the head of a day's entries."""
    day = local(value)
    plain = day.date() if isinstance(day, datetime) else day
    now = today or timezone.localdate()
    named = {0: _("Today"), -1: _("Yesterday"), 1: _("Tomorrow")}.get((plain - now).days)
    lang = reader_language()
    comma = "،" if lang == "ar" else ","
    if named:
        return f"{named}{comma} {WEEKDAYS[lang][plain.weekday()]} {date_text(plain, 'short')}"
    if plain.year == now.year:
        return f"{WEEKDAYS[lang][plain.weekday()]} {date_text(plain, 'short')}"
    return date_text(plain, "weekday")


def clock_text(value: datetime) -> str:
    """A time of day, `14:23` in both languages; a French `2 h 06` is a length of time."""
    return f"{local(value):%H:%M}"


def moment_text(value: datetime, style: str = "full") -> str:
    """Date and time: `24 نونبر 2026، 10:20`; the styles of `date_text`."""
    comma = "،" if reader_language() == "ar" else ","
    return f"{date_text(value, style)}{comma} {clock_text(value)}"


def number_text(value: float | Decimal | str, places: int | None = None) -> str:
    """`15 000` with U+00A0 groups (a plain space turns round in Arabic) and a decimal comma."""
    number = Decimal(str(value))
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{number:,f}".replace(",", NBSP).replace(".", ",")


def percent_text(value: float | Decimal) -> str:
    """`71 %`; the caller isolates it, as with every number."""
    return f"{number_text(value, 0)}{NBSP}%"


def size_text(size: int) -> str:
    """A file's size: `412 ك.ب`, in French `412 Ko`."""
    units = ("o", "Ko", "Mo") if reader_language() == "fr" else ("بايت", "ك.ب", "م.ب")
    if size < 1024:
        return f"{size}{NBSP}{units[0]}"
    if size < 1024 * 1024:
        return f"{round(size / 1024)}{NBSP}{units[1]}"
    return f"{number_text(size / 1024 / 1024, 1)}{NBSP}{units[2]}"


def age_text(value: datetime, *, now: datetime | None = None) -> str:
    """`5 minutes ago`, with the six Arabic plural forms; after thirty days the date."""
    seconds = int(((now or timezone.now()) - value).total_seconds())
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        n = seconds // 60
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", n) % {"n": n}
    if seconds < 86400:
        n = seconds // 3600
        return ngettext("%(n)s hour ago", "%(n)s hours ago", n) % {"n": n}
    if seconds < 30 * 86400:
        n = seconds // 86400
        return ngettext("%(n)s day ago", "%(n)s days ago", n) % {"n": n}
    return date_text(value)


def span_text(span: timedelta) -> str:
    """A length of time for narrow places: `2 س 6 د`, `3 ي`; in French `2 h 06`, `3 j`."""
    minutes = max(int(span.total_seconds()) // 60, 0)
    french = reader_language() == "fr"
    if minutes < 60:
        return f"{minutes}{NBSP}min" if french else f"{minutes}{NBSP}د"
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        if french:
            return f"{hours}{NBSP}h" + (f"{NBSP}{rest:02d}" if rest else "")
        return f"{hours}{NBSP}س" + (f" {rest}{NBSP}د" if rest else "")
    return f"{minutes // 1440}{NBSP}" + ("j" if french else "ي")


def left_text(value: datetime, *, now: datetime | None = None) -> str:
    """What is left until a promised time, or by how much it is late."""
    span = value - (now or timezone.now())
    if span >= timedelta(0):
        return _("%(span)s left") % {"span": span_text(span)}
    return _("late by %(span)s") % {"span": span_text(-span)}


def duration_text(seconds: int) -> str:
    """The length of a call: `6 د 42 ث`, in French `6 min 42 s`."""
    minutes, rest = divmod(max(int(seconds), 0), 60)
    units = ("min", "s") if reader_language() == "fr" else ("د", "ث")
    short = f"{rest}{NBSP}{units[1]}"
    return f"{minutes}{NBSP}{units[0]} {short}" if minutes else short


def timer_text(seconds: int) -> str:
    """A running clock: `02:41`, from an hour on `1:02:41`."""
    minutes, rest = divmod(max(int(seconds), 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes:02d}:{rest:02d}"


def unbreakable(text: str, language: str | None = None) -> str:
    """Keeps a number with its noun, and French punctuation with its word."""
    kept = re.sub(r"(?<=\d) (?=[^\W\d_])", NBSP, text)
    if reader_language(language) == "fr":
        kept = re.sub(r" (?=[:;?!»])", NBSP, kept)
        kept = re.sub(r"(?<=«) ", NBSP, kept)
    return kept


def masked_phone(number: str) -> str:
    """`06 61 •• •• 47`: enough to recognise a number that one knows, not enough to dial it.

    A text that is masked already passes through unchanged.
    """
    if "•" in number:
        return number
    digits = "".join(c for c in number if c.isdigit())
    digits = digits.removeprefix("00")
    if digits.startswith("212") and len(digits) == 12:
        digits = "0" + digits[3:]
    if len(digits) == 10 and digits.startswith("0"):
        return f"{digits[:2]} {digits[2:4]} {DOTS} {DOTS} {digits[-2:]}"
    if len(digits) < 6:
        return DOTS
    return f"+{digits[:3]} {DOTS} {DOTS} {digits[-2:]}"


def weekday_name(number: int) -> str:
    """0 is Monday, as in `datetime.weekday()`; in the reader's language."""
    return WEEKDAYS[reader_language()][number]


def urgency(due: datetime | None, near: datetime | None = None, *, now: datetime) -> str:
    """`late`, `soon` (from `near` on, else in the last hour) or nothing."""
    if not isinstance(due, datetime):
        return ""
    if due < now:
        return "late"
    return "soon" if now >= (near or due - timedelta(hours=1)) else ""
