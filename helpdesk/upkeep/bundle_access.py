"""Doorways to the libraries of other centres: who takes ours out, trusts keys, brings in, takes, signs."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from helpdesk.centre.access import own_centre
from helpdesk.centre.models import Centre
from helpdesk.upkeep import access
from knowledge.articles.bundle_models import Bundle, Origin, TrustedKey
from knowledge.articles.models import Version

EXPORTS = "articles.export_bundle"
TRUSTS = "articles.trust_centre"
BRINGS = "articles.draft_version"
MOST = 30


def may_see(user: Any) -> None:
    """The page of all: whoever does one of these. Raises PermissionDenied."""
    if not any(user.has_perm(one) for one in (EXPORTS, TRUSTS, BRINGS)):
        raise PermissionDenied


def may_export(user: Any) -> None:
    if not user.has_perm(EXPORTS):
        raise PermissionDenied


def may_trust(user: Any) -> None:
    if not user.has_perm(TRUSTS):
        raise PermissionDenied


def may_bring(user: Any) -> None:
    """Bring in the library of another centre, and take articles from it."""
    if not user.has_perm(BRINGS):
        raise PermissionDenied


def centre_of(user: Any) -> Centre:
    """In whose name the library is signed."""
    try:
        return own_centre(user)
    except Http404:
        if first := Centre.objects.order_by("pk").first():
            return first
        raise


def keys(user: Any) -> list[TrustedKey]:
    may_see(user)
    return list(TrustedKey.objects.with_people())


def key_for(user: Any, pk: int) -> TrustedKey:
    may_trust(user)
    row: TrustedKey | None = TrustedKey.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def bundles(user: Any) -> list[Bundle]:
    """Those that came last."""
    may_see(user)
    return list(Bundle.objects.listed()[:MOST])


def bundle_for(user: Any, pk: int) -> Bundle:
    """With its content."""
    may_bring(user)
    row: Bundle | None = Bundle.objects.select_related("key", "brought_by").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def waiting(user: Any) -> list[Origin]:
    """What was taken and nobody here has signed."""
    may_see(user)
    return list(Origin.objects.waiting())


def waiting_for(user: Any, pk: int) -> tuple[Version, Origin]:
    """One version that waits, whole, with where it came from."""
    access.may_review(user)
    origin = Origin.objects.waiting().filter(version=pk).first()
    version = Version.objects.whole().filter(pk=pk).first()
    if origin is None or version is None:
        raise Http404
    return version, origin
