"""Sweeps over what waits: offers that ran out go on to the next; work that nobody ended is ended."""

from datetime import datetime

from helpdesk.queues import actions


def offer_due(*, at: datetime) -> int:
    """Offers made; those that ran out in vain are taken back before."""
    actions.drop_vain(at=at)
    return actions.assign(at=at)


def end_forgotten(*, at: datetime) -> int:
    """Handlings ended."""
    return actions.end_forgotten(at=at)
