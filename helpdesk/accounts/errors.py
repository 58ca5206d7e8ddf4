"""What can go wrong for a person, in words for them."""

from django.utils.translation import gettext_lazy as _


class NotYourself(Exception):
    """Nobody changes the own rights."""

    def __str__(self) -> str:
        return str(_("Somebody else must change your own rights."))
