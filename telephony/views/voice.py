"""What a page needs to speak in a call."""

from django.http import HttpRequest

from telephony import access, providers


def leg_header(request: HttpRequest, call: object) -> str:
    """By which this page proves its end of the call; empty where the voice is not in the page."""
    leg = access.leg_in(request.user, call.pk)  # type: ignore[attr-defined]
    if leg is None or not leg.call.has_voice:
        return ""
    return providers.of(leg.call).pass_for(leg)
