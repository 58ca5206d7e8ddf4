"""Messages as their receivers see them: for the outbox of the demonstration."""

from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr

from django.utils.safestring import SafeString

from helpdesk.centre.wording import masked_phone
from helpdesk.notices import addresses, posting, texts
from helpdesk.notices.models import Notice


@dataclass(frozen=True)
class Shown:
    """One message. Addresses are masked: the outbox is open to every visitor of a demonstration."""

    notice: Notice
    sender_name: str
    sender_address: str
    receiver: str
    title: SafeString
    body: SafeString

    @property
    def is_mail(self) -> bool:
        return self.notice.channel == Notice.Channel.EMAIL

    @property
    def direction(self) -> str:
        return "ltr" if self.notice.language == "fr" else "rtl"

    @property
    def has_left(self) -> bool:
        return self.notice.state in (Notice.State.SENT, Notice.State.DELIVERED)

    @property
    def is_leaving(self) -> bool:
        return self.notice.state == Notice.State.QUEUED

    @property
    def has_failed(self) -> bool:
        return self.notice.state == Notice.State.FAILED


def shown(notices: Iterable[Notice]) -> list[Shown]:
    """Each with its text as HTML, in which only pages of ours are links."""
    name, address = parseaddr(posting.sender())
    return [
        Shown(
            notice,
            name,
            address,
            _masked(notice),
            title=texts.isolates(notice.subject),
            body=texts.paragraphs(notice.text),
        )
        for notice in notices
    ]


def _masked(notice: Notice) -> str:
    if notice.channel == Notice.Channel.EMAIL:
        return addresses.masked(notice.address)
    return masked_phone(notice.address)
