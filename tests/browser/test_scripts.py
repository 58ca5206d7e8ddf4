"""The small scripts in real Chromium, under the content policy, against a page made up for them.

No server: the page and the answers are given by the test, so each script's promise stands alone.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

pytestmark = pytest.mark.browser
STATIC = Path(__file__).parents[2] / "config" / "static"
ORIGIN = "http://wasl.test"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'"
HEAD = (
    '<!doctype html><html lang="ar" dir="rtl"><meta charset="utf-8"><title>x</title>'
    """<meta name="htmx-config" content='{"allowEval":false,"includeIndicatorStyles":false}'>"""
    + "".join(
        f'<script src="/static/{name}" defer></script>'
        for name in (
            "vendor/htmx/htmx.min.js", "js/poll.js", "js/drafts.js", "js/keys.js", "js/desk.js",
        )
    )
)  # fmt: skip
SAVED = (
    '<span data-saved data-on-server="saved {time}" data-on-device="device {time}"'
    ' data-restored="restored" hidden><span data-saved-text></span></span>'
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        path = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Site:
    """A page, what the server would answer, and what it was sent."""

    def __init__(self, page: Page) -> None:
        self.page, self.body, self.down = page, "", False
        self.sent: list[dict[str, list[str]]] = []
        self.asked: list[str] = []
        self.answers: dict[str, str] = {}
        self.wrong: list[str] = []
        page.route("**/*", self._answer)
        page.on("console", lambda m: self.wrong.append(m.text) if "olicy" in m.text else None)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def open(self, body: str) -> None:
        self.body = body
        self.page.goto(ORIGIN + "/desk/")

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path.startswith("/static/"):
            route.fulfill(path=STATIC / path.removeprefix("/static/"))
        elif path == "/desk/":
            route.fulfill(
                body=HEAD + self.body,
                content_type="text/html",
                headers={"Content-Security-Policy": POLICY},
            )
        elif self.down:
            route.abort()
        else:
            self.asked.append(path)
            if route.request.method == "POST":
                self.sent.append(parse_qs(route.request.post_data or ""))
            route.fulfill(body=self.answers.get(path, ""), content_type="text/html")


@pytest.fixture
def site(chromium: Browser) -> Iterator[Site]:
    context = chromium.new_context()
    made = Site(context.new_page())
    yield made
    assert made.wrong == []
    context.close()


def test_a_draft_goes_to_the_server_a_moment_after_the_last_key(site: Site) -> None:
    site.open(
        '<form id="f" method="post" data-draft-url="/drafts/x/">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="token">'
        f'<textarea name="body"></textarea><input type="password" name="p" value="s">{SAVED}</form>'
    )
    site.page.fill("textarea", "حطيت الملف")
    expect(site.page.locator("[data-saved-text]")).to_contain_text("saved")
    assert site.sent == [{"body": ["حطيت الملف"], "csrfmiddlewaretoken": ["token"]}]
    assert site.page.inner_text("[data-saved-text]").startswith("saved ")


def test_a_draft_stays_on_the_device_when_the_server_is_away_and_is_put_back(site: Site) -> None:
    form = (
        '<form method="post" data-draft-url="/drafts/x/"><textarea name="body"></textarea>'
        f"{SAVED}</form>"
    )
    site.open(form)
    site.down = True
    site.page.fill("textarea", "ما عطاونا والو")
    expect(site.page.locator("[data-saved-text]")).to_contain_text("device")
    site.open(form)
    assert site.page.input_value("textarea") == "ما عطاونا والو"
    assert site.page.inner_text("[data-saved-text]") == "restored"


KEYS = (
    '<a id="claim" href="#claimed" data-key="KeyC" data-key-label="Claim">c</a>'
    '<a id="queue" href="#queue" data-key="KeyG KeyQ" data-key-label="Queue">q</a>'
    '<form id="find" action="/x/" data-key="Ctrl+KeyK" data-key-also="/"><input name="q"></form>'
    '<ul><li><a data-row id="r1" href="#1">1</a></li><li><a data-row id="r2" href="#2">2</a></li></ul>'
    '<textarea id="t"></textarea><dialog id="keyboard"><div data-keys-list></div>'
    '<input type="checkbox" data-keys-switch><form method="dialog"><button>x</button></form></dialog>'
)


def test_single_keys_act_by_their_place_on_the_board_and_rest_while_typing(site: Site) -> None:
    site.open(KEYS)
    site.page.focus("#t")
    site.page.keyboard.press("KeyC")
    assert "#claimed" not in site.page.url
    site.page.keyboard.press("Escape")
    site.page.evaluate(
        "document.dispatchEvent(new KeyboardEvent('keydown', {code: 'KeyC', key: 'ؤ', bubbles: true}))"
    )
    assert site.page.url.endswith("#claimed")
    site.page.keyboard.press("KeyG")
    site.page.keyboard.press("KeyQ")
    assert site.page.url.endswith("#queue")


def test_rows_are_walked_and_the_search_is_reached(site: Site) -> None:
    site.open(KEYS)
    site.page.keyboard.press("KeyJ")
    site.page.keyboard.press("KeyJ")
    assert site.page.evaluate("document.activeElement.id") == "r2"
    site.page.keyboard.press("KeyK")
    assert site.page.evaluate("document.activeElement.id") == "r1"
    site.page.keyboard.press("Control+KeyK")
    assert site.page.evaluate("document.activeElement.name") == "q"


def test_the_list_of_keys_names_them_and_can_switch_them_off(site: Site) -> None:
    site.open(KEYS)
    site.page.keyboard.press("Shift+Slash")
    assert site.page.locator("dialog[open] [data-keys-list] div").count() == 2
    assert "Claim" in site.page.inner_text("[data-keys-list]")
    site.page.uncheck("[data-keys-switch]")
    site.page.click("dialog button")
    site.page.keyboard.press("KeyC")
    assert "#claimed" not in site.page.url


def test_a_region_is_refreshed_but_not_under_the_typing_hand(site: Site) -> None:
    region = (
        '<div id="r" data-poll="1" hx-get="/news/" hx-trigger="poll" hx-swap="outerHTML">{}</div>'
    )
    site.answers["/news/"] = region.format("<b>new</b><input id='i'>")
    site.open(region.format("<b>old</b>"))
    site.page.wait_for_selector("text=new", timeout=6000)
    site.page.fill("#i", "typing")
    site.answers["/news/"] = region.format("<b>later</b>")
    site.page.wait_for_timeout(2500)
    assert site.page.input_value("#i") == "typing"
    site.page.evaluate("document.activeElement.blur()")
    site.page.wait_for_selector("text=later", timeout=6000)


def test_the_text_turns_with_the_language_chosen_for_it(site: Site) -> None:
    site.open(
        '<form method="post"><input type="radio" name="l" value="ar" data-text-language checked>'
        '<input type="radio" name="l" value="fr" data-text-language id="fr">'
        '<textarea dir="auto"></textarea></form>'
    )
    assert site.page.get_attribute("textarea", "dir") == "rtl"
    site.page.check("#fr")
    assert site.page.get_attribute("textarea", "dir") == "ltr"
    assert site.page.get_attribute("textarea", "lang") == "fr"
    site.page.fill("textarea", "جواب")
    assert site.page.get_attribute("textarea", "dir") == "auto"


def test_a_clock_counts_from_its_start(site: Site) -> None:
    site.open('<p><time id="c" data-timer-since="2020-01-01T00:00:00Z">00:00</time></p>')
    expect(site.page.locator("#c")).not_to_have_text("00:00")


def test_escape_leads_back_to_the_row_that_is_open(site: Site) -> None:
    site.open(KEYS.replace('id="r2"', 'id="r2" aria-current="true"'))
    site.page.focus("#t")
    site.page.keyboard.press("Escape")
    site.page.keyboard.press("Escape")
    assert site.page.evaluate("document.activeElement.id") == "r2"
