"""From an empty server to a first public question answered, by the set-up alone, in Arabic, counted."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import served
from tests.pictures import QUESTION
from tests.services import PostBox, Sink, imap_server, mail_sink

pytestmark = [pytest.mark.browser, pytest.mark.full]
PAGES, FIELDS = 40, 80
PASSWORDS = {"administrator": "safi-nakhil-2026", "amal": "wasl-amal-2026"}
SENDS = "kaf-lam-2026"
ANSWERS = {"theme": "A", "who": "founders", "standing": "candidate-founder", "answer_by": "follow"}


class Walk:
    """People in browsers of their own; every page they load and every field they fill is counted."""

    def __init__(self, chromium: Browser, url: str) -> None:
        self.chromium, self.url = chromium, url
        self.pages = self.fields = 0

    def person(self) -> Page:
        context = self.chromium.new_context(base_url=self.url, locale="ar-MA")
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.on("framenavigated", lambda frame: self._load(page, frame))
        return page

    def _load(self, page: Page, frame: Any) -> None:
        self.pages += frame == page.main_frame and frame.url != "about:blank"

    def fill(self, page: Page, **said: str) -> None:
        for name, value in said.items():
            field = page.locator(f'[name="{name}"]:not([type=hidden])')
            kind = field.first.evaluate("f => f.type")
            if value == "on":
                field.check()
            elif kind in ("checkbox", "radio"):
                page.check(f'[name="{name}"][value="{value}"]')
            elif kind == "select-one":
                field.select_option(value)
            else:
                field.fill(value)
            self.fields += 1

    def go_on(self, page: Page, button: str = "main form .btn.p") -> None:
        with page.expect_navigation():
            page.locator(button).first.click()


@pytest.fixture
def post(tmp_path: Path) -> Iterator[tuple[Sink, PostBox]]:
    with mail_sink(password=SENDS) as sink, imap_server() as box:
        yield sink, box


def test_from_an_empty_server_to_a_first_answer(
    chromium: Browser, tmp_path: Path, post: tuple[Sink, PostBox]
) -> None:
    sink, box = post
    given = {
        "MAIL_PORTS": f"{sink.port},{box.port}", "BACKUP_DIR": str(tmp_path / "elsewhere"),
    }  # fmt: skip
    (tmp_path / "elsewhere").mkdir()
    with served(tmp_path / "data", profile="centre", **given) as url:
        walk = Walk(chromium, url)
        admin = walk.person()
        link = re.search(r"(/account/\S+)", (tmp_path / "data" / "serve.log").read_text())
        assert link
        _choose_password(walk, admin, link[1], "administrator")
        _second_proof(walk, admin)
        admin.wait_for_url("**/desk/centre/")
        _prove_mail(walk, admin, sink, box)
        invitation = _set_up(walk, admin)
        _open(walk, admin)
        visitor = walk.person()
        reference, code = _ask(walk, visitor)
        _answer(walk, invitation, reference)
        visitor.goto(f"/follow/?ref={reference}")
        walk.fill(visitor, code=code)
        walk.go_on(visitor, "main form .btns button.btn")
        expect(visitor.locator('a[href*="/library/T03-receipt/v1/"]').first).to_be_visible()
    assert walk.pages <= PAGES, walk.pages
    assert walk.fields <= FIELDS, walk.fields


def _choose_password(walk: Walk, page: Page, link: str, name: str) -> None:
    """By the link that was printed or handed over; whoever chose one is in."""
    page.goto(link)
    walk.fill(page, password1=PASSWORDS[name], password2=PASSWORDS[name])
    walk.go_on(page, "main form button")


def _second_proof(walk: Walk, page: Page) -> None:
    """What the app on the administrator's telephone would show."""
    page.wait_for_url("**/account/reauthenticate/**")
    walk.fill(page, password=PASSWORDS["administrator"])
    walk.go_on(page, "main form button")
    secret = base64.b32decode(page.locator("#secret").input_value())
    digest = hmac.digest(secret, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1)
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    walk.fill(page, code=f"{number % 1_000_000:06d}")
    walk.go_on(page, "main form button")
    page.goto("/desk/")


def _prove_mail(walk: Walk, page: Page, sink: Sink, box: PostBox) -> None:
    """Both accounts are typed in and tried; the message leaves by the real way, a mail server puts it in the
    box, and it is found later."""
    page.goto("/desk/centre/steps/mail/")
    for way, port, password in (("out", sink.port, SENDS), ("in", box.port, "post-box")):
        walk.fill(page, **{
            f"{way}-host": "127.0.0.1", f"{way}-port": str(port), f"{way}-security": "none",
            f"{way}-user": "centre", f"{way}-password": password,
        })  # fmt: skip
        if way == "out":
            walk.fill(page, **{"out-address": "centre@assoc.example"})
        walk.go_on(page, f'form:has([value="{way}"]) .btn.p')
    until = time.monotonic() + 15
    while not sink.raw and time.monotonic() < until:
        page.wait_for_timeout(200)
    assert sink.recipients[0].startswith("centre+")
    box.put(sink.raw[0])


def _set_up(walk: Walk, page: Page) -> str:
    """The steps in their order; the link by which the first advisor comes in."""
    page.goto("/desk/centre/steps/centre/")
    walk.fill(page, **{
        "name_ar": "مركز مراكش", "operator-name_ar": "جمعية النخيل", "operator-name_fr": "Annakhil",
        "operator-mandate_from": "2026-01-01", "operator-mandate_until": "2028-12-31",
    })  # fmt: skip
    walk.go_on(page)
    page.wait_for_url("**/steps/look/")
    walk.fill(page, colour="#1d4ed8")
    walk.go_on(page)
    walk.fill(page, cndp_number="D-W-12/2026", cndp_on="2026-03-04")
    walk.go_on(page)
    walk.fill(page, phone_shown="05 24 00 00 00")
    walk.go_on(page)
    page.wait_for_url("**/steps/hours/")
    walk.go_on(page)
    page.wait_for_url("**/steps/queues/")
    walk.go_on(page)
    page.wait_for_url("**/steps/staff/")
    walk.fill(page, username="amal", name_ar="أمل", name_fr="Amal", speaks="ar", roles="senior")
    walk.go_on(page)
    link = page.locator(".links input").input_value()
    page.goto("/desk/centre/steps/library/")
    walk.fill(page, reviewer=page.locator("[name=reviewer] option").last.get_attribute("value"))
    walk.go_on(page)
    page.goto("/desk/centre/steps/backup/")
    walk.go_on(page)
    expect(page.locator(".links input")).to_have_value(re.compile("^AGE-SECRET-KEY-"))
    walk.go_on(page)
    return str(link)


def _open(walk: Walk, page: Page) -> None:
    """Visitors stand before a closed door until the last red is gone."""
    assert walk.person().request.get("/ask/").status == 503
    until = time.monotonic() + 45  # the mailbox is read each half minute, a backup takes seconds
    while "pad opening" not in page.request.get("/desk/centre/live/").text():
        assert time.monotonic() < until, page.request.get("/desk/centre/live/").text()
        page.wait_for_timeout(1_000)
    page.goto("/desk/centre/live/")
    walk.go_on(page, "form.opening button")


def _ask(walk: Walk, page: Page) -> tuple[str, str]:
    page.goto("/ask/")
    for _ in range(12):
        if "/ask/done/" in page.url:
            break
        for name, value in {"question": QUESTION, **ANSWERS, "consent": "on"}.items():
            if page.locator(f"[name={name}]:not([type=hidden])").count():
                walk.fill(page, **{name: value})
        walk.go_on(page, "main form .btns button.btn")
    text = page.locator("main").inner_text()
    code, reference = re.search(r"\d{4}(?:\s\d{4}){3}", text), re.search(r"W-\d{4}-\d{6}", text)
    assert code
    assert reference
    return reference[0], code[0]


def _answer(walk: Walk, invitation: str, reference: str) -> None:
    """The advisor comes in by the link, takes what waits and answers with an article."""
    desk = walk.person()
    _choose_password(walk, desk, urlsplit(invitation).path, "amal")
    with desk.expect_navigation():
        desk.keyboard.press("c")
    expect(desk.locator("main")).to_contain_text(reference)
    here = desk.url.partition("?")[0]
    desk.goto(f"{here}articles/T03-receipt/?language=ar")
    desk.locator("button[name=whole]").click()
    desk.wait_for_load_state()
    walk.fill(desk, help="advice")
    desk.locator("#composer .cf button").last.click()
    expect(desk.locator('a[href*="/provenance/"]').first).to_be_visible()
