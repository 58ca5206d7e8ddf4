"""Drafts of the library: begun apart from readers, saved so that no text is lost, published by another."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.translation import override

from knowledge.articles import parts, working
from knowledge.articles.actions import drafting, load_library, publish, publishing, reviewing
from knowledge.articles.drifting import Drift
from knowledge.articles.models import Article, Edition, Version
from tests.make import NOW

pytestmark = pytest.mark.django_db


def test_a_draft_of_a_new_article_is_seen_by_no_reader(library, editor):
    article = drafting.begin_draft(
        "A", {"fr": "Le cachet de l’association"}, {"fr": "Premier point.\n\n- Deuxième {point}."},
        by=editor, at=NOW, why="d’une demande résolue",
    )  # fmt: skip
    assert article.topic == "T40-le-cachet-de-lassociation"
    draft = article.editions.get().drafts.get()
    text = draft.parts.get(name="in-short").text
    assert [(i.text, i.mark) for i in parts.items(text)] == [
        ("Premier point.", "unsure"), ("Deuxième (point).", "unsure"),
    ]  # fmt: skip
    assert list(draft.writers.all()) == [editor]
    assert article.upkeep.get().why == "d’une demande résolue"
    assert not Version.objects.filter(edition__article=article).exists()
    assert Client().get(f"/fr/library/{article.topic}/").status_code == 404
    assert article not in Article.objects.for_upkeep()


def test_every_sheet_is_typed_and_read_back_alike(library):
    for version in Version.objects.current().whole():
        said = parts.of_version(version)
        for name in parts.Section.values:
            rows = parts.items(said[name])
            assert not [row.wrong for row in rows if row.wrong]
            assert parts.typed(rows) == said[name]
        assert parts.keywords(said["keywords"]) == version.keywords


def typed_over(edition, name, text, *, by, seen=None):
    """Saved over what stands there now, or over the text with that stamp."""
    now = working.desk(edition.article)[edition.language]
    return drafting.save_part(edition, name, text, seen=seen or now.stamp(name), by=by, at=NOW)


@pytest.fixture
def french(library):
    return Edition.objects.get(article__topic="T03-receipt", language="fr")


def handed_in(edition, *, by, text="- Une phrase courte.\n  {s1 | seen | dahir-1-58-376 art. 5}"):
    saved = typed_over(edition, "in-short", text, by=by)
    return publishing.submit(saved.part.draft, by=by, at=NOW, why="le texte a changé")


def test_two_editors_on_one_section_keep_both_texts(french, editor, senior):
    before = working.desk(french.article)["fr"]
    seen, old = before.stamp("steps"), before.text("steps")
    first = typed_over(french, "steps", "- Un.", by=editor, seen=seen)
    second = typed_over(french, "steps", "- Deux.", by=senior, seen=seen)
    assert first.beside is None
    assert second.part.text == "- Un."
    assert second.beside.text == "- Deux."
    again = typed_over(french, "steps", "- Deux et demi.", by=senior, seen=seen)
    assert again.beside.pk == second.beside.pk
    with pytest.raises(drafting.Unsettled):
        publishing.submit(first.part.draft, by=editor, at=NOW, why="prêt à lire")
    with pytest.raises(drafting.Moved):
        drafting.settle(again.beside, "- Rien.", number=1, by=senior, at=NOW)
    part = drafting.settle(again.beside, "- Un et deux.", number=2, by=senior, at=NOW)
    assert part.text == "- Un et deux."
    assert {*part.draft.writers.all()} == {editor, senior}
    assert part.besides.get().text == "- Deux et demi."
    assert part.draft.base.statements.exists()
    assert old


def test_a_page_read_before_the_draft_began_saves_over_its_first_text(french, editor, senior):
    seen = working.desk(french.article)["fr"].stamp("watch")
    typed_over(french, "steps", "- Un.", by=editor)
    assert typed_over(french, "watch", "- Deux.", by=senior, seen=seen).beside is None


def test_the_other_language_drifts_with_what_changed_until_both_are_paired(french, editor):
    article = french.article
    assert not any(one.is_apart for one in working.desk(article).drifted.values())
    text = working.desk(article)["fr"].text("in-short").replace("60", "90")
    typed_over(french, "in-short", text, by=editor)
    desk = working.desk(article)
    found = desk.drifted["in-short"]
    assert found.drift == Drift.ARABIC
    change = found.behind("ar")[0]
    assert change.key == "s2"
    assert [(p.kind, p.words) for p in change.pieces if p.kind] == [("del", "60"), ("ins", "90")]
    stamps = {"arabic": desk["ar"].stamp("in-short"), "french": desk["fr"].stamp("in-short")}
    drafting.pair(article, "in-short", **stamps, by=editor, at=NOW)
    assert working.desk(article).drifted["in-short"].drift == Drift.SAME
    typed_over(french, "in-short", text + " ", by=editor)
    typed_over(french, "in-short", "- Autre.", by=editor)
    with pytest.raises(drafting.Moved):
        drafting.pair(article, "in-short", **stamps, by=editor, at=NOW)


def test_nobody_publishes_their_own_words(french, editor, senior):
    typed_over(french, "steps", "- Un.\n  {general}", by=senior)
    version = handed_in(french, by=editor)
    for writer in (editor, senior):
        with pytest.raises(publishing.OwnWords):
            publishing.release(version, by=writer, at=NOW, why="je suis pressé")
        with pytest.raises(reviewing.OwnText):
            reviewing.sign(version, by=writer, at=NOW, bulletin="BO 1")
    assert typed_over(french, "watch", "- Trop tard.", by=editor).is_in_review


def test_another_publishes_and_readers_see_the_new_version(french, editor, senior, client):
    old = french.current
    version = handed_in(french, by=editor)
    assert "Une phrase courte" not in client.get("/fr/library/T03-receipt/").content.decode()
    publishing.release(version, by=senior, at=NOW, why="lu au Bulletin officiel")
    page = client.get("/fr/library/T03-receipt/").content.decode()
    assert "Une phrase courte." in page
    old.refresh_from_db()
    assert old.state == "retired"
    with pytest.raises(publishing.NotInReview):
        publishing.release(version, by=senior, at=NOW, why="encore une fois")
    acts = list(french.article.upkeep.values_list("act", "by__username", "why"))
    assert acts[0] == ("published", senior.username, "lu au Bulletin officiel")
    assert acts[1] == ("submitted", editor.username, "le texte a changé")
    load_library(at=NOW)
    french.refresh_from_db()
    assert french.current_id == version.pk


def test_a_sweep_publishes_at_the_moment_that_was_set(french, editor, senior):
    version = handed_in(french, by=editor)
    hour = timedelta(hours=1)
    with pytest.raises(publishing.PastDay):
        publishing.release(version, by=senior, at=NOW, why="trop tôt", publish_at=NOW)
    publishing.release(version, by=senior, at=NOW, why="le jour dit", publish_at=NOW + hour)
    assert publishing.publish_due(at=NOW) == 0
    publishing.hold(version, by=senior, at=NOW, why="pas encore")
    assert publishing.publish_due(at=NOW + 2 * hour) == 0
    publishing.release(version, by=senior, at=NOW, why="le jour dit", publish_at=NOW + hour)
    assert publishing.publish_due(at=NOW + hour) == 1
    assert publishing.publish_due(at=NOW + hour) == 0
    french.refresh_from_db()
    assert french.current_id == version.pk


def test_what_comes_back_is_written_in_again_and_an_old_version_is_restored(french, editor, senior):
    old = working.shown(french)
    version = handed_in(french, by=editor)
    publishing.send_back(version, by=senior, at=NOW, why="citez l’article")
    version.refresh_from_db()
    assert version.state == "returned"
    draft = drafting.restore(old, by=senior, at=NOW, why="l’ancienne était juste")
    part = draft.parts.get(name="in-short")
    assert part.text == parts.of_version(old)["in-short"]
    assert part.besides.get().text.startswith("- Une phrase courte.")
    drafting.settle(part.besides.get(), None, number=0, by=senior, at=NOW)
    with pytest.raises(publishing.NothingNew):
        publishing.submit(draft, by=senior, at=NOW, why="rien de neuf")
    drafting.drop(draft, by=senior, at=NOW, why="rien de neuf")
    assert working.desk(french.article)["fr"].draft is None


def test_the_list_of_checks_stops_what_has_no_mark_or_citation(french, editor):
    text = "- Sans degré.\n- Lu.\n  {seen}\n- " + "mot " * 40 + "\n  {general}"
    with pytest.raises(publishing.NotReady) as stopped:
        handed_in(french, by=editor, text=text)
    said = [(check.must, check.about[:10]) for check in stopped.value.checks]
    assert (True, "Sans degré") in said
    assert (True, "Lu.") in said
    assert any(not must for must, about in said if about.startswith("mot"))


def test_a_draft_that_began_from_an_older_version_says_so(french, editor):
    typed_over(french, "steps", "- Un.\n  {general}", by=editor)
    old = french.current
    newer = Version.objects.create(
        edition=french, number=2, title=old.title, question=old.question, checked_on=NOW.date(),
        digest="x" * 64, written_at=NOW,
    )  # fmt: skip
    publish(newer, at=NOW)
    desk = working.desk(french.article)
    with override("en"):
        found = publishing.to_check(desk, "fr", publishing.known(), on=NOW.date())
        assert [c.must for c in found if "newer version" in c.words] == [False]
        arabic = publishing.to_check(desk, "ar", publishing.known(), on=NOW.date())
        assert not [c for c in arabic if "newer version" in c.words]
