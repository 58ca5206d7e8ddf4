"""The gap report: one line a question in the askers' words, and nothing that its reader may not read."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from helpdesk.accounts.models import Posting
from helpdesk.notices.models import Notice
from helpdesk.supervision import gap_page, jobs
from helpdesk.tickets.actions import suggesting
from helpdesk.tickets.models import Answer, Ticket
from knowledge.articles.models import Article, Edition, Feedback, Theme, Version
from knowledge.search.counting import count
from knowledge.search.models import Act, Place, SearchRecord
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAGE = "/desk/gaps/"
TOPIC = "T03-receipt"


def searched(text: str, *days_ago: int, **fields: Any) -> None:
    for back in days_ago:
        SearchRecord.objects.create(
            **{"text": text, "language": "fr", "hits": 0, "place": "search", **fields},
            at=NOW - back * DAY,
        )  # fmt: skip


def closed(words: str, *, outcome: str = "no-answer-in-base", **fields: Any) -> Ticket:
    made = make.ticket(words)
    known = {"state": "closed", "outcome": outcome, "closed_at": NOW - DAY, **fields}
    Ticket.objects.filter(pk=made.pk).update(**known)
    made.refresh_from_db()
    return made


def words(user: Any, **given: str) -> list[str]:
    return [line.words for line in gap_page.page(user, given, at=NOW).lines]


def text_of(client: Any, query: str = "") -> str:
    answer = client.get(f"{PAGE}{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_same_stems_are_one_line_the_most_frequent_words_first(brahim: Any) -> None:
    searched("kafala d'un orphelin", 1)
    searched("kafala orphelins", 1, 2, 3)
    searched("drone du club", 1, 2)  # too few
    searched("rare et unique", *[1] * 5)  # often, but on one day
    searched("mosquée", 1, 2, 3, hits=2, opened=True)  # helped
    page = gap_page.page(brahim, {}, at=NOW)
    (line,) = page.lines
    assert (line.words, line.others, line.group.times) == (
        "kafala orphelins", ["kafala d'un orphelin"], 4,
    )  # fmt: skip
    assert page.report.rare == 7
    assert line.reasons[0][1] == 4


def test_requests_are_gaps_by_what_they_were_given(brahim: Any, amina: Any) -> None:
    make.library()
    closed("سؤال عن الكفالة")
    closed("سؤال عن الطائرات", outcome="advice-given-action-by-asker")
    closed("سؤال مسحوب", outcome="withdrawn")
    closed("مطلوب قانون أساسي", outcome="document-delivered")
    refused = make.ticket("سؤال عن المسجد")
    suggesting.refuse(refused, TOPIC, "ar", at=NOW - DAY)
    told = closed("قيل في الهاتف", outcome="solved-first-contact")
    told.entries.create(
        number=90, kind="call", at=NOW, data={"given": [{"topic": TOPIC}], "about": ""}
    )
    lines = gap_page.page(brahim, {}, at=NOW).lines
    assert {line.words: [source for source, _n in line.group.sources] for line in lines} == {
        "سؤال عن الكفالة": ["no-answer"],
        "سؤال عن الطائرات": ["closed"],
        "مطلوب قانون أساسي": ["closed", "paper"],
        "سؤال عن المسجد": ["refused"],
    }
    assert words(brahim, why="paper") == ["مطلوب قانون أساسي"]


def test_filters_narrow_and_weeks_are_weeks(brahim: Any) -> None:
    theme = Theme.objects.get_or_create(code="A", defaults={"name_ar": "أ", "name_fr": "A"})[0]
    closed("سؤال من الحوز", province="07.041", theme=theme)
    closed("question en français", language="fr", closed_at=NOW - 8 * DAY)
    closed("سؤال قديم", closed_at=NOW - 40 * DAY)
    assert len(words(brahim)) == 2
    assert words(brahim, theme="A") == words(brahim, province="07.041") == ["سؤال من الحوز"]
    assert (
        words(brahim, language="fr") == words(brahim, week="2026-W47") == ["question en français"]
    )
    assert len(words(brahim, week="x" * 300, theme="'", language="\x00", province="99")) == 2


def test_names_and_numbers_do_not_reach_the_report(brahim: Any, as_user: Any) -> None:
    person = make.person("فاطمة الزهراء", number="0661234567")
    group = make.association("جمعية واحة النخيل")
    made = closed("فاطمة من جمعية واحة النخيل تسأل عن الكفالة 0661234567")
    Ticket.objects.filter(pk=made.pk).update(person=person, association=group)
    text = text_of(as_user(brahim))
    assert "الكفالة" in text
    for secret in ("فاطمة", "النخيل", "0661234567", "61234567"):
        assert secret not in text, secret


def test_nobody_reads_what_they_may_not_read(
    brahim: Any, editor: Any, senior: Any, partner: Any, amina: Any, as_user: Any
) -> None:
    """Sealed, restricted and foreign requests, and drafts of articles, in no one's report."""
    theme = Theme.objects.get_or_create(code="A", defaults={"name_ar": "أ", "name_fr": "A"})[0]
    ordinary = closed("سرعادي", theme=theme)
    for level, said in ((1, "سرمحصور"), (2, "سرمغلق")):
        Ticket.objects.filter(pk=closed(said, theme=theme).pk).update(level=level)
    Ticket.objects.filter(pk=closed("سرغريب").pk).update(team=make.other_team())
    draft = Version.objects.create(
        edition=Edition.objects.create(
            article=Article.objects.create(topic="T99-secret", theme=theme), language="ar"
        ),
        number=1, title="عنوانمسودة", question="؟", checked_on=NOW.date(), digest="x", written_at=NOW,
    )  # fmt: skip
    Feedback.objects.create(version=draft, useful=False, why="كلاممسودة", at=NOW - DAY)
    count(Act.REFUSED, [("T99-secret", "ar")], place=Place.TICKET, at=NOW - DAY)
    seen = {user: text_of(as_user(user)) for user in (brahim, senior, editor)}
    for text in seen.values():
        for hidden in ("سرمحصور", "سرمغلق", "سرغريب", "عنوانمسودة", "كلاممسودة"):
            assert hidden not in text
    assert "سرعادي" in seen[brahim]
    assert "سرعادي" not in seen[editor]
    assert ordinary.reference not in seen[editor]
    for outsider in (amina, partner):
        assert as_user(outsider).get(PAGE).status_code == 403
        assert as_user(outsider).get(f"{PAGE}gaps.xlsx").status_code == 403


def test_who_reads_no_request_has_numbers_by_theme_small_ones_untold(
    editor: Any, as_user: Any
) -> None:
    theme = Theme.objects.get_or_create(code="A", defaults={"name_ar": "أ", "name_fr": "A"})[0]
    for n in range(6):
        closed(f"سؤال {n}", theme=theme)
    closed("سؤال بلا محور")
    found = gap_page.page(editor, {}, at=NOW)
    assert not found.lines
    assert found.report.by_theme in (
        [(str(theme), None), ("", None)],
        [("", None), (str(theme), None)],
    )
    Posting.objects.filter(user=editor).delete()
    editor.__dict__.pop("_scope", None)
    assert gap_page.page(editor, {}, at=NOW).report.by_theme == []


def test_one_click_makes_a_draft_without_the_people(
    brahim: Any, amina: Any, editor: Any, as_user: Any
) -> None:
    make.library()
    person = make.person("فاطمة الزهراء", number="0661234567")
    group = make.association("جمعية واحة النخيل")
    asked = "أنا فاطمة من جمعية واحة النخيل، هل تجوز الكفالة؟ 0661234567"
    ticket = closed(asked, person=person, association=group)
    Answer.objects.create(
        ticket=ticket, state="released", language="ar", text="السيدة فاطمة، تجوز.\nاتصلوا بأمينة",
        help="info", caution_version="1", author=amina, written_at=NOW, released_at=NOW,
    )  # fmt: skip
    client, page = as_user(brahim), f"{PAGE}drafts/{ticket.pk}/"
    assert page in text_of(client), "one click from the report"
    form = client.get(page).context["form"]
    said = {name: form[name].value() for name in ("language", "title", "question", "text")}
    for secret in ("فاطمة", "النخيل", "0661234567"):
        assert secret not in " ".join(said.values()), secret
    assert "تجوز" in said["text"]
    refused = client.post(page, {**said, "theme": "A"})
    assert refused.status_code == 422
    assert said["question"] in refused.content.decode()
    assert not Article.objects.filter(theme__code="A", editions__current=None).exists()
    client.post(page, {**said, "theme": "A", "nameless": "on"})
    made = Article.objects.get(editions__drafts__begun_by=brahim)
    assert not made.editions.filter(current__isnull=False).exists()
    assert made.topic not in client.get("/library/").content.decode()
    assert client.post(page, {**said, "theme": "A", "nameless": "on"}).status_code == 302
    assert Article.objects.filter(editions__drafts__begun_by=brahim).count() == 1, "not twice"
    assert as_user(editor).get(page).status_code == 403
    Ticket.objects.filter(pk=ticket.pk).update(level=1)
    assert as_user(brahim).get(page).status_code == 404


def test_answers_that_did_not_help(brahim: Any, as_user: Any) -> None:
    make.library()
    version = Version.objects.current().in_language("ar").get(edition__article__topic=TOPIC)
    Feedback.objects.create(version=version, useful=False, why="لا أجد الأجل", at=NOW - DAY)
    count(Act.REFUSED, [(TOPIC, "ar")], place=Place.CALL, at=NOW - DAY)
    count(Act.OPENED, [("T01-creation", "ar")], place=Place.ASK, at=NOW - DAY)
    (one,) = gap_page.page(brahim, {}, at=NOW).report.missed
    assert (one.topic, one.not_useful, one.acts[Act.REFUSED]) == (TOPIC, 1, 1)
    assert one.remarks == ["لا أجد الأجل"]
    assert "لا أجد الأجل" in text_of(as_user(brahim))
    assert gap_page.page(brahim, {"theme": "D"}, at=NOW).report.missed == []


def test_the_workbook_says_no_small_number(brahim: Any, as_user: Any) -> None:
    searched("kafala orphelins", 1, 2, 3)
    searched("=drone()", *range(1, 8))
    answer = as_user(brahim).get(f"{PAGE}gaps.xlsx")
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    rows = {row[0]: row[6] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert rows["'=drone()"] == 7
    assert not isinstance(rows["kafala orphelins"], int)


def test_supervisors_hear_on_monday_once_without_words(brahim: Any, centre: Any) -> None:
    brahim.email = "brahim@example.org"
    brahim.save()
    closed("سؤال عن الكفالة", closed_at=NOW)
    monday = NOW + 6 * DAY
    assert jobs.tell_gaps(at=NOW) == 0
    assert jobs.tell_gaps(at=monday) == 1
    assert jobs.tell_gaps(at=monday + timedelta(hours=3)) == 0
    notice = Notice.objects.get(kind="gaps-weekly")
    assert "/desk/gaps/?week=2026-W48" in notice.text
    assert "الكفالة" not in notice.text + notice.subject
