"""Mail coming in: a reply joins its ticket, a stranger's mail is a new question, a machine's is nothing.

Only the secret reply address (or the sealed number of a mail that went to this very sender) leads to
a ticket. A reference in a subject never does, nor does the sender's address, which anyone can write.
"""

import logging
import time
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections, transaction
from django.utils.translation import gettext, override

from helpdesk.centre.face import is_held_back
from helpdesk.centre.models import Centre
from helpdesk.centre.templatetags.wasl import lang_of
from helpdesk.files import actions as files
from helpdesk.files.models import StoredFile
from helpdesk.notices import access as told
from helpdesk.notices import actions as notices
from helpdesk.notices import posting
from helpdesk.notices.mail_account import Unopened
from helpdesk.queues import incoming, mail_trial, mailbox, quoting
from helpdesk.queues.actions import Received, receive
from helpdesk.queues.incoming import Mail
from helpdesk.tickets.actions import telling
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import AnswerBy, Channel

log = logging.getLogger("wasl.mail")

AT_ONCE = 25
ACKNOWLEDGED_AN_HOUR = 3
"""Acknowledgements to one address; more would be two machines writing to each other."""
RESTS = (0, 30, 60, 120, 300, 600)
"""Seconds without a new attempt after so many failures to open the mailbox in a row."""


class Became(StrEnum):
    """What a mail became."""

    JOINED = "joined"
    ASKED = "asked"
    REPEATED = "repeated"
    RETURNED = "returned"
    IGNORED = "ignored"
    TRIAL = "trial"
    HELD = "held"
    """Left unread: the centre has not opened yet."""


class _Rest:
    """How long to leave a mailbox alone that cannot be opened: other sweeps share the thread."""

    def __init__(self) -> None:
        self.failures = 0
        self.until = 0.0
        self._box = ""

    def is_of(self, url: str) -> None:
        """Another mailbox is looked at at once."""
        if url != self._box:
            self._box = url
            self.ended()

    def failed(self) -> None:
        self.failures += 1
        self.until = time.monotonic() + RESTS[min(self.failures, len(RESTS) - 1)]

    def ended(self) -> None:
        self.failures, self.until = 0, 0.0


rest = _Rest()


def fetch_mail(*, at: datetime) -> int:
    """Take in what is unread; how many mails were dealt with.

    Before the opening only our own trials are; the rest stays unread and is taken in after it.
    A mail that cannot be read is flagged and skipped; a database that is away leaves all unread.
    """
    try:
        url = posting.mailbox_url()
    except Unopened:  # the page of the set-up says so
        return 0
    rest.is_of(url)
    if not url or time.monotonic() < rest.until:
        return 0
    count = 0
    try:
        with mailbox.opened(url) as box:
            unread = box.unread_of_ours if is_held_back() else box.unread
            for uid in unread(AT_ONCE):
                count += _deal_with(box, uid, at=at)
    except (OperationalError, InterfaceError):
        close_old_connections()
        raise
    except Exception as error:  # the network and the server raise what they like
        rest.failed()
        log.warning("mailbox not read", extra={"error": type(error).__name__})
    else:
        rest.ended()
    return count


def _deal_with(box: mailbox.Box, uid: str, *, at: datetime) -> bool:
    """Take in one mail and mark it; the mark comes after the commit."""
    raw, whole = box.raw(uid)
    try:
        became = take_in(raw, whole=whole, at=at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.error("mail set aside", extra={"uid": uid, "error": type(error).__name__})
        box.set_aside(uid)
        return False
    if became == Became.HELD:
        return False
    log.info("mail taken in", extra={"uid": uid, "became": became})
    box.mark_read(uid)
    return True


def take_in(raw: bytes, *, at: datetime, whole: bool = True) -> Became:
    """What becomes of one mail, all in one transaction; the same mail twice changes nothing."""
    mail = incoming.read(raw, whole=whole)
    if mail.automatic and mail_trial.came_back(mail):
        return Became.TRIAL
    if is_held_back():
        return Became.HELD
    if mail.returned:
        notices.returned(incoming.returned_numbers(raw), why=mail.returned)
        return Became.RETURNED
    if mail.automatic:
        log.info("automatic mail left alone", extra={"sign": mail.automatic})
        return Became.IGNORED
    with transaction.atomic():
        ticket = _ticket_of(mail)
        received, refused = _received(mail, ticket, at=at)
        if received is None:
            return Became.REPEATED
        if received.created:
            _acknowledge(received.ticket, mail, refused=refused, at=at)
        elif refused:
            _tell_of_files(received.ticket, mail, refused=refused, at=at)
    return Became.ASKED if received.created else Became.JOINED


def _ticket_of(mail: Mail) -> Ticket | None:
    rows = Ticket.objects.filter(centre__practice_of=None)
    if token := mail.token:
        return rows.filter(reply_token=token).first()
    notice = notices.answered(mail.named, sender=mail.sender) if mail.sender else None
    if notice is None or notice.subject_kind != "ticket":
        return None
    return rows.filter(pk=notice.subject_id or 0).first()


def _received(
    mail: Mail, ticket: Ticket | None, *, at: datetime
) -> tuple[Received | None, list[str]]:
    """(the contact, names of files not kept); None for a mail that was taken in before."""
    if Ticket.objects.filter(entries__key=mail.key).exists():
        return None, []
    kept, refused = _files(mail, at=at)
    words = _words(mail, is_reply=ticket is not None)
    fields: dict[str, Any] = (
        {} if ticket else {"contact_email": mail.sender, "answer_by": _answer_by(mail)}
    )
    received = receive(
        Channel.MAIL, key=mail.key, at=at, centre=ticket.centre if ticket else _centre(mail),
        words=words, language=ticket.language if ticket else lang_of(f"{mail.subject} {words}"),
        ticket=ticket, subject=mail.subject, files=kept,
        data=_data(mail, ticket, words=words, refused=refused), **fields,
    )  # fmt: skip
    return received, refused


def _words(mail: Mail, *, is_reply: bool) -> str:
    cut = quoting.without_quotes if is_reply else quoting.without_signature
    said = cut(mail.text) or mail.subject
    if said:
        return said
    with override("ar"):
        return gettext("(mail without words)")


def _answer_by(mail: Mail) -> AnswerBy:
    return AnswerBy.EMAIL if mail.sender else AnswerBy.FOLLOW


def _centre(mail: Mail) -> Centre | None:
    """The centre whose address the mail was sent to; with one centre, that one."""
    centres: list[Centre] = list(Centre.objects.real().order_by("pk"))
    for centre in centres:
        if centre.email_shown and centre.email_shown.lower() in mail.recipients.lower():
            return centre
    return centres[0] if centres else None


def _data(
    mail: Mail, ticket: Ticket | None, *, words: str, refused: list[str]
) -> dict[str, object]:
    """Facts the thread shows. `other_sender`: it came from another address than the asker's."""
    data: dict[str, object] = {"subject": mail.subject, "from_name": mail.sender_name}
    if ticket is not None and mail.sender != ticket.contact_email.lower():
        data["other_sender"] = True
    if refused:
        data["refused"] = refused
    if not mail.whole:
        data["cut_short"] = True
    if mail.text and len(words) < len(mail.text) - 2:
        data["whole"] = mail.text
    return data


def _files(mail: Mail, *, at: datetime) -> tuple[list[StoredFile], list[str]]:
    """(kept, names of the others): only listed kinds, and so many of them."""
    kept: list[StoredFile] = []
    refused = list(mail.left_out)
    for name, content in mail.attachments:
        if len(kept) >= files.AT_ONCE:
            refused.append(name)
            continue
        try:
            kept.append(files.store(name, content, at=at))
        except files.FileRefused:
            refused.append(name)
    return kept, refused[:20]


def _acknowledge(ticket: Ticket, mail: Mail, *, refused: list[str], at: datetime) -> None:
    """Say that the question arrived, and where to follow it."""
    _tell(
        ticket, mail, "question-received", at=at, key=f"received:{ticket.pk}",
        context={"by_mail": True, "due": ticket.answer_due_at, "refused": len(refused)},
    )  # fmt: skip


def _tell_of_files(ticket: Ticket, mail: Mail, *, refused: list[str], at: datetime) -> None:
    _tell(
        ticket, mail, "files-refused", at=at, key=f"files-refused:{mail.key}"[:120],
        context={"refused": len(refused)},
    )  # fmt: skip


def _tell(
    ticket: Ticket, mail: Mail, kind: str, *, at: datetime, key: str, context: dict[str, object]
) -> None:
    """Answer the sender by machine, but never often: two machines would go on for ever."""
    hour = timedelta(hours=1)
    if not mail.sender or told.lately_told(mail.sender, kind=kind, at=at, within=hour) >= (
        ACKNOWLEDGED_AN_HOUR
    ):
        return
    notices.write(
        key=key, channel="email", kind=kind, address=mail.sender,
        language=telling.page_language(ticket), at=at,
        context={
            "reference": ticket.reference, "link": telling.follow_link(ticket), "private": True,
            **context,
        },
        subject_kind="ticket", subject_id=ticket.pk, reply_to=telling.reply_address(ticket),
        in_reply_to=mail.message_id if mail.message_id.startswith("<") else "",
    )  # fmt: skip
