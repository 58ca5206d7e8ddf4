"""The glossary at the desk: who keeps it, what a form refuses, what is written down, words to decide."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from helpdesk.accounts.models import Audit
from knowledge.articles.terms import Term
from knowledge.search import glossary
from knowledge.search.hits import Results
from knowledge.search.models import WordSetAside
from knowledge.search.unknown import note

pytestmark = pytest.mark.django_db
DESK = "/desk/glossary/"
GOOD = {"fr": "zorglub\nTVA", "latin": "zerwata; zerwatta", "note": "entendu à Safi"}


def read(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def written(by: Any, as_user: Any, **more: Any) -> Term:
    assert as_user(by).post(f"{DESK}new/", {**GOOD, **more}).status_code == 302
    return Term.objects.get()


def test_a_term_is_written_changed_and_told(as_user: Any, editor: Any, senior: Any) -> None:
    term = written(editor, as_user)
    assert (term.fr, term.latin) == (["zorglub", "TVA"], ["zerwata", "zerwatta"])
    client = as_user(senior)
    assert "zorglub" in read(client, f"{DESK}?q=ZORG")
    page = f"{DESK}{term.pk}/"
    form = {**GOOD, "fr": "zorglub", "revision": term.revision}
    assert client.post(page, form).status_code == 302
    term.refresh_from_db()
    assert (term.fr, term.changed_by, term.revision) == (["zorglub"], senior, 2)
    told = Audit.objects.filter(act="kept-term", subject_id=term.pk).order_by("pk")
    assert [row.facts for row in told] == [
        {"added": ["zorglub", "TVA", "zerwata", "zerwatta"], "taken_out": []},
        {"added": [], "taken_out": ["TVA"]},
    ]
    shown = read(client, page)
    assert editor.shown_name in shown
    assert senior.shown_name in shown


def test_who_comes_second_keeps_what_was_typed(as_user: Any, editor: Any) -> None:
    term = written(editor, as_user)
    answer = as_user(editor).post(f"{DESK}{term.pk}/", {**GOOD, "ar": "زرواطة", "revision": 0})
    assert answer.status_code == 422
    assert "زرواطة" in answer.content.decode()
    assert Term.objects.get().ar == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"latin": "zerwata; zerwatta"}, "ar"),
        ({"fr": "zorglub"}, "ar"),
        ({"fr": "زرواطة; TVA"}, "fr"),
        ({"darija": "zerwata", "fr": "TVA"}, "darija"),
        ({"fr": "le\nTVA"}, "fr"),
        ({"fr": "x" * 61 + "\nTVA"}, "fr"),
        ({"fr": "\n".join(f"mot{n}" for n in range(21))}, "fr"),
        ({"fr": "zorglub\nTVA", "is_shown": "on", "meaning_ar": "معنى"}, "meaning_fr"),
    ],
)
def test_a_form_says_what_is_wrong(
    as_user: Any, editor: Any, typed: dict[str, str], field: str
) -> None:
    answer = as_user(editor).post(f"{DESK}new/", typed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Term.objects.exists()


def test_what_ships_is_replaced_rests_and_comes_back(as_user: Any, editor: Any) -> None:
    entry, client = glossary.shipped()[0], as_user(editor)
    page = f"{DESK}shipped/{entry.key}/"
    assert entry.fr[0] in read(client, page)
    client.post(page, {"ar": "\n".join(entry.ar), "fr": "zorglub"})
    term = Term.objects.get(stands_for=entry.key)
    assert client.get(page).url == f"{DESK}{term.pk}/"
    for state, revision in (("resting", 1), ("shipped", 2), ("used", 3)):
        client.post(f"{DESK}{term.pk}/state/", {"state": state, "revision": revision})
        term.refresh_from_db()
        assert term.state == state
    client.post(f"{DESK}{term.pk}/state/", {"state": "resting", "revision": 1})
    term.refresh_from_db()
    assert term.state == "used", "somebody was quicker"
    other = glossary.shipped()[1]
    client.post(f"{DESK}shipped/{other.key}/rest/")
    assert Term.objects.get(stands_for=other.key).state == "resting"
    assert other.fr[0] in read(client, f"{DESK}?view=resting")


def test_a_notion_of_ones_own_never_ships(as_user: Any, editor: Any) -> None:
    term = written(editor, as_user)
    for state in ("shipped", "", "gone"):
        answer = as_user(editor).post(f"{DESK}{term.pk}/state/", {"state": state, "revision": 1})
        assert answer.status_code == 404


def test_a_word_to_decide_becomes_a_term_or_is_set_aside(as_user: Any, editor: Any) -> None:
    for days in (0, 1, 2):
        found = Results("", "fr", unknown=["zerwata", "bled9"])
        note(found, theme="", at=timezone.now() + timedelta(days))
    client = as_user(editor)
    page = read(client, f"{DESK}proposals/")
    assert "zerwata" in page
    assert "bled9" not in page
    assert "zerwata" in read(client, f"{DESK}new/?word=zerwata")
    client.post(f"{DESK}proposals/aside/", {"word": "zerwata"})
    assert WordSetAside.objects.get().by == editor
    read(client, DESK)  # what was done is told once
    assert "zerwata" not in read(client, f"{DESK}proposals/")
    client.post(f"{DESK}proposals/aside/", {"word": "never searched"})
    assert WordSetAside.objects.count() == 1


def test_the_test_box_answers_whatever_is_typed(as_user: Any, editor: Any) -> None:
    client = as_user(editor)
    for text in ("", "lwasl 3afak", "récépissé definitf", "؟؟", "a\x00b", "x" * 900):
        assert client.get(f"{DESK}test/", {"q": text}).status_code == 200


def test_only_those_who_keep_it(as_user: Any, amina: Any, brahim: Any, partner: Any) -> None:
    assert as_user(brahim).get(DESK).status_code == 200
    for who in (amina, partner):
        assert as_user(who).get(DESK).status_code in (403, 404)
