"""Log lines: JSON with allow-listed keys only, so that no content or number can leak into them."""

import json
import logging
from datetime import UTC, datetime

from django.http import HttpRequest

ALLOWED = (
    "event", "status", "method", "view", "duration_ms", "sweep", "rows", "kind", "ticket",
    "notice", "channel", "error", "person",
)  # fmt: skip


def logging_of(level: str) -> dict[str, object]:
    """`LOGGING`: one line a record, on standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "config.logs.JsonLine"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        # Who signed in and who was refused is told whatever the level.
        "loggers": {"wasl.security": {"level": "INFO"}},
        "root": {"handlers": ["stderr"], "level": level},
    }


class JsonLine(logging.Formatter):
    """One JSON object a line: time, level, logger, the message's template, allow-listed extras.

    Arguments of the message are left out on purpose: they are where texts and numbers hide.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.msg if isinstance(record.msg, str) else type(record.msg).__name__,
        }
        line |= _request(record)
        line |= {key: getattr(record, key) for key in ALLOWED if hasattr(record, key)}
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return json.dumps(line, ensure_ascii=False, default=str)


def _request(record: logging.LogRecord) -> dict[str, object]:
    """Of Django's own lines about a request: which view, what it answered and the number of whose account asked,
    never the address asked for."""
    request = getattr(record, "request", None)
    if not isinstance(request, HttpRequest):
        return {}
    view = request.resolver_match.view_name if request.resolver_match else ""
    told = {"method": request.method, "view": view, "status": getattr(record, "status_code", 0)}
    # Only where it was read already: a line of the log must not ask a database that may be away.
    known = getattr(request, "_cached_user", None)
    return {**told, "person": known.pk} if known is not None and known.pk else told


def _where(record: logging.LogRecord) -> list[str]:
    """File and line of each frame, never the values in them."""
    frames = []
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-8:]
