"""The telephone line: an exchange or a telephone carries the voice and reports what happens."""

from datetime import datetime
from typing import Any

from telephony.providers.port import Capabilities, Page


class HookLine:
    capabilities = Capabilities()

    def arrange(self, call: Any, *, at: datetime) -> None:
        """The voices are on real telephones: nothing of them is ours to arrange."""

    def reconcile(self, call: Any, *, at: datetime) -> int:
        """An exchange that only posts cannot be asked."""
        return 0

    def pass_for(self, leg: Any) -> str:
        return ""

    def recorded(self, call: Any) -> str:
        return ""

    def page_of(self, call: Any) -> Page:
        return Page()
