"""Each part of the look renders in both languages, on a public page and at the desk."""

from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone, translation

from tests.make import NOW


class Sample(forms.Form):
    subject = forms.CharField(label="Subject", help_text="In a few words")
    phone = forms.CharField(label="Phone", widget=forms.TextInput(attrs={"type": "tel"}))
    way = forms.ChoiceField(
        label="Way", choices=[("mail", "Mail"), ("call", "Call")], widget=forms.RadioSelect
    )
    consent = forms.BooleanField(label="Consent", help_text="You may take it back")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)


CLOCK = {
    "start": NOW.date(), "start_label": "deposit", "due": NOW.date(), "due_label": "day 60",
    "today_label": "day 77", "sentence": "over since 17 days", "state": "late",
    "source": "art. 5", "elapsed": 100, "limit": 78, "over": 22,
}  # fmt: skip
ROW = {
    "url": "/desk/tickets/1/", "icon": "mail", "subject": "subject", "who": "who", "age": "5",
    "urgency": "late", "unread": 2, "current": True,
}  # fmt: skip
TOPBAR = {
    "waiting": 3, "longest": 161, "pressure": "soon", "state": "", "state_label": "free",
    "states": [("free", "Free"), ("pause", "Pause")], "state_code": "free", "state_url": "/desk/",
}  # fmt: skip
CITE = {"text": "art. 5", "version": 4, "reviewed": NOW.date(), "remove_url": "/desk/x/"}
PARTS: dict[str, dict[str, Any]] = {
    "alert.html": {"title": "t", "text": "t", "url": "/", "act": "a"},
    "caution.html": {},
    "cite.html": {"cite": CITE, "remove_url": "/"},
    "clock.html": {"clock": CLOCK},
    "composer.html": {"form": Sample(), "action": "/", "cites": [CITE], "caution": "c"},
    "empty.html": {"title": "t", "reason": "r", "url": "/", "act": "a"},
    "entry.html": {"entry": {"author": "a", "at": NOW, "number": 1}},
    "facts.html": {"facts": [("stage", "provisional")]},
    "go.html": {"url": "/", "title": "t", "line": "l", "icon": "receipt"},
    "help.html": {},
    "inset.html": {"state": "ok", "title": "t", "text": "t"},
    "kv.html": {"rows": [{"label": "l", "value": "v", "url": "/"}]},
    "mark.html": {},
    "own_now.html": {"topbar": TOPBAR},
    "pager.html": {"page": Paginator(range(900), 10).page(7)},
    "provisional.html": {},
    "row.html": {"row": ROW},
    "saved.html": {"at": NOW},
    "search.html": {"text": "lwasl nihai"},
    "slip.html": {"reference": "W-2026-000123", "secret": "4821 0937", "day": NOW, "papers": ["p"]},
    "state.html": {"topbar": TOPBAR},
    "steps.html": {"steps": [{"title": "t", "line": "l", "state": "on"}]},
    "tag.html": {"label": "l", "state": "ok", "icon": "check"},
    "tile.html": {"label": "l", "value": 3, "state": "late", "state_label": "s", "url": "/"},
    "verified.html": {"mark": "secondary"},
    "waiting.html": {"topbar": TOPBAR},
    "word.html": {},
}


@pytest.mark.parametrize("path", ["/", "/desk/"])
@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("name", PARTS)
def test_a_part_renders(name: str, language: str, path: str, rf: RequestFactory) -> None:
    with translation.override(language):
        html = render_to_string(f"parts/{name}", PARTS[name], _request(rf, path, language))
    assert html.strip()


def test_icons_are_drawn_on_public_pages_and_referred_to_at_the_desk(rf: RequestFactory) -> None:
    context = {"label": "l", "icon": "check"}
    public = render_to_string("parts/tag.html", context, _request(rf, "/", "ar"))
    desk = render_to_string("parts/tag.html", context, _request(rf, "/desk/", "ar"))
    assert "<path" in public
    assert "icons.svg#check" not in public
    assert "icons.svg#check" in desk
    assert "<path" not in desk


def test_a_form_names_hint_and_error_beside_the_field_and_in_the_summary() -> None:
    form = Sample({"subject": "x", "phone": "", "way": "mail"})
    with translation.override("fr"):
        html = form.render()
    assert 'href="#id_phone"' in html
    assert 'id="id_phone_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_subject_helptext"' in html
    assert 'role="alert"' in html
    assert html.index('role="alert"') < html.index("id_subject")


def test_an_empty_text_field_lets_the_sheet_put_the_caret_right() -> None:
    html = str(Sample()["subject"])
    assert 'dir="auto"' in html
    assert 'placeholder=" "' in html
    assert 'dir="ltr"' in str(Sample()["phone"])


def test_a_masked_number_never_shows_its_middle() -> None:
    from helpdesk.centre.templatetags.wasl import phone_masked

    shown = phone_masked("+212661234547")
    assert "06 61 •• •• 47" in shown
    assert "2345" not in shown
    assert phone_masked("06 61 •• •• 47") == shown


def test_old_and_new_ages_read_in_both_languages() -> None:
    from helpdesk.centre import wording

    now = timezone.now()
    ages = [timedelta(minutes=n) for n in (0, 1, 2, 5, 11, 100)]
    with translation.override("fr"):
        assert wording.age_text(now - ages[3], now=now) == "il y a 5 minutes"
    with translation.override("ar"):
        said = [wording.age_text(now - age, now=now) for age in ages]
    assert said == ["الآن", "قبل دقيقة", "قبل دقيقتين", "قبل 5 دقائق", "قبل 11 دقيقة", "قبل ساعة"]


def _request(rf: RequestFactory, path: str, language: str) -> Any:
    from django.contrib.auth.models import AnonymousUser

    request = rf.get(path)
    request.user = AnonymousUser()
    request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
    return request
