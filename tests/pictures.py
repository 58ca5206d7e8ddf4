"""The README's pictures, taken from a fresh demonstration: `python -m tests.pictures`."""

import re
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.serving import ROOT, served

INTO = ROOT / "docs" / "pictures"
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
    "--allow-loopback-in-peer-connection",
]  # fmt: skip
SIZE = {"width": 1280, "height": 800}
COLOURS, LIMIT = 128, 150_000
QUESTION = "حطيت الملف عند القايد هادي شهرين ونص ومازال ما عطاونا والو، شنو نديرو؟"
ASKED = "Dossier déposé il y a deux mois et demi, toujours pas de récépissé définitif : que faire ?"
ANSWERS = {"theme": "A", "who": "founders", "standing": "candidate-founder", "answer_by": "follow"}


def keep(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    path = INTO / f"{name}.png"
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size // 1000} kB")
    if size > LIMIT:
        sys.exit(f"{path.name} is larger than {LIMIT} bytes.")


def opened(browser: Browser, url: str, role: str = "", language: str = "ar") -> Page:
    """A page of a fresh browser, entered as one of the cast."""
    prefix = "/fr" if language == "fr" else ""
    page = browser.new_context(base_url=url, viewport=SIZE).new_page()
    if role:
        page.goto(f"{prefix}/demo/")
        page.locator(f'form[action="{prefix}/demo/enter/{role}/"] button').first.click()
        page.wait_for_load_state()
    return page


def ask(page: Page, question: str, *, until: str, prefix: str = "", **said: str) -> None:
    """Walk the pages of asking to the one whose address has `until`."""
    page.goto(f"{prefix}/ask/")
    for _ in range(12):
        if until in page.url:
            return
        if page.locator("textarea[name=question]").count():
            page.fill("textarea[name=question]", question)
        for name, value in (ANSWERS | said).items():
            field = page.locator(f"[name={name}]")
            if field.count() == 1 and name == "email":
                field.fill(value)
            elif field.count() == 1:
                field.select_option(value)
            elif field.count():
                page.check(f"[name={name}][value={value}]")
        if page.locator("[name=consent]").count():
            page.check("[name=consent]")
        page.locator("main form .btns button.btn").first.click()
        page.wait_for_load_state()
    raise RuntimeError(f"{page.url}: {page.locator('main').inner_text()}")


def public(browser: Browser, url: str) -> None:
    page = opened(browser, url)
    page.goto("/")
    keep(page, "home-ar")
    page.goto("/library/T03-receipt/")
    keep(page, "article-ar")
    page = opened(browser, url, language="fr")
    ask(page, ASKED, until="answers=1", prefix="/fr")
    keep(page, "ask-fr")


def followed(browser: Browser, url: str) -> None:
    """Asked, answered with the article by the advisor, and read by the asker."""
    asker = opened(browser, url)
    ask(asker, QUESTION, until="/ask/done/")
    text = asker.locator("main").inner_text()
    reference = re.search(r"W-\d{4}-\d+", text)
    code = re.search(r"\d{4}(?:\s\d{4}){3}", text)
    assert reference
    assert code
    desk = opened(browser, url, "advisor")
    desk.goto(f"/desk/search/?q={reference[0]}")
    if "/desk/tickets/" not in desk.url:
        desk.locator('main a[href*="/desk/tickets/"]').first.click()
    desk.wait_for_url("**/desk/tickets/*/")
    desk.locator("form.claim button").first.click()
    desk.wait_for_load_state()
    ticket = desk.url.split("?")[0].rstrip("/")
    desk.goto(f"{ticket}/articles/T03-receipt/?language=ar")
    desk.locator("button[name=whole]").click()
    desk.wait_for_load_state()
    desk.locator("#id_help").select_option("advice")
    keep(desk, "ticket-ar")
    desk.locator("#composer .cf button").last.click()
    desk.wait_for_load_state()
    asker.goto(f"/follow/?ref={reference[0]}")
    asker.fill("[name=code]", code[0])
    asker.locator("main form .btns button.btn").first.click()
    asker.wait_for_url("**/follow/ticket/")
    keep(asker, "follow-ar")


def staff(browser: Browser, url: str) -> None:
    page = opened(browser, url, "advisor")
    page.goto("/desk/")
    keep(page, "desk-ar")
    page = opened(browser, url, "supervisor", "fr")
    page.goto("/desk/board/")
    keep(page, "board-fr")


def calling(browser: Browser, url: str) -> None:
    """Somebody calls through the page, and the advisor has them on the line."""
    desk = opened(browser, url, "advisor")
    caller = opened(browser, url)
    caller.set_viewport_size({"width": 360, "height": 740})
    caller.goto("/call/")
    caller.fill("textarea[name=words]", QUESTION)
    caller.locator("main form .btns button.btn").first.click()
    caller.wait_for_selector("meter")
    caller.wait_for_timeout(1_500)
    keep(caller, "caller-ar")
    desk.goto("/desk/")
    desk.wait_for_selector("[data-key=KeyA]")
    desk.keyboard.press("a")
    desk.wait_for_url("**/desk/calls/*/")
    desk.wait_for_selector("#suggestions .sugs a")
    desk.wait_for_timeout(4_000)
    keep(desk, "call-ar")


SCENES: tuple[Callable[[Browser, str], None], ...] = (public, staff, followed, calling)


def main() -> None:
    INTO.mkdir(parents=True, exist_ok=True)
    path = str(CHROMIUM) if CHROMIUM.exists() else None
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), profile="demo") as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for scene in SCENES:
            scene(browser, url)
        browser.close()


if __name__ == "__main__":
    main()
