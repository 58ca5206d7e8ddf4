"""A call by desk telephone, by keys alone: the record is complete in at most 60 strokes besides the notes."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from helpdesk.queues.models import Handling
from helpdesk.tickets.models import Entry
from tests.browser.laid import Laid, laid

__all__ = ["laid"]
pytestmark = pytest.mark.browser
MOST = 60
NOTES = {
    "ar": "حطيت الملف عند القايد هادي شهرين ونص ومازال ما عطاونا والو",
    "fr": "Dossier déposé depuis deux mois et demi, toujours pas de récépissé.",
}


class Keyboard:
    """Presses keys and counts them; what is typed as notes is not counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.strokes = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.strokes += 1

    def note(self, text: str) -> None:
        self.page.keyboard.type(text)

    def choose(self, selector: str, value: str) -> None:
        """The choice of a focused list, by arrows."""
        field = self.page.locator(selector)
        expect(field).to_be_focused()
        for _ in range(20):
            if field.input_value() == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{value} is not among the first 20")


def record(language: str) -> Any:
    return Entry.objects.filter(kind="call", text__contains=NOTES[language]).order_by("pk").last()


@pytest.mark.parametrize("language", ["ar", pytest.param("fr", marks=pytest.mark.full)])
def test_a_call_by_keys_alone(laid: Laid, language: str) -> None:
    context = laid.enter("amina", language)
    page = context.new_page()
    page.goto("/desk/")
    keys = Keyboard(page)
    keys.press("KeyP")
    page.wait_for_url("**/desk/calls/")
    expect(page.locator("[name=number]")).to_be_focused()
    keys.press(*"0677889900", "Enter")
    page.wait_for_url("**/desk/calls/*/")
    expect(page.locator("[name=words]")).to_be_focused()
    keys.note(NOTES[language])
    expect(page.locator("#suggestions .sugs a").first).to_be_visible()
    expect(page.locator("[name=theme]")).not_to_have_value("")
    keys.press("Escape", "KeyA")
    expect(page.locator("[name^=given_]").first).to_be_checked()
    keys.press("Escape", "KeyH", "KeyH")
    expect(page.locator("[name=help][value=advice]")).to_be_checked()
    keys.press("KeyO")
    keys.choose("[name=outcome]", "advice-given-action-by-asker")
    keys.press("Control+Enter")
    page.wait_for_url("**/desk/tickets/*/")
    context.close()

    entry = record(language)
    assert entry is not None
    assert entry.data["help"] == "advice"
    assert entry.ticket.contact_number
    assert entry.ticket.theme
    assert [given["version"] for given in entry.data["given"]] == [1]
    handling = Handling.objects.get(ticket=entry.ticket)
    assert handling.channel == "phone"
    assert handling.user.username == "demo-amina"
    assert (handling.help, handling.outcome) == ("advice", "advice-given-action-by-asker")
    assert handling.ended_at
    assert handling.wrapped_at
    assert keys.strokes <= MOST, f"{keys.strokes} strokes"
    print(f"{language}: {keys.strokes} strokes")


def test_words_pasted_or_dictated_bring_suggestions(laid: Laid) -> None:
    context = laid.enter("amina", "ar")
    page = context.new_page()
    page.goto("/desk/calls/")
    page.locator("#number-form button").click()
    page.wait_for_url("**/desk/calls/*/")
    page.wait_for_load_state()
    page.locator("[name=words]").fill(NOTES["ar"])  # no key is pressed
    expect(page.locator("#suggestions .sugs a").first).to_be_visible()
    edge = page.viewport_size["width"]
    for text in page.locator("#suggestions .sugs :is(.rt,.rs)").all():
        box = text.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= edge
        assert text.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    context.close()
