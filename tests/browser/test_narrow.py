"""Lists of the desk on a telephone: what a row is for stands inside the window, in both languages."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from helpdesk.accounts.models import User
from tests.browser.laid import Laid, laid

__all__ = ["laid"]
pytestmark = pytest.mark.browser
LANGUAGES = pytest.mark.parametrize("language", ["ar", pytest.param("fr", marks=pytest.mark.full)])


def inside(found: Locator, width: int) -> None:
    """Every one is seen, and none stands over the edge."""
    expect(found).not_to_have_count(0)  # a link that was followed shows its page a moment later
    for one in found.all():
        expect(one).to_be_visible()
        box = one.bounding_box()
        assert box is not None
        assert box["x"] >= 0, box
        assert box["x"] + box["width"] <= width, box


def opened(laid: Laid, name: str, language: str, path: str, width: int) -> Page:
    page = laid.enter(name, language, width=width).new_page()
    page.goto(path)
    return page


@LANGUAGES
def test_the_calls_to_make_show_whom_the_number_and_the_act(laid: Laid, language: str) -> None:
    page = opened(laid, "amina", language, "/desk/day-61/", 360)
    inside(page.locator("tr[data-row] .line .btn"), 360)
    inside(page.locator("tr[data-row] .act .btn"), 360)
    page.context.close()


@LANGUAGES
def test_associations_and_who_holds_office(laid: Laid, language: str) -> None:
    page = opened(laid, "amina", language, "/desk/associations/", 360)
    inside(page.locator(".tb.stack td[data-label]"), 360)
    page.locator(".tb.stack td a").nth(1).click()
    inside(page.locator(".tb.stack .act a"), 360)
    page.context.close()


@LANGUAGES
@pytest.mark.parametrize("width", [360, pytest.param(1366, marks=pytest.mark.full)])
def test_where_a_person_works_and_ending_it(laid: Laid, language: str, width: int) -> None:
    salma = User.objects.get(username="demo-salma")
    page = opened(laid, "nabil", language, f"/desk/people/{salma.pk}/", width)
    inside(page.locator(".tb.stack .act button"), width)
    page.context.close()


@LANGUAGES
@pytest.mark.parametrize("width", [360, 1366])
def test_a_restricted_request_is_marked_in_the_list(laid: Laid, language: str, width: int) -> None:
    page = opened(laid, "brahim", language, "/desk/queue/", width)
    marks: Any = page.locator(".tb.q2 .tag")
    inside(marks, width)
    for mark in marks.all():
        cell, box = mark.locator("xpath=ancestor::td").bounding_box(), mark.bounding_box()
        assert cell["x"] <= box["x"]
        assert box["x"] + box["width"] <= cell["x"] + cell["width"]
        assert box["y"] + box["height"] <= cell["y"] + cell["height"]
    page.context.close()


@LANGUAGES
def test_the_filters_stand_on_one_line(laid: Laid, language: str) -> None:
    page = opened(laid, "brahim", language, "/desk/queue/", 1366)
    first = page.locator(".flt .fq").bounding_box()
    last = page.locator(".flt button").bounding_box()
    assert first is not None
    assert last is not None
    assert abs(first["y"] - last["y"]) < 10
    page.context.close()


@LANGUAGES
def test_on_a_telephone_the_filters_open_by_a_touch(laid: Laid, language: str) -> None:
    page = opened(laid, "brahim", language, "/desk/queue/?late=on", 360)
    row, fold = page.locator(".tb.q2 tbody tr").first, page.locator(".fold summary")
    expect(fold).to_contain_text("1")
    expect(page.locator(".flt select").first).to_be_hidden()
    box = row.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 800, "the first request is on the first screen"
    fold.click()
    inside(page.locator(".flt select"), 360)
    page.context.close()
