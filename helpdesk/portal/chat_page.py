"""What the template of a conversation is given: the talk, its forms, the receipt, the ways to go on."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.live import passes, streams
from helpdesk.live.visitors import visitor_of
from helpdesk.portal import opinion, slip
from helpdesk.portal.actions.asking import sent_before
from helpdesk.portal.actions.chatting import BEGIN_ID
from helpdesk.portal.actions.following import new_key
from helpdesk.portal.chat_doors import Visit
from helpdesk.portal.chat_forms import LONGEST, LineForm, MailForm
from helpdesk.portal.talk import Talk, articles
from helpdesk.tickets import codes


def conversation(
    request: HttpRequest,
    visit: Visit,
    *,
    at: datetime,
    line: LineForm | None = None,
    mail: MailForm | None = None,
    secret: str = "",
    said: str = "",
) -> dict[str, Any]:
    """`secret`: 16 digits in groups, when they may be shown this once. `said`: a sentence to read."""
    talk = Talk(visit.chat, at)
    ticket = visit.chat.ticket
    offers = talk.state in ("waiting", "question")
    hits, key = articles(visit.chat, at=at) if offers else ([], "")
    if not secret and not visit.token:
        secret = _kept_code(request, ticket)
    return {
        "live": passes.Listening(streams.chat(ticket.pk), passes.make(streams.chat(ticket.pk))),
        "talk": talk, "visit": visit, "ticket": ticket, "said": said, "secret": secret,
        "line": line or LineForm(initial={"line": new_key()}),
        "mail": mail or MailForm(), "code_key": new_key(), "longest": LONGEST,
        "opinion": opinion.opinion(ticket, at=at, url=reverse("portal:chat_rating"))
        if talk.state == "ended" else None,
        "hits": hits, "opening_key": key,
        "whatsapp": whatsapp_link(ticket),
        # A page with a pass has no cookie, so its forms carry no token to match one.
        **({"csrf_token": "NOTPROVIDED"} if visit.token else {}),
    }  # fmt: skip


def _kept_code(request: HttpRequest, ticket: Any) -> str:
    """The code of this very request, while this browser has not said that it is kept."""
    key = slip.kept_key(request)
    sent = sent_before(visitor_of(request).token, key) if key else None
    return codes.grouped(sent.code) if sent and sent.ticket.pk == ticket.pk and sent.code else ""


def whatsapp_link(ticket: Any) -> str:
    """Over to WhatsApp with the number of the request and nothing else; empty while there is no number."""
    number = ticket.centre.whatsapp
    if not number:
        return ""
    words = _("About my request %(reference)s") % {"reference": ticket.reference}
    return f"https://wa.me/{number}?text={quote(words)}"


def is_begin_id(text: str) -> bool:
    return bool(BEGIN_ID.match(text))
