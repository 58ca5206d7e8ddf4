"""What is looked at here: our address, keys that sign, templates, prompts, recordings."""

import ipaddress
import re
from urllib.parse import urlsplit

from django.conf import settings

from telephony.providers.twilio.checking.found import AMBER, GREEN, OFF, RED, Point, point
from telephony.providers.twilio.prompts import standing
from telephony.recordings import Recording

TEMPLATE = re.compile(r"HX[0-9a-f]{32}")
KINDS = ("answer-given", "line-added", "question-received", "ticket-closed", "result-asked")
"""Notices that go to askers by WhatsApp, of which each language needs a template."""
SHORTEST = 16
"""Characters of a shared key."""


def public_url() -> list[Point]:
    """Twilio reaches only https at a public name; a path or a mark at the end would break every signature."""
    split = urlsplit(settings.PUBLIC_URL)
    host = split.hostname or ""
    if split.scheme != "https":
        return [point(RED, "url-no-https")]
    if not _is_public(host):
        return [point(RED, "url-not-public")]
    if split.path or split.query or split.fragment:
        return [point(RED, "url-too-long")]
    return [point(GREEN, "url-good")]


def signing() -> list[Point]:
    keys = settings.TWILIO_SIGNING_KEYS
    if not keys:
        return [point(GREEN, "signing-token")]
    if any(len(secret) < SHORTEST for secret in keys.values()):
        return [point(RED, "signing-short")]
    if len(keys) > 2:
        return [point(AMBER, "signing-many", n=len(keys))]
    return [point(GREEN, "signing-good", n=len(keys))]


def whatsapp() -> list[Point]:
    if not settings.TWILIO_WHATSAPP_FROM:
        return [point(OFF, "whatsapp-unset")]
    given = settings.TWILIO_WHATSAPP_TEMPLATES
    if any(not TEMPLATE.fullmatch(one) for one in given.values()):
        return [point(RED, "whatsapp-bad-template")]
    every = [f"{kind}.{language}" for kind in KINDS for language in ("ar", "fr")]
    missing = [one for one in every if one not in given]
    if missing:
        return [point(AMBER, "whatsapp-no-template", names=missing)]
    return [point(GREEN, "whatsapp-good")]


def prompts() -> list[Point]:
    counts = standing.counts()
    read = sum(one.read for one in counts if one.language)
    missing, wanted = sum(one.missing for one in counts), sum(one.wanted for one in counts)
    if not missing:
        return [point(GREEN, "prompts-good")]
    return [point(AMBER, "prompts-missing", missing=missing, wanted=wanted, read=read)]


def recordings() -> list[Point]:
    """A talk is recorded only with its caller's consent, which stands."""
    talks = Recording.objects.filter(kind=Recording.Kind.TALK, deleted_at=None)
    without = talks.filter(consent=None).count()
    withdrawn = talks.exclude(consent__withdrawn_at=None).exclude(consent=None).count()
    if without or withdrawn:
        return [point(RED, "recordings-no-consent", n=without + withdrawn)]
    return [point(GREEN, "recordings-good" if settings.RECORD_CALLS else "recordings-off")]


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".localhost", ".internal", ".lan"))
