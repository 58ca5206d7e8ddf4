"""Pages that hear of each other's work, know when they do not, and catch up."""

import time
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from helpdesk.accounts.models import User
from helpdesk.queues.models import Waiting
from helpdesk.tickets.actions import write
from helpdesk.tickets.models import Ticket
from tests.browser.laid import Laid, laid

__all__ = ["laid"]
pytestmark = pytest.mark.browser
SOON = 3_000
"""Milliseconds within which a page shows what a colleague did, however busy the machine."""


@pytest.fixture
def ticket(laid: Laid) -> Ticket:
    return Waiting.objects.now().select_related("ticket").first().ticket


def colleague() -> Any:
    return User.objects.get(username="demo-brahim")


def note(ticket: Ticket, text: str) -> None:
    write.note(ticket, text, by=colleague(), at=timezone.now())


def is_live(page: Page) -> None:
    expect(page.locator("html.is-live")).to_be_attached(timeout=10_000)


def test_a_colleagues_note_shows_at_once_and_never_moves_what_is_typed(
    laid: Laid, ticket: Ticket
) -> None:
    page = laid.enter("amina").new_page()
    page.goto(f"/desk/tickets/{ticket.pk}/")
    is_live(page)
    page.locator("#id_body").fill("نص لم يكتمل بعد")
    time.sleep(1)
    began = time.monotonic()
    note(ticket, "ملاحظة من إبراهيم")
    expect(page.locator("#news .chip")).to_be_visible(timeout=SOON)
    assert time.monotonic() - began < SOON / 1000
    page.locator("#news .chip").click()
    expect(page.locator("#thread")).to_contain_text("ملاحظة من إبراهيم")
    assert page.locator("#id_body").input_value() == "نص لم يكتمل بعد"
    page.context.close()


def test_colleagues_see_who_is_there_and_who_writes(laid: Laid, ticket: Ticket) -> None:
    mine, other = laid.enter("amina").new_page(), laid.enter("brahim", "fr").new_page()
    for page in (mine, other):
        page.goto(f"/desk/tickets/{ticket.pk}/")
        is_live(page)
    expect(mine.locator("#news .here")).to_contain_text("إبراهيم", timeout=10_000)
    other.locator("label[data-key=KeyN], [data-key=KeyN]").first.click()
    other.locator("#id_body").type("Je regarde", delay=60)
    expect(mine.locator("#news .here .soon")).to_be_visible(timeout=10_000)
    mine.context.close()
    other.context.close()


def test_a_page_says_that_it_is_not_live_and_catches_up(laid: Laid, ticket: Ticket) -> None:
    page = laid.enter("amina").new_page()
    page.goto(f"/desk/tickets/{ticket.pk}/")
    is_live(page)
    bar = page.locator("[data-freshness]")
    expect(bar).to_be_hidden()
    page.context.set_offline(True)
    expect(bar).to_be_visible(timeout=14_000)
    note(ticket, "كُتبت في غيابك")
    page.context.set_offline(False)
    back = time.monotonic()
    expect(page.locator("#news .chip")).to_be_visible(timeout=6_000)
    assert time.monotonic() - back < 4
    expect(bar).to_be_hidden(timeout=6_000)
    page.context.close()


def test_without_sockets_lists_and_conversation_are_polled(laid: Laid, ticket: Ticket) -> None:
    context = laid.enter("amina")
    context.add_init_script("delete window.WebSocket")
    page = context.new_page()
    page.goto(f"/desk/tickets/{ticket.pk}/")
    note(ticket, "بلا مقبس")
    expect(page.locator("#news .chip")).to_be_visible(timeout=9_000)
    assert not page.evaluate("document.documentElement.classList.contains('is-live')")
    context.close()
