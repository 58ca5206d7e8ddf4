"""How browsers find a way to each other: nothing on a local network, STUN and a relay elsewhere."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings


def ice(*, at: datetime) -> dict[str, Any]:
    """Configuration of a peer connection, with relay credentials that hold `lasts` seconds."""
    servers: list[dict[str, Any]] = []
    if settings.ICE_URLS:
        servers.append({"urls": settings.ICE_URLS})
    if settings.TURN_URLS and settings.TURN_SECRET:
        servers.append({"urls": settings.TURN_URLS, **credential(at=at)})
    policy = "relay" if settings.RELAY_ONLY else "all"
    return {"iceServers": servers, "iceTransportPolicy": policy, "lasts": settings.TURN_LIFETIME}


def credential(*, at: datetime) -> dict[str, str]:
    """Time-limited, as coturn's `use-auth-secret` checks it: nothing of it is stored here or there."""
    name = f"{int(at.timestamp()) + settings.TURN_LIFETIME}:{secrets.token_hex(8)}"
    made = hmac.new(settings.TURN_SECRET.encode(), name.encode(), hashlib.sha1)
    return {"username": name, "credential": base64.b64encode(made.digest()).decode()}
