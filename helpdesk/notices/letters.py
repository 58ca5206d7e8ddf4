"""A notice as a mail: what stands in its head, so that programs know what it is and never answer it."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from helpdesk.notices import addresses, texts
from helpdesk.notices.models import Notice


def letter(notice: Notice) -> EmailMultiAlternatives:
    """The mail of a notice; the same bytes of head and text at every attempt, but for the date."""
    mail = EmailMultiAlternatives(
        subject=notice.subject,
        body=notice.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[notice.address],
        reply_to=[notice.reply_to] if notice.reply_to else None,
        headers=_head(notice),
    )
    page = texts.as_html(text=notice.text, subject=notice.subject, language=notice.language)
    mail.attach_alternative(page, "text/html")
    return mail


def _head(notice: Notice) -> dict[str, str]:
    head = {
        "Message-ID": addresses.message_id(notice.pk, notice.key),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Id": f"Wasl <notices.{settings.MAIL_DOMAIN}>",
        "Content-Language": notice.language,
    }
    thread = (
        addresses.thread_id(notice.subject_kind, notice.subject_id) if notice.subject_id else ""
    )
    if notice.in_reply_to:
        head["In-Reply-To"] = notice.in_reply_to
    if named := " ".join(filter(None, (thread, notice.in_reply_to))):
        head["References"] = named
    return head
