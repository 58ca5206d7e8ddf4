"""The queue list as a table: which columns, in which words, sorted by what."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import django_tables2 as tables
from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tables2.data import TableData

from helpdesk.queues.lines import Line, lines
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.querysets import TicketQuerySet
from helpdesk.tickets.subqueries import CAP

PER_PAGE = 50


class CappedPaginator(Paginator):
    """Pages no further than CAP rows; `counted` is what a capped count found."""

    counted = 0

    @cached_property
    def count(self) -> int:
        return min(self.counted, CAP)

    @property
    def is_capped(self) -> bool:
        return self.counted > CAP


def paged(counted: int) -> type[CappedPaginator]:
    """A paginator for a list that was counted already."""
    return type("CountedPaginator", (CappedPaginator,), {"counted": counted})


class BestFirst(TableData):  # type: ignore[misc]
    """Tickets in the order of relevance; only the rows of the page shown are read whole."""

    def __init__(self, rows: TicketQuerySet, ranked: Sequence[int]) -> None:
        kept = set(rows.order_by().values_list("pk", flat=True))
        self._rows = rows.for_rows()
        super().__init__([key for key in ranked if key in kept])

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, place: Any) -> Any:
        if not isinstance(place, slice):
            return self[place : place + 1][0]
        keys = self.data[place]
        rows = self._rows.order_by().in_bulk(keys)
        return [rows[key] for key in keys if key in rows]

    def __iter__(self) -> Iterator[Any]:
        return iter(self[:])

    def order_by(self, aliases: Any) -> None:
        """Relevance is the order; a chosen column makes another list (views/desk/requests.py)."""


class TicketTable(tables.Table):
    """The columns of `queues/row.html`. Only those whose order an index serves can be sorted."""

    channel = tables.Column(verbose_name="", orderable=False)
    reference = tables.Column(verbose_name=_("Reference"), orderable=False)
    subject = tables.Column(
        verbose_name=_("Subject"), orderable=False, attrs={"th": {"class": "w1"}}
    )
    asker = tables.Column(verbose_name=_("Who asks"), orderable=False)
    theme = tables.Column(verbose_name=pgettext_lazy("desk", "Theme"), orderable=False)
    state = tables.Column(verbose_name=_("Stage"), orderable=False)
    assignee = tables.Column(verbose_name=_("With"), orderable=False)
    opened = tables.Column(verbose_name=_("Age"), order_by="pk")
    moved = tables.Column(verbose_name=_("Moved"), order_by="moved_at")
    due = tables.Column(verbose_name=_("Deadline"), order_by="answer_due_at")

    stems: Mapping[str, float] = {}
    """What a search looked for: the rows show where they have it."""

    @property
    def lines(self) -> Iterator[Line]:
        """The rows of the page shown."""
        return lines([row.record for row in self.paginated_rows], stems=self.stems)

    class Meta:
        per_page_field = "\0"
        """A name nobody can send: how long a page is, is ours to say."""
        model = Ticket
        fields = ()
        sequence = (
            "channel", "reference", "subject", "asker", "theme", "state", "assignee", "opened",
            "moved", "due",
        )  # fmt: skip
        attrs = {"class": "q2"}
        template_name = "queues/table.html"
