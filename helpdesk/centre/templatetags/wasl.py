"""Template tags and filters of the house: icons, numbers, dates, ages, the other language's link.

`{% load wasl %}`. Filters that show a reference or a number return isolated markup, so that an
Arabic line never turns them round.
"""

import re
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Paginator
from django.forms import BaseForm, BoundField
from django.template import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, Resolver404, resolve, reverse, translate_url
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from helpdesk.centre import territory, wording

register = template.Library()
SPRITE = settings.BASE_DIR / "config" / "static" / "icons.svg"
_SYMBOL = re.compile(r'<symbol id="([a-z0-9-]+)" viewBox="0 0 24 24">(.*?)</symbol>')

_ARABIC, _LATIN = re.compile("[\u0600-\u06ff]"), re.compile("[A-Za-z]")


@cache
def sprite() -> dict[str, str]:
    """Icon name -> the drawing inside its symbol."""
    return dict(_SYMBOL.findall(SPRITE.read_text(encoding="utf-8")))


@register.simple_tag(takes_context=True)
def icon(context: Context, name: str, classes: str = "") -> SafeString:
    """`{% icon "phone" "s" %}`. Decoration only: the word beside it carries the meaning.

    The desk refers to the sprite, fetched once for all its rows. Public pages carry the drawings
    they show: one request less on a slow line.
    """
    drawings = sprite()
    if name not in drawings:
        if settings.TESTING or settings.DEBUG:
            raise template.TemplateSyntaxError(f"no icon {name!r} in the sprite")
        name = "circle-dot"
    request = getattr(context, "request", None) or context.get("request")
    return _drawn(name, classes, request is not None and request.path.startswith("/desk/"))


@cache
def _drawn(name: str, classes: str, desk: bool) -> SafeString:
    """A list draws the same few icons for each of its rows."""
    inside = f'<use href="{static("icons.svg")}#{name}"/>' if desk else sprite()[name]
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>',
        f"i {classes}".strip(),
        mark_safe(inside),
    )


@register.filter
def ref(value: Any) -> SafeString:
    """A ticket reference, isolated: it reads left to right in any line."""
    return format_html('<bdi dir="ltr" class="ref">{}</bdi>', value)


@register.simple_tag
def num(value: Any, places: int | None = None) -> SafeString:
    """`{% num 15000 %}`: a number, grouped and isolated; text is only isolated."""
    shown = wording.number_text(value, places) if _is_number(value) else value
    return format_html('<bdi class="num" dir="ltr">{}</bdi>', shown)


@register.filter
def ltr(value: Any) -> SafeString:
    """Isolate a left-to-right piece (a law's number, an e-mail address) inside any line."""
    return format_html('<bdi class="num" dir="ltr">{}</bdi>', value)


@register.filter
def number(value: Any, places: int | None = None) -> str:
    """Grouped with unbreakable spaces, decimal comma."""
    return wording.number_text(value, places) if _is_number(value) else ""


@register.filter
def percent(value: Any) -> SafeString | str:
    """`71 %`, isolated; nothing for nothing."""
    return ltr(wording.percent_text(value)) if _is_number(value) else ""


@register.filter
def localdate(value: date | datetime | None, style: str = "full") -> str:
    """A date in words; `style`: full, weekday, short, month, numeric."""
    return wording.date_text(value, style) if isinstance(value, date) else ""


@register.filter
def dayname(value: date | datetime | None) -> str:
    """`اليوم، الثلاثاء 24 نونبر`."""
    return wording.day_text(value) if isinstance(value, date) else ""


@register.filter
def clock(value: datetime | None) -> SafeString | str:
    """`14:23`, isolated."""
    return ltr(wording.clock_text(value)) if isinstance(value, datetime) else ""


@register.filter
def moment(value: datetime | None, style: str = "full") -> str:
    """Date and time in words; the styles of `localdate`."""
    return wording.moment_text(value, style) if isinstance(value, datetime) else ""


@register.filter
def age(value: datetime | None, style: str = "") -> str:
    """`قبل 5 دقائق`; `|age:"short"` `5 د`."""
    if not isinstance(value, datetime):
        return ""
    if style == "short":
        return wording.span_text(timezone.now() - value)
    return wording.age_text(value)


@register.filter
def left(value: datetime | None) -> str:
    """What is left until then, or how late it is."""
    return wording.left_text(value) if isinstance(value, datetime) else ""


@register.filter
def urgency(value: datetime | None, near: datetime | None = None) -> str:
    """`late`, `soon` (from `near` on, else in the last hour) or nothing: goes with `left`."""
    return wording.urgency(value, near, now=timezone.now())


@register.filter
def span(seconds: int | None) -> str:
    """A length of time in a narrow place: `2 س 6 د`."""
    return "" if seconds is None else wording.span_text(timedelta(seconds=seconds))


@register.filter
def page_numbers(paginator: "Paginator[Any]", current: int) -> list[int]:
    """Which pages a pager names; 0 stands for a gap."""
    shown = paginator.get_elided_page_range(current, on_each_side=1, on_ends=1)
    return [n if isinstance(n, int) else 0 for n in shown]


@register.filter
def duration(seconds: int | None) -> str:
    """A call's length in words."""
    return "" if seconds is None else wording.duration_text(seconds)


@register.filter
def timer(seconds: int | None) -> SafeString | str:
    """A running clock, isolated: `02:41`."""
    return "" if seconds is None else ltr(wording.timer_text(seconds))


@register.filter
def timer_since(at: datetime | None) -> SafeString | str:
    """A clock that runs since an instant, as it stands now."""
    return "" if at is None else timer(int((timezone.now() - at).total_seconds()))


@register.filter
def commune(typed: str) -> str:
    """A commune in the reader's language, where both its names are known."""
    return territory.commune_name(typed)


@register.filter
def provinces(codes: list[str]) -> str:
    """Provinces by their HCP codes, in the reader's language."""
    between = ", " if get_language() == "fr" else "، "
    return between.join(territory.province_name(code) or code for code in codes)


@register.filter
def filesize(size: int | None) -> SafeString | str:
    """`412 Ko`, isolated in the direction of its unit."""
    return "" if size is None else format_html('<bdi class="num">{}</bdi>', wording.size_text(size))


@register.filter
def phone_masked(value: Any) -> SafeString | str:
    """A telephone number as anyone may see it, isolated."""
    return ltr(wording.masked_phone(str(value))) if value else ""


@register.simple_tag(takes_context=True)
def language_url(context: Context, code: str) -> str:
    """This very page, with its query, in another language.

    Empty where one address serves both languages, as at the desk: there a small form keeps the choice
    (parts/language_form.html), because an account is never changed by opening an address.
    """
    request = getattr(context, "request", None) or context.get("request")
    if request is None:
        return "/" if code == settings.LANGUAGE_CODE else f"/{code}/"
    here = request.get_full_path()
    there = translate_url(here, code)
    one_address = there == here and request.path.startswith(("/desk/", "/account/"))
    return "" if one_address else there


@register.inclusion_tag("parts/place.html", takes_context=True)
def place(
    context: Context, where: str, label: str, perms: str = "", key: str = "", count: Any = 0
) -> dict[str, Any]:
    """One place of the top bar: `where` is a path (`/desk/board/`) or the name of an address.

    `count` is what waits there. Shown when this installation has the page and the person holds one of `perms` (none = all).
    """
    request = getattr(context, "request", None) or context.get("request")
    url = _known_path(where) if where.startswith("/") else page_url(where)
    if perms and not (request and any(request.user.has_perm(p) for p in perms.split())):
        url = ""
    path = request.path if request else ""
    current = path == url or (url != "/desk/" and bool(url) and path.startswith(url))
    return {"url": url, "label": label, "current": current, "key": key, "count": count}


@register.filter
def fine(text: Any) -> str:
    """Running text with its unbreakable spaces: number and noun, French punctuation."""
    return wording.unbreakable(str(text))


@register.simple_tag
def page_url(name: str, *args: Any, **kwargs: Any) -> str:
    """Like `{% url %}`, but empty where the page is not part of this installation."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.filter
def initial(name: Any) -> str:
    """The first letter of a name, for the round badge of the top bar."""
    return str(name).strip()[:1].upper()


@register.filter
def lang_of(text: Any) -> str:
    """`ar` or `fr` by the letters of a text, so that a passage is read out in its own language."""
    letters = str(text)
    arabic, latin = len(_ARABIC.findall(letters)), len(_LATIN.findall(letters))
    return "ar" if arabic >= latin else "fr"


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether a field says "(optional)": not in search and filter forms (`all_optional`)."""
    return not field.field.required and not getattr(field.form, "all_optional", False)


@register.filter
def error_count(form: BaseForm) -> int:
    """How many points the error summary lists."""
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def paragraphs(text: Any) -> SafeString:
    """Typed text as paragraphs, each in its own direction; nothing in it is markup."""
    pieces = [p for p in re.split(r"\n\s*\n", str(text).strip()) if p.strip()]
    return mark_safe(
        "".join(
            f'<p dir="auto">{"<br>".join(conditional_escape(line) for line in p.splitlines())}</p>'
            for p in pieces
        )
    )


def _known_path(path: str) -> str:
    try:
        resolve(path)
    except Resolver404:
        return ""
    return path


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or value is None:
        return False
    try:
        wording.number_text(value)
    except (ArithmeticError, ValueError):
        return False
    return True
