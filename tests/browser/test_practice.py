"""A practice day in a browser: begun, taken part in, marked on every page, wiped; nothing an assistive tool trips over."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from helpdesk.accounts.models import User
from helpdesk.centre.models import Centre
from helpdesk.tickets.models import Ticket
from tests.browser.laid import Laid, laid
from tests.browser.test_axe import LANGUAGES, check
from tests.browser.visiting import Visitor

__all__ = ["laid"]
pytestmark = [pytest.mark.browser, pytest.mark.full]
BAND = {
    "ar": "تجريبي: الطلبات مختلقة ولا شيء يرسل",
    "fr": "Essai : demandes inventées, rien ne part",
}


@LANGUAGES
def test_a_practice_from_its_beginning_to_its_wiping(laid: Laid, language: str) -> None:
    cache.clear()
    real = set(Ticket.objects.values_list("pk", flat=True))
    visitor = Visitor(laid.enter("nabil", language), language)
    page, band = visitor.page, BAND[language]
    visitor.go(reverse("installation:practice"), whole=True)
    expect(page.get_by_text(band)).to_have_count(0)
    page.locator("form[action$='/beginning/'] button").click()
    expect(page.get_by_text(band)).to_be_visible()
    page.locator("form[action$='/requests/'] button").click()
    page.wait_for_load_state()
    for name in ("installation:practice", "installation:practice_wiping", "administration"):
        visitor.go(reverse(name), whole=True)
        expect(page.get_by_text(band)).to_be_visible()
    visitor.go(reverse("installation:practice_wiping"))
    page.check("[name=sure]")
    page.locator("main form .btn.p").click()
    page.wait_for_url(f"**{reverse('installation:practice')}")
    expect(page.get_by_text(band)).to_have_count(0)
    assert not Centre.objects.exclude(practice_of=None).exists()
    assert not User.objects.exclude(practising=None).exists()
    assert set(Ticket.objects.values_list("pk", flat=True)) == real
    check(visitor)
