"""Doorways to phrases, tags, snoozes and colleagues' unsent texts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import get_language

from helpdesk.accounts.models import Team, User
from helpdesk.accounts.scope import Scope
from helpdesk.hours.models import Schedule
from helpdesk.hours.rules import Timetable
from helpdesk.hours.timetables import timetable_of
from helpdesk.tickets.desk_models import Phrase, Tag
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.phrases import compared
from helpdesk.tickets.subqueries import Listed
from knowledge.articles.models import Theme


def enter(user: Any) -> None:
    """Phrases are for those who write to askers. Raises PermissionDenied."""
    if not Scope.of(user).can("tickets.handle_ticket"):
        raise PermissionDenied


def phrases(user: Any) -> list[Phrase]:
    """All that the user may use, one's own first."""
    rows = list(Phrase.objects.visible_to(user).in_use().order_by("rank", "pk"))
    return sorted(rows, key=lambda phrase: phrase.owner_id is None)


def phrases_kept(user: Any) -> list[Phrase]:
    """All that the user sees on the page of phrases, those out of use last."""
    enter(user)
    rows = Phrase.objects.visible_to(user).select_related("team")
    return sorted(rows.order_by("rank", "pk"), key=lambda phrase: phrase.retired_at is not None)


def phrase_by_word(user: Any, word: str) -> Phrase | None:
    """The phrase that `:word` fetches: one's own before the team's."""
    wanted = compared(word)
    if not wanted:
        return None
    found = [
        phrase
        for phrase in phrases(user)
        if wanted in (compared(phrase.shortcut_ar), compared(phrase.shortcut_fr))
    ]
    return found[0] if found else None


def kept_phrase(user: Any, pk: int) -> Phrase:
    """A phrase the user may change."""
    enter(user)
    found = Phrase.objects.kept_by(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def keeping_teams(user: Any) -> list[Team]:
    """Teams for which the user writes phrases."""
    if not user.has_perm("tickets.keep_phrases"):
        return []
    return list(Team.objects.filter(pk__in={reach.team for reach in Scope.of(user).reaches}))


@dataclass(frozen=True)
class ListChoices:
    """What the list of tickets can be narrowed to: (key, name) of themes and of the teams' tags."""

    themes: list[tuple[int, str]]
    tags: list[tuple[int, str]]


def list_choices(user: Any) -> ListChoices:
    """Both in one question: the list has few to spare."""
    worn = Tag.objects.visible_to(user).order_by("name")
    row = User.objects.filter(pk=user.pk).order_by().values(
        all_themes=Listed(Theme.objects.all(), ("id", "name_ar", "name_fr"), 100),
        all_tags=Listed(worn, ("id", "name"), 300),
    ).get()  # fmt: skip
    french = get_language() == "fr"
    themes = [(pk, (fr or ar) if french else (ar or fr)) for pk, ar, fr in row["all_themes"]]
    return ListChoices(themes, [(pk, name) for pk, name in row["all_tags"]])


def tags_of_team(ticket: Ticket) -> list[str]:
    """Words the team uses, to choose from while typing."""
    return list(Tag.objects.filter(team=ticket.team_id).values_list("name", flat=True)[:200])


def timetable(ticket: Ticket) -> Timetable:
    """The hours of the ticket's centre."""
    rows = Schedule.objects.filter(centre=ticket.centre_id).select_related("centre")
    return timetable_of(rows.order_by("pk").first())


@dataclass(frozen=True)
class Unsent:
    """An answer a colleague was writing on a ticket that is now its reader's."""

    user_pk: int
    name: str
    text: str
    language: str
    saved_at: datetime
    fields: dict[str, str]


def unsent_of_other(ticket: Any, user: Any) -> Unsent | None:
    """What another began, of a ticket read for its page; for who has it now."""
    if ticket.assignee_id != user.pk or not ticket.began:
        return None
    text = str(ticket.began.get("body", "")).strip()
    names = (ticket.began_by_ar, ticket.began_by_fr)
    first = names[1] if get_language() == "fr" else names[0]
    return Unsent(
        user_pk=ticket.began_by, name=first or names[0] or names[1], text=text,
        language="fr" if ticket.began.get("language") == "fr" else "ar",
        saved_at=ticket.began_at, fields=ticket.began,
    ) if text else None  # fmt: skip


def unsent_of(ticket: Any, user: Any, colleague: int) -> Unsent:
    """The same, to be taken up."""
    found = unsent_of_other(ticket, user)
    if found is None or found.user_pk != colleague:
        raise Http404
    return found
