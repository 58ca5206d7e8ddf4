"""Files of SMS and WhatsApp messages: fetched by a sweep, kept as any other upload, deleted at Twilio.

The address is built from ids, never taken as it was sent. Whatever is fetched is proved by its size and
SHA-256 before it is deleted. Told twice, killed or tried again, one file hangs once on its entry.
"""

import hashlib
import logging
import re
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override

from helpdesk.accounts.actions import audit
from helpdesk.files import actions as files
from helpdesk.notices.models import Notice
from helpdesk.tickets.actions import attaching
from helpdesk.tickets.actions.telling import page_language, tell_asker, where
from helpdesk.tickets.models import Ticket
from telephony.providers.twilio.account import account
from telephony.providers.twilio.client import Rest
from telephony.providers.twilio.fields import MOST_MEDIA, Said
from telephony.providers.twilio.models import Media
from telephony.providers.twilio.reaching import API, NotTaken

log = logging.getLogger("wasl.line")
ADDRESS = re.compile(
    rf"{re.escape(API)}/2010-04-01/Accounts/(AC[0-9a-f]{{32}})/Messages/((?:SM|MM)[0-9a-f]{{32}})"
    r"/Media/(ME[0-9a-f]{32})"
)
AT_ONCE = 10
LEASE = timedelta(seconds=60)
PAUSES = [timedelta(seconds=seconds) for seconds in (2, 5, 15, 60, 300, 1800, 7200)]
"""After each try that may pass; after one more it is given up."""
TOLD_AN_HOUR = 3
KIND, SIZE, COUNT, ADDRESS_, LOST = "kind", "size", "count", "address", "lost"


def key_of(message: str) -> str:
    """Of the entry that a message became."""
    return f"text:{message}"


def expect(said: Said, *, at: datetime) -> None:
    """Write down what files a message has: a sweep fetches them."""
    message, ours = said["MessageSid"], said["AccountSid"]
    for place in range(1, min(int(said["NumMedia"]), MOST_MEDIA) + 1):
        found = ADDRESS.fullmatch(said[f"MediaUrl{place - 1}"])
        is_its = found is not None and (found[1], found[2]) == (ours, message)
        sid = found[3] if found is not None and is_its else f"{message}:{place}"
        why = "" if is_its else ADDRESS_
        if is_its and place > files.AT_ONCE:
            why = COUNT
        row, is_new = Media.objects.get_or_create(
            sid=sid,
            defaults={"message": message, "place": place, "made_at": at, "due_at": at,
                      "done_at": None if is_its else at},
        )  # fmt: skip
        if is_new and why:
            _settle(row, at=at, refused=why)


def fetch_due(*, at: datetime) -> int:
    """Sweep: fetch and delete what is due; how many were tried."""
    if account() is None:
        return 0
    return sum(_take(pk, at=at) for pk in list(Media.objects.due(at=at).values_list("pk", flat=True)[:AT_ONCE]))  # fmt: skip


def _take(pk: int, *, at: datetime) -> bool:
    ours, row = account(), Media.objects.due(at=at).filter(pk=pk).first()
    if ours is None or row is None:
        return False
    mine = Media.objects.due(at=at).filter(pk=pk, tries=row.tries)
    if not mine.update(tries=row.tries + 1, due_at=at + LEASE):
        return False
    row.tries += 1
    rest = Rest(ours)
    try:
        if row.settled_at is None:
            _fetch(row, rest, at=at)
        _forget(row, rest, at=at)
    except NotTaken as no:
        _not_taken(row, no, at=at)
    return True


def _fetch(row: Media, rest: Rest, *, at: datetime) -> None:
    """Keep it, or say why not. Raises NotTaken."""
    try:
        content = rest.media(row.message, row.sid)
    except NotTaken as no:
        if no.status != 413:
            raise
        _settle(row, at=at, refused=SIZE)
        return
    row.size, row.sha256 = len(content), hashlib.sha256(content).hexdigest()
    _settle(row, at=at, content=content)


@transaction.atomic
def _settle(row: Media, *, at: datetime, content: bytes | None = None, refused: str = "") -> None:
    """Once: on the entry stands the file, or that and why it was not kept."""
    if Media.objects.select_for_update().get(pk=row.pk).settled_at is not None:
        return
    stored = None
    if content is not None:
        try:
            stored = files.store(_name(row), content, at=at)
        except files.FileRefused:
            refused = SIZE if len(content) > settings.FILE_LIMIT else KIND
    row.settled_at, row.refused, row.tries = at, refused, 0
    row.save(update_fields=["settled_at", "refused", "tries", "size", "sha256"])
    not_taken = {"place": row.place, "why": refused} if refused else None
    attaching.settle_file(key_of(row.message), stored=stored, not_taken=not_taken)
    _tell(row, at=at)


def _name(row: Media) -> str:
    """No name comes with it: its number, in the language of who asks."""
    ticket = Ticket.objects.filter(entries__key=key_of(row.message)).first()
    with override(page_language(ticket) if ticket else "ar"):
        return f"{gettext('file')} {row.place}"


def _tell(row: Media, *, at: datetime) -> None:
    """The asker is told once of a message, when all its files are settled; seldom, should a machine write."""
    rows = Media.objects.filter(message=row.message)
    refused = rows.exclude(refused="").count()
    ticket = Ticket.objects.filter(entries__key=key_of(row.message)).first()
    if ticket is None or not refused or rows.filter(settled_at=None).exists():
        return
    channel, address = where(ticket)
    since = at - timedelta(hours=1)
    told = Notice.objects.written_to(address, kind="files-refused", since=since)
    if address and told.filter(channel=channel).count() < TOLD_AN_HOUR:
        key = f"files-refused:{row.message}"
        tell_asker(ticket, "files-refused", at=at, key=key, more={"refused": refused})


def _forget(row: Media, rest: Rest, *, at: datetime) -> None:
    """Deleted at Twilio, which the audit proves. Raises NotTaken."""
    try:
        rest.forget_media(row.message, row.sid)
    except NotTaken as no:
        if not no.is_gone:
            raise
    with transaction.atomic():
        if Media.objects.filter(pk=row.pk, done_at=None).update(done_at=at, error=""):
            facts = {"media": row.sid, "size": row.size, "sha256": row.sha256}
            why = f"refused: {row.refused}" if row.refused else "kept here"
            audit("deleted-at-provider", by=None, at=at, subject=row, reason=why, facts=facts)


def _not_taken(row: Media, no: NotTaken, *, at: datetime) -> None:
    # A file may be told of before it can be had.
    may_pass = no.may_pass or (row.settled_at is None and no.is_gone)
    if may_pass and row.tries <= len(PAUSES):
        due = at + PAUSES[max(row.tries, 1) - 1]
        Media.objects.filter(pk=row.pk).update(due_at=due, error=no.words)
        return
    if row.settled_at is None:
        _settle(row, at=at, refused=LOST)
    Media.objects.filter(pk=row.pk).update(done_at=at, error=no.words)
    log.error("a file of a message was given up", extra={"kind": "media", "error": no.words})
