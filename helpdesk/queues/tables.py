"""The queue list as a table: which columns, in which words, sorted by what."""

from typing import Any

import django_tables2 as tables
from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from helpdesk.tickets.models import Ticket
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


class Cell(tables.TemplateColumn):
    """A column drawn by a small template of its own."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(template_name=f"queues/cells/{name}.html", **kwargs)


class TicketTable(tables.Table):
    """Only columns whose order an index serves can be sorted."""

    channel = Cell("channel", verbose_name="", orderable=False, attrs={"td": {"class": "ci"}})
    reference = Cell("reference", verbose_name=_("Reference"), order_by="pk", orderable=False)
    subject = Cell("subject", verbose_name=_("Subject"), orderable=False,
                   attrs={"td": {"class": "w1"}, "th": {"class": "w1"}})  # fmt: skip
    asker = Cell("asker", verbose_name=_("Who asks"), orderable=False, empty_values=())
    theme = Cell("theme", verbose_name=pgettext_lazy("desk", "Theme"), orderable=False, empty_values=(),
                 attrs={"td": {"class": "mut"}})  # fmt: skip
    state = Cell("state", verbose_name=_("Stage"), orderable=False)
    assignee = Cell("assignee", verbose_name=_("With"), orderable=False, empty_values=())
    opened = Cell("opened", verbose_name=_("Age"), order_by="pk", empty_values=())
    moved = Cell("moved", verbose_name=_("Moved"), order_by="moved_at", empty_values=())
    due = Cell("due", verbose_name=_("Deadline"), order_by="answer_due_at", empty_values=())

    class Meta:
        model = Ticket
        fields = ()
        sequence = (
            "channel", "reference", "subject", "asker", "theme", "state", "assignee", "opened",
            "moved", "due",
        )  # fmt: skip
        attrs = {"class": "q2"}
        template_name = "queues/table.html"
