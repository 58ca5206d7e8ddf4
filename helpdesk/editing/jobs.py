"""Sweep: what a second person released for a moment that has come goes to the readers."""

from datetime import datetime

from knowledge.articles.actions.publishing import publish_due


def publish_released(*, at: datetime) -> int:
    """How many versions were published."""
    return publish_due(at=at)
