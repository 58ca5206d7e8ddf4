"""The library kept true, in real Chromium and both languages: a review given out and done, a version
signed, an article that is over, a recall followed to its end, a section written and published by a second
person; axe on every page of the way."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from helpdesk.accounts.models import User
from helpdesk.queues import actions as queues
from helpdesk.tickets import jobs
from helpdesk.tickets.actions import answering
from helpdesk.tickets.actions.answering import Quote
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.recalls import Recalled
from helpdesk.tickets.rules import Help
from knowledge.articles import access as library
from knowledge.articles.actions import publish
from knowledge.articles.models import Version
from tests import make
from tests.browser.laid import Laid, laid
from tests.browser.visiting import Visitor

__all__ = ["laid"]
pytestmark = [pytest.mark.browser, pytest.mark.full]
TOPICS = {"ar": "T31-public-meetings", "fr": "T32-halls"}
SIGNED = {"ar": "T33-seat", "fr": "T34-bank"}
LANGUAGES = pytest.mark.parametrize("language", ["ar", "fr"])
WRITTEN = {"ar": "T26-petitions", "fr": "T27-motions"}
BULLETIN = "BO 5712, 26/02/2009"


def submit(visitor: Visitor) -> None:
    visitor.page.locator("main form .btns .btn.p").first.click()
    visitor.page.wait_for_load_state()
    visitor.look()


def public(topic: str, language: str) -> str:
    return f"{'' if language == 'ar' else '/fr'}/library/{topic}/"


@LANGUAGES
def test_given_out_read_again_signed_and_over(laid: Laid, language: str) -> None:
    topic, today = SIGNED[language], timezone.localdate()
    salma = User.objects.get(username="demo-salma")
    visitor = Visitor(laid.enter("salma", language), language)
    page = visitor.page
    visitor.go("/desk/reviews/?view=all")
    page.locator(f"[name=topic][value={topic}]").check()
    page.select_option("main form [name=owner] >> nth=-1", str(salma.pk))
    page.fill("[name=review_on]", (today - timedelta(days=20)).isoformat())
    submit(visitor)
    visitor.go("/desk/reviews/?owner=me")
    assert page.locator(".nav .tag").inner_text().strip() == "1"
    page.locator(f"main a[href$='/{topic}/']").click()
    page.locator(f"a[href$='/{language}/signature/']").click()
    visitor.look()
    page.fill("[name=bulletin]", BULLETIN)
    page.check("[name=read]")
    submit(visitor)
    page.locator("a[href$='/reading/']").click()
    page.fill("[name=why]", "قوبل المقال بالجريدة الرسمية")
    submit(visitor)
    assert page.locator(".nav .tag").count() == 0
    visitor.go(f"/desk/reviews/{topic}/{language}/unsigning/")
    visitor.go("/desk/reviews/texts/law-75-00/validity/")
    visitor.go(f"/desk/reviews/{topic}/")
    reader = Visitor(laid.enter("", language), language)
    reader.go(public(topic, language))
    said = reader.page.locator("main").inner_text()
    assert BULLETIN in said
    assert (salma.name_fr if language == "fr" else salma.name_ar) in said
    assert reader.page.locator("main .in.soon").count() == 0
    page.locator("a[href$='/validity/']").click()
    visitor.look()
    page.fill("[name=in_force_until]", (today - timedelta(days=1)).isoformat())
    page.select_option("[name=successor]", "T01-creation")
    page.fill("[name=why]", "تجربة للشريط الأحمر")
    submit(visitor)
    reader.go(public(topic, language))
    assert reader.page.locator("main .in.late a[href*='T01-creation']").count() == 1
    reader.go(f"{public(topic, language)}print/")
    assert reader.page.locator("main .in.late, .in.late").first.is_visible()
    for one in (visitor, reader):
        one.context.close()
        assert one.wrong == []


def an_old_answer(topic: str, language: str) -> tuple[Ticket, Version]:
    """Amina's request, answered from a version that has a newer one since."""
    amina, now = User.objects.get(username="demo-amina"), timezone.now()
    ticket = make.ticket(
        "سؤال عن القاعة", at=now, language=language, answer_by="email",
        contact_email="fatima@example.org",
    )  # fmt: skip
    queues.claim(ticket, by=amina, at=now)
    old: Any = library.current_version(topic, language=language)
    answering.answer(
        ticket, "جواب", by=amina, at=now, language=language, help=Help.ADVICE, quotes=[Quote(old)]
    )
    new = Version.objects.create(
        edition=old.edition, number=old.number + 1, title=old.title, question=old.question,
        checked_on=now.date(), digest="z" * 64, written_at=now,
    )  # fmt: skip
    publish(new, at=now)
    return ticket, new


@LANGUAGES
def test_a_recall_from_the_mark_to_the_end(laid: Laid, language: str) -> None:
    topic = TOPICS[language]
    ticket, _new = an_old_answer(topic, language)
    senior = Visitor(laid.enter("salma", language), language)
    senior.go(f"/desk/reviews/{topic}/{language}/advice/")
    senior.page.fill("[name=change_ar]", "تغير الأجل الذي ذكرناه لكم، فاقرؤوا الصيغة الجديدة.")
    senior.page.fill("[name=change_fr]", "Le délai indiqué a changé : lisez la nouvelle version.")
    submit(senior)
    jobs.recall_due(at=timezone.now())
    row = Recalled.objects.get(ticket=ticket)
    advisor = Visitor(laid.enter("amina", language), language)
    advisor.go("/desk/recalls/")
    advisor.page.locator(f"main a[href='/desk/recalls/{row.recall_id}/']").click()
    advisor.look()
    advisor.page.locator(f"a[href='/desk/recalled/{row.pk}/']").click()
    advisor.look()
    wanted = "lisez la nouvelle version" if language == "fr" else "فاقرؤوا الصيغة الجديدة"
    assert wanted in advisor.page.locator("[name=text]").input_value()
    submit(advisor)
    row.refresh_from_db()
    assert row.state == "sent"
    senior.go(f"/desk/recalls/{row.recall_id}/sending/")
    senior.go(f"/desk/recalls/{row.recall_id}/")
    assert ticket.reference in senior.page.locator("table").inner_text()
    senior.page.locator("form[action$='/closing/'] button").click()
    senior.page.wait_for_url("**/desk/recalls/")
    senior.look()
    for one in (senior, advisor):
        one.context.close()
        assert one.wrong == []


@LANGUAGES
def test_a_section_written_in_french_drifts_and_is_published_by_another(
    laid: Laid, language: str
) -> None:
    topic, added = WRITTEN[language], "Cette phrase vient d’être écrite."
    editor_page = f"/desk/editor/{topic}/"
    editor = Visitor(laid.enter("idriss", language), language)
    page = editor.page
    page.goto(editor_page)
    field = page.locator("#fr-in-short")
    field.focus()
    field.evaluate("el => el.setSelectionRange(el.value.length, el.value.length)")
    page.locator("[data-put=item]").click()
    page.keyboard.type(added)
    page.select_option("[data-put=mark]", "general")
    kept = page.locator("form[data-part=fr-in-short] [data-kept]")
    page.wait_for_function("el => /\\d\\d:\\d\\d/.test(el.textContent)", arg=kept.element_handle())
    editor.go(editor_page)
    assert page.locator("#part-in-short h2 .tag.late").is_visible()
    assert added in page.locator("#part-in-short .drift ins").first.inner_text()
    page.locator("a[href$='/fr/submission/']").click()
    editor.look()
    page.fill("[name=why]", "عبارة جديدة")
    page.locator("main form .btns .btn.p").click()
    page.wait_for_url(f"**{editor_page}")
    reader = page.context.request
    assert added not in reader.get(f"/fr/library/{topic}/").text()
    senior = Visitor(laid.enter("salma", language), language)
    senior.go(f"{editor_page}fr/review/")
    senior.page.check("[name=decision][value=now]")
    senior.page.fill("[name=why]", "قوبلت بالنص")
    senior.page.locator("main form .btns .btn.p").click()
    senior.page.wait_for_url(f"**{editor_page}")
    senior.page.goto(f"{editor_page}history/")
    assert "قوبلت بالنص" in senior.page.locator("main").inner_text()
    assert added in reader.get(f"/fr/library/{topic}/").text()
    for one in (editor, senior):
        one.context.close()
        assert one.wrong == []
