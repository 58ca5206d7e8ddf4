"""Doorway to the board."""

from typing import Any

from django.core.exceptions import PermissionDenied


def may_see_board(user: Any) -> None:
    """Raises PermissionDenied."""
    if not user.has_perm("queues.view_board"):
        raise PermissionDenied
