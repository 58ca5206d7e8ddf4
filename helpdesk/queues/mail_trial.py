"""Mail proven both ways: a message to our own reply address, sent like any other and seen coming back.

The message is a notice like every other; that it came back is its state `delivered`.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from helpdesk.notices import actions as notices
from helpdesk.notices import addresses, posting
from helpdesk.notices.models import Notice
from helpdesk.notices.querysets import NoticeQuerySet
from helpdesk.queues.incoming import Mail

KIND = "mail-test"
PATIENCE = timedelta(minutes=10)
"""After so long something is wrong: the box is looked at each half minute."""


def goes_out() -> bool:
    """Whether mail leaves this machine at all; else it lies in a folder."""
    return posting.is_set(posting.OUT)


def comes_in() -> bool:
    return posting.is_set(posting.IN)


def begin(*, by: Any, at: datetime) -> Notice:
    """Send one. It goes to an address like those that askers reply to, which opens no request."""
    return notices.write(
        key=f"{KIND}:{secrets.token_hex(8)}", channel=Notice.Channel.EMAIL, kind=KIND,
        address=addresses.reply_address(secrets.token_hex(12)), language=by.language, context={},
        at=at,
    )  # fmt: skip


def came_back(mail: Mail) -> bool:
    """Whether this mail is one of those, by the sealed number that only we can write; it is noted."""
    for pk, seal in addresses.named_messages(mail.message_id):
        notice = Notice.objects.filter(pk=pk, kind=KIND).first()
        if notice is not None and addresses.has_seal(notice.key, seal):
            Notice.objects.filter(pk=pk).update(state=Notice.State.DELIVERED, failed_why="")
            return True
    return False


def last() -> Notice | None:
    """The newest since the accounts are what they are."""
    found: Notice | None = _of_these_accounts().order_by("-pk").first()
    return found


def last_good() -> Notice | None:
    """The newest that came back."""
    rows = _of_these_accounts().filter(state=Notice.State.DELIVERED)
    found: Notice | None = rows.order_by("-pk").first()
    return found


def _of_these_accounts() -> NoticeQuerySet:
    rows, changed = Notice.objects.filter(kind=KIND), posting.changed_at()
    return rows.filter(written_at__gte=changed) if changed else rows
