"""`{% load public_line %}`: on every page of the desk, whether the public line needs an administrator."""

from typing import Any

from django import template

from telephony.providers.twilio.checking import access

register = template.Library()


@register.inclusion_tag("line_check/band.html", takes_context=True)
def public_line_band(context: Any) -> dict[str, bool]:
    """Nothing for everybody else, and while nothing is red."""
    request = context.get("request")
    user = getattr(request, "user", None)
    is_there = request is not None and request.path.startswith("/desk/line-check/")
    return {"is_red": user is not None and not is_there and access.is_red(user)}
