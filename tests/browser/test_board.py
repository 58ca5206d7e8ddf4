"""The board in Chromium: it stays when nothing moved, ticks, goes grey when stale, and fits its screens."""

import re
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from helpdesk.centre.models import Centre
from helpdesk.queues.actions import receive
from helpdesk.queues.models import Queue, Waiting
from helpdesk.tickets.actions import rating
from helpdesk.tickets.actions.naming import new_code
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Channel
from tests.browser.laid import Laid, laid
from tests.browser.visiting import GRAVE, OPTIONS, Visitor

__all__ = ["laid"]
pytestmark = [pytest.mark.browser, pytest.mark.full]
LANGUAGES = pytest.mark.parametrize("language", ["ar", "fr"])
WALL = {"width": 1920, "height": 1080}


def _answered() -> Ticket:
    """A request with an answer nobody gave an opinion of, and not asked about yet."""
    rows = Ticket.objects.filter(answers__state="released", ratings=None, result=None, level=0)
    return rows.filter(merged_into=None).order_by("pk").first()


def a_caller(key: str) -> None:
    now = timezone.now()
    receive(
        Channel.PHONE, key=key, at=now - timedelta(seconds=70), words="نزاع حول الجمع العام",
        centre=Centre.objects.first(), language="ar",
    )  # fmt: skip


def test_figures_stay_tick_and_go_grey(laid: Laid) -> None:
    a_caller("board:tick")
    context = laid.enter("brahim", "ar")
    page = context.new_page()
    page.add_init_script("delete window.WebSocket")  # by polling alone
    seen: list[int] = []
    page.on("response", lambda r: seen.append(r.status) if r.url.endswith("/desk/board/") else None)
    page.goto("/desk/board/")
    clock = page.locator("#tile-longest time")
    first = clock.inner_text()
    page.wait_for_timeout(1500)
    assert clock.inner_text() != first, "each second"
    assert re.search(r"\d", page.locator("[data-age-text]").inner_text())
    for _ in range(30):
        if 304 in seen:
            break
        page.wait_for_timeout(500)
    assert 304 in seen, seen
    assert page.locator(".tile").count() == 12, "nothing moved: what stood there stays"
    page.route("**/*", lambda route: route.abort())
    page.locator("body.is-old").wait_for(timeout=40_000)
    told = page.locator("[data-age-text]").inner_text()
    assert re.search(r"\d\d", told)
    assert page.evaluate("getComputedStyle(document.querySelector('.figures')).filter") != "none"
    page.unroute("**/*")
    page.locator("body:not(.is-old)").wait_for(timeout=40_000)
    context.close()


@LANGUAGES
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_wall_is_read_across_a_room(laid: Laid, language: str, theme: str) -> None:
    a_caller(f"board:wall:{language}:{theme}")
    context = laid.enter("brahim", language, width=WALL["width"])
    page = context.new_page()
    page.set_viewport_size(WALL)
    page.goto(f"/desk/board/?wall={theme}")
    found: Any = page.evaluate(
        """() => {
          const small = [], out = [];
          document.querySelectorAll('main *').forEach(el => {
            const own = [...el.childNodes].some(n => n.nodeType === 3 && n.nodeValue.trim());
            const box = el.getBoundingClientRect();
            if (own && box.width && parseFloat(getComputedStyle(el).fontSize) < 48) {
              small.push(el.textContent);
            }
            if (box.right > 1921 || box.left < -1 || box.bottom > 1081) { out.push(el.textContent); }
          });
          document.querySelectorAll('.wt').forEach(tile => {
            const box = tile.getBoundingClientRect();
            tile.querySelectorAll('*').forEach(el => {
              const own = el.getBoundingClientRect();
              if (own.right > box.right + 1 || own.left < box.left - 1) { out.push(el.textContent); }
            });
          });
          return {small, out};
        }"""
    )
    assert found == {"small": [], "out": []}
    wrong = Axe().run(page, options=OPTIONS).response["violations"]
    assert [one["id"] for one in wrong if one["impact"] in GRAVE] == []
    context.close()


@LANGUAGES
def test_the_pages_beside_it_under_axe(laid: Laid, language: str) -> None:
    a_caller(f"board:axe:{language}")
    visitor = Visitor(laid.enter("brahim", language), language)
    waiting, queue = Waiting.objects.now().order_by("-since").first(), Queue.objects.first()
    for path in (
        "/desk/board/", "/desk/board/team/", "/desk/board/notices/", "/desk/figures/",
        f"/desk/board/queues/{queue.pk}/pause/", f"/desk/board/assignment/{waiting.ticket_id}/",
    ):  # fmt: skip
        visitor.go(path)
    visitor.context.close()
    assert visitor.wrong == []


@LANGUAGES
def test_two_taps_and_one_a_month_later(laid: Laid, language: str) -> None:
    ticket = _answered()
    at = timezone.now()
    code = new_code(ticket, by=ticket.assignee, at=at, how="phone", key=f"taps:{language}")
    rating.ask_result(ticket, at=at)
    visitor = Visitor(laid.enter("", language), language)
    page, prefix = visitor.page, "/fr" if language == "fr" else ""
    page.goto(f"{prefix}/follow/?ref={ticket.reference}")
    page.fill("[name=code]", code)
    page.locator("main form .btns button.btn").first.click()
    page.wait_for_url("**/follow/ticket/")
    visitor.look()
    page.locator("button[name=score][value='5']").click()
    page.locator("button[name=reason]").first.click()
    page.locator("button[name=reason][aria-pressed=true]").wait_for()
    page.locator("button[name=result]").first.click()
    page.locator("button[name=result][aria-pressed=true]").wait_for()
    visitor.look()
    visitor.context.close()
    assert visitor.wrong == []


@LANGUAGES
def test_a_contact_is_given_by_the_keyboard_alone(laid: Laid, language: str) -> None:
    a_caller(f"board:keys:{language}")
    context = laid.enter("brahim", language)
    page = context.new_page()
    page.goto("/desk/board/")
    page.locator("a[href*='/desk/board/assignment/']").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/board/assignment/**")
    page.wait_for_load_state("networkidle")
    page.locator("input[name=to]").last.press("Space")
    page.locator("input[name=to]:checked").wait_for()
    page.locator("form button.btn.p").press("Enter")
    page.wait_for_url("**/desk/board/")
    assert page.locator(".alert.ok").count() == 1
    context.close()
