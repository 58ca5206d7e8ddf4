"""A chat in Chromium: both ways between two people, after a lost line, by keys only, and inside a page of another site."""

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from helpdesk.accounts.models import User
from helpdesk.centre.models import Centre
from helpdesk.queues import actions as queues
from helpdesk.tickets.actions import chatting
from helpdesk.tickets.chats import Chat
from helpdesk.tickets.models import Ticket
from tests import make
from tests.browser.laid import Laid, laid
from tests.browser.visiting import Visitor

__all__ = ["laid"]
pytestmark = pytest.mark.browser
LANGUAGES = pytest.mark.parametrize("language", ["ar", pytest.param("fr", marks=pytest.mark.full)])
FIRST = "salam, bdelna lmaktab w ma sare7nach, wach kayna chi gharama?"
SOON = 9_000


def prefix(language: str) -> str:
    return "/fr" if language == "fr" else ""


@pytest.fixture(autouse=True)
def _calm() -> Iterator[None]:
    """Only the chats of one test stand open."""
    yield
    Chat.objects.filter(ended_at=None).update(ended_at=make.NOW)


def begin(context: BrowserContext, language: str = "ar") -> tuple[Page, Ticket]:
    page = context.new_page()
    page.goto(f"{prefix(language)}/chat/")
    page.fill("[name=words]", FIRST)
    page.locator("main form button.btn").click()
    expect(page.locator("#chat")).to_have_attribute("data-state", "waiting")
    return page, Ticket.objects.order_by("pk").last()  # type: ignore[return-value]


def take(laid: Laid, ticket: Ticket, language: str = "ar") -> Page:
    desk = laid.enter("amina", language).new_page()
    desk.goto(f"/desk/tickets/{ticket.pk}/")
    desk.locator("form.claim button").first.click()
    expect(desk.locator("[name=kind][value=line]")).to_be_checked()
    return desk


def amina() -> User:
    return User.objects.get(username="demo-amina")


def lines(ticket: Ticket) -> list[str]:
    rows = ticket.entries.filter(kind="line", from_asker=True).order_by("number")
    return [text for text in rows.values_list("text", flat=True) if text != FIRST]


@LANGUAGES
def test_both_ways(laid: Laid, language: str) -> None:
    asker, ticket = begin(laid.enter("", language, width=360), language)
    assert ticket.reference in asker.locator("main").inner_text()
    expect(asker.locator("html.is-live")).to_be_attached(timeout=SOON)
    desk = take(laid, ticket, language)
    expect(asker.locator("#chat")).to_have_attribute("data-state", "talking", timeout=SOON)
    expect(asker.locator("#chat-title")).to_contain_text("Amina" if language == "fr" else "أمينة")
    expect(asker.locator("#chat-lines .me .mk").first).to_have_text(
        "lu" if language == "fr" else "قرئت", timeout=SOON
    )
    desk.locator("#id_body").press_sequentially("وعليكم السلام", delay=20)
    expect(asker.locator("#chat-state b")).to_be_visible(timeout=SOON)
    desk.keyboard.press("Enter")
    expect(asker.locator("#chat-lines .us").last).to_contain_text("وعليكم السلام", timeout=SOON)
    expect(desk.locator("#thread .mk").last).to_have_text(
        "lu" if language == "fr" else "قرئت", timeout=SOON
    )
    asker.locator("#id_words").press_sequentially("oui 3ndna PV", delay=20)
    expect(desk.locator("#chat")).to_contain_text(
        "écrit" if language == "fr" else "الكتابة", timeout=SOON
    )
    asker.keyboard.press("Enter")
    expect(desk.locator("#thread .asked").last).to_contain_text("oui 3ndna PV", timeout=SOON)
    expect(asker.locator("#chat-lines .me").last).to_have_attribute("data-n", re.compile(r"\d"))
    expect(desk.locator(".news .chip")).to_have_count(0)
    assert desk.locator("#id_body").input_value() == ""
    desk.locator("#chat form button").click()
    expect(asker.locator("#chat")).to_have_attribute("data-state", "ended", timeout=SOON)
    asker.locator(".rt .fc").first.click()
    expect(asker.locator(".rt .fc[aria-pressed=true]")).to_be_visible()
    for page in (asker, desk):
        page.context.close()


def test_lines_written_without_a_connection_arrive_once_and_in_order(laid: Laid) -> None:
    context = laid.enter("", width=360)
    asker, ticket = begin(context)
    desk = take(laid, ticket)
    expect(asker.locator("#chat")).to_have_attribute("data-state", "talking", timeout=SOON)
    context.set_offline(True)
    said = [f"سطر {n}" for n in range(1, 5)]
    for words in said:
        asker.fill("#id_words", words)
        asker.keyboard.press("Enter")
    expect(asker.locator("#chat-off")).to_be_visible(timeout=SOON)
    expect(asker.locator("#chat-lines .wait .mk").first).to_contain_text("نعيد المحاولة")
    chatting.say(
        Chat.objects.get(ticket=ticket), "وأنتم غائبون", by=amina(), at=make.NOW, language="ar",
        key=f"gap:{ticket.pk}",
    )  # fmt: skip
    assert lines(ticket) == []
    asker.evaluate("sessionStorage.length > 0 || (() => { throw Error('nothing kept') })()")
    context.set_offline(False)
    expect(asker.locator("#chat-lines .wait")).to_have_count(0, timeout=SOON)
    expect(asker.locator("#chat-off")).to_be_hidden()
    expect(asker.locator("#chat-lines .us").last).to_contain_text("وأنتم غائبون")
    assert lines(ticket) == said
    asker.reload()
    shown = asker.locator("#chat-lines .me").all_inner_texts()
    assert [text.split("\n")[0] for text in shown[1:]] == said
    expect(desk.locator("#thread .asked").last).to_contain_text(said[-1], timeout=SOON)
    asker.context.close()
    desk.context.close()


@pytest.mark.full
def test_lines_not_sent_outlive_a_reload(laid: Laid) -> None:
    context = laid.enter("", width=360)
    asker, ticket = begin(context)
    asker.route("**/chat/lines/", lambda route: route.abort())
    asker.fill("#id_words", "قبل إعادة التحميل")
    asker.keyboard.press("Enter")
    expect(asker.locator("#chat-lines .wait")).to_contain_text("قبل إعادة التحميل")
    asker.unroute("**/chat/lines/")
    asker.reload()
    expect(asker.locator("#chat-lines .wait")).to_have_count(0, timeout=SOON)
    assert lines(ticket) == ["قبل إعادة التحميل"]
    context.close()


@pytest.mark.full
def test_too_long_keeps_the_text(laid: Laid) -> None:
    context = laid.enter("", "fr", width=360)
    asker, ticket = begin(context, "fr")
    asker.fill("#id_words", "a" * 4001)
    asker.locator("form.comp button").last.click()
    expect(asker.locator("#chat-error")).to_contain_text(re.compile(r"4\s000"))
    assert len(asker.locator("#id_words").input_value()) == 4001
    assert lines(ticket) == []
    context.close()


@pytest.mark.full
@LANGUAGES
def test_by_keys_only(laid: Laid, language: str) -> None:
    context = laid.enter("", language)
    page = context.new_page()
    page.goto("/fr/chat/" if language == "fr" else "/chat/")
    _to(page, "[name=words]")
    page.keyboard.type(FIRST)
    _to(page, "main form button.btn")
    page.keyboard.press("Enter")
    expect(page.locator("#chat")).to_be_visible()
    ticket = Ticket.objects.order_by("pk").last()
    _to(page, "#id_words")
    page.keyboard.type("سطر بالمفاتيح")
    page.keyboard.press("Enter")
    expect(page.locator("#chat-lines .me").last).to_have_attribute("data-n", "2", timeout=SOON)
    assert page.evaluate("document.activeElement.id") == "id_words"
    _to(page, "#chat .end summary", back=True)
    page.keyboard.press("Enter")
    _to(page, "#chat .end button")
    page.keyboard.press("Enter")
    expect(page.locator("#chat")).to_have_attribute("data-state", "ended")
    assert ticket.chat.ended_by == "asker"
    context.close()


def _to(page: Page, selector: str, *, back: bool = False) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(60):
        if page.evaluate("s => document.activeElement?.matches(s)", selector):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"keys do not reach {selector}")


@pytest.mark.full
@LANGUAGES
def test_axe(laid: Laid, language: str) -> None:
    visitor = Visitor(laid.enter("", language), language)
    page = visitor.page
    visitor.go(f"{prefix(language)}/chat/", whole=True)
    page.fill("[name=words]", FIRST)
    page.locator("main form button.btn").click()
    expect(page.locator("#chat")).to_be_visible()
    visitor.look(whole=True)
    ticket = Ticket.objects.order_by("pk").last()
    queues.claim(ticket, by=amina(), at=make.NOW)
    chat = Chat.objects.get(ticket=ticket)
    chatting.say(chat, "مرحبا بكم", by=amina(), at=make.NOW, language="ar", key=f"axe:{ticket.pk}")
    expect(page.locator("#chat")).to_have_attribute("data-state", "talking", timeout=SOON)
    page.locator("#chat details.on summary").click()
    visitor.look(whole=True)
    desk = Visitor(laid.enter("amina", language), language)
    desk.go(f"/desk/tickets/{ticket.pk}/", whole=True)
    chatting.end(chat, Chat.Side.DESK, by=amina(), at=make.NOW)
    expect(page.locator("#chat form.comp")).to_have_count(0, timeout=SOON)  # loaded again
    page.wait_for_load_state()
    visitor.look(whole=True)
    wrong = visitor.wrong + desk.wrong
    visitor.context.close()
    desk.context.close()
    assert wrong == []


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Nothing on the screen of who runs the tests."""


@pytest.fixture
def elsewhere(laid: Laid, tmp_path: Path) -> Iterator[str]:
    """Another site: `localhost` where we are `127.0.0.1`, so that our cookies would be those of a third party."""
    home = laid.url
    for language in ("ar", "fr"):
        (tmp_path / f"{language}.html").write_text(
            f'<!doctype html><html lang="{language}"><meta charset="utf-8"><link rel="icon" href="data:,"><title>x</title><body>'
            f'<h1>site</h1><script src="{home}/widget.js" data-lang="{language}" defer></script>'
        )
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def stranger(laid: Laid, language: str = "ar") -> BrowserContext:
    context = laid.chromium.new_context(
        viewport={"width": 320, "height": 640}, locale="fr-FR" if language == "fr" else "ar-MA"
    )
    context.set_default_timeout(15_000)
    return context


@LANGUAGES
def test_inside_a_page_of_another_site(laid: Laid, elsewhere: str, language: str) -> None:
    Centre.objects.update(chat_sites=[elsewhere])
    context = stranger(laid, language)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    page.goto(f"{elsewhere}/{language}.html")
    button = page.locator("button[aria-expanded]")
    button.click()
    frame = page.frame_locator("iframe")
    frame.locator("[name=words]").fill(FIRST)
    frame.locator("#begin-form button").click()
    expect(frame.locator("#chat")).to_have_attribute("data-state", "waiting", timeout=SOON)
    expect(frame.locator("html.is-live")).to_be_attached(timeout=SOON)
    ticket = Ticket.objects.order_by("pk").last()
    assert ticket is not None
    desk = take(laid, ticket, language)
    expect(frame.locator("#chat")).to_have_attribute("data-state", "talking", timeout=SOON)
    desk.locator("#id_body").fill("مرحبا من المركز")
    desk.keyboard.press("Enter")
    expect(frame.locator("#chat-lines .us").last).to_contain_text("مرحبا من المركز", timeout=SOON)
    frame.locator("#id_words").fill("من موقع آخر")
    frame.locator("#id_words").press("Enter")
    expect(desk.locator("#thread .asked").last).to_contain_text("من موقع آخر", timeout=SOON)
    assert context.cookies() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    inside = next(f for f in page.frames if "/chat/frame/" in f.url)
    assert inside.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # Chromium keeps nothing for frames of others: the chat says so …
    expect(frame.locator("#chat-nokeep")).to_be_visible()
    frame.locator("#id_words").press("Escape")
    expect(page.locator("iframe")).to_be_hidden()
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    # … and opens on a page of its own.
    page.locator("button[aria-expanded]").click()
    with context.expect_page() as opened:
        frame.locator("a[data-apart]").click()
    own = opened.value
    expect(own.locator("#chat-lines")).to_contain_text("من موقع آخر", timeout=SOON)
    assert urlsplit(own.url).path == f"{prefix(language)}/chat/"
    own.fill("#id_words", "من صفحة مستقلة")
    own.keyboard.press("Enter")
    expect(frame.locator("#chat-lines")).to_contain_text("من صفحة مستقلة", timeout=SOON)
    assert wrong == []
    context.close()
    desk.context.close()


def test_a_site_that_is_not_listed_shows_nothing(laid: Laid, elsewhere: str) -> None:
    Centre.objects.update(chat_sites=["https://example.org"])
    context = stranger(laid)
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda m: refused.append(m.text) if "frame-ancestors" in m.text else None)
    page.goto(f"{elsewhere}/ar.html")
    page.locator("button[aria-expanded]").click()
    page.wait_for_timeout(1500)
    assert refused
    assert page.frame_locator("iframe").locator("[name=words]").count() == 0
    context.close()


@pytest.mark.full
@LANGUAGES
def test_axe_in_the_frame(laid: Laid, language: str) -> None:
    visitor = Visitor(laid.enter("", language), language)
    page = visitor.page
    visitor.go(f"{prefix(language)}/chat/frame/", whole=True)
    page.fill("[name=words]", FIRST)
    page.locator("#begin-form button").click()
    expect(page.locator("#chat")).to_be_visible(timeout=SOON)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visitor.look(whole=True)
    wrong = visitor.wrong
    visitor.context.close()
    assert wrong == []
