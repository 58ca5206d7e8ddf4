"""A new version never stops the centre: migrations after the baseline wait for nobody, or say why they may.

On a table that grows with the requests an index, a constraint, a new type or a long transaction stops every
write while it works. What takes a column away breaks the version still running. Either is refused, unless
the migration says in `stops_writes` why it is short, or has to be.
"""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from helpdesk.tickets.models import Ticket
from knowledge import migrating
from knowledge.migrating import IndexBeside, in_batches
from tests import make

BASELINE = tomllib.loads((Path(__file__).parent / "migrations.toml").read_text())
GROWING = {"associations", "files", "live", "notices", "queues", "tickets", "telephony", "webline",
           "linehook", "twilio", "search", "sessions", ("accounts", "audit"), ("articles", "usecount")}  # fmt: skip
"""Apps, or models of them, whose rows grow with the requests."""
TAKES_AWAY = (migrations.RemoveField, migrations.RenameField, migrations.RenameModel,
              migrations.DeleteModel, migrations.AlterModelTable)  # fmt: skip
BUILDS = (migrations.AddIndex, migrations.AddConstraint, migrations.AlterUniqueTogether)


def complaints(migration: migrations.Migration, before: ProjectState) -> list[str]:
    """What of it would make others wait, or break the version still running."""
    if getattr(migration, "stops_writes", ""):
        return []
    state, made, found = before.clone(), set(), []
    label = migration.app_label
    for operation in migration.operations:
        table = getattr(operation, "model_name_lower", "") or getattr(operation, "name_lower", "")
        grows = table not in made and (label in GROWING or (label, table) in GROWING)
        if isinstance(operation, migrations.CreateModel):
            made.add(operation.name_lower)
        elif why := _why(operation, state, label, grows=grows, atomic=migration.atomic):
            found.append(f"{label}.{migration.name}: {operation.describe()}: {why}")
        operation.state_forwards(label, state)
    return found


def _why(
    operation: Operation, state: ProjectState, label: str, *, grows: bool, atomic: bool
) -> str:
    if isinstance(operation, TAKES_AWAY):
        return "the version still running needs it; do it one version later"
    if isinstance(operation, (migrations.RunPython, migrations.RunSQL)):
        return (
            "one long transaction; knowledge.migrating.in_batches, with atomic = False"
            if atomic
            else ""
        )
    if not grows:
        return ""
    if isinstance(operation, IndexBeside):
        return "needs atomic = False" if atomic else ""
    if isinstance(operation, BUILDS):
        return "writes wait while it is built; IndexBeside does not"
    if isinstance(operation, migrations.AddField):
        return _of_field(operation.field)
    if isinstance(operation, migrations.AlterField):
        former = state.models[label, operation.model_name_lower].fields[operation.name]
        return _of_change(former, operation.field)
    return ""


def _of_field(field: models.Field) -> str:
    if field.unique or (field.db_index and not field.many_to_many):
        return "an index is built under a lock; db_index=False, then IndexBeside"
    if field.generated:
        return "every row is written anew"
    return ""


def _of_change(former: models.Field, field: models.Field) -> str:
    """Only what no row has to be looked at for: words, choices, more room, allowing nothing."""

    def told(one: models.Field) -> dict:
        *_, path, _args, given = one.deconstruct()
        return {"": path, **{k: v for k, v in given.items() if k not in one.non_db_attrs}}

    old, new = told(former), told(field)
    if (old.get("max_length") or 0) <= (new.get("max_length") or 0):
        old.pop("max_length", None), new.pop("max_length", None)
    if new.get("null"):
        old.pop("null", None), new.pop("null", None)
    old.pop("default", None), new.pop("default", None)
    return "" if old == new else "rows are looked at or written anew under a lock"


def test_every_migration_after_the_baseline_waits_for_nobody():
    loader = MigrationLoader(None)
    ours = {c.label for c in apps.get_app_configs() if c.name.split(".")[0] in ("helpdesk", "knowledge", "telephony")}  # fmt: skip
    found = []
    for label, name in sorted(loader.disk_migrations):
        if label in ours and name > BASELINE.get(label, ""):
            before = loader.project_state((label, name), at_end=False)
            found += complaints(loader.disk_migrations[label, name], before)
    assert found == []


def migration(
    *operations: Operation, label: str = "tickets", **more: object
) -> migrations.Migration:
    kind = type("Migration", (migrations.Migration,), {"operations": list(operations), **more})
    return kind("9999_tried", label)


@pytest.fixture(scope="module")
def today() -> ProjectState:
    return MigrationLoader(None).project_state()


INDEX = models.Index(fields=["id"], name="tried")
NULL = models.IntegerField(null=True)


@pytest.mark.parametrize(
    ("operations", "more", "words"),
    [
        ([migrations.AddIndex("ticket", INDEX)], {}, "IndexBeside"),
        ([IndexBeside("ticket", INDEX)], {}, "atomic"),
        ([IndexBeside("ticket", INDEX)], {"atomic": False}, ""),
        ([migrations.AddField("ticket", "tried", NULL)], {}, ""),
        ([migrations.AddField("ticket", "tried", models.IntegerField(null=True, unique=True))], {}, "index"),
        ([migrations.AddField("ticket", "tried", models.ForeignKey("tickets.Ticket", models.CASCADE, null=True))], {}, "index"),
        ([migrations.RemoveField("ticket", "filed_by")], {}, "still running"),
        ([migrations.RemoveField("ticket", "filed_by")], {"stops_writes": "never used"}, ""),
        ([migrations.AlterField("entry", "kind", models.TextField())], {}, "written anew"),
        ([migrations.AlterField("entry", "kind", models.CharField(max_length=200, choices=[("a", "b")]))], {}, ""),
        ([migrations.RunPython(migrations.RunPython.noop)], {}, "in_batches"),
        ([migrations.RunPython(migrations.RunPython.noop)], {"atomic": False}, ""),
        ([migrations.CreateModel("New", [("id", models.AutoField(primary_key=True))]), migrations.AddIndex("new", INDEX)], {}, ""),
    ],
)  # fmt: skip
def test_what_would_stop_the_centre_is_found(today, operations, more, words):
    found = complaints(migration(*operations, **more), today)
    assert bool(found) == bool(words)
    assert all(words in one for one in found)


def test_a_small_table_may_be_changed(today):
    assert complaints(migration(migrations.AddIndex("centre", INDEX), label="centre"), today) == []


def telling(run: Callable[..., None], said: list[str]) -> Callable[..., None]:
    """Runs each statement and keeps its words."""

    def execute(sql: object, *more: object, **named: object) -> None:
        said.append(str(sql))
        run(sql, *more, **named)

    return execute


@pytest.mark.django_db(transaction=True)
def test_an_index_is_built_beside_the_writes(today, monkeypatch):
    operation = IndexBeside("ticket", models.Index(fields=["opened_at"], name="tried_beside"))
    after = today.clone()
    operation.state_forwards("tickets", after)
    said: list[str] = []
    for _again in range(2):
        with connection.schema_editor(atomic=False) as editor:
            editor.collect_sql = False
            monkeypatch.setattr(editor, "execute", telling(editor.execute, said))
            operation.database_forwards("tickets", editor, today, after)
    with connection.cursor() as cursor:
        made = connection.introspection.get_constraints(cursor, "tickets_ticket")
    assert "tried_beside" in made
    if connection.vendor == "postgresql":
        assert any("CREATE INDEX CONCURRENTLY" in one for one in said)
    with connection.schema_editor(atomic=False) as editor:
        editor.execute("DROP INDEX tried_beside")


@pytest.mark.django_db
def test_rows_are_written_part_by_part(centre, monkeypatch):
    monkeypatch.setattr(migrating, "REST", 0)
    tickets = [make.ticket("سؤال").pk for _ in range(5)]
    parts = []
    in_batches(Ticket.objects.all(), lambda rows: parts.append(sorted(rows.values_list("pk", flat=True))), size=2)  # fmt: skip
    assert sorted(pk for part in parts for pk in part) == tickets
    assert max(map(len, parts)) <= 2
