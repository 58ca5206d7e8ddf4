"""Settings of the telephone lines, from the environment (docs/operating.md)."""

from hashlib import sha256

import environ

from config.secrets import keyed_secrets

env = environ.Env()

ICE_URLS = env.list("ICE_URLS", default=[])
"""stun:host:port, by which browsers behind a router learn their address; none on a local network."""
TURN_URLS = env.list("TURN_URLS", default=[])
"""turn:host:port?transport=udp and its kin: a relay for those who reach nobody directly."""
TURN_SECRET = env.str("TURN_SECRET", "")
"""Shared with the relay (coturn: static-auth-secret)."""
TURN_LIFETIME = env.int("TURN_LIFETIME", 5 * 3600)
"""Seconds a relay credential holds: longer than the longest call, whose relay it renews."""
RELAY_ONLY = env.bool("RELAY_ONLY", False)
"""Neither side sees the other's network address; every voice passes the relay."""
LINE_HOOK_SECRETS = keyed_secrets(env.str("LINE_HOOK_SECRET", ""))
"""Keys with which an exchange or a telephone signs what it reports; without one the hook is closed."""
LINE_HOOK_APPLIES = env.bool("LINE_HOOK_APPLIES", True)
"""What is told is applied at once by the process that took it; off, by the sweeps alone."""
TWILIO_ACCOUNT_SID = env.str("TWILIO_ACCOUNT_SID", "")
"""Our account, `AC` and 32 digits: what any other account sends is refused."""
TWILIO_AUTH_TOKEN = env.str("TWILIO_AUTH_TOKEN", "")
"""Signs what Twilio sends by SHA-1, and our own requests; without it the telephone network is off."""
TWILIO_SIGNING_KEYS = keyed_secrets(env.str("TWILIO_SIGNING_KEYS", ""), longest=64)
"""Shared keys by their id, for webhooks signed by HMAC-SHA256: `ID:SECRET,ID:SECRET`."""
TWILIO_API_KEY, TWILIO_API_SECRET = env.str("TWILIO_API_KEY", ""), env.str("TWILIO_API_SECRET", "")
"""`SK…` and its secret: of them the passes of the advisors' pages are made."""
TWILIO_APP_SID = env.str("TWILIO_APP_SID", "")
"""`AP…`: the application that the advisors' pages call."""
TWILIO_NUMBER = env.str("TWILIO_NUMBER", "")
"""Our number, +212…: whoever calls from here is shown it."""
CALLS_OUT_PREFIXES = env.list("CALLS_OUT_PREFIXES", default=[])
"""Beginnings of numbers that may be called beside the Moroccan ones, `+33`; surcharged ones never."""
CALLS_OUT_ADVISOR = env.int("CALLS_OUT_ADVISOR", 60)
"""Calls one advisor may make in a day by the public network."""
CALLS_OUT_CENTRE = env.int("CALLS_OUT_CENTRE", 600)
"""Calls a centre may make in a day by the public network."""
TWILIO_SMS_FROM, TWILIO_WHATSAPP_FROM = (
    env.str("TWILIO_SMS_FROM", ""),
    env.str("TWILIO_WHATSAPP_FROM", ""),
)
"""Numbers that texts leave from, +…; a channel without one is closed."""
TWILIO_WHATSAPP_TEMPLATES = env.dict("TWILIO_WHATSAPP_TEMPLATES", default={})
"""`KIND.LANGUAGE=HX…`: templates of a notice that WhatsApp approved, for who has not written for a day."""
TEXT_CHANNELS = [
    channel
    for channel, sender in (("sms", TWILIO_SMS_FROM), ("whatsapp", TWILIO_WHATSAPP_FROM))
    if sender and TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN
]
TWILIO_API_URL = env.str("TWILIO_API_URL", "").rstrip("/")
"""Where Twilio is asked, when it is not Twilio: the simulator."""
TWILIO_VOICE_HOST = env.str("TWILIO_VOICE_HOST", "")
"""host:port that the advisors' pages speak to, when it is not Twilio: a simulator."""
SIMULATED = env.bool("SIMULATED", False)
"""The simulated network stands for Twilio (`make run SIMULATED=1`, then `make simulate`): its account is
made from our own secret key, so nobody else can sign in its name."""
RECORD_CALLS = env.bool("RECORD_CALLS", False)
"""Talks may be recorded, each only after its caller ticked the box; off, the box is not shown."""
RECORDING_DAYS = env.int("RECORDING_DAYS", 90)
"""Days for which sound is kept: voice messages and recorded talks."""
OPEN_CALLS = env.int("OPEN_CALLS", 200)
"""Web calls open at once; one more is offered a call-back."""


def simulated(secret_key: str) -> dict[str, str]:
    """The settings under which the simulated network is ours: server and simulator reckon the same.
    What is set in the environment is left as it is."""
    sign = sha256(f"simulated:{secret_key}".encode()).hexdigest()
    made = {
        "TWILIO_ACCOUNT_SID": f"AC{sign[:32]}", "TWILIO_AUTH_TOKEN": sign[32:],
        "TWILIO_API_KEY": f"SK{sign[:32]}", "TWILIO_API_SECRET": sign[16:48],
        "TWILIO_APP_SID": f"AP{sign[:32]}", "TWILIO_NUMBER": "+212520000001",
        "TWILIO_API_URL": "http://127.0.0.1:8009",
    }  # fmt: skip
    return {name: env.str(name, "") or one for name, one in made.items()}
