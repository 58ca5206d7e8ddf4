"""Doorways to the board and to the figures without persons."""

from typing import Any

from django.core.exceptions import PermissionDenied


def may_see_board(user: Any) -> None:
    """Raises PermissionDenied."""
    if not user.has_perm("queues.view_board"):
        raise PermissionDenied


def may_see_figures(user: Any) -> None:
    """Raises PermissionDenied."""
    if not (user.has_perm("queues.view_figures") or user.has_perm("queues.view_board")):
        raise PermissionDenied
