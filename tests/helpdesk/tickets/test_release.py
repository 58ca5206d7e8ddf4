"""Four eyes, and the page that proves an answer later."""

from typing import Any

import pytest
from django.urls import reverse

from helpdesk.live.actions import draft_of
from helpdesk.notices.models import Notice
from helpdesk.queues import actions as queues
from helpdesk.tickets import provenance
from helpdesk.tickets.actions import answering
from helpdesk.tickets.actions.answering import Quote
from helpdesk.tickets.models import Answer
from helpdesk.tickets.querysets import draft_place
from helpdesk.tickets.rules import CAUTION, Help
from knowledge.articles import access as library
from knowledge.articles.actions import publish
from knowledge.articles.models import Statement, Version
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(amina: Any) -> Any:
    made = make.ticket(answer_by="email", contact_email="fatima@example.org")
    queues.claim(made, by=amina, at=make.NOW)
    return made


@pytest.fixture
def version(centre: Any) -> Any:
    make.library()
    return library.current_version("T04-refusal", language="ar")


def written(ticket: Any, by: Any, version: Any = None, keys: tuple[str, ...] = ()) -> Answer:
    return answering.answer(
        ticket, "هذا جوابنا عن الرفض.", by=by, at=make.NOW, language="ar", help=Help.ADVICE,
        quotes=[Quote(version, keys)] if version else [], four_eyes=version is None,
    )  # fmt: skip


def to(name: str, pk: int) -> str:
    return reverse(f"tickets:{name}", args=[pk])


def test_an_article_of_four_eyes_makes_the_answer_wait(
    ticket: Any, amina: Any, version: Any, as_user: Any
) -> None:
    answer = written(ticket, amina, version)
    assert answer.state == "awaiting"
    assert not ticket.entries.filter(kind="answer").exists()
    page = as_user(amina).get(to("ticket", ticket.pk)).content.decode()
    assert f'id="answer-{answer.pk}"' in page
    assert to("release", answer.pk) not in page


def test_a_second_person_releases_once_and_the_asker_is_told(
    ticket: Any, cast: Any, as_user: Any
) -> None:
    answer = written(ticket, cast["amina"])
    assert as_user(cast["amina"]).post(to("release", answer.pk)).status_code == 403
    client = as_user(cast["senior"])
    assert to("release", answer.pk) in client.get(to("ticket", ticket.pk)).content.decode()
    for _ in range(2):
        assert client.post(to("release", answer.pk)).status_code == 302
    answer.refresh_from_db()
    assert (answer.state, answer.released_by) == ("released", cast["senior"])
    entry = ticket.entries.get(kind="answer")
    assert (entry.by, entry.data["released_ar"]) == (cast["amina"], "سلمى")
    assert Notice.objects.filter(key=f"answer:{answer.pk}").count() == 1


def test_nobody_releases_their_own(ticket: Any, senior: Any, as_user: Any) -> None:
    queues.pass_on(ticket, to=senior, by=senior, at=make.NOW)
    answer = written(ticket, senior)
    page = as_user(senior).post(to("release", answer.pk), follow=True).content.decode()
    assert to("release", answer.pk) not in page
    assert as_user(senior).post(to("return", answer.pk), {"why": "لا أوافق"}).status_code == 409
    answer.refresh_from_db()
    assert answer.state == "awaiting"


def test_a_returned_answer_goes_back_with_its_reason_and_is_taken_up(
    ticket: Any, amina: Any, brahim: Any, version: Any, as_user: Any
) -> None:
    answer = written(ticket, amina, version, keys=("s1",))
    client = as_user(brahim)
    assert client.get(to("return", answer.pk)).status_code == 200
    assert client.post(to("return", answer.pk), {"why": ""}).status_code == 422
    for _ in range(2):
        client.post(to("return", answer.pk), {"why": "أضيفوا الأجل من فضلكم"})
    assert ticket.entries.filter(kind="release").count() == 2
    mine = as_user(amina)
    assert "أضيفوا الأجل" in mine.get(to("ticket", ticket.pk)).content.decode()
    mine.post(to("take_up", answer.pk))
    kept = draft_of(place=draft_place(ticket.pk), user=amina)
    assert (kept["body"], kept["quotes"]) == (answer.text, f"{version.pk}:s1")
    written(ticket, amina, version)
    page = mine.get(to("ticket", ticket.pk)).content.decode()
    assert f'id="answer-{answer.pk}"' not in page


def test_the_desk_lists_answers_that_wait(
    ticket: Any, amina: Any, senior: Any, version: Any, as_user: Any
) -> None:
    written(ticket, amina, version)
    for user in (amina, senior):
        assert f'id="release-{ticket.pk}"' in as_user(user).get("/desk/").content.decode()


def test_the_proof_shows_the_day_and_what_changed_since(
    ticket: Any, cast: Any, version: Any, as_user: Any
) -> None:
    keys = [s.key for s in version.statements.exclude(mark="unsure")][:3]
    answer = written(ticket, cast["amina"], version, tuple(keys))
    answering.release(answer, by=cast["senior"], at=make.NOW)
    said = {s.key: s.text for s in version.statements.all()}
    newer = _next(version, drop=keys[1], words={keys[0]: "صياغة جديدة"}, mark=keys[2])
    page = as_user(cast["brahim"]).get(to("provenance", answer.pk)).content.decode()
    for text in (said[keys[0]], said[keys[1]], "صياغة جديدة", "قاعدة مضافة", CAUTION["ar"]):
        assert text in page
    assert "أمينة" in page
    assert "سلمى" in page
    proof = provenance.of(answer, unsure=True)
    given = proof.given[0]
    assert given.version == version
    assert given.current == newer
    assert {c.key: c.what for c in given.changes} == {
        keys[0]: "words", keys[1]: "removed", keys[2]: "mark", "s99": "added",
    }  # fmt: skip
    assert given.touches_quoted
    assert [n.state for n in proof.notices] == ["queued"]


def _next(version: Any, *, drop: str, words: dict[str, str], mark: str) -> Version:
    newer = Version.objects.create(
        edition=version.edition, number=version.number + 1, title=version.title,
        question=version.question, checked_on=version.checked_on, digest="x",
        written_at=make.NOW,
    )  # fmt: skip
    rows = [s for s in version.statements.all() if s.key != drop]
    for s in rows:
        other = "general" if s.mark != "general" else "seen"
        Statement.objects.create(
            version=newer, key=s.key, section=s.section, rank=s.rank,
            text=words.get(s.key, s.text), mark=other if s.key == mark else s.mark,
        )  # fmt: skip
    Statement.objects.create(
        version=newer, key="s99", section="watch", rank=99, text="قاعدة مضافة", mark="seen"
    )
    return publish(newer, at=make.NOW)


def test_an_answer_without_article_says_so(ticket: Any, amina: Any, as_user: Any) -> None:
    answer = written(ticket, amina)
    assert as_user(amina).get(to("provenance", answer.pk)).status_code == 200


def test_the_proof_is_for_who_reads_the_ticket(ticket: Any, cast: Any, as_user: Any) -> None:
    answer = written(ticket, cast["amina"])
    for name, user in cast.items():
        status = as_user(user).get(to("provenance", answer.pk)).status_code
        expected = {"visitor": {302}, "amina": {200}, "brahim": {200}, "senior": {200}}
        assert status in expected.get(name, {403, 404}), name


def test_the_proof_of_a_whole_article_holds_no_more_than_the_asker_could_read(
    ticket: Any, amina: Any, version: Any
) -> None:
    doubtful = version.statements.exclude(section="in-short").first()
    Statement.objects.filter(pk=doubtful.pk).update(mark="unsure")
    answer = written(ticket, amina, library.current_version("T04-refusal", language="ar"))
    given = provenance.of(answer, unsure=True).given[0]
    assert doubtful.key not in [line.key for line in given.said]
    quoted = written(ticket, amina, version, (doubtful.key,))
    assert [line.key for line in provenance.of(quoted, unsure=True).given[0].said] == [doubtful.key]
