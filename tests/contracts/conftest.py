"""The world of the contract tests, laid once a module and rolled back at its end.

Each test of such a module still carries the database mark: what it writes is taken back by itself.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.contracts.world import World


@pytest.fixture(scope="module")
def world(django_db_setup: Any, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)
