"""What the check says of a point, and what to do about it. Names and addresses stand in `facts`."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpdesk.centre.lines import isolated_ltr

TITLES: dict[str, Promise] = {
    "account": _("Account and token"),
    "public_url": _("Our public address"),
    "number": _("Our number"),
    "application": _("Application of the advisors' pages"),
    "key": _("Key of the advisors' passes"),
    "signing": _("Keys that sign"),
    "countries": _("Countries that may be called"),
    "clock": _("Clock"),
    "sms": _("SMS"),
    "whatsapp": _("WhatsApp"),
    "prompts": _("Prompts"),
    "recordings": _("Recordings"),
}
NOTHING = ""
SENTENCES: dict[str, tuple[Promise, "Promise | str"]] = {
    "not-answered": (_("Twilio did not answer within five seconds."), _("Check again in a few minutes; if it lasts, see whether this server may reach api.twilio.com and voice.twilio.com.")),
    "account-active": (_("The account is active and the token is right."), NOTHING),
    "credentials-refused": (_("Twilio refuses the account or its token."), _("Compare TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN with the console, then start the server again.")),
    "account-not-active": (_("The account is %(status)s."), _("Settle with Twilio why: no call comes in.")),
    "account-trial": (_("A trial account: callers hear a sentence of Twilio's first, and few numbers can be called."), _("Upgrade the account before the number is made public.")),
    "url-good": (_("https at a public name."), NOTHING),
    "url-no-https": (_("PUBLIC_URL does not begin with https://."), _("Set PUBLIC_URL to the https address of the centre: Twilio calls no other.")),
    "url-not-public": (_("PUBLIC_URL names a machine that Twilio cannot reach."), _("Set PUBLIC_URL to a name that is known outside.")),
    "url-too-long": (_("PUBLIC_URL holds more than a name: no signature would fit."), _("Leave only https:// and the name, without anything after it.")),
    "number-good": (_("It asks and tells at our addresses."), NOTHING),
    "number-unset": (_("TWILIO_NUMBER is not set: nobody can be called back from the line."), _("Set it to the number that callers dial.")),
    "number-not-ours": (_("The number of TWILIO_NUMBER does not belong to this account."), _("Correct TWILIO_NUMBER, or TWILIO_ACCOUNT_SID.")),
    "number-led-elsewhere": (_("The number is given to an application or a trunk: our address is not asked."), _("In the console, set the number to a webhook.")),
    "voice-elsewhere": (_("Calls are not asked at our address, or not by POST."), _("Set the address for calls to %(address)s by POST.")),
    "no-fallback": (_("No fallback address: while this server is away, callers are cut off."), _("Set as fallback, by GET, a file that waits and tries again (docs/operating.md).")),
    "no-status": (_("The end of a call is not told at our address: it is found a minute and a half later."), _("Set the status callback to %(address)s by POST.")),
    "application-good": (_("It asks and tells at our addresses."), NOTHING),
    "application-unset": (_("TWILIO_APP_SID is not set: advisors cannot speak on this line."), _("Make an application in the console and set its name, AP…")),
    "application-not-ours": (_("The application does not belong to this account."), _("Correct TWILIO_APP_SID.")),
    "key-good": (_("The key and its secret are of this account."), NOTHING),
    "key-unset": (_("TWILIO_API_KEY or its secret is not set: advisors cannot speak on this line."), _("Make a key in the console and set both.")),
    "key-refused": (_("Twilio refuses the key: no advisor can speak on this line."), _("Make a new key in the console and set TWILIO_API_KEY and TWILIO_API_SECRET.")),
    "key-unknown": (_("It is tried once the application is set."), _("Set TWILIO_APP_SID first.")),
    "signing-token": (_("Requests are signed with the token of the account."), NOTHING),
    "signing-good": (_("Keys set: %(n)s."), NOTHING),
    "signing-short": (_("A shared key has fewer than 16 characters."), _("Make a new one in the console and change TWILIO_SIGNING_KEYS.")),
    "signing-many": (_("Keys set: %(n)s; two are enough while one is being changed."), _("Take the old ones out of TWILIO_SIGNING_KEYS.")),
    "countries-good": (_("Only Morocco, and no dear numbers."), NOTHING),
    "countries-open": (_("Countries open beyond Morocco: %(more)s (%(countries)s). Whoever gets hold of a key can run up a bill there."), _("Close them in the console: Voice, Settings, Geo permissions.")),
    "dear-numbers-open": (_("Dear numbers of Morocco are open to calls."), _("Close special and high-risk numbers in the console.")),
    "country-shut": (_("Not open: %(countries)s. Nobody can be called back."), _("Open it in the console, ordinary numbers only.")),
    "clock-good": (_("It goes with Twilio's: %(seconds)s s apart."), NOTHING),
    "clock-off": (_("It is %(seconds)s s off Twilio's: passes are refused and times are wrong."), _("Let the server set its clock by NTP.")),
    "clock-untold": (_("Twilio told no time."), _("Check again in a few minutes.")),
    "sms-good": (_("Answers to texts come to us."), NOTHING),
    "sms-unset": (_("No number for SMS is set."), NOTHING),
    "sms-not-ours": (_("The sender of SMS is no number of this account: nobody can answer."), _("Set TWILIO_SMS_FROM to a number of the account, or tell askers another way to answer.")),
    "sms-elsewhere": (_("Answers to texts do not come to our address."), _("Set the address for messages to %(address)s by POST.")),
    "whatsapp-good": (_("A template is set for every notice in both languages."), NOTHING),
    "whatsapp-unset": (_("No number for WhatsApp is set."), NOTHING),
    "whatsapp-bad-template": (_("A template has not the form HX and 32 digits."), _("Correct TWILIO_WHATSAPP_TEMPLATES.")),
    "whatsapp-no-template": (_("Without a template, a day after somebody wrote: %(names)s."), _("Have templates approved and add them to TWILIO_WHATSAPP_TEMPLATES.")),
    "prompts-good": (_("All recorded by people."), NOTHING),
    "prompts-missing": (_("Not recorded by people: %(missing)s of %(wanted)s; read by Twilio: %(read)s."), _("Record them on the page « What callers hear »; manage.py prompts lays placeholders.")),
    "recordings-good": (_("Every recorded talk has its caller's consent."), NOTHING),
    "recordings-off": (_("Talks are not recorded."), NOTHING),
    "recordings-no-consent": (_("Recorded talks without consent: %(n)s."), _("Delete them, and find out how they came about.")),
}  # fmt: skip
"""By the code of a point."""


def told(point: Mapping[str, Any]) -> tuple[str, str]:
    """(what was found, what to do), the second empty where nothing is to be done."""
    found, act = SENTENCES[point["says"]]
    facts = {name: _shown(value) for name, value in point.items()}
    return str(found) % facts, str(act) % facts if act else ""


def _shown(value: Any) -> Any:
    """Addresses, names and codes read from the left in any line."""
    if isinstance(value, list):
        return isolated_ltr(", ".join(value))
    return isolated_ltr(value) if isinstance(value, str) else value
