"""Reviews at the desk: what is due to whom, who may sign what, what is told to whom and when."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from helpdesk.accounts.models import Audit
from helpdesk.notices.models import Notice
from helpdesk.upkeep import actions, badge, jobs
from knowledge.articles.actions import load_library, publish, reviewing
from knowledge.articles.models import Article, Upkeep, Version
from tests.make import NOW

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
DAY = timedelta(days=1)
TOPIC = "T03-receipt"
PAGE = f"/desk/reviews/{TOPIC}/"


@pytest.fixture
def library(db: Any) -> None:
    load_library(at=NOW)


@pytest.fixture
def receipt(library: None) -> Article:
    return Article.objects.get(topic=TOPIC)


def give(article: Article, days: int, owner: Any, by: Any) -> None:
    day = TODAY + timedelta(days)
    actions.assign([article], owner=owner, review_on=day, by=by, at=NOW)
    article.refresh_from_db()


def newer(article: Article, *, author: Any = None, language: str = "ar") -> Version:
    """A second version of the article, shown to readers."""
    edition = article.editions.get(language=language)
    first = edition.current
    made = Version.objects.create(
        edition=edition, number=first.number + 1, title=first.title, question=first.question,
        checked_on=TODAY, digest="x" * 64, author=author, written_at=NOW,
    )  # fmt: skip
    return publish(made, at=NOW)


def read(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_what_is_due_and_by_owner(as_user, receipt, editor, senior):
    title = receipt.editions.get(language="ar").current.title
    client = as_user(editor)
    assert title not in read(client, "/desk/reviews/")
    give(receipt, 0, senior, editor)
    assert title in read(client, "/desk/reviews/")
    assert title not in read(client, "/desk/reviews/?owner=me")
    assert title in read(as_user(senior), "/desk/reviews/?owner=me")
    give(receipt, 1, senior, editor)
    assert title not in read(client, "/desk/reviews/")
    assert title in read(client, "/desk/reviews/?view=soon")


def test_ticked_articles_are_given_out_together(as_user, library, brahim, editor):
    form = {"topic": [TOPIC, "T01-creation"], "owner": editor.pk, "review_on": "2026-12-31"}
    answer = as_user(brahim).post("/desk/reviews/assignment/", form)
    assert answer.status_code == 302
    assert Article.objects.filter(owner=editor, review_on="2026-12-31").count() == 2
    assert Audit.objects.filter(act="set-review", user=brahim).count() == 2
    assert as_user(brahim).post("/desk/reviews/assignment/", {"owner": ""}).status_code == 422


def test_the_badge_counts_ones_own_and_those_of_nobody(receipt, editor, senior, brahim, amina):
    give(receipt, 0, senior, editor)
    counts = {who: badge.due_for(who, on=TODAY) for who in (senior, editor, brahim, amina)}
    assert counts == {senior: 1, editor: 0, brahim: 1, amina: 0}
    give(receipt, 0, None, editor)
    assert badge.due_for(editor, on=TODAY) == 1
    actions.keep(receipt, review_on=TODAY + 90 * DAY, by=editor, at=NOW, why="قوبل بالجريدة")
    assert badge.due_for(editor, on=TODAY) == 0


def test_a_named_reviewer_signs_and_the_provisional_line_goes(as_user, receipt, senior, client):
    url = f"{PAGE}ar/signature/"
    assert as_user(senior).post(url, {"bulletin": "BO 5712"}).status_code == 422
    form = {"bulletin": "الجريدة الرسمية عدد 5712", "read": "on"}
    assert as_user(senior).post(url, form).status_code == 302
    page = read(client, f"/library/{TOPIC}/")
    assert "في انتظار المراجعة" not in page
    assert "سلمى" in page
    assert "الجريدة الرسمية عدد 5712" in page
    assert "En attente de relecture" in read(client, f"/fr/library/{TOPIC}/")
    assert Audit.objects.get(act="signed-version").user == senior
    assert as_user(senior).post(url, form).status_code == 422
    row = Upkeep.objects.of_article(receipt).get()
    assert (row.act, row.by) == ("signed", senior)


def test_nobody_signs_their_own_text(as_user, receipt, editor, senior):
    version = newer(receipt, author=editor)
    form = {"bulletin": "BO 5712", "read": "on"}
    assert as_user(editor).post(f"{PAGE}ar/signature/", form).status_code == 422
    version.refresh_from_db()
    assert version.is_provisional
    with pytest.raises(reviewing.OwnText):
        reviewing.sign(version, by=editor, at=NOW, bulletin="BO 5712")
    assert as_user(senior).post(f"{PAGE}ar/signature/", form).status_code == 302


def test_a_signature_is_of_one_version_and_can_be_taken_back(as_user, receipt, senior, client):
    actions.sign(receipt.editions.get(language="ar").current, by=senior, at=NOW, bulletin="BO 5712")
    as_user(senior).post(f"{PAGE}ar/unsigning/", {"why": "ظهر نص جديد"})
    assert "في انتظار المراجعة" in read(client, f"/library/{TOPIC}/")
    history = read(as_user(senior), PAGE)
    assert "ظهر نص جديد" in history
    actions.sign(receipt.editions.get(language="ar").current, by=senior, at=NOW, bulletin="BO 5712")
    newer(receipt)
    assert "في انتظار المراجعة" in read(client, f"/library/{TOPIC}/")


def test_a_retired_or_draft_version_is_not_signed(receipt, senior):
    first = receipt.editions.get(language="ar").current
    newer(receipt)
    first.refresh_from_db()
    with pytest.raises(reviewing.NotShown):
        reviewing.sign(first, by=senior, at=NOW, bulletin="BO 5712")


def test_validity_is_set_with_a_reason_and_kept_in_history(as_user, receipt, senior, client):
    url = f"{PAGE}validity/"
    days = {"in_force_from": "2026-11-02", "in_force_until": "2026-11-01", "why": "قانون جديد هنا"}
    assert as_user(senior).post(url, days).status_code == 422
    days |= {"in_force_from": "", "ended_by": "law-07-09", "successor": "T02-dossier"}
    assert as_user(senior).post(url, {**days, "why": ""}).status_code == 422
    assert as_user(senior).post(url, days).status_code == 302
    assert "لم يعد ساري المفعول" in read(client, f"/library/{TOPIC}/")
    page = read(as_user(senior), PAGE)
    assert "قانون جديد هنا" in page
    assert "law-07-09" in page
    assert "نسخه" in page
    assert Audit.objects.get(act="set-validity").reason == "قانون جديد هنا"


def test_a_text_has_its_validity_too(as_user, library, senior, client):
    url = "/desk/reviews/texts/law-75-00/validity/"
    form = {"in_force_until": "2026-11-20", "why": "نشر نص جديد في الجريدة"}
    assert as_user(senior).post(url, form).status_code == 302
    assert "لم يعد ساري المفعول" in read(client, "/library/texts/law-75-00/")


def mails(kind: str) -> list[str]:
    return list(Notice.objects.filter(kind=kind).order_by("pk").values_list("address", flat=True))


def test_owner_hears_on_the_day_supervisors_two_weeks_later(receipt, editor, brahim):
    for user, address in ((editor, "idriss@example.org"), (brahim, "brahim@example.org")):
        type(user).objects.filter(pk=user.pk).update(email=address)
    give(receipt, 1, editor, brahim)
    assert jobs.tell_reviews(at=NOW) == 0
    assert jobs.tell_reviews(at=NOW + DAY) == 1
    assert jobs.tell_reviews(at=NOW + 2 * DAY) == 0
    assert mails("review-due") == ["idriss@example.org"]
    assert jobs.tell_reviews(at=NOW + 14 * DAY) == 0
    assert jobs.tell_reviews(at=NOW + 15 * DAY) == 1
    assert mails("review-late") == ["brahim@example.org"]
    give(receipt, 2, editor, brahim)
    assert jobs.tell_reviews(at=NOW + 2 * DAY) == 1
    assert mails("review-due") == ["idriss@example.org"] * 2


def test_without_an_owner_the_supervisors_hear_at_once(receipt, brahim):
    type(brahim).objects.filter(pk=brahim.pk).update(email="brahim@example.org")
    give(receipt, 0, None, brahim)
    jobs.tell_reviews(at=NOW)
    assert mails("review-due") == ["brahim@example.org"]


def test_an_end_is_told_the_day_after_and_nothing_is_unpublished(receipt, editor, brahim):
    type(editor).objects.filter(pk=editor.pk).update(email="idriss@example.org")
    type(brahim).objects.filter(pk=brahim.pk).update(email="brahim@example.org")
    give(receipt, 300, editor, brahim)
    fields = {"in_force_from": None, "in_force_until": TODAY, "is_ended": False, "ended_by": None,
              "successor": None, "territory": []}  # fmt: skip
    actions.set_validity(receipt, fields, by=editor, at=NOW, why="آخر يوم هو اليوم")
    assert jobs.tell_reviews(at=NOW) == 0
    assert jobs.tell_reviews(at=NOW + DAY) == 1
    assert sorted(mails("validity-ended")) == ["brahim@example.org", "idriss@example.org"]
    assert Version.objects.current().filter(edition__article=receipt).count() == 2


def test_advisors_and_outsiders_see_no_reviews(as_user, library, amina, chama, partner):
    for who in (amina, chama, partner):
        assert as_user(who).get("/desk/reviews/").status_code == 403
        assert as_user(who).get(PAGE).status_code == 403


def test_supervisors_see_but_do_not_sign(as_user, library, brahim):
    assert as_user(brahim).get(PAGE).status_code == 200
    assert as_user(brahim).get(f"{PAGE}ar/signature/").status_code == 403
    assert as_user(brahim).get(f"{PAGE}validity/").status_code == 403
