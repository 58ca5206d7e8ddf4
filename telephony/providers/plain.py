"""The desk line: any telephone, handled by hand. Nothing is arranged and nothing can be asked."""

from datetime import datetime
from typing import Any

from telephony.providers.port import Capabilities, Page


class DeskLine:
    capabilities = Capabilities()

    def arrange(self, call: Any, *, at: datetime) -> None:
        return

    def reconcile(self, call: Any, *, at: datetime) -> int:
        return 0

    def pass_for(self, leg: Any) -> str:
        return ""

    def recorded(self, call: Any) -> str:
        return ""

    def page_of(self, call: Any) -> Page:
        return Page()
