"""Two editors at one moment, on the file database and on PostgreSQL: every text is kept, one publishes."""

from typing import Any

import pytest

from helpdesk.accounts.models import User
from knowledge.articles import working
from knowledge.articles.actions import drafting, publishing
from knowledge.articles.draft_models import Beside, Draft
from knowledge.articles.models import Edition, Instrument, Theme, Upkeep
from tests import make
from tests.make import NOW
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
ROUNDS = 4


def test_two_editors_save_one_section_and_both_texts_stay(
    editor: User, senior: User, as_user: Any
) -> None:
    """Also at the first word, where each of the two would begin edition and draft."""
    Theme.objects.create(code="A", name_ar="أ", name_fr="A")
    article = drafting.begin_draft("A", {"ar": "عنوان"}, {}, by=editor, at=NOW)
    url = f"/desk/editor/{article.topic}/fr/part/"
    clients = [as_user(editor), as_user(senior)]
    for turn in range(ROUNDS):
        seen = working.desk(article)["fr"].stamp("steps")
        typed = [f"- {turn} de l’un.", f"- {turn} de l’autre."]
        answers = together(*(
            lambda c=client, t=text, s=seen: c.post(
                url, {"name": "steps", "text": t, "seen": s}, headers={"X-Requested-With": "fetch"}
            )
            for client, text in zip(clients, typed, strict=True)
        ))  # fmt: skip
        assert sorted(answer.json()["state"] for answer in answers) == ["beside", "saved"]
        work = working.desk(article)["fr"]
        beside = work.besides("steps")[0]
        assert sorted([work.text("steps"), beside.text]) == sorted(typed)
        drafting.settle(beside, None, number=0, by=editor, at=NOW)
    assert Draft.objects.filter(edition__language="fr").count() == 1
    assert Beside.objects.count() == ROUNDS


def test_two_reviewers_publish_and_one_is_told(editor: User, senior: User) -> None:
    Theme.objects.create(code="A", name_ar="أ", name_fr="A")
    Instrument.objects.create(code="dahir-1", kind="dahir", name_ar="ظهير", name_fr="Dahir")
    other = make.user("zineb", "senior")
    texts = {"fr": "Une phrase."}
    article = drafting.begin_draft(
        "A", {"fr": "Titre"}, texts, questions={"fr": "Quoi ?"}, by=editor, at=NOW
    )
    edition = Edition.objects.get(article=article)
    version = publishing.submit(edition.drafts.get(), by=editor, at=NOW, why="prêt à lire")
    results = together(
        *(
            lambda who=who: publishing.release(version, by=who, at=NOW, why="lu et bon")
            for who in (senior, other)
        ),
        losing=publishing.NotInReview,
    )
    assert sum(isinstance(one, publishing.NotInReview) for one in results) == 1
    edition.refresh_from_db()
    assert edition.current_id == version.pk
    assert Upkeep.objects.filter(act="published").count() == 1
