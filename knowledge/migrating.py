"""What a migration uses so that nobody waits for it, on either database."""

import time
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.migrations.operations import AddIndex

REST = 0.1
"""Seconds between two batches on SQLite: whoever waits for its one lock asks again after so long at the latest."""


def in_batches(rows: Any, write: Callable[[Any], object], *, size: int = 2000) -> None:
    """`write` gets the rows (a queryset) part by part, by their keys, each part in a transaction of its own.

    For the RunPython of a migration with `atomic = False`. On SQLite the others get their turn in between: the
    lock goes to whoever happens to ask, and batches without a rest kept writers waiting for seconds.
    """
    ends = rows.order_by("-pk").values_list("pk", flat=True)[:1]
    for start in range(0, next(iter(ends), 0), size):
        with transaction.atomic(using=rows.db):
            write(rows.order_by().filter(pk__gt=start, pk__lte=start + size))
        if transaction.get_connection(rows.db).vendor == "sqlite":
            time.sleep(REST)


def tell_sizes(
    editor: Any, table: str, rows: int, distinct: dict[str, int], partial: dict[str, int]
) -> None:
    """Tell SQLite how large a table and its indexes are at scale, so that its plans are right from the first day on.

    Where it knows nothing it takes a table beside the requests for ten times as large as they are and walks all
    requests first. `distinct`: values a column has at that size, one a row where none is said; `partial`: rows
    of indexes over a part. Nothing on PostgreSQL, which counts by itself. After 0004 of the tickets, which says
    why the numbers are fixed and makes the table they lie in.
    """
    if editor.connection.vendor != "sqlite":
        return
    with editor.connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = %s", [table])
        cursor.execute(f"SELECT name FROM pragma_index_list('{table}')")
        for (index,) in cursor.fetchall():
            cursor.execute(f"SELECT name FROM pragma_index_info('{index}') ORDER BY seqno")
            columns = [distinct.get(name, rows) for (name,) in cursor.fetchall()]
            stat = _numbers(columns, partial.get(index, rows))
            cursor.execute("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (%s, %s, %s)", [table, index, stat])  # fmt: skip
        cursor.execute("ANALYZE sqlite_schema")


def _numbers(columns: list[int], rows: int) -> str:
    """`100000 20000 1`: rows of the index, then rows for each equal beginning of its columns."""
    equal = [rows]
    for values in columns:
        equal.append(max(equal[-1] // values, 1))
    return " ".join(map(str, equal))


class IndexBeside(AddIndex):
    """An index of a table that grows: on PostgreSQL built beside the writes, never in their way.

    The migration needs `atomic = False`. What was cut off leaves an index of that name, perhaps a broken one: it
    is dropped first. The build waits for transactions under way, which takes nothing from anybody.
    """

    atomic = False

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        name = schema_editor.quote_name(self.index.name)
        if schema_editor.connection.vendor != "postgresql":
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        schema_editor.execute("SET lock_timeout = 0")
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        schema_editor.add_index(model, self.index, concurrently=True)
        schema_editor.execute("SET lock_timeout = DEFAULT")
