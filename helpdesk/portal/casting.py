"""Who one can be in the demonstration. The people themselves are made by the demo command."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model, login
from django.http import HttpRequest
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from helpdesk.accounts.actions.oneself import choose_language

PREFIX = "demo-"
"""Of the user names of the demonstration's people."""
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Entry:
    """`gloss` is a fixed English word for visitors who read neither language."""

    role: str
    username: str
    title: str | Lazy
    line: str | Lazy
    gloss: str
    icon: str
    home: str


ENTRIES = {
    entry.role: entry
    for entry in (
        Entry(
            "association", "demo-chama", _("Association"),
            _("Chama, of an association: searches, asks, follows"), "Association member", "message-2", "/my/",
        ),
        Entry(
            "advisor", "demo-amina", _("Advisor"),
            _("Amina: takes questions and answers them"), "Advisor", "headset", "/desk/",
        ),
        Entry(
            "supervisor", "demo-brahim", _("Supervisor"),
            _("Brahim: sees what waits, releases answers"), "Supervisor", "chart-bar", "/desk/",
        ),
        Entry(
            "editor", "demo-idriss", _("Editor"),
            _("Idriss: checks the articles and their sources"), "Knowledge editor", "scale", "/desk/",
        ),
        Entry(
            "partner", "demo-mina", _("Partner"),
            _("Mina: reads figures, without any name"), "Partner", "report-analytics", "/desk/",
        ),
    )
}  # fmt: skip


def entries() -> list[Entry]:
    return list(ENTRIES.values())


def player(role: str, colleague: str = "") -> Any:
    """The user of that role, or a colleague of theirs by short name; None before the demo command ran."""
    users = get_user_model()._default_manager.filter(is_active=True)
    if colleague:
        return users.filter(username=f"{PREFIX}{colleague}", groups__name=role).first()
    return users.filter(username=ENTRIES[role].username).first()


def sign_in(request: HttpRequest, user: Any, *, language: str) -> None:
    """Become that person, whose pages then speak the visitor's language."""
    choose_language(user, language)
    login(request, user, backend=BACKEND)
