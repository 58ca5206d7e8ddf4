"""A word that nobody knows becomes a term, and the next search finds by it: in real Chromium, both languages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from knowledge.search.hits import Results
from knowledge.search.unknown import note
from tests.browser.laid import Laid, laid
from tests.browser.visiting import Visitor

__all__ = ["laid"]
pytestmark = [pytest.mark.browser, pytest.mark.full]
WORDS = {"ar": ("زرواطة", "زعبولة"), "fr": ("zerwata", "zaaboula")}


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_from_a_word_of_searches_to_an_answer(laid: Laid, language: str) -> None:
    word, aside = WORDS[language]
    for days in (0, 1, 2):
        found = Results("", language, unknown=[word, aside])
        note(found, theme="", at=timezone.now() - timedelta(days))
    visitor = Visitor(laid.enter("salma", language), language)
    page = visitor.page
    visitor.go("/desk/reviews/")
    page.locator("main a[href='/desk/glossary/']").click()
    visitor.look()
    page.locator("main a[href='/desk/glossary/proposals/']").click()
    visitor.look()
    page.locator("tr", has_text=aside).locator("button").click()
    page.wait_for_load_state()
    assert page.locator("tr", has_text=aside).count() == 0
    page.locator("tr", has_text=word).locator("a").click()
    visitor.look()
    page.fill("[name=fr]", "TVA")
    page.locator("main form .btns .btn.p").first.click()
    page.wait_for_load_state()
    visitor.look()
    visitor.go(f"/desk/glossary/test/?q={word}")
    assert page.locator("#added ~ ul a").count() >= 1
    assert page.locator("#hits ~ ol a").count() >= 1
    reader = Visitor(laid.enter("", language), language)
    reader.go(f"{'' if language == 'ar' else '/fr'}/search/?q={word}")
    assert reader.page.locator("main a[href*='T19-tax']").count() >= 1
    for one in (visitor, reader):
        one.context.close()
        assert one.wrong == []
