"""`python -m tests.config.digest COUNT`: a digest over every row of a load made in a fresh database."""

import hashlib
import json
import os
import sys
from typing import Any

import django


def main(count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from config.installation.actions import first_centre
    from helpdesk.accounts.actions import lay_groups
    from knowledge.articles.actions import load_library

    now = timezone.now()
    call_command("migrate", verbosity=0, interactive=False)
    lay_groups()
    first_centre(at=now)
    load_library(at=now)
    call_command("demo", tickets=count, at="2026-11-24T10:00:00+00:00", stdout=sys.stderr)
    print(digest())


def digest() -> str:
    """Over all rows the load writes, in the order of their keys."""
    from config.demonstration.load import people, rows
    from helpdesk.accounts.models import Posting, User

    found = hashlib.sha256()
    for model in (User, Posting, *people.ORDER, *rows.ORDER):
        count = 0
        for row in model.objects.order_by("pk").values():
            line = json.dumps(row, default=_plain, sort_keys=True, ensure_ascii=False)
            found.update(line.encode())
            count += 1
        print(model.__name__, count, found.hexdigest()[:8], file=sys.stderr)
    return found.hexdigest()


def _plain(value: Any) -> str:
    if hasattr(value, "for_storage"):
        return str(value.for_storage())
    return str(value.isoformat())


if __name__ == "__main__":
    main(int(sys.argv[1]))
