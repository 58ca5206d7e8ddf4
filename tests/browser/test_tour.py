"""The first five minutes, by clicks only: the tour on a Sunday at 23:30, in Arabic and in French."""

from collections.abc import Callable, Iterator
from datetime import datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from playwright.sync_api import Page, expect

from helpdesk.live import pace
from helpdesk.portal import casting
from helpdesk.tickets.models import Ticket
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SUNDAY_NIGHT = datetime(2026, 11, 29, 23, 30, tzinfo=ZoneInfo("Africa/Casablanca"))
CLOCK = """
(() => {
  const Real = Date, shift = %d - Real.now();
  class Shifted extends Real {
    constructor(...parts) { if (parts.length) { super(...parts); } else { super(Real.now() + shift); } }
    static now() { return Real.now() + shift; }
  }
  window.Date = Shifted;
})();
"""
"""Only what a page calls the time: timers and the browser's own history stay as they are."""
ROLES = {"association": "member", "advisor": "advisor", "supervisor": "supervisor",
         "editor": "editor", "partner": "partner"}  # fmt: skip


@pytest.fixture
def night() -> Iterator[None]:
    with time_machine.travel(SUNDAY_NIGHT, tick=True):
        yield


@pytest.fixture
def demo(night: None, transactional_db: Any, settings: Any) -> None:
    """The demonstration's cast at a centre with its library, open at any hour."""
    from helpdesk.accounts.actions import lay_groups

    settings.DEMO = True
    cache.clear()
    pace.forget()
    lay_groups()
    make.centre()
    make.library()
    call_command("index", stdout=StringIO())
    for role, group in ROLES.items():
        name = casting.ENTRIES[role].username
        make.user(name, group, name_ar=name, name_fr=name)


def step(page: Page, name: str) -> Any:
    return page.locator(f'#tour [data-step="{name}"]')


def is_done(page: Page, name: str) -> None:
    page.reload()
    expect(step(page, name)).to_have_class("on")


def second_window(page: Page, name: str) -> Page:
    """Press the step's button; the other side opens in a second window."""
    with page.context.expect_page() as opened:
        step(page, name).locator("button.btn, a.btn").click()
    other = opened.value
    other.wait_for_load_state()
    return other


def go_on(page: Page) -> None:
    page.locator("main form .btns button.btn").first.click()
    page.wait_for_load_state()


@pytest.mark.parametrize("language", ["ar", pytest.param("fr", marks=pytest.mark.full)])
@pytest.mark.parametrize("width", [1366, pytest.param(360, marks=pytest.mark.full)])
def test_tour(demo: None, window: Callable[..., Any], language: str, width: int) -> None:
    prefix = "" if language == "ar" else "/fr"
    browser = window(language, width=width)
    browser.context.add_init_script(CLOCK % int(SUNDAY_NIGHT.timestamp() * 1000))
    page = browser.context.new_page()
    page.goto(f"{prefix}/")
    page.locator(f'a[href="{prefix}/demo/"]').last.click()
    page.locator(f'form[action="{prefix}/demo/tour/beginning/"] button').click()

    # 1 Ask this.
    asker = second_window(page, "ask")
    while "/ask/check/" not in asker.url:
        if asker.locator("[name=consent]").count():
            asker.locator("[name=consent]").check()
        go_on(asker)
    go_on(asker)
    expect(asker.locator(".slip")).to_be_visible()
    ticket = Ticket.objects.get()
    expect(asker.locator(".slip")).to_contain_text(ticket.reference)
    asker.close()
    is_done(page, "ask")

    # 2 See it arrive.
    desk = second_window(page, "arrive")
    row = desk.locator(f"#shared-{ticket.pk}")
    expect(row).to_be_visible()
    desk.close()
    is_done(page, "arrive")

    # 3 Answer with the article.
    desk = second_window(page, "answer")
    desk.locator("form.claim button").click()
    desk.wait_for_load_state()
    desk.goto(f"/desk/tickets/{ticket.pk}/articles/T03-receipt/?language={language}")
    desk.locator("button[name=whole]").click()
    desk.wait_for_load_state()
    expect(desk.locator("#id_body")).not_to_be_empty()
    desk.locator("#id_help").select_option("advice")
    desk.locator("#composer .cf button").last.click()
    desk.wait_for_load_state()
    desk.close()
    is_done(page, "answer")
    ticket.refresh_from_db()
    assert ticket.state == "answered"

    # 4 Read it as the asker.
    code = step(page, "read").locator("dd").nth(1).inner_text()
    reader = second_window(page, "read")
    reader.locator("[name=code]").fill(code)
    reader.locator("main form button.btn").first.click()
    reader.wait_for_url("**/follow/ticket/")
    expect(reader.locator(f'a[href*="{prefix}/library/T03-receipt/v1/"]')).to_be_visible()
    reader.close()
    is_done(page, "read")

    # 5 Prove it.
    proof = second_window(page, "prove")
    expect(proof.locator("main")).to_contain_text(ticket.reference)
    proof.close()
    is_done(page, "prove")
    expect(page.locator(".in.ok")).to_be_visible()
