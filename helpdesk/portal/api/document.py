"""The OpenAPI document, in the reader's language, and the page that lists the same for people."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from helpdesk.portal.api.problems import KIND, SENTENCES
from helpdesk.portal.api.site import api

PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": list(SENTENCES)},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "said": {"type": "string"}},
            },
        },
    },
}


@dataclass(frozen=True)
class Parameter:
    name: str
    place: str
    is_needed: bool
    about: str


@dataclass(frozen=True)
class Operation:
    """One operation as the page shows it."""

    method: str
    path: str
    summary: str
    about: str
    parameters: list[Parameter]
    scope: str
    """Needed of the key; empty where none is asked."""


def document() -> dict[str, Any]:
    """The document as plain data, texts in the language that is active."""
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), cls=DjangoJSONEncoder))
    found["servers"] = [{"url": settings.PUBLIC_URL}]
    found.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    problem = {"$ref": "#/components/schemas/Problem"}
    for _path, _method, said in _operations(found):
        said["responses"]["default"] = {
            "description": "Problem",
            "content": {KIND: {"schema": problem}},
        }
    return found


def operations() -> list[Operation]:
    """Every operation, in the order of the document."""
    return [
        Operation(
            method=method.upper(),
            path=path,
            summary=said.get("summary", ""),
            about=said.get("description", ""),
            parameters=[_parameter(one) for one in said.get("parameters", [])],
            scope=said.get("x-scope", ""),
        )
        for path, method, said in _operations(document())
    ]


def _operations(found: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in found["paths"].items():
        for method, said in methods.items():
            yield path, method, said


def _parameter(said: dict[str, Any]) -> Parameter:
    return Parameter(
        name=said["name"],
        place=said["in"],
        is_needed=bool(said.get("required")),
        about=said.get("description") or said.get("schema", {}).get("description", ""),
    )
