"""A request to Twilio against Twilio's own description: address, ids, required and unknown fields, values."""

import gzip
import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FILE = Path(__file__).parent / "openapi" / "twilio_api_v2010.json.gz"
BY_HAND = Path(__file__).parent / "openapi" / "voice_dialing_permissions.json"
"""Where may be dialled: of another host, whose file we do not have."""
HOST, VOICE = "https://api.twilio.com", "https://voice.twilio.com"


class Wrong(BaseException):
    """What Twilio would not take, in words. No `Exception`: nothing of ours may catch it and go on."""


@cache
def description() -> dict[str, Any]:
    return json.loads(gzip.decompress(FILE.read_bytes()))


@cache
def by_hand() -> dict[str, Any]:
    return json.loads(BY_HAND.read_text())


@cache
def _paths(host: str) -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    return [
        (re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))), item)
        for path, item in (description() if host == HOST else by_hand())["paths"].items()
    ]


def check(
    method: str, url: str, params: Mapping[str, Any] | None, data: Mapping[str, Any] | None
) -> str:
    """The name of the operation. Raises Wrong."""
    split = urlsplit(url)
    host = f"{split.scheme}://{split.netloc}"
    if host not in (HOST, VOICE) or split.query or split.fragment:
        raise Wrong(f"not an address of the API: {url}")
    for pattern, item in _paths(host):
        found = pattern.fullmatch(split.path)
        if found and method.lower() in item:
            operation = item[method.lower()]
            declared = operation.get("parameters", [])
            _fields({p["name"]: p for p in declared if p["in"] == "path"}, found.groupdict())
            _fields({p["name"]: p for p in declared if p["in"] == "query"}, params or {})
            _fields(_body(operation), data or {})
            return str(operation["operationId"])
    raise Wrong(f"no such address: {method} {split.path}")


def _body(operation: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of the form, in the shape of parameters."""
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/x-www-form-urlencoded", {}).get("schema", {})
    required = schema.get("required", [])
    return {
        name: {"name": name, "schema": one, "required": name in required}
        for name, one in schema.get("properties", {}).items()
    }


def _fields(declared: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    for name, one in declared.items():
        if one.get("required") and name not in given:
            raise Wrong(f"{name} is required")
    for name, value in given.items():
        if name not in declared:
            raise Wrong(f"{name} is unknown")
        _value(name, declared[name]["schema"], value)


def _value(name: str, schema: Mapping[str, Any], value: Any) -> None:
    if "$ref" in schema:
        kind = schema["$ref"].rsplit("/", 1)[-1]
        return _value(name, description()["components"]["schemas"][kind], value)
    if schema.get("type") == "array":
        if not isinstance(value, list):
            raise Wrong(f"{name} is a list")
        for one in value:
            _value(name, schema["items"], one)
        return None
    if isinstance(value, list | dict):
        raise Wrong(f"{name} is no list")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    tests = {
        "boolean": r"true|false", "integer": r"-?\d+", "number": r"-?\d+(\.\d+)?",
        "string": schema.get("pattern", r"(?s).*"),
    }  # fmt: skip
    if not re.fullmatch(tests[schema.get("type", "string")].strip("^$"), text):
        raise Wrong(f"{name}={text!r} has not its form")
    if "enum" in schema and text not in schema["enum"]:
        raise Wrong(f"{name}={text!r} is none of {schema['enum']}")
    if schema.get("format") == "uri" and not re.match(r"https?://[^/]+", text):
        raise Wrong(f"{name}={text!r} is no absolute address")
    if schema.get("format") == "date":
        date.fromisoformat(text)
    if schema.get("format") == "date-time":
        datetime.fromisoformat(text)
    return None
