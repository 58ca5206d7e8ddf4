"""Every kind of entry has a template that renders, in both languages, however little it knows."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation

from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.rules import Kind
from tests import make


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("kind", list(Kind))
def test_it_renders(centre, kind, language):
    written = entry(make.ticket(), kind, at=make.NOW, text="كلام", language="ar")
    request = RequestFactory().get("/desk/")
    request.user = AnonymousUser()
    with translation.override(language):
        shown = get_template(f"entries/{kind.value}.html").render({"entry": written}, request)
    assert shown.strip()
    assert "None" not in shown
