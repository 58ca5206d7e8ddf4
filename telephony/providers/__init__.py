"""The lines. Only this module knows which provider carries which line."""

from typing import Any

from telephony.providers.port import Capabilities, Provider


def of(call: Any) -> Provider:
    """The provider that carries a call."""
    return by_line(call.line)


def by_line(line: str) -> Provider:
    from telephony.providers.hook.line import HookLine
    from telephony.providers.plain import DeskLine
    from telephony.providers.twilio.line import PublicLine
    from telephony.providers.web.line import WebLine

    found: dict[str, type[Provider]] = {
        "web": WebLine, "hook": HookLine, "public": PublicLine,
    }  # fmt: skip
    return found.get(line, DeskLine)()


__all__ = ["Capabilities", "Provider", "by_line", "of"]
