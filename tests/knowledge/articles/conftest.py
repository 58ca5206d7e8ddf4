"""The starter library, laid once for all tests of a module that only read it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from knowledge.articles import actions
from tests.make import NOW


@pytest.fixture(scope="module")
def library(django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        actions.load_library(at=NOW)
        yield
        transaction.set_rollback(True)
