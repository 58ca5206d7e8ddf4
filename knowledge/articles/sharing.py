"""What of an article is passed on: a text for WhatsApp with title and address, nothing that follows."""

from urllib.parse import quote

from django.conf import settings

WHATSAPP = "https://wa.me/?text="


def public(path: str) -> str:
    """The whole address of a page, as people outside reach it."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


def whatsapp(title: str, path: str) -> str:
    """A link that opens WhatsApp with title and address to send on."""
    return WHATSAPP + quote(f"{title}\n{public(path)}", safe="")
