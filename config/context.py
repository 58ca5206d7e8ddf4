"""What every template may know of the installation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def installation(request: HttpRequest) -> dict[str, Any]:
    """Flags of the installation, and the other language's code."""
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    return {
        "demo": settings.DEMO,
        "direction": "rtl" if language == "ar" else "ltr",
        "other_language": "fr" if language == "ar" else "ar",
    }
