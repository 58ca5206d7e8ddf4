"""Signs as Twilio does: over the address and the sorted fields, SHA-1 by the account's token or
SHA-256 by a key of its own (public beta of 2026-09).

Written from the description, not by `RequestValidator`, so that a test of one is no test of itself.
Whether Twilio signs the part after `#` is not established; without, unless `fragment` says otherwise.
"""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha1, sha256

SIGNATURE = "X-Twilio-Signature"
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"


@dataclass(frozen=True)
class Signer:
    secret: str
    key: str = ""
    """The name of a shared key; empty: the account's token and SHA-1."""
    fragment: bool = False

    def headers(self, url: str, form: Mapping[str, str]) -> dict[str, str]:
        """What a request carries; `url` as the server's owner wrote it, `#…` included."""
        signed = url if self.fragment else url.partition("#")[0]
        if not self.key:
            return {SIGNATURE: self._sign(signed, form, "sha1")}
        settings = f"key={self.key},algorithm=HMAC_SHA256"
        return {SIGNATURE: self._sign(signed, form, "sha256"), SETTINGS: settings}

    def _sign(self, url: str, form: Mapping[str, str], how: str) -> str:
        text = url + "".join(name + form[name] for name in sorted(form))
        digest = hmac.new(
            self.secret.encode(), text.encode(), {"sha1": sha1, "sha256": sha256}[how]
        )
        return base64.b64encode(digest.digest()).decode()
