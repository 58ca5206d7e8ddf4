"""Keeping what people attach: checked by content, under a random name, outside the served folders."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

from helpdesk.centre.lines import clean_line, isolated
from helpdesk.files import photographs, rules
from helpdesk.files.models import StoredFile, random_name

AT_ONCE = 6
"""Files with one message."""


class FileRefused(Exception):
    """The file is not kept; the message is for the person who sent it."""


def store(name: str, content: "bytes | File[Any]", *, at: datetime, by: Any = None) -> StoredFile:
    """Keep one file. Raises FileRefused when it is empty, too large, or of no listed kind."""
    shown = clean_line(name.replace("\\", "/").rsplit("/", 1)[-1], limit=100) or _("file")
    data = _read(content, shown)
    kind = rules.kind_of(data, shown)
    if kind is None:
        raise FileRefused(
            _(
                "%(name)s is not of a kind we can take: send PDF, photographs (JPEG, PNG, WebP, "
                "HEIC), Word, Excel, OpenDocument or plain text."
            )
            % {"name": isolated(shown)}
        )
    if kind.content_type.startswith("image/"):
        data = photographs.blanked(data)
    return keep(rules.fitting_name(shown, kind), data, content_type=kind.content_type, at=at, by=by)


def keep(name: str, data: bytes, *, content_type: str, at: datetime, by: Any = None) -> StoredFile:
    """Keep what the caller has checked itself, such as sound it recorded."""
    name_on_disk = random_name()
    path = path_of(name_on_disk)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(data)
    path.chmod(0o600)
    return StoredFile.objects.create(
        name=name_on_disk,
        shown_name=name,
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        stored_at=at,
        stored_by=by,
    )


def path_of(name: str) -> Path:
    """Where a stored file lies, by its random name."""
    return Path(settings.MEDIA_ROOT) / name[:2] / name


def _read(content: "bytes | File[Any]", shown: str) -> bytes:
    """At most one byte more than allowed is ever read."""
    limit: int = settings.FILE_LIMIT
    data = content if isinstance(content, bytes) else bytes(content.read(limit + 1))
    if not data:
        raise FileRefused(_("%(name)s is empty.") % {"name": isolated(shown)})
    if len(data) > limit:
        raise FileRefused(
            _("%(name)s is larger than 10 MB: send a smaller copy.") % {"name": isolated(shown)}
        )
    return data


def remove(stored: StoredFile) -> bool:
    """Delete a file that hangs on nothing; the row goes first, so that nothing points at a gap."""
    gone = bool(StoredFile.objects.orphans().filter(pk=stored.pk).delete()[0])
    if gone:
        path_of(stored.name).unlink(missing_ok=True)
    return gone
