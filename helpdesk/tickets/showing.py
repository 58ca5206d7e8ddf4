"""How entries and answers read on a page: the template, who wrote it, and the words of what its data say.

Kept beside the models so that desk and follow page tell the same story in the same words.
"""

from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from helpdesk.associations import clock
from helpdesk.tickets import chats, intake, rules
from knowledge.languages import reading_language


class ShownEntry:
    """Properties of `Entry`; nothing here asks the database."""

    kind: str
    by: Any
    ticket: Any
    from_asker: bool
    data: dict[str, Any]

    @property
    def template(self) -> str:
        return f"entries/{self.kind}.html"

    @property
    def author(self) -> str:
        """Who wrote it, for a colleague: a user, the asker, or the clock."""
        if self.by is not None:
            return str(self.by.shown_name)
        if self.from_asker:
            person = self.ticket.person
            return str(person) if person else _("the asker")
        return _("Wasl")

    @property
    def outcome_label(self) -> str:
        return _label(rules.Outcome, self.data.get("outcome"))

    @property
    def help_label(self) -> str:
        return _label(rules.Help, self.data.get("help"))

    @property
    def level_label(self) -> str:
        return _label(rules.Level, self.data.get("level"))

    @property
    def to_name(self) -> str:
        """The colleague a ticket was passed to."""
        return in_own_words(self.data, "to")

    @property
    def released_name(self) -> str:
        """Who let an answer go out, when that was a second person."""
        return in_own_words(self.data, "released")

    @property
    def window_from(self) -> datetime | None:
        return _moment(self.data.get("from"))

    @property
    def window_until(self) -> datetime | None:
        return _moment(self.data.get("until"))

    @property
    def event_on(self) -> date | None:
        return intake.as_day(str(self.data.get("event", "")))

    @property
    def due_on(self) -> date | None:
        return intake.as_day(str(self.data.get("due", "")))

    @property
    def due_at(self) -> datetime | None:
        """The moment a target ran out."""
        return _moment(self.data.get("due_at"))

    @property
    def rule_label(self) -> str:
        """What falls due, of a deadline's entry."""
        return clock.label(str(self.data.get("rule", "")))

    @property
    def paper_title(self) -> str:
        """Of a paper that was given."""
        return in_own_words(self.data, "title")

    @property
    def chat_label(self) -> str:
        """What became of a chat, as a colleague reads it."""
        acts = {
            "ended": _("ended the chat"),
            "question": _("the chat became a written question"),
            "mail": _("wants the answer by e-mail"),
        }
        said = acts.get(str(self.data.get("act", "")), _("chat"))
        why = _label(chats.Chat.Why, self.data.get("why"))
        return f"{said}: {why}" if why else said

    @property
    def stars(self) -> int:
        score = self.data.get("score")
        return score if isinstance(score, int) else 0

    @property
    def reason_label(self) -> str:
        """Why it was rated so."""
        return _label(rules.Reason, self.data.get("reason"))

    @property
    def came_label(self) -> str:
        """What came of the request a month later."""
        return _label(rules.Came, self.data.get("result"))


class ShownPromise:
    """Properties of `Promise`."""

    rings: list[dict[str, Any]]

    @property
    def rung_at(self) -> list[datetime | None]:
        """When the newest three calls in vain were."""
        return [_moment(one["at"]) for one in self.rings[-3:]]


class ShownAnswer:
    """Properties of `Answer`: where it stands on its way to the asker."""

    state: str

    @property
    def is_waiting(self) -> bool:
        """For a second person."""
        return self.state == "awaiting"

    @property
    def is_returned(self) -> bool:
        """To its author, to be changed."""
        return self.state == "returned"

    @property
    def is_out(self) -> bool:
        """The asker can read it."""
        return self.state == "released"


def both_names(field: str, user: Any) -> dict[str, str]:
    """A user's names in both languages, to keep in an entry's data."""
    names = {"ar": user.name_ar or user.shown_name, "fr": user.name_fr or user.shown_name}
    return {f"{field}_{language}": name for language, name in names.items()}


def in_own_words(data: dict[str, Any], field: str) -> str:
    """The same in the reader's language."""
    language = reading_language()
    return str(data.get(f"{field}_{language}", ""))


def _label(words: Any, value: Any) -> str:
    try:
        return str(words(value).label)
    except ValueError:
        return ""


def _moment(value: Any) -> datetime | None:
    return parse_datetime(value) if isinstance(value, str) else None
