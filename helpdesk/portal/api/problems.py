"""Refusals of the API: problem documents (RFC 9457), with a sentence in a language of who asks."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.utils.translation.trans_real import parse_accept_lang_header

KIND = "application/problem+json"

SENTENCES: dict[str, tuple[int, Any]] = {
    "cannot-read": (400, _("The request cannot be read.")),
    "not-json": (400, _("The body is not JSON.")),
    "not-utf-8": (400, _("The text is not UTF-8.")),
    "twice": (400, _("A name stands twice in the body.")),
    "too-deep": (400, _("The body has too many levels.")),
    "number": (400, _("A number is too long, or is no number.")),
    "sign": (400, _("The text has a sign that cannot be kept.")),
    "no-key": (401, _("This needs a key.")),
    "wrong-key": (401, _("The key is unknown, over or revoked.")),
    "no-scope": (403, _("The key does not open this.")),
    "refused": (403, _("This is refused.")),
    "not-found": (404, _("Nothing is here, or nothing that this key may see.")),
    "wrong-method": (405, _("This address does not take this method.")),
    "other-words": (409, _("This Idempotency-Key was used for other words.")),
    "too-large": (413, _("The body is too large.")),
    "wrong-type": (415, _("The body must be application/json.")),
    "wrong-fields": (422, _("Some fields cannot be taken.")),
    "too-many": (429, _("Too many requests. Try again later.")),
    "broken": (500, _("Something is broken here. It was written down.")),
    "opens-soon": (503, _("The centre has not opened yet.")),
    "away": (503, _("The service is away for a moment.")),
    "no-room": (507, _("Nothing can be saved now: the disk is full. Try again later.")),
}
"""Code of a problem, its status and its sentence."""

FIELDS: dict[str, Any] = {
    "missing": _("This field is needed."),
    "extra_forbidden": _("There is no such field."),
    "string_too_long": _("This is too long."),
    "string_too_short": _("This is too short."),
    "string_type": _("This must be a text."),
    "bool_type": _("This must be true or false."),
    "literal_error": _("This is none of the possible values."),
    "enum": _("This is none of the possible values."),
    "string_pattern_mismatch": _("This does not have the form that is needed."),
    "plain_number": _("This must be a whole number within the limits."),
    "greater_than_equal": _("This must be a whole number within the limits."),
    "less_than_equal": _("This must be a whole number within the limits."),
}
"""What is wrong with a field, by the name that pydantic gives it."""
OTHER_FAULT = _("This value cannot be taken.")


class Problem(Exception):
    """Ends a request with the problem of that code."""

    def __init__(
        self, code: str, *, errors: Iterable[Mapping[str, Any]] = (), retry_after: int = 0,
        allow: str = "",
    ) -> None:  # fmt: skip
        super().__init__(code)
        self.code, self.errors = code, list(errors)
        self.retry_after, self.allow = retry_after, allow

    def response(self) -> HttpResponse:
        """In the language that is active."""
        status, sentence = SENTENCES[self.code]
        said: dict[str, Any] = {
            "type": f"{settings.PUBLIC_URL}/api/#{self.code}",
            "title": str(sentence),
            "status": status,
            "code": self.code,
        }
        if self.errors:
            said["errors"] = self.errors
        answer = HttpResponse(
            json.dumps(said, ensure_ascii=False), status=status, content_type=KIND
        )
        if self.retry_after:
            answer["Retry-After"] = str(self.retry_after)
        if self.allow:
            answer["Allow"] = self.allow
        if status == 401:
            answer["WWW-Authenticate"] = 'Bearer realm="Wasl"'
        answer["Cache-Control"] = "no-store"
        return answer


def told(request: HttpRequest, code: str) -> HttpResponse:
    """A problem met outside of the API's own door, such as a form that cannot be read."""
    with override(language_of(request)):
        return Problem(code).response()


def faults(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """`{"field": "words", "said": "…"}` of what pydantic found."""
    return [
        {"field": _field(error.get("loc", ())), "said": str(FIELDS.get(error["type"], OTHER_FAULT))}
        for error in errors
    ][:20]


def _field(place: Iterable[Any]) -> str:
    """`words` of `("body", "question", "words")`: what the caller wrote, without what the code calls it."""
    steps = [str(step) for step in place]
    named = steps[2:] if steps[:1] == ["body"] else steps[1:]
    return ".".join(step[:60] for step in named)


def is_for_machines(request: HttpRequest) -> bool:
    """Whether problems are told as documents: under /api/, but for its page."""
    return request.path_info.startswith("/api/") and request.path_info != "/api/"


def language_of(request: HttpRequest) -> str:
    """`ar` or `fr` by Accept-Language, whatever cookies say; Arabic for who wishes neither."""
    known = dict(settings.LANGUAGES)
    for code, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if code.partition("-")[0] in known:
            return code.partition("-")[0]
    return settings.LANGUAGE_CODE
