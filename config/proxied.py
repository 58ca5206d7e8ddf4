"""Settings of a centre behind a proxy that ends TLS, from the environment (docs/operating.md)."""

import environ

env = environ.Env()


def over_tls(is_https: bool) -> dict[str, object]:
    """What pages over https ask of browsers, and what is believed of the proxy.

    Whoever asks in the clear is sent on, but for the machines that look from this host. Whether all names
    beside ours are served over https too we cannot know: `HSTS_SUBDOMAINS=1` says it, and a list that
    browsers ship (preload) is the choice of the name's owner. Django's two reminders of it are put to rest.
    """
    behind = env.bool("BEHIND_PROXY", False)
    return {
        "SECURE_HSTS_SECONDS": 31_536_000 if is_https else 0,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": is_https and env.bool("HSTS_SUBDOMAINS", False),
        "SECURE_SSL_REDIRECT": is_https and behind,
        "SECURE_REDIRECT_EXEMPT": [r"^healthz$", r"^metrics$"],
        # The proxy writes the address it was asked from; without this all sign-ins share one pace.
        "ALLAUTH_TRUSTED_PROXY_COUNT": int(behind),
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if behind else None,
        "SILENCED_SYSTEM_CHECKS": ["security.W005", "security.W021"],
    }
