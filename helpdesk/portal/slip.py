"""The receipt of a question: what stands on it, and the same as a PDF where this machine can make one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helpdesk.centre.face import address_of
from helpdesk.centre.wording import date_text, reader_language
from helpdesk.portal import qr
from helpdesk.tickets import codes
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import AnswerBy
from knowledge.articles.models import Statement
from knowledge.articles.rules import Mark, Section

SHEET = Path(__file__).with_name("slip.css")
"""Read from disk, with its fonts; not a file for browsers."""
MOST_PAPERS = 6
"""What an A6 card holds."""


class NoPdf(Exception):
    """This machine has no library that makes PDF; the page prints by itself."""


@dataclass(frozen=True)
class Receipt:
    reference: str
    secret: str
    """16 digits in groups of four; empty when it may not be shown here."""
    day: datetime
    due: datetime | None
    next_step: str
    papers: Sequence[str]
    answer_by: str
    address: str
    """Of the follow page as one types it, without https."""
    square: SafeString
    """The same with the number of the request, for a telephone's camera."""
    phone: str
    """The number of the centre, empty while it has none."""
    is_practice: bool = False
    """Of an invented request: the card says so."""


def receipt(ticket: Ticket, code: str) -> Receipt:
    """What the person keeps. Papers are named only where it was clear which article is meant."""
    follow = address_of(ticket.centre.host) + reverse("portal:follow")
    return Receipt(
        reference=ticket.reference,
        secret=codes.grouped(code).replace(" ", "\u00a0") if code else "",
        day=ticket.opened_at,
        due=ticket.answer_due_at,
        next_step=_next_step(ticket),
        papers=_papers(ticket),
        answer_by=ticket.answer_by,
        address=follow.split("://", 1)[-1],
        square=qr.drawing(f"{follow}?ref={ticket.reference}"),
        phone=ticket.centre.phone_shown,
        is_practice=ticket.centre.is_practice,
    )


def pdf(receipt: Receipt) -> bytes:
    """An A6 card. Raises NoPdf."""
    try:
        from weasyprint import CSS, HTML  # needs libpango: fails at import where it is missing
        from weasyprint.text.fonts import FontConfiguration
    except (ImportError, OSError) as missing:
        raise NoPdf from missing
    language = reader_language()
    html = render_to_string(
        "portal/slip_pdf.html",
        {
            "receipt": receipt,
            "language": language,
            "direction": "rtl" if language == "ar" else "ltr",
            "word": _uri("identity/wasl-word.svg"),
        },
    )
    fonts = FontConfiguration()
    sheets = [CSS(string=_font_faces(), font_config=fonts), CSS(SHEET, font_config=fonts)]
    return bytes(HTML(string=html).write_pdf(stylesheets=sheets, font_config=fonts))


def _font_faces() -> str:
    face = "@font-face{{font-family:Vazirmatn;font-weight:100 900;src:url({})}}"
    names = ("fonts/vazirmatn-arabic.woff2", "fonts/vazirmatn-latin.woff2")
    return "".join(
        face.format(_uri(name)).replace("Vazirmatn", family)
        for name, family in zip(names, ("Vazirmatn", "VazirmatnLatin"), strict=True)
    )


def _uri(name: str) -> str:
    """A static file where it lies on disk: nothing is fetched."""
    return Path(str(finders.find(name))).as_uri()


def _next_step(ticket: Ticket) -> str:
    day = date_text(ticket.answer_due_at, "weekday") if ticket.answer_due_at else ""
    if ticket.answer_by == AnswerBy.PHONE:
        return _("We call you before %(day)s. The answer is also on the follow page.") % {
            "day": day
        }
    if ticket.answer_by == AnswerBy.EMAIL:
        return _("An e-mail announces the answer before %(day)s.") % {"day": day}
    if ticket.answer_by == AnswerBy.SMS:
        return _("An SMS announces the answer before %(day)s.") % {"day": day}
    return _("Read the answer on the follow page before %(day)s is over.") % {"day": day}


def _papers(ticket: Ticket) -> list[str]:
    first = ticket.entries.order_by("number").first()
    topic = first.data.get("papers_of", "") if first else ""
    if not topic:
        return []
    rows = Statement.objects.filter(
        section=Section.DOCUMENTS,
        version__current_of__article__topic=topic,
        version__current_of__language=get_language() or "ar",
    ).exclude(mark=Mark.UNSURE)
    return list(rows.order_by("rank").values_list("text", flat=True)[:MOST_PAPERS])


def remember(request: HttpRequest, key: str) -> None:
    """This browser may show the receipt until it says that it is kept."""
    request.session["receipt"] = key


def kept_key(request: HttpRequest) -> str:
    value: Any = request.session.get("receipt", "")
    return value if isinstance(value, str) else ""


def put_away(request: HttpRequest) -> None:
    request.session.pop("receipt", None)
