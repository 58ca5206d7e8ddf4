"""Every page of the portal in a real browser: light, whole on a narrow screen, usable by everybody."""

import gzip
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.core.management import call_command
from playwright.sync_api import Page, expect

from helpdesk.live import pace
from helpdesk.tickets.models import Ticket
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ("", "ask/", "ask/question/", "ask/papers/", "ask/association/", "ask/answer/", "follow/",
         "privacy/", "demo/", "demo/tour/")  # fmt: skip
BUDGET = {"ar": 70 * 1024, "fr": 40 * 1024}
REQUESTS = 6
QUESTION = {
    "ar": "حطيت الملف عند القايد هادي شهرين ونص ومازال ما عطاونا والو",
    "fr": "Le caïd a gardé notre dossier, et le récépissé n'arrive pas",
}
SERIOUS = ("serious", "critical")


@pytest.fixture
def site(transactional_db: Any, settings: Any) -> None:
    from helpdesk.accounts.actions import lay_groups

    settings.DEMO = True
    cache.clear()
    pace.forget()
    lay_groups()
    make.centre()
    make.library()
    call_command("index", stdout=StringIO())


def flaws(page: Page) -> list[str]:
    """Serious faults that axe finds, and what does not fit the screen."""
    found = [
        f"{page.url}: {v['id']} {v['nodes'][0]['target']}"
        for v in Axe().run(page).response["violations"]
        if v["impact"] in SERIOUS
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{page.url}: scrolls sideways")
    return found


@pytest.mark.full
@pytest.mark.parametrize("language", ["ar", pytest.param("fr", marks=pytest.mark.full)])
def test_light_and_whole(site: None, window: Callable[..., Any], language: str) -> None:
    prefix = "/" if language == "ar" else "/fr/"
    wrong = []
    for address in PAGES:
        browser = window(language, width=320)
        page = browser.context.new_page()
        weights: list[int] = []
        page.on("requestfinished", lambda r, kept=weights: kept.append(_weight(r)))
        page.goto(prefix + address, wait_until="networkidle")
        if sum(weights) > BUDGET[language] or len(weights) > REQUESTS:
            wrong.append(f"{address}: {sum(weights)} bytes in {len(weights)} requests")
        wrong += flaws(page)
        browser.context.close()
    assert not wrong


def _weight(request: Any) -> int:
    """Bytes over the wire behind any compressing server, heads included."""
    response = request.response()
    body = len(gzip.compress(response.body())) if response else 0
    return int(body + sum(len(k) + len(v) + 4 for k, v in response.headers.items()))


@pytest.mark.parametrize("language", ["ar", pytest.param("fr", marks=pytest.mark.full)])
def test_whole_way_without_script(
    site: None, window: Callable[..., Any], chromium: Any, asgi_server: str, language: str
) -> None:
    """Ask and follow with scripts switched off; axe looks at each page on the way, with them on."""
    prefix = "" if language == "ar" else "/fr"
    context = chromium.new_context(
        base_url=asgi_server, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    page = context.new_page()
    page.goto(f"{prefix}/ask/")
    page.locator('[name=theme][value="?"]').check()
    _go_on(page)
    page.locator("[name=question]").fill(QUESTION[language])
    _go_on(page)
    expect(page.locator("#answers details")).to_have_count(3)
    _go_on(page)
    page.locator("[name=fact_deposit_date]").fill("2026-09-09")
    _go_on(page)
    _go_on(page)
    page.locator("[name=who][value=person]").check()
    _go_on(page)
    page.locator("[name=answer_by][value=follow]").check()
    page.locator("[name=consent]").check()
    _go_on(page)
    _go_on(page)
    ticket = Ticket.objects.get()
    code = page.locator(".slip .l:not(.ad)").inner_text()
    page.goto(f"{prefix}/follow/?ref={ticket.reference}")
    page.locator("[name=code]").fill(code)
    page.locator("main form button.btn").first.click()
    page.locator("[name=words]").fill("+1")
    page.locator("#add button.btn").click()
    expect(page.locator(".th .me")).to_have_count(2)
    context.close()


@pytest.mark.parametrize("language", ["ar", pytest.param("fr", marks=pytest.mark.full)])
def test_pages_on_the_way_are_for_everybody(
    site: None, window: Callable[..., Any], language: str
) -> None:
    """Pages that need an earlier one: suggestions, errors, check, receipt, open request."""
    prefix = "" if language == "ar" else "/fr"
    browser = window(language, width=360)
    page = browser.context.new_page()
    wrong: list[str] = []
    page.goto(f"{prefix}/ask/")
    _go_on(page)
    wrong += flaws(page)
    page.locator("[name=theme][value=A]").check()
    _go_on(page)
    page.locator("[name=question]").fill(QUESTION[language])
    _go_on(page)
    for _ in range(4):
        wrong += flaws(page)
        if page.locator("[name=who]").count():
            page.locator("[name=who][value=association]").check()
        _go_on(page)
    page.locator("[name=answer_by][value=phone]").check()
    _go_on(page)
    wrong += flaws(page)
    page.locator("[name=phone]").fill("0612345678")
    page.locator("[name=consent]").check()
    _go_on(page)
    wrong += flaws(page)
    _go_on(page)
    wrong += flaws(page)
    code = page.locator(".slip .l:not(.ad)").inner_text()
    page.goto(f"{prefix}/follow/?ref={Ticket.objects.get().reference}")
    page.locator("[name=code]").fill(code)
    page.locator("main form button.btn").first.click()
    page.wait_for_url("**/follow/ticket/")
    wrong += flaws(page)
    assert not wrong


def test_typed_words_survive_a_crash(site: None, window: Callable[..., Any]) -> None:
    """What was typed is on the server a moment after the last key."""
    page = window("ar", width=360).context.new_page()
    page.goto("/ask/question/")
    with page.expect_response("**/drafts/**") as saved:
        page.locator("[name=question]").press_sequentially("نصف سؤال", delay=5)
    assert saved.value.status == 200
    expect(page.locator("[data-saved]")).to_be_visible()
    context = page.context
    page.close()
    again = context.new_page()
    again.goto("/ask/question/")
    expect(again.locator("[name=question]")).to_have_value("نصف سؤال")


def _go_on(page: Page) -> None:
    page.locator("main form .btns button.btn").first.click()
    page.wait_for_load_state()
