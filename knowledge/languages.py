"""The language in which somebody reads: one of the two that every text here has."""

from django.utils.translation import get_language


def reading_language() -> str:
    """Of the page or the message being made: `ar` or `fr`; Arabic where another one was asked for."""
    return "fr" if get_language() == "fr" else "ar"
