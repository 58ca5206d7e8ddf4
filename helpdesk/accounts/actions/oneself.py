"""What people set for themselves. No rights, so no audit."""

from collections.abc import Sequence

from helpdesk.accounts.models import User


def save_settings(
    user: User, *, language: str, speaks: Sequence[str], single_keys: bool, extension: str
) -> None:
    user.language, user.speaks, user.single_keys = language, list(speaks), single_keys
    user.extension = extension
    user.save(update_fields=["language", "speaks", "single_keys", "extension"])


def choose_language(user: User, code: str) -> None:
    """`code` is one of settings.LANGUAGES."""
    if user.language != code:
        user.language = code
        user.save(update_fields=["language"])
