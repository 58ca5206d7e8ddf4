"""The article editor at the desk: what is typed is kept, and the way from a draft to the public page."""

from datetime import timedelta

import pytest

from helpdesk.accounts.models import Audit
from helpdesk.editing.jobs import publish_released
from knowledge.articles import working
from knowledge.articles.models import Article, Version
from tests.make import NOW

pytestmark = pytest.mark.django_db
TOPIC = "T03-receipt"
PAGE = f"/desk/editor/{TOPIC}/"
FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}
TEXT = "- Le nouveau délai.\n  {s1 | seen | dahir-1-58-376 art. 5}"


@pytest.fixture
def receipt(library, db):
    return Article.objects.get(topic=TOPIC)


def stamp(article, name="in-short", language="fr"):
    return working.desk(article)[language].stamp(name)


def save(client, text, seen, *, name="in-short", language="fr", **headers):
    typed = {"name": name, "text": text, "seen": seen}
    return client.post(f"{PAGE}{language}/part/", typed, **headers)


def read(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_from_the_first_word_to_the_public_page(as_user, client, receipt, editor, senior):
    writer, reviewer = as_user(editor), as_user(senior)
    said = save(writer, TEXT, stamp(receipt), **FETCH).json()
    assert said["state"] == "saved"
    assert said["stamp"] == stamp(receipt)
    page = read(reviewer, PAGE)
    assert editor.shown_name in page
    assert "<ins>" in page
    assert TOPIC in read(reviewer, "/desk/editor/?view=apart")
    assert "Le nouveau délai." in read(writer, f"{PAGE}fr/preview/")
    assert "nouveau" in read(writer, f"{PAGE}fr/comparison/")
    assert writer.post(f"{PAGE}fr/submission/", {"why": "x"}).status_code == 422
    writer.post(f"{PAGE}fr/submission/", {"why": "الأجل تغير"})
    review = {"decision": "now", "publish_at": "", "why": "قوبل بالجريدة"}
    writer.post(f"{PAGE}fr/review/", {**review})
    assert Version.objects.filter(state="returned").count() == 1  # who wrote can only take it back
    writer.post(f"{PAGE}fr/submission/", {"why": "الأجل تغير"})
    assert "Le nouveau délai." not in read(client, f"/fr/library/{TOPIC}/")
    reviewer.post(f"{PAGE}fr/review/", review)
    assert "Le nouveau délai." in read(client, f"/fr/library/{TOPIC}/")
    assert Audit.objects.filter(act="published-version", user=senior).count() == 1
    history = read(reviewer, f"{PAGE}history/")
    assert "قوبل بالجريدة" in history
    assert "الأجل تغير" in history


def test_who_comes_second_is_shown_both_texts_with_and_without_script(
    as_user, receipt, editor, senior
):
    seen = stamp(receipt)
    save(as_user(editor), TEXT, seen)
    said = save(as_user(senior), "- <b>Un autre.", seen, **FETCH).json()
    assert said["state"] == "beside"
    for text in ("Le nouveau délai.", "- &lt;b&gt;Un autre."):
        assert text in said["html"]
        assert text in read(as_user(senior), PAGE)
    beside = working.desk(receipt)["fr"].besides("in-short")[0]
    typed = {"beside": beside.pk, "number": "2", "keep": "merged", "text": TEXT + "\n- Fusion."}
    as_user(senior).post(f"{PAGE}fr/beside/", typed)
    assert working.desk(receipt)["fr"].text("in-short").endswith("- Fusion.")
    assert as_user(senior).post(f"{PAGE}fr/beside/", typed).status_code == 302


def test_who_writes_where_is_told_to_the_others(as_user, receipt, editor, senior):
    save(as_user(editor), TEXT, stamp(receipt))
    told = read(as_user(senior), f"{PAGE}watching/")
    writes = told.split('id="who-fr-in-short"')[1].split("</span>")[0]
    assert editor.shown_name in writes
    assert editor.shown_name not in told.split('id="who-ar-in-short"')[1].split("</span>")[0]


def test_a_day_is_set_and_the_sweep_publishes(as_user, client, receipt, editor, senior):
    save(as_user(editor), TEXT, stamp(receipt))
    as_user(editor).post(f"{PAGE}fr/submission/", {"why": "الأجل تغير"})
    form = {"decision": "day", "publish_at": "2020-01-01T08:00", "why": "قوبل بالجريدة"}
    assert as_user(senior).post(f"{PAGE}fr/review/", form).status_code == 422
    form["publish_at"] = (NOW + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    hold = {**form, "decision": "hold"}
    assert as_user(senior).post(f"{PAGE}fr/review/", hold).status_code == 422
    for one in (form, hold, form):
        assert as_user(senior).post(f"{PAGE}fr/review/", one).status_code == 302
    assert publish_released(at=NOW + timedelta(days=1)) == 0
    assert publish_released(at=NOW + timedelta(days=3)) == 1
    assert "Le nouveau délai." in read(client, f"/fr/library/{TOPIC}/")


def test_a_new_article_and_strange_input_are_answered(as_user, receipt, editor):
    client = as_user(editor)
    assert client.post("/desk/editor/new/", {"theme": "A"}).status_code == 422
    answer = client.post("/desk/editor/new/", {"theme": "A", "title_fr": "Le cachet"})
    assert read(client, answer["Location"])
    assert save(client, "x", "", name="nothing", **FETCH).status_code == 400
    assert save(client, "\x00x", "99999999999999999999.1", **FETCH).json()["state"] == "beside"
    assert client.post(f"{PAGE}pairing/", {"name": "steps", "ar": "x"}).status_code == 302
    for asked in ("?a=draft&b=77", "?a=١"):
        assert client.get(f"{PAGE}fr/comparison/{asked}").status_code == 404
    for act in ("dropping", "review"):
        assert client.get(f"{PAGE}ar/{act}/").status_code == 302


@pytest.mark.parametrize("view", ["", PAGE.removeprefix("/desk/editor/")])
def test_the_editor_asks_a_constant_number_of_queries(
    as_user, receipt, editor, django_assert_max_num_queries, view
):
    client = as_user(editor)
    client.get(f"/desk/editor/{view}")
    with django_assert_max_num_queries(40):
        client.get(f"/desk/editor/{view}")
