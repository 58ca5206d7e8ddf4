"""Expressions that keep a page's queries few: a count that stops early, and short lists as one value."""

from collections.abc import Sequence
from typing import Any

from django.db.models import IntegerField, JSONField, QuerySet, Subquery

CAP = 1000
"""Counts stop here: nobody reads further, and counting on would cost more with every row."""


class Capped(Subquery):
    """How many rows, at most CAP + 1: `Capped(Ticket.objects.filter(…))`."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS capped)"
    output_field = IntegerField()
    empty_result_set_value = 0

    def __init__(self, rows: QuerySet[Any], **extra: Any) -> None:
        super().__init__(rows.order_by().values("pk")[: CAP + 1], **extra)


class Listed(Subquery):
    """The first rows of a queryset as a JSON list of lists: whole numbers and texts only."""

    output_field = JSONField()
    empty_result_set_value = "[]"

    def __init__(self, rows: QuerySet[Any], columns: Sequence[str], limit: int) -> None:
        super().__init__(rows.values(*columns)[:limit])
        self.columns = tuple(columns)

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        names = ", ".join(connection.ops.quote_name(name) for name in self.columns)
        build = {
            "postgresql": f"COALESCE(jsonb_agg(jsonb_build_array({names})), '[]'::jsonb)",
            "sqlite": f"json_group_array(json_array({names}))",
        }[connection.vendor]
        template = f"(SELECT {build} FROM (%(subquery)s) AS listed)"
        return super().as_sql(compiler, connection, *args, template=template, **extra)  # type: ignore[misc]
