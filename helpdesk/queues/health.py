"""How mail stands: proven by a message that went out and came back."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.centre.wording import moment_text
from helpdesk.notices.models import Notice
from helpdesk.queues import mail_trial
from knowledge.health import Check, Light


def checks(*, centre: int, at: datetime) -> list[Check]:
    name, address = _("Mail, out and in"), reverse("installation:step", args=["mail"])
    good = mail_trial.last_good()
    missing = [
        variable
        for variable, there in (
            ("EMAIL_URL", mail_trial.goes_out()), ("IMAP_URL", mail_trial.comes_in())
        )
        if not there
    ]  # fmt: skip
    if missing:
        said = _("This server has no mail account. Not set: %(names)s.") % {
            "names": ", ".join(missing)
        }
        to_do, who = _("Set what is missing and start again."), _("whoever looks after the server")
    elif good is not None:
        when = moment_text(good.sent_at or good.written_at)
        said = _("A test message went out and came back: %(when)s.") % {"when": when}
        return [Check("mail", Light.GREEN, name, said, address=address)]
    else:
        said, to_do = _of_trial(mail_trial.last(), at=at)
        who = _("administrator")
    return [Check("mail", Light.RED, name, said, to_do, who, address)]


def _of_trial(trial: Notice | None, *, at: datetime) -> tuple[str, str]:
    """(how it stands, what to do) while none came back yet."""
    if trial is None:
        return _("No test message was sent yet."), _("Send one.")
    if trial.state == Notice.State.FAILED or (trial.failed_why and not trial.sent_at):
        why = trial.failed_why or "?"
        return (
            _("The test message could not be sent: %(why)s.") % {"why": why},
            _("Correct EMAIL_URL and send another one."),
        )
    if at - trial.written_at > mail_trial.PATIENCE:
        return (
            _("The test message left and did not come back within ten minutes."),
            _(
                "Lead the addresses reply+…@%(domain)s to the mailbox of IMAP_URL, and send another one."
            )
            % {"domain": settings.MAIL_DOMAIN},
        )
    return _("The test message is on its way."), _("Wait a minute.")
