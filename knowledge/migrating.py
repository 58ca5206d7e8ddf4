"""What a migration uses so that nobody waits for it, on either database."""

from typing import Any

from django.db.migrations.operations import AddIndex


class IndexBeside(AddIndex):
    """An index of a table that grows: on PostgreSQL built beside the writes, never in their way.

    The migration needs `atomic = False`. A build that was cut off leaves a broken index of that name: it is
    dropped first. The build waits for transactions under way, which takes nothing from anybody.
    """

    atomic = False

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        name = schema_editor.quote_name(self.index.name)
        schema_editor.execute("SET lock_timeout = 0")
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        schema_editor.add_index(model, self.index, concurrently=True)
        schema_editor.execute("SET lock_timeout = DEFAULT")
