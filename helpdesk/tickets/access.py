"""Doorways to tickets: the only way from a key in an address to a row. Unknown and forbidden are one 404."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

from helpdesk.accounts.actions import audit
from helpdesk.accounts.models import User
from helpdesk.accounts.rules import DESK
from helpdesk.accounts.scope import Scope
from helpdesk.associations.numbers import Number
from helpdesk.tickets.chats import Chat
from helpdesk.tickets.errors import MergedAway
from helpdesk.tickets.models import Answer, Dispute, Grant, Merge, Promise, Ticket
from helpdesk.tickets.rules import Level
from knowledge.articles.models import Theme, Version

_READS = {Level.RESTRICTED: "read-restricted", Level.SEALED: "read-sealed"}


def ticket_for(user: Any, pk: int, *, at: datetime) -> Ticket:
    """A ticket the user may read at the desk; reads above ordinary are written to the audit."""
    ticket = _here(Ticket.objects.visible_to(user, at=at).for_list().filter(pk=pk).first())
    _note_read(ticket, user, at=at)
    return ticket


def handled_ticket(user: Any, pk: int, *, at: datetime) -> Ticket:
    """A ticket the user may work on."""
    if not user.has_perm("tickets.handle_ticket"):
        raise PermissionDenied
    rows = Ticket.objects.visible_to(user, at=at).for_list().select_related("chat")
    return _here(rows.filter(pk=pk).first())


def peeked_ticket(user: Any, pk: int, *, at: datetime) -> Ticket:
    """A ticket of which only numbers are shown (what is new); not a read of its content. Of a merged
    one the ticket that goes on."""
    rows = Ticket.objects.visible_to(user, at=at).select_related("chat")
    row = _or_404(rows.filter(pk=pk).first())
    return _or_404(rows.filter(pk=row.merged_into_id).first()) if row.merged_into_id else row


def shown_ticket(user: Any, pk: int, *, at: datetime) -> Ticket:
    """A ticket for its page: with the draft, the facts, the office and the number, in one query."""
    row = _here(
        Ticket.objects.visible_to(user, at=at).filter(pk=pk).for_page(user, pk, at=at).first()
    )
    _note_read(row, user, at=at)
    return row


def answer_for(user: Any, pk: int) -> Answer:
    rows = Answer.objects.visible_to(user).select_related(
        "ticket__person", "author", "released_by", "entry"
    )
    return _or_404(rows.filter(pk=pk).first())


def handled_answer(user: Any, pk: int) -> Answer:
    """An answer the user may release or return."""
    if not user.has_perm("tickets.release_answer"):
        raise PermissionDenied
    return answer_for(user, pk)


def chat_of(ticket: Ticket) -> Chat | None:
    """The live side of a ticket that is a chat, open or ended."""
    return getattr(ticket, "chat", None)


def may_reveal(user: Any, ticket: Ticket) -> bool:
    """Whole numbers are for who has the ticket, seniors and supervisors; always with a reason."""
    if not user.has_perm("tickets.handle_ticket"):
        return False
    return ticket.assignee_id == user.pk or user.has_perm("tickets.read_restricted")


def number_of(ticket: Ticket) -> Number | None:
    """The number to call: the one given with the question, else the person's last one."""
    if ticket.contact_number:
        return ticket.contact_number
    if ticket.person is None:
        return None
    phone = ticket.person.phones.first()
    return phone.number if phone else None


def colleagues(ticket: Ticket, *, but: Any, on: date) -> list[User]:
    """Who of the team could take a ticket over."""
    team = User.objects.in_team(ticket.team, on=on)
    return list(team.in_role(*DESK).exclude(pk=but.pk).order_by("username"))


def team_mates(user: Any, *, on: date) -> list[User]:
    """Desk people of the user's teams, whoever has tickets there."""
    teams = {reach.team for reach in Scope.of(user).reaches}
    found = User.objects.filter(postings__team__in=teams, is_active=True).in_role(*DESK)
    return list(found.order_by("username")[:200])


def readers(ticket: Ticket, *, on: date) -> list[User]:
    """Desk people of the team, whoever they are: those who can be named for a sealed ticket."""
    return list(User.objects.in_team(ticket.team, on=on).in_role(*DESK).order_by("username"))


def grants(ticket: Ticket, *, at: datetime) -> list[Grant]:
    """Who is named for a sealed ticket now."""
    rows = ticket.grants.filter(Q(ends_at=None) | Q(ends_at__gt=at))
    return list(rows.select_related("user", "given_by").order_by("given_at"))


def grant_for(user: Any, pk: int, *, at: datetime) -> Grant:
    """A grant on a ticket the user may read and seal."""
    if not user.has_perm("tickets.seal_ticket"):
        raise PermissionDenied
    seen = Ticket.objects.visible_to(user, at=at)
    rows = Grant.objects.filter(pk=pk, ticket__in=seen).select_related("ticket", "user")
    return _or_404(rows.first())


def open_dispute(ticket: Ticket) -> Dispute | None:
    if ticket.association_id is None:
        return None
    return Dispute.objects.filter(association_id=ticket.association_id, ended_at=None).first()


def waiting_answers(ticket: Ticket) -> list[Answer]:
    """Answers not out yet: awaiting release, or returned to their author and not written anew."""
    rows = ticket.answers.unsent().select_related("author").prefetch_related("given__version")
    return list(rows)


def owed_promises(ticket: Ticket) -> list[Promise]:
    return list(ticket.promises.owed().select_related("owed_by"))


def last_teller(ticket: Ticket, codes: Iterable[str]) -> tuple[str, datetime | None]:
    """Who noted the newest of these facts, and when; empty when they were only taken back."""
    told = ticket.facts.filter(code__in=list(codes)).select_related("by").order_by("-at").first()
    if told is None:
        return "", None
    return told.by.shown_name if told.by else "", told.at


def last_said(ticket: Ticket, about: str) -> tuple[str, datetime | None]:
    """Who last said who asks ("person") or for whom ("association"), and when."""
    rows = ticket.entries.filter(kind="note", data__about=about).select_related("by")
    entry = rows.last()
    if entry is None:
        return "", None
    return entry.by.shown_name if entry.by else "", entry.at


def versions_for(user: Any, pks: Iterable[int]) -> dict[int, Any]:
    """Versions an answer may give: published once; statements that are not certain for staff only."""
    rows = Version.objects.filter(pk__in=pks, published_at__isnull=False).whole()
    return {version.pk: version for version in rows}


def themes() -> list[Any]:
    """Every theme, also withdrawn ones: figures tell of all that were ever used."""
    return list(Theme.objects.all())


def promise_for(user: Any, pk: int) -> Promise:
    return _or_404(Promise.objects.visible_to(user).select_related("ticket").filter(pk=pk).first())


def may_merge(user: Any, ticket: Ticket) -> bool:
    """Who has it, and seniors and supervisors in scope; the row was read through a doorway."""
    if not user.has_perm("tickets.handle_ticket"):
        return False
    return ticket.assignee_id == user.pk or user.has_perm("tickets.read_restricted")


def merging_ticket(user: Any, pk: int, *, at: datetime) -> Ticket:
    """A ticket the user may merge into another, or split."""
    ticket = handled_ticket(user, pk, at=at)
    if not may_merge(user, ticket):
        raise PermissionDenied
    return ticket


def other_ticket(user: Any, pk: int, *, at: datetime) -> Ticket | None:
    """The other request of a merge that is only thought of."""
    rows = Ticket.objects.visible_to(user, at=at).unmerged().for_list()
    return rows.filter(pk=pk).first()


def merge_for(user: Any, pk: int, *, at: datetime) -> Merge:
    """A merge or a split of tickets that the user may read, to be undone."""
    seen = Ticket.objects.visible_to(user, at=at)
    rows = Merge.objects.filter(pk=pk, target__in=seen, source__in=seen)
    row = _or_404(rows.select_related("source", "target__merged_into", "by").first())
    if not _may_undo(user, row):
        raise PermissionDenied
    return row


def undoable(user: Any, ticket: Ticket, rows: Iterable[int]) -> set[int]:
    """Of these merges and splits those that the user may undo on this ticket's page."""
    here = Q(act=Merge.Act.MERGE, target=ticket) | Q(act=Merge.Act.SPLIT)
    found = Merge.objects.standing().filter(here, pk__in=rows).select_related("source", "target")
    return {row.pk for row in found if _may_undo(user, row)}


def _may_undo(user: Any, row: Merge) -> bool:
    return may_merge(user, row.target) or (
        row.by_id == user.pk and user.has_perm("tickets.handle_ticket")
    )


def _note_read(ticket: Ticket, user: Any, *, at: datetime) -> None:
    if act := _READS.get(Level(ticket.level)):
        audit(act, by=user, at=at, subject=ticket)


def _here(row: Any) -> Any:
    """Raises MergedAway for a ticket whose number leads on to another: `redirects` takes one there."""
    if _or_404(row).merged_into_id is not None:
        raise MergedAway(row, Ticket.objects.get(pk=row.merged_into_id))
    return row


def _or_404(row: Any) -> Any:
    if row is None:
        raise Http404
    return row
