"""A desk that never loses a word, by keys alone: drafts, phrases, the palette, putting off. Real Chromium."""

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from helpdesk.accounts.models import User
from helpdesk.live.models import Draft
from helpdesk.queues import actions as queues
from helpdesk.tickets.desk_models import Snooze
from helpdesk.tickets.models import Entry, Ticket
from helpdesk.tickets.querysets import draft_place
from tests.browser.laid import Laid, laid
from tests.browser.visiting import Visitor

__all__ = ["laid"]
pytestmark = [pytest.mark.browser, pytest.mark.full]
TEXT = "السلام عليكم، أجل الوصل النهائي ستون يوما"
ARABIC_KEY = (
    "document.dispatchEvent(new KeyboardEvent('keydown', {code: '%s', key: '%s', bubbles: true}))"
)


@pytest.fixture
def ticket(laid: Laid) -> Iterator[Ticket]:
    """A request of Amina's, without anything typed."""
    found = Ticket.objects.filter(assignee__username="demo-amina", state="open").earliest("pk")
    Draft.objects.filter(place=draft_place(found.pk)).delete()
    yield found
    Ticket.objects.filter(pk=found.pk).update(assignee=found.assignee)


def opened(laid: Laid, ticket: Ticket, name: str = "amina", language: str = "ar") -> Page:
    page = laid.enter(name, language).new_page()
    page.goto(f"/desk/tickets/{ticket.pk}/")
    return page


def typed(page: Page, text: str = TEXT) -> None:
    page.locator("#id_body").fill(text)
    expect(page.locator("#composer [data-saved-text]")).not_to_be_empty()


def test_a_text_outlives_a_reload_and_is_there_on_another_device(
    laid: Laid, ticket: Ticket
) -> None:
    page = opened(laid, ticket)
    typed(page)
    page.reload()
    expect(page.locator("#id_body")).to_have_value(TEXT)
    other = opened(laid, ticket)
    expect(other.locator("#id_body")).to_have_value(TEXT)
    page.context.close()
    other.context.close()


@pytest.mark.parametrize("is_sent", [True, False], ids=["sent", "led away by a list"])
def test_an_ended_sign_in_keeps_the_text_and_leads_back_to_the_page(
    laid: Laid, ticket: Ticket, is_sent: bool
) -> None:
    page = opened(laid, ticket)
    expect(page.locator("#id_body")).to_be_visible()
    Session.objects.all().delete()
    laid.sessions.clear()
    page.evaluate(
        """([text, is_sent]) => {
          const area = document.getElementById("id_body");
          area.value = text;
          area.dispatchEvent(new Event("input", { bubbles: true }));
          if (is_sent) { area.form.querySelector("[data-key='Ctrl+Enter']").click(); }
          else { htmx.trigger(document.getElementById("lists"), "poll"); }
        }""",
        [TEXT, is_sent],
    )
    # A list that is being fetched asks again only at its next beat.
    page.wait_for_url("**/account/login/**", timeout=45_000)
    assert f"next=/desk/tickets/{ticket.pk}/" in page.url.replace("%2F", "/")
    fresh = laid._session("amina")
    page.context.add_cookies([{"name": "sessionid", "value": fresh, "url": laid.url}])
    page.goto(f"/desk/tickets/{ticket.pk}/")
    expect(page.locator("#id_body")).to_have_value(TEXT)
    page.locator("#composer [name=kind][value=note]").check()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/desk/tickets/{ticket.pk}/")
    expect(page.locator("#id_body")).to_have_value("")
    page.reload()
    expect(page.locator("#id_body")).to_have_value("")
    assert Entry.objects.filter(ticket=ticket, text=TEXT).count() == 1
    Entry.objects.filter(ticket=ticket, text=TEXT).update(text="x")
    page.context.close()


def test_who_takes_over_takes_the_colleague_s_draft_up(laid: Laid, ticket: Ticket) -> None:
    page = opened(laid, ticket)
    typed(page)
    page.context.close()
    salma = User.objects.get(username="demo-salma")
    ticket.refresh_from_db()
    queues.pass_on(ticket, to=salma, by=salma, at=timezone.now())
    theirs = opened(laid, ticket, "salma")
    theirs.locator("#id_body").fill("كلامي")
    theirs.locator(".unsent button[formaction*='/drafts/']").click()
    expect(theirs.locator("#id_body")).to_have_value(f"كلامي\n\n{TEXT}")
    assert Draft.objects.filter(place=draft_place(ticket.pk), user__username="demo-amina").exists()
    theirs.context.close()


def test_a_phrase_comes_by_its_key_and_by_its_word(laid: Laid, ticket: Ticket) -> None:
    page = opened(laid, ticket)
    page.locator("#composer [name=language][value=ar]").check()
    page.locator("#id_body").focus()
    page.keyboard.press("Control+Semicolon")
    expect(page.locator("#palette [role=option]").first).to_be_visible()
    page.keyboard.type("ختام")
    expect(page.locator("#palette [role=option]:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#palette")).to_be_hidden()
    closing = page.locator("#id_body").input_value()
    assert closing.startswith("نبقى رهن إشارتكم")
    page.keyboard.type(" :تاريخ ")
    expect(page.locator("#id_body")).to_have_value(f"{closing} في أي يوم وقع ذلك بالضبط؟")
    page.context.close()


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_palette_by_keys(laid: Laid, ticket: Ticket, language: str) -> None:
    page = opened(laid, ticket, language=language)
    page.evaluate(
        "document.dispatchEvent(new KeyboardEvent('keydown',"
        " {code: 'KeyK', key: 'ن', ctrlKey: true, bubbles: true}))"
    )
    expect(page.locator("#palette input")).to_be_focused()
    label = page.locator("[data-key=KeyS]").get_attribute("data-key-label") or ""
    page.keyboard.type(label)
    expect(page.locator("#palette [aria-selected]")).to_contain_text(label)
    page.keyboard.press("Enter")
    expect(page.locator("#panel .whens button").first).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+KeyK")
    page.keyboard.type(ticket.reference)
    expect(page.locator(f"#pal-t{ticket.pk}")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("Control+KeyK")
    page.keyboard.type("récépissé définitif" if language == "fr" else "الوصل النهائي")
    answer = page.locator("#palette a[data-panel]").first
    expect(answer).to_be_visible()
    while answer.get_attribute("aria-selected") is None:
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#panel .pnl.art")).to_be_visible()
    page.context.close()


def test_putting_off_by_keys_of_an_arabic_board(laid: Laid, ticket: Ticket) -> None:
    page = opened(laid, ticket)
    page.evaluate(ARABIC_KEY % ("KeyS", "س"))
    expect(page.locator("#panel .whens button").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/tickets/{ticket.pk}/")
    expect(page.locator("form[action$='/waking/']")).to_be_visible()
    assert Snooze.objects.filter(ticket=ticket, ended_at=None).exists()
    page.locator("form[action$='/waking/'] button").click()
    expect(page.locator("form[action$='/waking/']")).to_be_hidden()
    page.context.close()


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_nothing_an_assistive_tool_stumbles_over(laid: Laid, ticket: Ticket, language: str) -> None:
    visitor = Visitor(laid.enter("amina", language), language)
    own = f"/desk/tickets/{ticket.pk}/"
    for path in (
        "/desk/phrases/", "/desk/phrases/new/", "/desk/queue/?only=put-off", f"{own}snooze/",
        f"{own}phrases/",
    ):  # fmt: skip
        visitor.go(path)
    visitor.go(own)
    visitor.page.keyboard.press("Control+KeyK")
    visitor.page.keyboard.type(ticket.reference)
    expect(visitor.page.locator(f"#pal-t{ticket.pk}")).to_be_visible()
    visitor.look()
    visitor.context.close()
    assert visitor.wrong == []
