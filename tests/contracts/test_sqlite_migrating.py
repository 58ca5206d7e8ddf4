"""On SQLite nobody writes while a migration looks for broken references: it does so only where some can be."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.db.utils import ConnectionHandler
from django.test.utils import CaptureQueriesContext

LOOKED = "PRAGMA foreign_key_check"


@pytest.fixture
def sqlite(db: None, tmp_path: Path) -> Iterator[Any]:
    """A file of its own with a table and one that refers to it, whatever the suite runs on."""
    kept = {"ENGINE": "config.sqlite", "NAME": str(tmp_path / "one.sqlite3")}
    handler = ConnectionHandler({"default": kept})
    made = handler["default"]
    with made.cursor() as cursor:
        cursor.execute("CREATE TABLE whole (id integer PRIMARY KEY)")
        cursor.execute("CREATE TABLE part (id integer PRIMARY KEY, whole_id integer REFERENCES whole (id))")  # fmt: skip
        cursor.execute("INSERT INTO whole VALUES (1)")
        cursor.execute("INSERT INTO part VALUES (1, 1)")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction, "connections", handler)
        yield made
    made.close()


def said(sqlite: Any, *statements: str) -> list[str]:
    with CaptureQueriesContext(sqlite) as captured, sqlite.schema_editor(atomic=True) as editor:
        for one in statements:
            editor.execute(one)
    return [query["sql"] for query in captured.captured_queries]


def test_what_only_adds_looks_at_no_row(sqlite: Any) -> None:
    class Whole(models.Model):
        class Meta:
            app_label, db_table = "tried", "whole"

    field = models.IntegerField(null=True)
    field.set_attributes_from_name("more")
    with CaptureQueriesContext(sqlite) as captured, sqlite.schema_editor(atomic=True) as editor:
        editor.add_field(Whole, field)
        editor.add_index(Whole, models.Index(fields=["id"], name="beside"))
    assert not [one for one in captured.captured_queries if LOOKED in one["sql"]]
    assert LOOKED in said(sqlite, "UPDATE part SET whole_id = 1")


@pytest.mark.parametrize("statement", ["UPDATE part SET whole_id = 2", "DELETE FROM whole", "DROP TABLE whole"])  # fmt: skip
def test_a_broken_reference_is_still_found_and_taken_back(sqlite: Any, statement: str) -> None:
    with pytest.raises(IntegrityError), sqlite.schema_editor(atomic=True) as editor:
        editor.execute(statement)
    with sqlite.cursor() as cursor:
        cursor.execute("SELECT whole.id, whole_id FROM whole JOIN part")
        assert cursor.fetchall() == [(1, 1)]
