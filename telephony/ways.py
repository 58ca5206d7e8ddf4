"""By which lines a call can come, whether each is on, and where it is tried."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.centre.lines import isolated_ltr
from helpdesk.centre.models import Centre


@dataclass(frozen=True)
class Way:
    """`test` is the page where a call is tried, empty where it is tried from outside."""

    name: str
    is_on: bool
    sentence: str
    test: str = ""
    act: str = ""


def ways(centre: Centre) -> list[Way]:
    return [_desk_line(centre), _web_line(), _hook(), _public()]


def _desk_line(centre: Centre) -> Way:
    """A telephone on a desk: an advisor answers it and says so here."""
    shown = isolated_ltr(centre.phone_shown)
    said = (
        _("Pages print %(number)s. Whoever answers presses P and writes the call down.")
        % {"number": shown}
        if centre.phone_shown
        else _("No number is printed yet: write it under « Telephone, e-mail, chat ».")
    )
    contact = reverse("installation:step", args=["contact"])
    act = "" if centre.phone_shown else _("Write the number")
    return Way(_("Desk telephone"), bool(centre.phone_shown), said, "" if not act else contact, act)


def _web_line() -> Way:
    return Way(
        _("Web line"), True,
        _("People call from the page, with the microphone of their browser. It needs nothing else."),
        reverse("calling:call"), _("Make a test call"),
    )  # fmt: skip


def _hook() -> Way:
    is_on = bool(settings.LINE_HOOK_SECRETS)
    said = (
        _("An exchange reports its calls by signed requests.")
        if is_on
        else _(
            "Off: LINE_HOOK_SECRET is not set on this server. With it an exchange reports its calls."
        )
    )
    return Way(_("Exchange of the house"), is_on, said)


def _public() -> Way:
    is_on = bool(settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN)
    if not is_on:
        return Way(
            _("Public telephone network"), False,
            _("Off: no account of the network (Twilio) is set on this server."),
        )  # fmt: skip
    said = (
        _("Its number is %(number)s.") % {"number": isolated_ltr(settings.TWILIO_NUMBER)}
        if settings.TWILIO_NUMBER
        else _("Its account is set, a number is not.")
    )
    return Way(
        _("Public telephone network"), True, said, reverse("line_check:checks"),
        _("Check how it is set up"),
    )  # fmt: skip
