"""The database backend `config.sqlite`: a migration that only adds does not look every row over.

Before it ends, Django's schema editor looks for broken references in all rows of all tables, and in a migration
that is one transaction nobody writes meanwhile: five seconds at 300 000 requests. A migration that wrote no
row and dropped no table (which is how SQLite rewrites one) cannot have broken any.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.sqlite3 import base, schema

HARMLESS = (
    "ALTER TABLE", "ANALYZE", "BEGIN", "CREATE", "DROP INDEX", "PRAGMA", "RELEASE", "ROLLBACK", "SAVEPOINT", "SELECT",
    'INSERT INTO "django_migrations"',
)  # fmt: skip
"""Beginnings of statements after which every row refers to what it referred to before; the last is the note
that this very migration is done."""


class SchemaEditor(schema.DatabaseSchemaEditor):
    """Django's, which looks for broken references where some can be."""

    has_written = False

    def __enter__(self) -> Any:
        self.connection.execute_wrappers.append(self._watch)
        return super().__enter__()

    def __exit__(self, *error: Any) -> None:
        try:
            if self.has_written:
                self.connection.check_constraints()
        except BaseException as broken:
            BaseDatabaseSchemaEditor.__exit__(self, type(broken), broken, broken.__traceback__)
            raise
        else:
            BaseDatabaseSchemaEditor.__exit__(self, *error)
        finally:
            self.connection.execute_wrappers.remove(self._watch)
            self.connection.enable_constraint_checking()

    def _watch(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.has_written |= not sql.lstrip().startswith(HARMLESS)
        return execute(sql, params, many, context)


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = SchemaEditor
