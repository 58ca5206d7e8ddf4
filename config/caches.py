"""The shared cache where Redis is set: while it cannot be reached, each process remembers for itself.

What lies in it may be lost at any time (signs of typing, guesses counted, notices at hand), so no page
fails and none waits because Redis is gone.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

AGAIN_AFTER = 1.0
"""Seconds for which Redis is left alone after it did not answer."""


def _kept(name: str) -> Callable[..., Any]:
    """The method of RedisCache, or of this process's own cache while Redis is away."""
    method = getattr(RedisCache, name)

    @wraps(method)
    def tried(self: "SharedCache", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self.away_until:
            try:
                return method(self, *args, **kwargs)
            except RedisError:
                self.away_until = time.monotonic() + AGAIN_AFTER
        return getattr(self.own, name)(*args, **kwargs)

    return tried


class SharedCache(RedisCache):
    """RedisCache with a fallback within the process."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        quick = {"socket_connect_timeout": 0.5, "socket_timeout": 1.0}
        super().__init__(server, {**params, "OPTIONS": {**quick, **params.get("OPTIONS", {})}})
        self.own = LocMemCache("while-redis-is-away", {})
        self.away_until = 0.0

    add = _kept("add")
    get = _kept("get")
    set = _kept("set")
    touch = _kept("touch")
    delete = _kept("delete")
    get_many = _kept("get_many")
    has_key = _kept("has_key")
    incr = _kept("incr")
    set_many = _kept("set_many")
    delete_many = _kept("delete_many")
    clear = _kept("clear")
