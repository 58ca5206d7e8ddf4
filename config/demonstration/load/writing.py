"""Many rows at once: Django's own `bulk_create` spends most of a load on compiling its statements."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

from helpdesk.associations.numbers import NumberField

_PREPARED = (models.JSONField, NumberField)
"""Fields whose values are not what the database takes, beside dates and times."""


class Numbers:
    """The next primary key of each model, so that rows can refer to each other before they exist."""

    def __init__(self) -> None:
        self._last: dict[type[models.Model], int] = {}

    def next(self, model: type[models.Model]) -> int:
        if model not in self._last:
            rows = model._default_manager.order_by("-pk")
            self._last[model] = rows.values_list("pk", flat=True).first() or 0
        self._last[model] += 1
        return self._last[model]

    def give_back(self) -> None:
        """Let the database count on from here; SQLite does so by itself."""
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self._last)):
                cursor.execute(statement)


Row = dict[str, Any]
"""Column values by attribute name, as on a model's instance: `ticket_id`, not `ticket`."""


_defaults: dict[type[models.Model], Row] = {}


def defaults(model: type[models.Model]) -> Row:
    """What a row has where nothing is said."""
    if model not in _defaults:
        fields = model._meta.concrete_fields
        _defaults[model] = {f.attname: f.get_default() for f in fields if not f.primary_key}
    return _defaults[model]


def insert(model: type[models.Model], rows: Iterable[Row]) -> None:
    """Rows with their primary keys, as they are: no signals, no defaults of the database."""
    fields = model._meta.concrete_fields
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    into = f"{connection.ops.quote_name(model._meta.db_table)} ({names})"
    takers = [(field.attname, _taker(field)) for field in fields]
    values = [_values(row, takers) for row in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for line in values:
                    copy.write_row(line)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", values)


def _taker(field: Any) -> Callable[[Any], Any] | None:
    """Times are asked of the database's own adapter: the way through the field takes three times as long."""
    if isinstance(field, models.DateTimeField):
        return lru_cache(maxsize=1024)(connection.ops.adapt_datetimefield_value)
    if isinstance(field, models.DateField):
        return lru_cache(maxsize=1024)(connection.ops.adapt_datefield_value)
    if not isinstance(field, _PREPARED):
        return None
    return lambda value: field.get_db_prep_save(value, connection)


def _values(row: Row, takers: list[tuple[str, Callable[[Any], Any] | None]]) -> list[Any]:
    return [taker(row[name]) if taker else row[name] for name, taker in takers]
