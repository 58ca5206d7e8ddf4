"""What one person has on a ticket besides it: unsent texts, what arrived of theirs, what they put off."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef

from helpdesk.live.models import Draft
from helpdesk.tickets.desk_models import Snooze


def draft_place(pk: int) -> str:
    """Where the text of a ticket's composer is kept."""
    return f"ticket:{pk}:answer"


def newest_key(model: Any, rows: str, **of: Any) -> Any:
    """The key of the newest row somebody sent: a page learns from it what arrived."""
    found = model._meta.get_field(rows).related_model.objects.filter(ticket=OuterRef("pk"), **of)
    return found.exclude(key=None).order_by("-pk").values("key")[:1]


def begun_by_others(user: Any, pk: int) -> Any:
    """Answers others were writing there, the newest first; notes stay with who writes them."""
    texts = Draft.objects.filter(place=draft_place(pk), fields__kind__in=["answer", "ask", "line"])
    return (
        texts.exclude(user=None).exclude(user=user).exclude(fields__body="").order_by("-saved_at")
    )


def put_off(user: Any, *, at: datetime) -> Any:
    return Snooze.objects.running(at=at).filter(user=user, ticket=OuterRef("pk"))
