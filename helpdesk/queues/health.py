"""How mail stands: proven by a message that went out and came back."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.centre.wording import moment_text
from helpdesk.notices import posting
from helpdesk.notices.mail_account import Unopened
from helpdesk.notices.models import Notice
from helpdesk.queues import mail_trial
from knowledge.health import Check, Light


def checks(*, centre: int, at: datetime) -> list[Check]:
    name, address = _("Mail, out and in"), reverse("installation:step", args=["mail"])
    good, ways = mail_trial.last_good(), (posting.OUT, posting.IN)
    if missing := [str(way.label) for way in ways if not posting.is_set(way)]:
        said = _("Not set: %(names)s.") % {"names": " · ".join(missing)}
        to_do = _("Type in the account; it is tried at once.")
    elif lost := [str(way.label) for way in ways if _is_lost(way)]:
        said = _("The kept password cannot be opened any more: %(names)s.") % {
            "names": " · ".join(lost)
        }
        to_do = _("Type it again: PEPPER of this server was changed.")
    elif good is not None:
        when = moment_text(good.sent_at or good.written_at)
        said = _("A test message went out and came back: %(when)s.") % {"when": when}
        return [Check("mail", Light.GREEN, name, said, address=address)]
    else:
        said, to_do = _of_trial(mail_trial.last(), at=at)
    return [Check("mail", Light.RED, name, said, to_do, _("administrator"), address)]


def _is_lost(way: str) -> bool:
    account = posting.held(way)
    try:
        _password = account.password if account else ""
    except Unopened:
        return True
    return False


def _of_trial(trial: Notice | None, *, at: datetime) -> tuple[str, str]:
    """(how it stands, what to do) while none came back yet."""
    if trial is None:
        return _("No test message was sent yet."), _("Send one.")
    if trial.state == Notice.State.FAILED or (trial.failed_why and not trial.sent_at):
        why = trial.failed_why or "?"
        return (
            _("The test message could not be sent: %(why)s.") % {"why": why},
            _("Correct the account of outgoing mail, or send another one."),
        )
    if at - trial.written_at > mail_trial.PATIENCE:
        name, _at, domain = posting.answered_to().partition("@")
        return (
            _("The test message left and did not come back within ten minutes."),
            _("Lead the addresses %(address)s to the mailbox that is read, and send another one.")
            % {"address": f"{name or 'reply'}+…@{domain or settings.MAIL_DOMAIN}"},
        )
    return _("The test message is on its way."), _("Wait a minute.")
