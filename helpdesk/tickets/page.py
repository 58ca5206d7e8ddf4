"""What the page of a ticket shows, read in a handful of queries whatever the ticket holds."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.accounts.models import Tongue
from helpdesk.associations.models import LegalDeadline
from helpdesk.associations.numbers import Number
from helpdesk.associations.rules import Office, Stage
from helpdesk.centre.territory import province_name
from helpdesk.centre.wording import date_text
from helpdesk.live import passes, streams
from helpdesk.tickets import access, conflicts, desk_access, intake, rules
from helpdesk.tickets.facts import asked, labels
from helpdesk.tickets.models import Answer, Entry, Promise, Ticket
from helpdesk.tickets.rules import AnswerBy, State
from helpdesk.tickets.talking import Talk
from knowledge.articles.models import Article

NEWEST = 60
"""Entries shown at first; the whole thread is one click away."""


@dataclass
class TicketPage:
    """A ticket from `access.shown_ticket`, and what stands around it."""

    ticket: Any
    user: Any
    at: datetime
    whole: bool = False
    since: int = 0
    """Show only what came after this number."""
    panel: Any = None
    composer: Any = None
    new_number: str = ""
    """A number just revealed, for this page only."""

    @cached_property
    def entries(self) -> list[Entry]:
        newest = self.ticket.last if self.whole else NEWEST
        rows = self.ticket.entries.since(self.since).newest(newest)
        shown = list(reversed(rows))
        with_files = [entry for entry in shown if entry.has_files]
        if with_files:
            _load_files(with_files)
        for entry in shown:
            entry.ticket = self.ticket
        return shown

    @property
    def days(self) -> list[tuple[date, list[Entry]]]:
        """Entries by their day in Casablanca."""
        by_day = groupby(self.entries, key=lambda entry: timezone.localtime(entry.at).date())
        return [(day, list(entries)) for day, entries in by_day]

    @property
    def older(self) -> int:
        """Entries before those shown."""
        shown = self.entries
        if not shown or shown[0].number == 1 or len(shown) < NEWEST:
            return 0
        return int(self.ticket.entries.filter(number__lt=shown[0].number).count())

    @cached_property
    def unsent(self) -> list[Answer]:
        return access.waiting_answers(self.ticket)

    @property
    def begun(self) -> desk_access.Unsent | None:
        """The answer that a colleague began here before the ticket came to the reader."""
        return desk_access.unsent_of_other(self.ticket, self.user)

    @cached_property
    def promises(self) -> list[Promise]:
        return access.owed_promises(self.ticket)

    @cached_property
    def deadlines(self) -> list[Any]:
        """The association's clocks, the nearest first."""
        if self.ticket.association_id is None:
            return []
        rows = LegalDeadline.objects.visible_to(self.user).filter(
            association_id=self.ticket.association_id, state__in=["running", "passed"]
        )
        today = timezone.localtime(self.at).date()
        return [row.progress(today=today) for row in rows.order_by("-due_on")[:3]]

    @cached_property
    def warnings(self) -> list[conflicts.Warned]:
        return conflicts.warnings(self.ticket, self.user)

    @cached_property
    def talk(self) -> Talk | None:
        """The chat, as the desk sees it."""
        chat = access.chat_of(self.ticket)
        return Talk(chat, self.user, self.at) if chat is not None else None

    @cached_property
    def live(self) -> passes.Listening:
        return passes.listening(self.user, streams.ticket(self.ticket.pk))

    @property
    def side(self) -> str:
        return conflicts.side_of(self.ticket)

    @property
    def number(self) -> Number | None:
        """Masked wherever a template shows it."""
        return self.ticket.contact_number or self.ticket.last_number

    @property
    def may_reveal(self) -> bool:
        return access.may_reveal(self.user, self.ticket)

    @property
    def handles(self) -> bool:
        return bool(self.user.has_perm("tickets.handle_ticket"))

    @property
    def is_mine(self) -> bool:
        return self.ticket.assignee_id == self.user.pk

    @property
    def may_write(self) -> bool:
        """An answer comes from whom the ticket is with; a note from any colleague who may work on it."""
        return self.handles and self.ticket.state != State.CLOSED

    @property
    def releases(self) -> bool:
        return bool(self.user.has_perm("tickets.release_answer"))

    @property
    def may_merge(self) -> bool:
        return access.may_merge(self.user, self.ticket)

    @cached_property
    def undoable(self) -> set[int]:
        """Merges and splits told in the thread that this reader may undo."""
        told = {entry.data.get("merge") for entry in self.entries if entry.kind == rules.Kind.MERGE}
        return access.undoable(self.user, self.ticket, told) if told else set()

    @property
    def office(self) -> str:
        return str(Office(self.ticket.office).label) if self.ticket.office else ""

    @property
    def has_left_office(self) -> bool:
        until = self.ticket.office_until
        return until is not None and until < timezone.localtime(self.at).date()

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What is known already, in the reader's words."""
        told = self.ticket.told
        names = labels(code for code, _value in told)
        return [(name, shown_fact(value)) for name, (_code, value) in zip(names, told, strict=True)]

    @property
    def tongue(self) -> str:
        """What the asker speaks."""
        spoken = self.ticket.language
        return str(Tongue(spoken).label) if spoken in Tongue.values else spoken

    @property
    def reaches(self) -> str:
        """How an answer reaches the asker."""
        return _("The answer goes: %(way)s") % {"way": AnswerBy(self.ticket.answer_by).label}

    @property
    def caution(self) -> dict[str, str]:
        return rules.CAUTION

    @property
    def dialled(self) -> str:
        """The revealed number as a telephone takes it."""
        return "".join(c for c in self.new_number if c.isdigit() or c == "+")

    @property
    def association_place(self) -> str:
        return province_name(self.ticket.association.province) if self.ticket.association else ""

    @property
    def is_without_receipt(self) -> bool:
        """The association waits for what the law promises it."""
        group = self.ticket.association
        return group is not None and group.stage in (Stage.FILED, Stage.PROVISIONAL, Stage.DAY_60)


@dataclass(frozen=True)
class Around:
    """What is looked up beside the page, after it: articles, facts still to say, earlier tickets."""

    hits: list[Any] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    earlier: list[Ticket] = field(default_factory=list)


def around(ticket: Ticket, user: Any, *, hits: list[Any]) -> Around:
    """`hits` are the suggestions for the ticket's question."""
    rows = Ticket.objects.visible_to(user).earlier_than(ticket).for_list()[:4]
    known = set(ticket.facts.values_list("code", flat=True))
    codes = wanted_facts([hit.topic for hit in hits[:1]], theme=ticket.theme)
    return Around(
        hits=hits,
        missing=labels(code for code in codes if code not in known),
        earlier=list(rows) if ticket.person_id or ticket.association_id else [],
    )


def wanted_facts(topics: Iterable[str], *, theme: Any, most: int | None = None) -> list[str]:
    """Codes of the facts that go with a theme, and that articles of these topics ask for; with `most`
    also those that the other articles of the theme ask for, so many in all."""
    lists = list(Article.objects.filter(topic__in=list(topics)).values_list("intake", flat=True))
    if theme is not None and most is not None:
        lists += list(Article.objects.filter(theme=theme).values_list("intake", flat=True))
    codes = [code for codes in lists for code in codes]
    return asked(codes, theme=theme.code if theme else "", most=most)


def question_of(ticket: Ticket) -> str:
    """What was asked, in the asker's words: the subject and the first entry."""
    first = ticket.entries.filter(number=1).values_list("text", flat=True).first() or ""
    return f"{ticket.subject}\n{first}"[:400]


def shown_fact(value: str) -> str:
    """A stored fact as people read it."""
    if day := intake.as_day(value):
        return date_text(day)
    return str(intake.WORDS.get(value, value))


def _load_files(entries: list[Entry]) -> None:
    prefetch_related_objects(entries, "files")
