"""An operation of this app's migrations on a table of another app."""

from typing import Any

from django.db.migrations.operations.base import Operation


class Elsewhere(Operation):
    def __init__(self, label: str, of: Operation) -> None:
        self.label, self.of = label, of
        self.atomic = of.atomic

    def state_forwards(self, app_label: str, state: Any) -> None:
        self.of.state_forwards(self.label, state)

    def database_forwards(self, app_label: str, editor: Any, before: Any, after: Any) -> None:
        self.of.database_forwards(self.label, editor, before, after)

    def database_backwards(self, app_label: str, editor: Any, before: Any, after: Any) -> None:
        self.of.database_backwards(self.label, editor, before, after)
