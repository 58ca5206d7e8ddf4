"""Sweeps over stored files."""

from datetime import datetime, timedelta

from helpdesk.files.actions import remove
from helpdesk.files.models import StoredFile

KEPT = timedelta(days=30)
"""As long as an unsent question is kept, so are the files meant for it."""


def drop_orphans(*, at: datetime) -> int:
    """Delete files that hang on nothing: the question they were meant for was never sent."""
    old = StoredFile.objects.orphans().filter(stored_at__lt=at - KEPT)
    return sum(remove(stored) for stored in old[:100])
