"""Doorways to organisations, for who keeps keys. Unknown and forbidden are one 404."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from helpdesk.accounts.keys import ApiKey, Organisation, OrganisationQuerySet
from helpdesk.centre.lines import isolated_ltr
from helpdesk.notices.models import Notice
from helpdesk.notices.subscriptions import Subscription

KEEP = "accounts.keep_keys"
LAST = 20
"""Messages shown of an organisation."""


@dataclass(frozen=True)
class Sent:
    """What became of one message."""

    notice: Notice

    @property
    def tone(self) -> str:
        return {"delivered": "ok", "failed": "late", "queued": "soon"}.get(self.notice.state, "")

    @property
    def why(self) -> str:
        """Why it was not taken, in words."""
        why = self.notice.failed_why
        if not why or why == "ended":
            return _("not sent: the subscription has ended") if why else ""
        if why.startswith("HTTP "):
            return _("the server answered %(status)s") % {"status": isolated_ltr(why[5:])}
        if why == "not allowed: private":
            return _("the name leads to an address that is not public")
        if why.startswith("not allowed"):
            return _("nothing is sent to this address")
        return _("the server was not reached: %(why)s") % {"why": isolated_ltr(why)}

    @property
    def is_tried_again(self) -> bool:
        return self.notice.state == Notice.State.QUEUED and self.notice.tries > 0


def organisations_for(viewer: Any) -> OrganisationQuerySet:
    """403 for who keeps none, and for who practises: what programs send and are told is real."""
    if not viewer.has_perm(KEEP):
        raise PermissionDenied
    if viewer.practising_id is not None:
        raise PermissionDenied(_("Programs do not practise: go back to the real desk first."))
    return Organisation.objects.visible_to(viewer)


def organisation_for(viewer: Any, pk: int) -> Organisation:
    found = organisations_for(viewer).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def key_for(viewer: Any, organisation: int, pk: int) -> ApiKey:
    row = organisation_for(viewer, organisation).keys.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def subscription_for(viewer: Any, organisation: int, pk: int) -> Subscription:
    row = organisation_for(viewer, organisation).subscriptions.filter(pk=pk, ended_at=None).first()
    if row is None:
        raise Http404
    return row


def sent_to(organisation: Organisation) -> list[Sent]:
    """What its programs were told last."""
    rows = Notice.objects.filter(subscription__organisation=organisation)
    return [Sent(row) for row in rows.select_related("subscription").order_by("-pk")[:LAST]]
