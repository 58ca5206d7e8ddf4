"""Our cookies and their names. Over https these begin with `__Host-`: no other host of the domain can set or read such a one."""

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage

HOST = "__Host-"


def named(is_https: bool) -> dict[str, str]:
    """Settings of cookies; browsers take the prefix over https only."""
    prefix = HOST if is_https else ""
    lax = {f"{name}_COOKIE_SAMESITE": "Lax" for name in ("SESSION", "CSRF", "LANGUAGE")}
    return {
        **lax,
        "MESSAGE_STORAGE": "config.cookies.Told",
        "SESSION_COOKIE_NAME": f"{prefix}sessionid",
        "CSRF_COOKIE_NAME": f"{prefix}csrftoken",
        "LANGUAGE_COOKIE_NAME": f"{prefix}wasl_language",
        "VISITOR_COOKIE_NAME": f"{prefix}wasl_visitor",
        "MESSAGES_COOKIE_NAME": f"{prefix}messages",
    }


class _Told(CookieStorage):
    @property
    def cookie_name(self) -> str:  # type: ignore[override]
        from django.conf import settings

        return str(settings.MESSAGES_COOKIE_NAME)  # type: ignore[misc]


class Told(FallbackStorage):
    """Django's storage of messages, in a cookie of our name."""

    storage_classes = (_Told, SessionStorage)
