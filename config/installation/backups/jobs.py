"""The night's backup. It runs as a process of its own: a large one takes minutes, and no sweep may wait."""

import logging
import subprocess
import sys
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from helpdesk.centre import backing

log = logging.getLogger("wasl.backup")


def back_up_due(*, at: datetime) -> int:
    """Begin the night's backup where a folder is set and it was not begun; 1 when this process did."""
    if not settings.BACKUP_DIR:
        return 0
    hour = timezone.localtime(at) - timedelta(hours=settings.BACKUP_HOUR)
    row = backing.begin_night(hour.date(), at=at)
    if row is None:
        return 0
    start(row.pk)
    return 1


def start(row: int) -> None:
    """A process that is gone with the service, and whose row then tells that it has to be done again."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "backup", "--row", str(row)]
    subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
