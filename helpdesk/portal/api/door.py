"""The door of the API: language, key, pace and body before an operation; a problem document after a refusal.

A session never counts here: who is signed in at the desk sees what a visitor sees, so that no other
site can read or write with a browser's cookie.
"""

import hashlib
import logging
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from helpdesk.centre.face import COME_BACK, face, is_held_back
from helpdesk.portal.api.keyed import key_of, slow_down
from helpdesk.portal.api.problems import Problem, faults, language_of
from helpdesk.portal.api.strict import body_of

log = logging.getLogger("wasl.api")
View = Callable[..., HttpResponseBase]
_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


class Plain(JSONRenderer):
    """Arabic as letters, not as escapes: three times shorter."""

    json_dumps_params = {"ensure_ascii": False}


class Bodies(Parser):
    """What the door has read."""

    def parse_body(self, request: HttpRequest) -> Any:
        return request.api_body  # type: ignore[attr-defined]


class Api(NinjaAPI):
    """The operations; addresses and its document are ours (`addresses`, `document`)."""

    def __init__(self, **named: Any) -> None:
        super().__init__(
            openapi_url=None,
            docs_url=None,
            urls_namespace="api",
            parser=Bodies(),
            renderer=Plain(),
            **named,
        )
        self.add_exception_handler(Problem, _told)
        self.add_exception_handler(Http404, lambda request, error: Problem("not-found").response())
        self.add_exception_handler(ValidationError, _wrong_fields)
        self.add_exception_handler(HttpError, _refused)
        self.add_exception_handler(OperationalError, _away)
        self.add_exception_handler(InterfaceError, _away)
        self.add_exception_handler(Exception, _broken)

    def get_root_path(self, path_params: dict[str, Any]) -> str:
        return "/api/"

    def addresses(self) -> list[URLPattern]:
        """Each operation behind the door, but for the library's own root page."""
        said = {
            place.removeprefix("/api/"): methods
            for place, methods in self.get_openapi_schema()["paths"].items()
        }
        found = {  # an address with two methods comes twice, with the same view
            str(one.pattern): one
            for one in self.urls[0]
            if isinstance(one, URLPattern) and one.name != "api-root"
        }
        return [
            path(place, _behind_door(one.callback, said[_PLACE.sub(r"{\1}", place)]), name=one.name)
            for place, one in found.items()
        ]


def _behind_door(view: View, said: dict[str, Any]) -> View:
    """`said`: the operations of one address, by method."""
    is_library = all("library" in one["tags"] for one in said.values())
    methods = frozenset(method.upper() for method in said)
    return door(view, methods, waits=_library_waits if is_library else is_held_back)


def _library_waits() -> bool:
    return is_held_back() and not face().reads_early


def door(
    view: View, takes: frozenset[str] = frozenset(), *, waits: Callable[[], bool] = lambda: False
) -> View:
    """Lets a request through to the view, or tells its problem. `takes`: its methods; none = any, unread.

    `waits`: whether the centre must open first.
    """

    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        language = language_of(request)
        with translation.override(language):
            response: HttpResponseBase
            if waits():
                response = Problem("opens-soon", retry_after=COME_BACK).response()
            else:
                response = _let_in(view, takes, request, *args, **named)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Authorization"))
        return response

    return login_not_required(csrf_exempt(entered))


def _let_in(
    view: View, takes: frozenset[str], request: HttpRequest, *args: Any, **named: Any
) -> HttpResponseBase:
    is_head = request.method == "HEAD"
    method = "GET" if is_head else request.method
    try:
        if takes and method not in takes:
            raise Problem("wrong-method", allow=", ".join(sorted(takes)))
        request.api_key = key_of(request)  # type: ignore[attr-defined]
        slow_down(request, request.api_key)  # type: ignore[attr-defined]
        request.method = method
        if takes and method != "GET":
            if request.api_key is None:  # type: ignore[attr-defined]
                raise Problem("no-key")  # whoever writes holds a key: else nothing is read
            request.api_body = body_of(request)  # type: ignore[attr-defined]
        response = view(request, *args, **named)
    except Problem as problem:
        response = problem.response()
    except (OperationalError, InterfaceError) as error:  # the key is asked before the operation
        response = _away(request, error)
    return _conditional(request, response, empty=is_head)


def _conditional(
    request: HttpRequest, response: HttpResponseBase, *, empty: bool
) -> HttpResponseBase:
    """With an ETag over what is said; 304 for who has it already."""
    if not isinstance(response, HttpResponse) or response.status_code != 200:
        return response
    found: Any = response
    if request.method == "GET":
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response["ETag"] = etag
        if getattr(request, "api_key", None) is None:
            response["Cache-Control"] = "public, max-age=60"
            response["Access-Control-Allow-Origin"] = "*"
        else:
            response["Cache-Control"] = "no-store, private"
        found = get_conditional_response(request, etag=etag, response=response)
    if empty:
        found.content = b""
    return found


def _told(request: HttpRequest, problem: Any) -> HttpResponse:
    answer: HttpResponse = problem.response()
    return answer


def _wrong_fields(request: HttpRequest, error: Any) -> HttpResponse:
    return Problem("wrong-fields", errors=faults(error.errors)).response()


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    code = {401: "no-key", 403: "no-scope", 404: "not-found", 429: "too-many"}
    return Problem(code.get(error.status_code, "cannot-read")).response()


def _away(request: HttpRequest, error: Any) -> HttpResponse:
    log.exception("database of the API", exc_info=error)
    return Problem("away").response()


def _broken(request: HttpRequest, error: Any) -> HttpResponse:
    """Our fault: written down, and told as a document. While developing it is shown."""
    if settings.DEBUG:
        raise error
    log.exception("operation of the API", exc_info=error)
    return Problem("broken").response()
