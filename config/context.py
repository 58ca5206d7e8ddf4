"""What every template may know of the installation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from helpdesk.centre import practice
from telephony.context import telephone


def installation(request: HttpRequest) -> dict[str, Any]:
    """Flags of the installation, the other language's code, and at the desk what rings."""
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    return {
        "demo": settings.DEMO,
        "practising": practice.current() is not None,
        "direction": "rtl" if language == "ar" else "ltr",
        "other_language": "fr" if language == "ar" else "ar",
        **telephone(request),
    }
