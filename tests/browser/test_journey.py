"""The main way in Chromium, ar and fr: asked, taken, answered with an article, mailed, followed, rated, proven."""

import re

import pytest
from playwright.sync_api import expect

from helpdesk.tickets.models import Ticket
from tests.browser.laid import Laid, laid
from tests.pictures import ASKED, QUESTION, ask

__all__ = ["laid"]
pytestmark = pytest.mark.browser
WORDS = {"ar": QUESTION, "fr": ASKED}
BY_MAIL = {"answer_by": "email", "email": "asker@example.org"}


@pytest.mark.parametrize("language", ["ar", pytest.param("fr", marks=pytest.mark.full)])
def test_from_question_to_proof(laid: Laid, language: str) -> None:
    prefix = "" if language == "ar" else "/fr"
    asker = laid.enter("", language, width=360).new_page()
    ask(asker, WORDS[language], until="/ask/done/", prefix=prefix, **BY_MAIL)
    text = asker.locator("main").inner_text()
    code = re.search(r"\d{4}(?:\s\d{4}){3}", text)
    ticket = Ticket.objects.order_by("pk").last()
    assert ticket is not None
    assert code
    assert ticket.reference in text

    desk = laid.enter("amina", language).new_page()
    desk.goto(f"/desk/tickets/{ticket.pk}/")
    desk.locator("form.claim button").first.click()
    desk.wait_for_load_state()
    desk.goto(f"/desk/tickets/{ticket.pk}/articles/T03-receipt/?language={language}")
    desk.locator("button[name=whole]").click()
    desk.wait_for_load_state()
    desk.locator("#id_help").select_option("advice")
    desk.locator("#composer .cf button").last.click()
    expect(desk.locator('a[href*="/provenance/"]').first).to_be_visible()

    asker.goto(f"{prefix}/outbox/")
    expect(asker.locator("main")).to_contain_text(f"ref={ticket.reference}")
    assert code[0] not in asker.content()
    asker.goto(f"{prefix}/follow/?ref={ticket.reference}")
    asker.fill("[name=code]", code[0])
    asker.locator("main form .btns button.btn").first.click()
    asker.wait_for_url("**/follow/ticket/")
    expect(asker.locator('a[href*="/library/T03-receipt/v1/"]').first).to_be_visible()
    face = asker.locator("#rate button[name=score][value='4']")
    face.click()
    expect(face).to_have_attribute("aria-pressed", "true")

    desk.goto(f"/desk/tickets/{ticket.pk}/")
    desk.locator('a[href*="/provenance/"]').first.click()
    desk.wait_for_url("**/provenance/")
    for shown in (ticket.reference, "Amina" if language == "fr" else "أمينة"):
        expect(desk.locator("main")).to_contain_text(shown)
    ticket.refresh_from_db()
    assert ticket.state == "answered"
