"""What a start-up check looks at: the account, its numbers and applications, where it may dial."""

from typing import Any

from telephony.simulator.rest import calls, errors, showing
from telephony.simulator.rest.asked import Reply, Request, route
from telephony.simulator.state import Hooks

VOICE = "https://voice.twilio.com"


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


KNOWN = ("BE", "DZ", "ES", "FR", "LV", "MA", "SN", "TN", "US")
"""Countries there are here, beside those that are open."""
RISKS = {
    "LowRiskNumbersEnabled": "low_risk_numbers_enabled",
    "HighRiskSpecialNumbersEnabled": "high_risk_special_numbers_enabled",
    "HighRiskTollfraudNumbersEnabled": "high_risk_tollfraud_numbers_enabled",
}


def _country(request: Request, code: str) -> dict[str, Any]:
    account, url = request.world.account, f"{VOICE}/v1/DialingPermissions/Countries/{code}"
    return {
        "iso_code": code, "name": code, "continent": "AFRICA", "country_codes": ["+212"],
        "low_risk_numbers_enabled": code in account.countries,
        "high_risk_special_numbers_enabled": code in account.dear,
        "high_risk_tollfraud_numbers_enabled": code in account.dear,
        "links": {"highrisk_special_prefixes": f"{url}/HighRiskSpecialPrefixes"}, "url": url,
    }  # fmt: skip


def country_fetch(request: Request) -> Reply:
    """Where dialling is permitted; of the voice domain, which the OpenAPI file lacks."""
    return Reply(200, _country(request, request.ids["IsoCode"]))


def country_list(request: Request) -> Reply:
    """All of them, or those where a kind of number is open or shut: one page."""
    account, fields = request.world.account, request.fields
    rows = [_country(request, one) for one in sorted({*KNOWN, *account.countries, *account.dear})]
    for name, shown in RISKS.items():
        if name in fields:
            rows = [row for row in rows if row[shown] == fields.truth(name)]
    size = fields.number("PageSize", 50)
    url = f"{VOICE}/v1/DialingPermissions/Countries?PageSize={size}&Page=0"
    meta = {"page": 0, "page_size": size, "first_page_url": url, "previous_page_url": None,
            "url": url, "next_page_url": None, "key": "content"}  # fmt: skip
    return Reply(200, {"content": rows[:size], "meta": meta})


ROUTES = (
    route("GET", f"{calls.BASE}.json", account_fetch),
    route("GET", f"{calls.BASE}/IncomingPhoneNumbers.json", number_list,
          f"PhoneNumber {calls.PAGED}"),
    route("GET", f"{calls.BASE}/Applications/{{ApplicationSid}}.json", application_fetch),
    route("GET", "/v1/DialingPermissions/Countries", country_list, f"{' '.join(RISKS)} PageSize"),
    route("GET", "/v1/DialingPermissions/Countries/{IsoCode}", country_fetch),
)  # fmt: skip
