"""Keys: who asks, whether the key opens it, and how often it may."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from helpdesk.accounts import keys
from helpdesk.live import pace
from helpdesk.portal.api.problems import Problem

PACE = pace.Pace("api", visitor="120 per minute", address="120 per minute")
WRONG = pace.Pace("api-wrong", visitor="20 per minute", address="20 per minute")


class Key(HttpBearer):
    """An operation that needs a key with a scope. The door has found the key already."""

    openapi_name = "key"

    def __init__(self, scope: keys.Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Any:
        return self.authenticate(request, "")

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        key = request.api_key  # type: ignore[attr-defined]
        if key is None:
            raise Problem("no-key")
        if self.scope not in key.scopes:
            raise Problem("no-scope")
        return key


def key_of(request: HttpRequest) -> keys.ApiKey | None:
    """The key that the request names, None where it names none. Raises Problem.

    A wrong one is a problem everywhere: whoever sends a key means to be known. Guessing is slow.
    """
    said = request.headers.get("Authorization", "")
    if not said:
        return None
    word, _space, key = said.partition(" ")
    here = f"p{pace.address_of(request)}"
    at = timezone.now()
    row = None
    if word.lower() == "bearer":
        row = keys.found(key.strip(), at=at, on=timezone.localdate())
    if row is None:
        if wait := pace.seconds_to_wait(request, WRONG, who=here):
            raise Problem("too-many", retry_after=wait)
        raise Problem("wrong-key")
    return row


def slow_down(request: HttpRequest, key: keys.ApiKey | None) -> None:
    """Take one from the bucket of the key, else of the address. Raises Problem."""
    if key is None:
        wait = pace.seconds_to_wait(request, PACE, who=f"p{pace.address_of(request)}")
    else:
        rate = f"{key.per_minute} per minute"
        own = pace.Pace("api-key", visitor=rate, address="6000 per minute")
        wait = pace.seconds_to_wait(request, own, who=f"k{key.pk}")
    if wait:
        raise Problem("too-many", retry_after=wait)
