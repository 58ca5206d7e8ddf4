"""One bundle brought in and taken by several hands at one moment: one bundle, one version an edition."""

from typing import Any

import pytest

from knowledge.articles.actions import bundling
from knowledge.articles.bundle_models import Bundle, Origin
from knowledge.articles.models import Version
from knowledge.articles.rules import State
from tests import bundles, make
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
TOPIC = "T33-seat"


def test_taken_by_several_at_once(administrator: Any, editor: Any, senior: Any) -> None:
    make.library()
    bundling.trust(bundles.their_key(), centre="Agadir", by=administrator, at=make.NOW)
    data = bundles.sent(TOPIC, on=make.NOW.date())
    people = (editor, senior, editor, senior)
    came = together(*(lambda p=p: bundling.receive(data, by=p, at=make.NOW) for p in people))
    assert sorted(made for _row, made in came) == [False, False, False, True]
    row = Bundle.objects.select_related("key").get()
    chosen = {f"{TOPIC}.ar", f"{TOPIC}.fr"}
    taken = together(*(lambda p=p: bundling.take(row, chosen, by=p, at=make.NOW) for p in people))
    assert sum(len(versions) for versions in taken) == 2
    assert Origin.objects.count() == Version.objects.filter(state=State.REVIEW).count() == 2
    version = Origin.objects.waiting()[0].version
    signed = together(
        *(
            lambda p=p: bundling.sign_and_open(version, by=p, at=make.NOW, bulletin="BO 7455")
            for p in people
        ),
        losing=bundling.reviewing.Refused,
    )
    assert sum(isinstance(one, Version) for one in signed) == 1
    assert Version.objects.filter(edition=version.edition, state=State.PUBLISHED).count() == 1
