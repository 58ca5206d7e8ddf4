"""From a suggestion that does not fit to a draft article, in real Chromium and both languages: the request,
the report with its line, the draft without the asker's name; axe on every page of the way."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from helpdesk.accounts.models import User
from helpdesk.queues import actions as queues
from helpdesk.tickets.actions import closing
from helpdesk.tickets.rules import Help, Outcome
from knowledge.articles.models import Article
from tests import make
from tests.browser.laid import Laid, laid
from tests.browser.visiting import Visitor

__all__ = ["laid"]
pytestmark = [pytest.mark.browser, pytest.mark.full]
ASKED = {
    "ar": ("أنا زبيدة وما توصلناش بالوصل النهائي", "زبيدة", "الوصل النهائي"),
    "fr": ("Je suis Zoubida, toujours sans récépissé définitif", "Zoubida", "récépissé définitif"),
}


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_refused_seen_in_the_report_made_a_draft(laid: Laid, language: str) -> None:
    words, name, kept = ASKED[language]
    salma, now = User.objects.get(username="demo-salma"), timezone.now()
    ticket = make.ticket(words, at=now, language=language, person=make.person(name), theme=None)
    queues.claim(ticket, by=salma, at=now)
    visitor = Visitor(laid.enter("salma", language), language)
    page = visitor.page
    visitor.go(f"/desk/tickets/{ticket.pk}/")
    offers = page.locator("#hits .sugs li")
    expect(offers.first).to_be_visible()
    title = offers.first.locator(".rt").inner_text()
    offers.first.locator("form.nof button").click()
    expect(page.locator("#hits details.nof")).to_contain_text(title)
    visitor.look()
    closing.close(ticket, by=salma, at=now, outcome=Outcome.NO_ANSWER, help=Help.INFO)
    visitor.go(f"/desk/gaps/?language={language}")
    line = page.locator("tr", has=page.locator(f"a[href='/desk/tickets/{ticket.pk}/']"))
    expect(line).to_contain_text(kept)
    expect(line).not_to_contain_text(name)
    line.locator("a[href*='/drafts/']").click()
    visitor.look()
    assert name not in page.input_value("[name=question]")
    page.select_option("[name=theme]", "A")
    page.fill("[name=text]", kept)
    page.check("[name=nameless]")
    page.locator("main form .btn.p").click()
    page.wait_for_url(re.compile(r"/desk/editor/"))
    assert Article.objects.filter(editions__drafts__begun_by=salma).exists()
    visitor.context.close()
    assert visitor.wrong == []
