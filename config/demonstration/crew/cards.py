"""A call is written down as an advisor does: what was asked, what helped, how it ended."""

import re
from random import Random

from config.demonstration import sheets
from config.demonstration.crew import forms
from config.demonstration.crew.browser import Browser

CARD = re.compile(r'href="(/desk/calls/\d+/)"')
OUTCOMES = (
    ("solved-first-contact", 6),
    ("advice-given-action-by-asker", 3),
    ("waiting-asker-documents", 1),
)
"""With how often each is chosen."""
CALLED_BACK = 0.08
"""Share of calls after which a call-back is promised."""


def unwrapped(browser: Browser) -> list[str]:
    """Cards of calls that are not written down yet."""
    return list(dict.fromkeys(CARD.findall(browser.page("/desk/calls/"))))


def write(browser: Browser, card: str, random: Random) -> bool:
    """Fill in the card of a call and send it; False when it was not taken."""
    form = forms.read(browser.page(card)).get("card")
    if form is None:
        return False
    language = form.fields.get("language") or "ary"
    case = random.choice([one for one in sheets.cases().values() if _fits(one.lang, language)])
    outcomes, weights = zip(*OUTCOMES, strict=True)
    filled = {
        **form.fields,
        "words": form.fields.get("words") or case.words,
        "help": case.help if case.help in form.choices.get("help", []) else "info",
        "outcome": random.choices(outcomes, weights)[0],
    }
    themes = [one for one in form.choices.get("theme", []) if one]
    if not filled.get("theme") and themes:
        filled["theme"] = random.choice(themes)
    if random.random() < CALLED_BACK:
        filled["call_back"] = "2h"
    return browser.send(card, filled) == 302


def _fits(lang: str, language: str) -> bool:
    return (lang == "fr") == (language == "fr")
