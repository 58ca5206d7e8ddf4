"""How the staff stands: who can answer, and whether they came in."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.accounts.models import Posting, User
from helpdesk.accounts.rules import DESK
from knowledge.health import Check, Light


def checks(*, centre: int, at: datetime) -> list[Check]:
    name, address = _("Staff"), reverse("installation:step", args=["staff"])
    posted = Posting.objects.held(on=timezone.localdate(at)).filter(team__centre=centre)
    desk = User.objects.filter(
        is_active=True, groups__name__in=[role.value for role in DESK], postings__in=posted
    ).distinct()
    count, waiting = desk.count(), desk.filter(last_login=None).count()
    if not count:
        return [
            Check(
                "staff", Light.RED, name, _("Nobody here can answer a request."),
                _("Add an advisor and hand over the link."), _("administrator"), address,
            )
        ]  # fmt: skip
    said = ngettext("%(n)s person can answer.", "%(n)s people can answer.", count) % {"n": count}
    if not waiting:
        return [Check("staff", Light.GREEN, name, said, address=address)]
    never = ngettext(
        "%(n)s of them has never signed in.", "%(n)s of them have never signed in.", waiting
    ) % {"n": waiting}
    return [
        Check(
            "staff", Light.AMBER, name, f"{said} {never}",
            _("Ask them to use their link; a new one stands on their page."), _("administrator"), address,
        )
    ]  # fmt: skip
