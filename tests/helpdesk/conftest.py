"""Keys of organisations."""

from collections.abc import Callable
from typing import Any

import pytest

from helpdesk.accounts.actions import keys
from helpdesk.accounts.models import Organisation
from tests import make


@pytest.fixture
def organisation(centre: Any, administrator: Any) -> Organisation:
    return keys.add_organisation(
        centre=centre, by=administrator, at=make.NOW, name_ar="شبكة الجمعيات", name_fr="Réseau",
        contact="",
    )  # fmt: skip


@pytest.fixture
def key_of(organisation: Organisation, administrator: Any) -> Callable[..., str]:
    """`key_of()` makes a key with both scopes; fields may be given."""

    def made(of: Organisation | None = None, **fields: Any) -> str:
        given = {"scopes": ["requests:read", "requests:create"], "label": "essai", **fields}
        return keys.make_key(of or organisation, by=administrator, at=make.NOW, **given)[1]

    return made
