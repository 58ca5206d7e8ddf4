"""How backups stand, for the pages of opening and of health."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from config.installation.backups import keys
from helpdesk.centre import backing
from knowledge.health import Check, Light

FRESH = timedelta(days=2)
DRILL = timedelta(days=100)
"""A drill each quarter, as proposed; ten days of grace."""


def checks(*, centre: int, at: datetime) -> list[Check]:
    """One line, the same for every centre of the installation."""
    light, sentence, to_do = _stand(at)
    who = "" if light == Light.GREEN else _("whoever looks after the server")
    address = reverse("installation:step", args=["backup"])
    return [Check("backup", light, _("Backup"), sentence, to_do, who, address)]


def _stand(at: datetime) -> tuple[Light, str, str]:
    folder = settings.BACKUP_DIR
    if not folder:
        return Light.RED, _("No folder for backups is set: nothing is kept."), _(
            "Set BACKUP_DIR to a folder of another machine and start again."
        )  # fmt: skip
    if not keys.public_key():
        return Light.RED, _("Backups have no key: none can be taken."), _(
            "Run manage.py backup_key and keep what it prints away from the server."
        )  # fmt: skip
    newest, failure = backing.newest().first(), backing.last_failure()
    if newest is None or at - newest.verified_at > FRESH:
        since = _("The last proved backup is of %(day)s.") % {"day": _day(newest.verified_at)} if newest else _(
            "No backup was taken yet."
        )  # fmt: skip
        why = _("The last try failed: %(why)s.") % {"why": failure} if failure else ""
        return (
            Light.RED,
            f"{since} {why}".strip(),
            _("Mend what failed, then run manage.py backup."),
        )
    if not (os.path.isdir(folder) and (Path(folder) / newest.file).is_file()):
        return Light.RED, _("The newest backup is not in its folder."), _(
            "See whether the folder of BACKUP_DIR is there, then run manage.py backup."
        )  # fmt: skip
    taken = _("Taken and proved on %(day)s.") % {"day": _day(newest.verified_at)}
    drilled = backing.last_drill()
    if drilled is None or at - drilled > DRILL:
        return Light.AMBER, taken + " " + (
            _("Last restored as a drill on %(day)s.") % {"day": _day(drilled)}
            if drilled
            else _("None was ever restored.")
        ), _("Bring the private key and run manage.py restore_drill.")  # fmt: skip
    restored = _("Last restored as a drill on %(day)s.") % {"day": _day(drilled)}
    return Light.GREEN, f"{taken} {restored}", ""


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
