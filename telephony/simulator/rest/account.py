"""What a start-up check looks at: the account, its numbers and applications, where it may dial."""

from typing import Any

from telephony.simulator.rest import calls, errors, showing
from telephony.simulator.rest.asked import Reply, Request, route
from telephony.simulator.state import Hooks


def _hooks(hooks: Hooks) -> dict[str, Any]:
    return {
        "voice_url": hooks.voice, "voice_method": "POST",
        "voice_fallback_url": hooks.fallback or None, "status_callback": hooks.status or None,
        "voice_fallback_method": hooks.fallback_method, "status_callback_method": "POST",
        "sms_url": hooks.message or None, "sms_method": "POST",
    }  # fmt: skip


def account_fetch(request: Request) -> Reply:
    sid = request.world.account.sid
    return Reply(200, {
        "sid": sid, "status": "active", "type": "Full", "friendly_name": "Simulated",
        "owner_account_sid": sid, "auth_token": None, "date_created": None, "date_updated": None,
        "uri": f"{showing.base(request.world.account)}.json", "subresource_uris": {},
    })  # fmt: skip


def number_list(request: Request) -> Reply:
    account = request.world.account
    rows = [
        {"sid": f"PN{place:032x}", "account_sid": account.sid, "phone_number": number,
         "friendly_name": number, **_hooks(hooks)}
        for place, (number, hooks) in enumerate(account.numbers.items(), 1)
        if not number.startswith("whatsapp:")
        and request.fields.one("PhoneNumber") in ("", number)
    ]  # fmt: skip
    return showing.page(request, "incoming_phone_numbers", rows)


def application_fetch(request: Request) -> Reply:
    account, sid = request.world.account, request.ids["ApplicationSid"]
    if sid not in account.applications:
        raise errors.not_found(request.path)
    return Reply(200, {"sid": sid, "account_sid": account.sid, "friendly_name": "Desk",
                       **_hooks(account.applications[sid])})  # fmt: skip


def country_fetch(request: Request) -> Reply:
    """Where dialling is permitted; of the voice domain, which the OpenAPI file lacks."""
    code = request.ids["IsoCode"]
    allowed = code in request.world.account.countries
    return Reply(200, {
        "iso_code": code, "name": code, "continent": "Africa", "country_codes": ["+212"],
        "low_risk_numbers_enabled": allowed, "high_risk_special_numbers_enabled": False,
        "high_risk_tollfraud_numbers_enabled": False, "links": {},
        "url": f"https://voice.twilio.com{request.path}",
    })  # fmt: skip


ROUTES = (
    route("GET", f"{calls.BASE}.json", account_fetch),
    route("GET", f"{calls.BASE}/IncomingPhoneNumbers.json", number_list,
          f"PhoneNumber {calls.PAGED}"),
    route("GET", f"{calls.BASE}/Applications/{{ApplicationSid}}.json", application_fetch),
    route("GET", "/v1/DialingPermissions/Countries/{IsoCode}", country_fetch),
)  # fmt: skip
