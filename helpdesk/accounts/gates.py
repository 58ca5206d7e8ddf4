"""The gates a request passes before any page: signed in, awake, with the second proof where it is due.

All of them answer htmx with `HX-Redirect`: a redirect would put the sign-in page into a region of
the page that asked.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from helpdesk.accounts import proofs
from knowledge import room

Answer = Callable[[HttpRequest], HttpResponse]
SEEN, RIGHTS, PROVEN, BEGUN = "seen_at", "rights_version", "proven", "begun_at"
STEP = 60
"""Seconds between two notes of "seen": one write a minute, not one a request."""


class KeptSessions(SessionMiddleware):
    """Sessions in the database. A page that is only read is shown even when its session cannot be saved."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return super().process_response(request, response)
        with room.not_needed():
            return super().process_response(request, response)
        return response


class Sessions:
    """Ends idle sessions, old ones and those that were ended from elsewhere; gives a session a new key when the
    person's rights have changed or the password or the second proof was given again.

    What was being typed is kept on the server as a draft, so an ended session loses nothing.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._check(request)
        if not request.user.is_authenticated:
            return self.get_response(request)
        proofs_given = len(get_authentication_records(request, request.user))
        response = self.get_response(request)
        if not request.user.is_authenticated:
            # Signed out by their own will: what pages kept on this device goes too.
            response.headers["Clear-Site-Data"] = '"storage"'
        elif len(get_authentication_records(request, request.user)) > proofs_given:
            request.session.cycle_key()
        return response

    @staticmethod
    def _check(request: HttpRequest) -> None:
        session, now = request.session, timezone.now().timestamp()
        seen, begun = session.get(SEEN, now), session.setdefault(BEGUN, now)
        ended = request.user.sessions_end  # type: ignore[union-attr]
        if (
            now - seen > timedelta(minutes=settings.IDLE_MINUTES).total_seconds()
            or now - begun > settings.SESSION_COOKIE_AGE
            or (ended is not None and begun < ended.timestamp())
        ):
            logout(request)
            return
        if SEEN not in session or (now - seen > STEP and _is_by_a_person(request)):
            session[SEEN] = now
        version = request.user.rights_version  # type: ignore[union-attr]
        if session.get(RIGHTS, version) != version:
            session.cycle_key()
        if session.get(RIGHTS) != version:
            session[RIGHTS] = version


class SignIn(LoginRequiredMiddleware):
    """Every page not marked public leads a visitor to sign-in, and from there back to the page.

    The desk is closed to who holds no permission at all: a member of an association reads at `/my/`.
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        refused = super().process_view(request, view_func, view_args, view_kwargs)
        if refused is not None or not getattr(view_func, "login_required", True):
            return refused
        if request.path_info.startswith("/desk/") and not request.user.get_all_permissions():
            raise PermissionDenied
        return None

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponse:
        login = resolve_url(self.get_login_url(view_func))
        return _lead(request, redirect_to_login(_way_back(request), login))


class SecondProof:
    """People in TOTP_REQUIRED_GROUPS set up their second proof before they see anything else."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self._is_owed(request):
            return _lead(request, HttpResponseRedirect(reverse("mfa_activate_totp")))
        return self.get_response(request)

    @staticmethod
    def _is_owed(request: HttpRequest) -> bool:
        version = request.user.rights_version  # type: ignore[union-attr]
        if not settings.TOTP_REQUIRED_GROUPS or request.session.get(PROVEN) == version:
            return False
        if request.path_info.startswith(_open_paths()):
            return False
        if proofs.is_owed(request.user):
            return True
        request.session[PROVEN] = version
        return False


def begin_anew(request: HttpRequest) -> None:
    """This session alone is not among those that were ended a moment ago."""
    request.session[BEGUN] = timezone.now().timestamp()


def _open_paths() -> tuple[str, ...]:
    """What setting up the proof needs, or a loop would begin."""
    names = ("mfa_index", "account_reauthenticate", "account_login", "account_logout")
    own = (reverse(name) for name in (*names, "accounts:language", "healthz"))
    return (*own, settings.STATIC_URL)


def _is_by_a_person(request: HttpRequest) -> bool:
    """Regions that refresh themselves must not keep a session awake in an empty room."""
    htmx = request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers
    return request.method != "GET" or not htmx


def _way_back(request: HttpRequest) -> str:
    """The page to come back to: this one, or the page whose form or region this request came from."""
    here = request.get_full_path()
    is_htmx = request.headers.get("HX-Request") == "true"
    if request.method in ("GET", "HEAD") and not is_htmx:
        return here
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}):
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    parts = urlsplit(page)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _lead(request: HttpRequest, way: HttpResponseRedirect) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(way.url)
    return way
