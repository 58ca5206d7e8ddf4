"""Settings of the telephone lines, from the environment (docs/operating.md)."""

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
RECORD_CALLS = env.bool("RECORD_CALLS", False)
"""Talks may be recorded, each only after its caller ticked the box; off, the box is not shown."""
RECORDING_DAYS = env.int("RECORDING_DAYS", 90)
"""Days for which sound is kept: voice messages and recorded talks."""
OPEN_CALLS = env.int("OPEN_CALLS", 200)
"""Web calls open at once; one more is offered a call-back."""
