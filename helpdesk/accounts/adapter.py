"""How allauth behaves here: nobody signs up by themselves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Staff accounts are made by an administrator; askers need none."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> Any:
        user = request.user
        if user.is_authenticated and not user.is_of_staff:
            return "/my/"
        return super().get_login_redirect_url(request)
