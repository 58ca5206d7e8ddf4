"""Schemathesis against the OpenAPI document, in this process: whatever is sent, nothing breaks.

Every answer has a status, a content type and a shape that the document names.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from helpdesk.accounts.actions import keys, lay_groups
from helpdesk.live import pace
from helpdesk.portal.api.document import Operation, operations
from tests import make

EXAMPLES = 25
"""Of each operation and mode."""
pytestmark = [pytest.mark.full, pytest.mark.django_db]
CHECKS = [
    not_a_server_error, content_type_conformance, response_schema_conformance,
    status_code_conformance,
]  # fmt: skip


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """As Django's own client: the end of a request must not close the test's connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def key(django_db_setup: Any, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), transaction.atomic():
        lay_groups()
        centre = make.centre()
        make.library()
        by = make.user("nabil", "administrator")
        made = keys.add_organisation(
            centre=centre, by=by, at=make.NOW, name_ar="هيئة", name_fr="Organisme", contact=""
        )
        yield keys.make_key(
            made, scopes=["requests:read", "requests:create"], label="x", by=by, at=make.NOW,
            per_minute=6000,
        )[1]  # fmt: skip
        transaction.set_rollback(True)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("one", operations(), ids=lambda one: f"{one.method} {one.path}")
def test_whatever_is_sent(one: Operation, mode: GenerationMode, key: str):
    """As the document says, and as it forbids."""
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())

    @given(case=schema[one.path][one.method].as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def check(case: Any) -> None:
        pace.forget()
        with transaction.atomic():
            answer = case.call(headers={"Authorization": f"Bearer {key}"})
            case.validate_response(answer, checks=CHECKS)
            transaction.set_rollback(True)

    check()
