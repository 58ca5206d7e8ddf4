"""Copies of the product's rows, with the indexes that Django gives every foreign key."""

from django.db import connection

from tests.bench.naive.models import SOURCES


def lay() -> None:
    """Make and fill the tables."""
    with connection.cursor() as cursor:
        for model, source in SOURCES.items():
            fields = model._meta.concrete_fields
            columns = ", ".join(
                f"{field.column} {field.db_type(connection)}"
                + (" PRIMARY KEY" if field.primary_key else "")
                for field in fields
            )
            names = ", ".join(field.column for field in fields)
            cursor.execute(f"CREATE TABLE {model._meta.db_table} ({columns})")
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({names}) SELECT {names} FROM {source}"
            )
            for field in fields:
                if field.is_relation:
                    table, column = model._meta.db_table, field.column
                    cursor.execute(f"CREATE INDEX {table}_{column} ON {table} ({column})")
