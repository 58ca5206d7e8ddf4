"""Twenty pages of chats cut off together for half a minute (CUT=90: as long as trust.md says): every line of the gap, once and in order."""

import os
import time
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from helpdesk.accounts.models import User
from helpdesk.tickets.actions import write
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Kind
from tests.browser.laid import Laid, laid
from tests.browser.test_chat import begin

__all__ = ["laid"]
pytestmark = [pytest.mark.browser, pytest.mark.full]
PAGES, CUT, LINES = 20, float(os.environ.get("CUT", "30")), 12
CATCH_UP = 3.0
"""Seconds after the connection is back; for the last of twenty pages in one browser, twice as long."""


def said(page: Page) -> list[str]:
    texts: list[str] = page.locator("#chat-lines .us div").all_inner_texts()
    return [text.strip() for text in texts if text.strip().startswith("سطر")]


def test_every_line_of_the_gap(laid: Laid) -> None:
    amina: Any = User.objects.get(username="demo-amina")
    opened: list[tuple[Page, Ticket]] = []
    for _ in range(PAGES):
        opened.append(begin(laid.enter("", width=360)))
    for page, _ticket in opened:
        expect(page.locator("html.is-live")).to_be_attached(timeout=15_000)
        page.context.set_offline(True)
    began = time.monotonic()
    for number in range(LINES):
        for _page, ticket in opened:
            write.entry(
                ticket, Kind.LINE, at=timezone.now(), by=amina, text=f"سطر {number}", language="ar"
            )
        time.sleep(max(0, began + CUT * (number + 1) / LINES - time.monotonic()))
    wanted = [f"سطر {number}" for number in range(LINES)]
    for page, _ticket in opened:
        assert said(page) == [], "it was cut off"
    back = time.monotonic()
    for page, _ticket in opened:
        page.context.set_offline(False)
    times = []
    for page, _ticket in opened:
        expect(page.locator("#chat-lines .us div", has_text="سطر 11")).to_be_visible(timeout=15_000)
        times.append(time.monotonic() - back)
    print(f"caught up after {min(times):.1f} to {max(times):.1f} s")
    for page, _ticket in opened:
        assert said(page) == wanted
        page.context.close()
    assert max(times) <= 2 * CATCH_UP


def test_a_frozen_tab_wakes_and_has_all(laid: Laid) -> None:
    amina: Any = User.objects.get(username="demo-amina")
    page, ticket = begin(laid.enter("", width=360))
    expect(page.locator("html.is-live")).to_be_attached(timeout=15_000)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    for number in range(LINES):
        write.entry(
            ticket, Kind.LINE, at=timezone.now(), by=amina, text=f"سطر {number}", language="ar"
        )
    time.sleep(12)
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    expect(page.locator("#chat-lines .us div", has_text="سطر 11")).to_be_visible(timeout=10_000)
    assert said(page) == [f"سطر {number}" for number in range(LINES)]
    page.context.close()
