"""The doorway to stored files. Unknown and forbidden are one 404."""

from typing import Any

from django.http import Http404

from helpdesk.files.models import StoredFile


def file_for(user: Any, name: str) -> StoredFile:
    stored = StoredFile.objects.visible_to(user).filter(name=name).first()
    if stored is None:
        raise Http404
    return stored
