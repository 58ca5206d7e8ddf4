"""The lines. Only this module knows which provider carries which line."""

from typing import Any

from telephony.providers.port import Capabilities, Page, Provider


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


def dials() -> bool:
    """Calls can be made from the page, by the public network; else they are made on a telephone beside it."""
    from telephony.providers.twilio.account import dials as on

    return on()


__all__ = ["Capabilities", "Page", "Provider", "by_line", "dials", "of"]
