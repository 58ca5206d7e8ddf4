"""The lists of recalls as one person sees them: rows they may read, what is done and what remains."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from helpdesk.notices.models import Notice
from helpdesk.tickets.actions.telling import where
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.recalls import Recall, Recalled

MOST = 300
LOOKS = {"due": "soon", "sent": "law", "told": "ok", "answered": "ok", "spared": "", "unreached": "late"}  # fmt: skip


@dataclass(frozen=True)
class Progress:
    """A recall with the counts of the rows one may read."""

    recall: Recall
    total: int
    due: int
    unreached: int

    @property
    def done(self) -> int:
        return self.total - self.due


@dataclass(frozen=True)
class Line:
    """One request of a recall. `notice` is the last message to its asker, None before."""

    row: Recalled
    notice: Notice | None
    look: str
    by_message: bool
    """A notice can reach them."""


def reads(user: Any) -> None:
    """Who works on requests. Raises PermissionDenied."""
    if not user.has_perm("tickets.read_ticket"):
        raise PermissionDenied


def leads(user: Any) -> None:
    """Who sends to everybody and closes a recall. Raises PermissionDenied."""
    reads(user)
    if not user.has_perm("tickets.release_answer"):
        raise PermissionDenied


def recalls(user: Any) -> list[Progress]:
    reads(user)
    counts: dict[int, dict[str, int]] = {}
    rows = Recalled.objects.visible_to(user).order_by().values_list("recall", "state")
    for recall, state in rows:
        counts.setdefault(recall, {})[state] = counts.get(recall, {}).get(state, 0) + 1
    return [_progress(one, counts.get(one.pk, {})) for one in Recall.objects.for_list()[:MOST]]


def recall_for(user: Any, pk: int) -> Recall:
    reads(user)
    return _or_404(Recall.objects.for_list().filter(pk=pk).first())


def led_recall(user: Any, pk: int) -> Recall:
    leads(user)
    return recall_for(user, pk)


def progress(user: Any, recall: Recall) -> Progress:
    return _progress(recall, recall.rows.visible_to(user).counts())


def lines(user: Any, recall: Recall) -> list[Line]:
    """The rows one may read, those still due first."""
    rows = list(recall.rows.visible_to(user).for_page()[:MOST])
    keys = [row.notice_key for row in rows if row.sendings]
    notices = {notice.key: notice for notice in Notice.objects.filter(key__in=keys)}
    return [
        Line(row, notices.get(row.notice_key), LOOKS[row.state], bool(where(row.ticket)[1]))
        for row in rows
    ]


def hides_due(user: Any, recall: Recall) -> bool:
    """Something is due that this person cannot read: others follow it."""
    seen = recall.rows.due().visible_to(user).count()
    return bool(seen < recall.rows.due().count())


def sendable(user: Any, recall: Recall) -> list[Recalled]:
    """Due, readable by the person, and with an address that a notice reaches."""
    rows = recall.rows.due().visible_to(user).for_page()[:MOST]
    return [row for row in rows if where(row.ticket)[1]]


def recalled_for(user: Any, pk: int) -> Recalled:
    """A row of a request that the user may work on."""
    if not user.has_perm("tickets.handle_ticket"):
        raise PermissionDenied
    return _or_404(Recalled.objects.visible_to(user).for_page().filter(pk=pk).first())


def reach_by_message(ticket: Ticket) -> bool:
    return bool(where(ticket)[1])


def shown_lines(found: Sequence[Line], only: str) -> list[Line]:
    """`due` or all."""
    return [line for line in found if line.row.is_due] if only == "due" else list(found)


def _progress(recall: Recall, counts: dict[str, int]) -> Progress:
    return Progress(recall, sum(counts.values()), counts.get("due", 0), counts.get("unreached", 0))


def _or_404(row: Any) -> Any:
    if row is None:
        raise Http404
    return row
