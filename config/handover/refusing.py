"""Why a centre was not packed or not taken over: in both languages, for a console has no reader's language."""

from typing import Any

from django.conf import settings
from django.utils import translation


class Refused(Exception):
    """`words`: a lazy text, in which `facts` stand."""

    def __init__(self, words: Any, **facts: Any) -> None:
        super().__init__(words)
        self.words, self.facts = words, facts

    def __str__(self) -> str:
        return str(self.words) % self.facts

    @property
    def told(self) -> str:
        """A line in each language of the program."""
        lines = []
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                lines.append(str(self))
        return "\n".join(lines)


class NotPacked(Refused):
    """No file was left."""


class NotOpened(Refused):
    """Nothing was taken over."""
