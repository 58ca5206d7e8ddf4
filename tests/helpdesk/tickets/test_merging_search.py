"""The index of requests follows a merge, its undoing, and persons made one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpdesk.associations import actions as associations
from helpdesk.queues import merging as acts
from helpdesk.tickets import finding, indexing
from helpdesk.tickets.jobs import index_due
from helpdesk.tickets.models import Ticket
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    yield
    indexing.engine().release()


def sweep() -> None:
    for _ in range(3):
        index_due(at=make.NOW)


def found(user: Any, text: str) -> set[int]:
    sweep()
    rows = Ticket.objects.visible_to(user).unmerged()
    return set(finding.tickets(rows, user, text).rows.values_list("pk", flat=True))


def test_words_are_found_where_they_are_now(amina: Any) -> None:
    asker = make.person("فاطمة")
    source = make.ticket("La quittance de l'eau est perdue", person=asker)
    target = make.ticket("لم نتوصل بالوصل النهائي", person=asker)
    assert found(amina, "quittance") == {source.pk}
    row = acts.merge(source, target, by=amina, at=make.NOW)
    assert found(amina, "quittance") == {target.pk}
    assert found(amina, source.reference) == {target.pk}
    acts.undo(row, by=amina, at=make.NOW)
    assert found(amina, "quittance") == {source.pk}
    assert found(amina, source.reference) == {source.pk}


def test_a_number_finds_the_one_that_goes_on(amina: Any) -> None:
    asker = make.person("فاطمة", number="0661000111")
    source, target = make.ticket("سؤال", person=asker), make.ticket("سؤال ثان", person=asker)
    acts.merge(source, target, by=amina, at=make.NOW)
    assert found(amina, "0661000111") == {target.pk}


def test_either_name_of_one_person_finds_all_their_requests(amina: Any) -> None:
    centre = make.centre()
    one = associations.person_for(centre=centre, at=make.NOW, name="Karim Bennani")
    other = associations.person_for(centre=centre, at=make.NOW, name="Hamza Ouali")
    mine, theirs = make.ticket("سؤال", person=one), make.ticket("سؤال ثان", person=other)
    sweep()
    row = associations.merge_persons(other, one, by=amina, at=make.NOW)
    assert found(amina, "Karim Bennani") == {mine.pk, theirs.pk}
    associations.part_persons(row, by=amina, at=make.NOW)
    assert found(amina, "Karim Bennani") == {mine.pk}
    assert found(amina, "Hamza Ouali") == {theirs.pk}
