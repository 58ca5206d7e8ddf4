"""What must hold on every page: nothing an assistive tool stumbles over, nothing foreign, nothing cut off."""

import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

OPTIONS = {
    "resultTypes": ["violations"],
    "preload": False,
    "rules": {"target-size": {"enabled": True}},
}
GRAVE = ("serious", "critical")
WIDE, NARROW = 1366, 360
CATALOGUE = Path(__file__).parents[2] / "config" / "locale" / "ar" / "LC_MESSAGES" / "django.po"
TEXTS = """() => {
  const out = [], skip = 'script,style,template,[hidden],[lang]:not(html),[dir=auto],bdi,code,kbd';
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.nodeValue.replace(/\\s+/g, ' ').trim();
    if (text && !walk.currentNode.parentElement.closest(skip)) { out.push(text); }
  }
  document.querySelectorAll('[aria-label],[placeholder],[title],[data-key-label]').forEach(el => {
    if (el.matches('[lang]:not(html)')) { return; }
    for (const name of ['aria-label', 'placeholder', 'title', 'data-key-label']) {
      const text = (el.getAttribute(name) || '').trim(); if (text) { out.push(text); }
    }
  });
  out.push(document.title);
  return out;
}"""
WIDER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) { return []; }
  return [...document.querySelectorAll('body *')].filter(el => {
    const box = el.getBoundingClientRect();
    return box.width && (box.right > width + 1 || box.left < -1);
  }).slice(0, 5).map(el => el.tagName + '.' + el.className + ' ' + el.textContent.trim().slice(0, 40));
}"""


class Visitor:
    """Walks pages in one browser and keeps what was wrong on each."""

    def __init__(self, context: BrowserContext, language: str) -> None:
        self.context, self.language = context, language
        self.page: Page = context.new_page()
        self.axe, self.wrong = Axe(), list[str]()
        self.at = ""
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self._note(f"script: {error}"))
        self.page.on("request", self._asked)

    def _note(self, text: str) -> None:
        self.wrong.append(f"{self.language} {self.at}: {text}")

    def _heard(self, message: Any) -> None:
        if "olicy" in message.text:
            self._note(message.text)

    def _asked(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and parts.hostname != "127.0.0.1":
            self._note(f"asked another host: {request.url}")

    def go(self, path: str, *, whole: bool = False, status: int = 200) -> None:
        """Open an address and look at the page."""
        self.at = path
        self.page.set_viewport_size({"width": WIDE, "height": 800})
        answer = self.page.goto(path)
        if answer is None or answer.status != status:
            self._note(f"answered {answer and answer.status}, not {status}")
            return
        self.look(whole=whole)

    def look(self, *, whole: bool = False) -> None:
        """The page once it is loaded. `whole`: at both widths, and for texts left in English."""
        self.page.wait_for_load_state()
        self.at = urlsplit(self.page.url).path
        self._languages()
        self._axe()
        for width in (NARROW, WIDE):
            self.page.set_viewport_size({"width": width, "height": 800})
            if wider := self.page.evaluate(WIDER):
                self._note(f"scrolls sideways at {width}: {wider}")
            if whole and width == NARROW:
                self._axe(" at 360")
        if whole:
            for text in english(self.page.evaluate(TEXTS), self.language):
                self._note(f"English: {text}")

    def _languages(self) -> None:
        found = self.page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
        if found != [self.language, "rtl" if self.language == "ar" else "ltr"]:
            self._note(f"html says {found}")

    def _axe(self, width: str = "") -> None:
        for violation in self.axe.run(self.page, options=OPTIONS).response["violations"]:
            if violation["impact"] in GRAVE:
                for node in violation["nodes"][:4]:
                    why = [m["message"] for m in node["any"] + node["all"] + node["none"]][:2]
                    self._note(
                        f"{violation['id']}{width} {node['target']} {node['html'][:120]} {why}"
                    )


@cache
def _msgids() -> re.Pattern[str]:
    """All texts of ours as they stand in the source, with anything where a value goes."""
    source = CATALOGUE.read_text()
    texts = re.findall(r'^msgid(?:_plural)? ((?:".*"\n)+)', source, re.MULTILINE)
    joined = {"".join(re.findall(r'"(.*)"\n', text)).replace('\\"', '"') for text in texts}
    ours = [" ".join(text.replace("\\n", " ").split()) for text in joined]
    values = re.compile(r"%\\\(\w+\\\)[sd]|\\\{\w+\\\}|%%")
    # One that is nothing but values and signs would match whatever has such a sign.
    escaped = [text for text in map(re.escape, ours) if re.search("[a-z]{3}", values.sub("", text))]
    spelt = [values.sub(".+", text) for text in escaped]
    return re.compile("(?:" + "|".join(sorted(spelt)) + ")")


SAME = {"Article", "Close", "Date", "Instruments", "Questions", "Message", "Question", "Note", "Province", "Commune", "Association", "Associations", "Document", "Documents", "Version", "Type", "Conversation", "SMS", "WhatsApp"}  # fmt: skip
"""French words that are English ones too."""
SENTENCE = re.compile(r"[A-Za-z][a-z']+(?: [A-Za-z][a-z']*,?){2,}\.?")


def english(texts: list[str], language: str) -> list[str]:
    """Texts of the page that are still in English."""
    from django.utils.translation import gettext, override

    found = []
    for text in dict.fromkeys(texts):
        with override(language):
            kept = text in SAME or (language == "fr" and gettext(text) == text)
        if (not kept and _msgids().fullmatch(text)) or (
            language == "ar" and SENTENCE.fullmatch(text)
        ):
            found.append(text)
    return found
