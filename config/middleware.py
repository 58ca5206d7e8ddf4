"""Request layers of ours: cleaned input, the reader's language, headers for private pages."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.utils import translation
from django.utils.translation import get_language_from_path

from helpdesk.accounts.language import remember_language

Answer = Callable[[HttpRequest], HttpResponse]
ONE_ADDRESS = ("/desk/", "/account/")
"""Pages whose address is the same in both languages."""
PRIVATE = ("/desk/", "/follow/", "/account/", "/my/", "/fr/follow/", "/fr/my/")
"""Pages of one person, whoever asks."""


def _clean(text: str) -> str:
    """NUL breaks PostgreSQL, a lone surrogate breaks every encoder: neither was ever meant."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _cleaned(data: QueryDict) -> QueryDict:
    if all(_clean(v) == v for values in data.lists() for v in (values[0], *values[1])):
        return data
    cleaned = QueryDict(mutable=True)
    for name, values in data.lists():
        cleaned.setlist(_clean(name), [_clean(v) for v in values])
    cleaned._mutable = False
    return cleaned


class CleanInput:
    """Removes from GET and POST the characters that no database or encoder can take."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.GET = _cleaned(request.GET)  # type: ignore[assignment]
        if request.method == "POST":
            request._post = _cleaned(request.POST)  # type: ignore[attr-defined]
        return self.get_response(request)


class Language:
    """The address decides on public pages (`/fr/…`), the person's own setting at the desk.

    Who signs in comes from a public page and goes on in its language: `?lang=`, or the page to come
    back to, decides until the person is known, and a cookie keeps it from page to page.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self._language(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if self._is_brought(request, language):
            remember_language(response, language)
        return response

    @staticmethod
    def _language(request: HttpRequest) -> str:
        if not request.path_info.startswith(ONE_ADDRESS):
            return get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        if request.user.is_authenticated:
            return request.user.language
        known = dict(settings.LANGUAGES)
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        back = get_language_from_path(request.GET.get("next", "").partition("?")[0])
        wishes = (request.GET.get("lang", ""), back, cookie)
        return next((wish for wish in wishes if wish in known), settings.LANGUAGE_CODE)

    @staticmethod
    def _is_brought(request: HttpRequest, language: str) -> bool:
        if "lang" not in request.GET or not request.path_info.startswith("/account/"):
            return False
        known = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        return not request.user.is_authenticated and known != language


class PolicyHeaders:
    """Pages made for one person are never stored by a cache on the way."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(self)"
        )
        if request.user.is_authenticated or request.path_info.startswith(PRIVATE):
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response
