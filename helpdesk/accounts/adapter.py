"""How allauth behaves here: nobody signs up by themselves, and who comes, goes or is refused is told in the log."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest

log = logging.getLogger("wasl.security")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Staff accounts are made by an administrator; askers need none."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> Any:
        user = request.user
        if user.is_authenticated and not user.is_of_staff:
            return "/my/"
        return super().get_login_redirect_url(request)

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        ways = "+".join(str(one["method"]) for one in get_authentication_records(request, user))
        log.info("signed in", extra={"person": user.pk, "kind": ways})

    def logout(self, request: HttpRequest) -> None:
        person = request.user.pk
        super().logout(request)
        log.info("signed out", extra={"person": person})

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except Exception:
            log.warning("sign-in refused", extra={"kind": "too many"})
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Whom was tried is not told: people type their password into the wrong field."""
        log.warning("sign-in refused", extra={"kind": "password"})

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong tries count for a name *and* an address: else anybody could lock a colleague out by guessing."""
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{self.get_client_ip(request)}"
