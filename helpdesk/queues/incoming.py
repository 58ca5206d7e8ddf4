"""Reading a mail, however broken: bytes in, a plain record out, never an error.

The library's own parser is used only for structure. What it raises on (unknown charsets, 8-bit heads,
parts inside parts without end) is read here by hand, as well as it can be read.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from helpdesk.centre.lines import clean_line, clean_text
from helpdesk.notices import addresses
from helpdesk.queues import decoding, quoting

MAX_TEXT = 20_000
MAX_PARTS = 200
MAX_ATTACHMENTS = 40
DECORATION = 15_000
"""Bytes up to which a picture inside the text is taken for a logo of the signature."""
_PREFIX = re.compile(r"^(?:(?:re|fwd?|tr|réf|rép|رد|إعادة توجيه)\s?(?:\[\d+\])?\s?[:：]\s*)+", re.I)
_ADDRESS = re.compile(r"[^\s<>()\[\]\",;:\\]+@[^\s<>()\[\]\",;:\\]+")
_ANGLED = re.compile(r"<[^\s<>@]+@[^\s<>@]+>")
_SKIPPED = (
    "application/pkcs7-signature",
    "application/pgp-signature",
    "application/x-pkcs7-signature",
)
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "Resent-To")


@dataclass(frozen=True)
class Mail:
    """What matters of a mail. Every text is cleaned; nothing in it is trusted."""

    message_id: str = ""
    sender: str = ""
    """Empty when there is none or none that mail could reach."""
    sender_name: str = ""
    recipients: str = ""
    subject: str = ""
    text: str = ""
    attachments: list[tuple[str, bytes]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """Names of parts that were not even looked at."""
    named: list[tuple[int, str]] = field(default_factory=list)
    """Message numbers like ours among what it answers to."""
    automatic: str = ""
    """Why no person wrote it; empty when one did."""
    returned: str = ""
    """What a server said that gives a mail of ours back."""
    digest: str = ""
    whole: bool = True

    @property
    def key(self) -> str:
        """What makes it one contact, however often it is fetched or delivered."""
        return f"mail:{self.message_id if 5 < len(self.message_id) <= 110 else self.digest}"

    @property
    def token(self) -> str:
        """Of the reply address it was sent to; what a subject says never counts."""
        found = (addresses.reply_token(a) for a in _ADDRESS.findall(self.recipients))
        return next(filter(None, found), "")


def read(raw: bytes, *, whole: bool = True) -> Mail:
    """Read a mail; `whole=False` says that the end of it was never fetched."""
    digest = hashlib.sha256(raw).hexdigest()
    try:
        message: Message = message_from_bytes(raw)
        parts = list(_leaves(message))
    except Exception:  # parts nested without end exhaust the parser
        message = BytesHeaderParser().parsebytes(raw[:200_000])
        parts, whole = [], False
    heads = decoding.heads(message)
    sender, name = _sender(heads.get("from", ""))
    attachments, left_out = _attachments(parts)
    if not whole:  # what was cut off may be the end of a file
        left_out, attachments = left_out + [name for name, _content in attachments], []
    return Mail(
        message_id=clean_line(heads.get("message-id", ""), limit=200).replace(" ", ""),
        sender=sender,
        sender_name=name,
        recipients=" ".join(heads.get(name.lower(), "") for name in _RECIPIENTS)[:20_000],
        subject=_PREFIX.sub("", clean_line(heads.get("subject", ""), limit=150)),
        text=_text(parts),
        attachments=attachments,
        left_out=left_out,
        named=addresses.named_messages(
            f"{heads.get('in-reply-to', '')} {heads.get('references', '')}"
        ),
        automatic=_automatic(heads, sender, message.get_content_type()),
        returned=_returned(message, raw),
        digest=digest,
        whole=whole,
    )


def returned_numbers(raw: bytes) -> list[tuple[int, str]]:
    """Message numbers of ours anywhere in a report of a server."""
    return addresses.named_messages(raw[:300_000].decode("ascii", "replace"))


def _leaves(message: Message) -> Iterator[Message]:
    """Parts that hold something, at most MAX_PARTS; what is inside an enclosed mail stays there."""
    waiting, seen = [message], 0
    while waiting and seen < MAX_PARTS:
        part = waiting.pop(0)
        seen += 1
        inside = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            waiting[:0] = [piece for piece in inside if isinstance(piece, Message)]
        else:
            yield part


def _text(parts: list[Message]) -> str:
    plain = [decoding.text(part) for part in parts if _is_text(part, "text/plain")]
    said = "\n\n".join(filter(str.strip, plain))
    if not said.strip():
        pages = [decoding.text(part) for part in parts if _is_text(part, "text/html")]
        said = "\n\n".join(quoting.text_of_html(page) for page in pages)
    cleaned = clean_text(said, limit=MAX_TEXT)
    return cleaned + " …" if len(said) > MAX_TEXT else cleaned


def _is_text(part: Message, kind: str) -> bool:
    return part.get_content_type() == kind and not _is_attached(part)


def _is_attached(part: Message) -> bool:
    said = str(part.get("Content-Disposition", "")).strip().lower()
    return said.startswith("attachment") or bool(decoding.file_name(part))


def _attachments(parts: list[Message]) -> tuple[list[tuple[str, bytes]], list[str]]:
    """(kept, left out): names with their bytes, what was meant as a file before what lies inside."""
    meant = [p for p in parts if _is_attached(p) or p.get_content_maintype() != "text"]
    meant = [p for p in meant if p.get_content_type() not in _SKIPPED]
    meant.sort(key=_lies_inside)
    kept: list[tuple[str, bytes]] = []
    left_out: list[str] = []
    for part in meant[:MAX_ATTACHMENTS]:
        name = clean_line(decoding.file_name(part), limit=100) or part.get_content_type()
        if part.get_content_maintype() in ("multipart", "message"):
            left_out.append(name)
            continue
        content = decoding.content(part)
        if not (_lies_inside(part) and len(content) < DECORATION):
            kept.append((name, content))
    return kept, left_out


def _lies_inside(part: Message) -> bool:
    return bool(part.get("Content-ID")) and part.get_content_maintype() == "image"


def _sender(head: str) -> tuple[str, str]:
    """(address, name) of the first address in a From head."""
    found = _ANGLED.search(head[:2000]) or _ADDRESS.search(head[:2000])
    if not found:
        return "", clean_line(head, limit=100)
    address = found[0].strip("<>.'").lower()
    name = clean_line(head[: found.start()].strip(" <\"'").rstrip("<\"' "), limit=100)
    try:
        validate_email(address)
    except ValidationError:
        return "", name
    return (address, name) if len(address) <= 254 else ("", name)


_AUTOMATIC_SUBJECT = re.compile(
    r"^(?:automatic reply|auto(?:matic)?[ -]?reply|out of (?:the )?office|réponse automatique|absence du bureau"
    r"|message d.absence|رد تلقائي|undeliver|delivery status notification|mail delivery (?:failed|subsystem)"
    r"|returned mail|failure notice|non remis)",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"^(?:mailer-daemon|postmaster|no[-_.]?reply|do[-_.]?not[-_.]?reply|ne[-_.]?pas[-_.]?repondre|bounces?)\b",
    re.IGNORECASE,
)


def _automatic(heads: dict[str, str], sender: str, content_type: str) -> str:
    """Why no person wrote this mail, in one word for the log; empty when a person did."""
    submitted = heads.get("auto-submitted", "").strip().lower()
    signs = {
        "auto-submitted": bool(submitted) and not submitted.startswith("no"),
        "precedence": heads.get("precedence", "").strip().lower()
        in ("bulk", "junk", "list", "auto_reply", "auto-reply"),
        "list": any(f"list-{name}" in heads for name in ("id", "post", "unsubscribe", "help")),
        "no-return": heads.get("return-path", "-").replace(" ", "") == "<>",
        "autoreply": any(f"x-auto{name}" in heads for name in ("reply", "respond", "responder")),
        "report": content_type == "multipart/report",
        "nobody": bool(_NOBODY.match(sender)),
        "ours": addresses.is_ours(sender)
        or bool(addresses.named_messages(heads.get("message-id", ""))),
        "subject": bool(_AUTOMATIC_SUBJECT.match(heads.get("subject", "").strip())),
    }
    return next((sign for sign, shows in signs.items() if shows), "")


def _returned(message: Message, raw: bytes) -> str:
    """What the server said in a report that a mail was not delivered; empty otherwise."""
    if message.get_content_type() != "multipart/report":
        return ""
    start = raw[:300_000].decode("utf-8", "replace")
    if not re.search(r"^Action:\s*failed", start, re.IGNORECASE | re.MULTILINE):
        return ""
    status = re.search(r"^Status:\s*(5\.[\d.]{1,10})", start, re.IGNORECASE | re.MULTILINE)
    return f"returned {status[1]}" if status else "returned"
