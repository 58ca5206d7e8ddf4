"""Merging by the keyboard alone, in both languages: menu, choice, look, merge, undo."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from helpdesk.accounts.models import User
from helpdesk.queues import actions as queues
from helpdesk.tickets.models import Ticket
from tests import make
from tests.browser.laid import Laid, laid

__all__ = ["laid"]
pytestmark = [pytest.mark.browser, pytest.mark.full]


@pytest.fixture
def pair(laid: Laid) -> tuple[Ticket, Ticket]:
    """Two requests of one person, Amina's."""
    amina, now = User.objects.get(username="demo-amina"), timezone.now()
    asker = make.person("فاطمة الزهراء")
    found = [make.ticket(words, person=asker, at=now) for words in ("سؤال عن الوصل", "السؤال نفسه")]
    for ticket in found:
        queues.claim(ticket, by=amina, at=now)
    return found[0], found[1]


def tab_to(page: Page, what: str, *, most: int = 90) -> None:
    """Press Tab until the focus is on it."""
    for _ in range(most):
        if page.evaluate("what => document.activeElement.matches(what)", what):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {what}")


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_merged_and_undone_without_a_mouse(
    laid: Laid, pair: tuple[Any, Any], language: str
) -> None:
    source, target = pair
    page = laid.enter("amina", language).new_page()
    page.goto(f"/desk/tickets/{source.pk}/")
    tab_to(page, "details.more > summary")
    page.keyboard.press("Enter")
    tab_to(page, "a[href$='/merging/']")
    page.keyboard.press("Enter")
    expect(page.locator("#find-request")).to_be_focused()
    tab_to(page, f"#panel a[href*='other={target.pk}']")
    page.keyboard.press("Enter")
    expect(page.locator("#panel [name=same]")).to_be_visible()
    tab_to(page, "#panel [name=same]")
    page.keyboard.press("Space")
    tab_to(page, "#panel button.p")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/tickets/{target.pk}/")
    expect(page.locator("#thread")).to_contain_text(source.reference)
    page.goto(f"/desk/tickets/{source.pk}/")
    page.wait_for_url(f"**/desk/tickets/{target.pk}/")
    tab_to(page, "#thread a[href*='/merges/']")
    page.keyboard.press("Enter")
    tab_to(page, "#panel button.p")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/tickets/{source.pk}/")
    expect(page.locator("#thread")).to_contain_text("سؤال عن الوصل")
    page.context.close()
