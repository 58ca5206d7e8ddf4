"""What is asked of Twilio: the account, our number and application, the key of the passes, where may be
dialled. Every function raises NotTaken where Twilio does not answer as it should."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from telephony.providers.twilio.account import address
from telephony.providers.twilio.checking.found import AMBER, GREEN, OFF, RED, Point, point
from telephony.providers.twilio.client import Rest
from telephony.providers.twilio.reaching import API, VOICE_API, NotTaken

ALLOWED = ("MA",)
"""Countries that may be called. Each open one more is a bill that somebody else can run up."""
SLOW, WRONG = 10, 60
"""Seconds by which clocks may differ before it is told, and before it is wrong."""
MOST = 1000
"""Countries in one answer: more than there are."""
VOICE, APPLICATION, STATUS, TEXT = (
    f"/hooks/twilio/{name}/" for name in ("voice", "application", "status", "text")
)


def of(rest: Rest, path: str) -> str:
    return f"{API}/2010-04-01/Accounts/{rest.ours.sid}{path}"


def account(rest: Rest) -> tuple[list[Point], list[Point]]:
    """(the account, the clock)."""
    before = timezone.now()
    try:
        told, date = rest.read(of(rest, ".json"))
    except NotTaken as no:
        if no.status in (401, 403, 404):
            return [point(RED, "credentials-refused")], []
        raise
    after = timezone.now()
    status = told.get("status")
    points = [point(GREEN, "account-active")]
    if status != "active":
        points = [point(RED, "account-not-active", status=str(status)[:20])]
    elif told.get("type") == "Trial":
        points = [point(AMBER, "account-trial")]
    return points, [clock(date, before, after)]


def clock(date: str, before: datetime, after: datetime) -> Point:
    """Our clock against Twilio's, which tells whole seconds."""
    try:
        theirs = parsedate_to_datetime(date)
    except (ValueError, TypeError):
        return point(AMBER, "clock-untold")
    theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    off = max((before - theirs).total_seconds() - 1, (theirs - after).total_seconds(), 0)
    level = RED if off > WRONG else AMBER if off > SLOW else GREEN
    return point(level, "clock-good" if level == GREEN else "clock-off", seconds=round(off))


def number(rest: Rest) -> list[Point]:
    """Our number for calls: every call asks its addresses."""
    if not settings.TWILIO_NUMBER:
        return [point(AMBER, "number-unset")]
    told = _number(rest, settings.TWILIO_NUMBER)
    if told is None:
        return [point(RED, "number-not-ours")]
    if told.get("voice_application_sid") or told.get("trunk_sid"):
        return [point(RED, "number-led-elsewhere")]
    return _hooks(told, VOICE) or [point(GREEN, "number-good")]


def application(rest: Rest) -> tuple[list[Point], list[Point]]:
    """(the application of the advisors' pages, the key that lets them in). The key itself asks for the
    application: it must be of this account, and its secret right."""
    sid, key, secret = settings.TWILIO_APP_SID, settings.TWILIO_API_KEY, settings.TWILIO_API_SECRET
    if not sid:
        return [point(AMBER, "application-unset")], []
    try:
        told, _date = rest.read(of(rest, f"/Applications/{sid}.json"))
    except NotTaken as no:
        if no.status == 404:
            return [point(RED, "application-not-ours")], []
        raise
    points = _hooks(told, APPLICATION) or [point(GREEN, "application-good")]
    if not (key and secret):
        return points, [point(AMBER, "key-unset")]
    try:
        rest.read(of(rest, f"/Applications/{sid}.json"), auth=(key, secret))
    except NotTaken as no:
        if no.status in (401, 403, 404):
            return points, [point(RED, "key-refused")]
        raise
    return points, [point(GREEN, "key-good")]


def countries(rest: Rest) -> list[Point]:
    """Where may be dialled from this account, whoever dials."""
    url = f"{VOICE_API}/v1/DialingPermissions/Countries"
    opened: dict[str, set[str]] = {}
    for kind in ("LowRiskNumbersEnabled", "HighRiskSpecialNumbersEnabled",
                 "HighRiskTollfraudNumbersEnabled"):  # fmt: skip
        asked: dict[str, Any] = {kind: "true", "PageSize": MOST}
        told, _date = rest.read(url, **asked)
        opened[kind] = {str(row.get("iso_code"))[:2] for row in told.get("content", [])}
    low, special, fraud = opened.values()
    points = []
    if beyond := sorted((low | special | fraud) - set(ALLOWED)):
        points.append(point(RED, "countries-open", countries=beyond[:40], more=len(beyond)))
    if (special | fraud) & set(ALLOWED):
        points.append(point(RED, "dear-numbers-open"))
    if not set(ALLOWED) <= low:
        points.append(point(AMBER, "country-shut", countries=sorted(set(ALLOWED) - low)))
    return points or [point(GREEN, "countries-good")]


def sms(rest: Rest) -> list[Point]:
    """The number that texts leave from is where the answers to them come."""
    if not settings.TWILIO_SMS_FROM:
        return [point(OFF, "sms-unset")]
    told = _number(rest, settings.TWILIO_SMS_FROM)
    if told is None:
        return [point(AMBER, "sms-not-ours")]
    if not _is_ours(told, "sms", TEXT):
        return [point(RED, "sms-elsewhere", address=address(TEXT))]
    return [point(GREEN, "sms-good")]


def _number(rest: Rest, number: str) -> Mapping[str, Any] | None:
    told, _date = rest.read(of(rest, "/IncomingPhoneNumbers.json"), PhoneNumber=number)
    rows = [row for row in told.get("incoming_phone_numbers", []) if row["phone_number"] == number]
    return rows[0] if rows else None


def _hooks(told: Mapping[str, Any], path: str) -> list[Point]:
    """What is wrong with where a number or an application asks and tells."""
    points = []
    if not _is_ours(told, "voice", path):
        points.append(point(RED, "voice-elsewhere", address=address(path)))
    fallback = str(told.get("voice_fallback_url") or "")
    if not fallback.startswith("https://"):
        points.append(point(AMBER, "no-fallback"))
    status = str(told.get("status_callback") or "").partition("#")[0]
    if status != address(STATUS) or told.get("status_callback_method", "POST") != "POST":
        points.append(point(AMBER, "no-status", address=address(STATUS)))
    return points


def _is_ours(told: Mapping[str, Any], kind: str, path: str) -> bool:
    url = str(told.get(f"{kind}_url") or "").partition("#")[0]
    return url == address(path) and told.get(f"{kind}_method", "POST") == "POST"
