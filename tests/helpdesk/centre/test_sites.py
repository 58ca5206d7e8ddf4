"""The centre's own page: sites that may show the chat, and the WhatsApp number, as the frame uses them."""

from typing import Any

import pytest
from django.test import Client

from helpdesk.centre.models import Centre

PAGE = "/desk/centre/steps/contact/"
GOOD = {"phone_shown": "", "email_shown": ""}


def test_kept_exact_and_sent_in_the_header(administrator: Any, as_user: Any) -> None:
    client = as_user(administrator)
    sites = "https://Example.org/page\r\nexample.org\r\n\r\nhttp://127.0.0.1:8123"
    said = {**GOOD, "chat_sites": sites, "whatsapp": "06 12 34 56 78"}
    assert client.post(PAGE, said).status_code == 302
    centre = Centre.objects.get()
    assert centre.chat_sites == ["https://example.org", "http://127.0.0.1:8123"]
    assert centre.whatsapp == "212612345678"
    page = Client().get("/chat/frame/")
    policy = page["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://example.org http://127.0.0.1:8123;" in f"{policy};"
    assert "X-Frame-Options" not in page
    other = Client().get("/chat/")
    assert other["X-Frame-Options"] == "DENY"
    assert "example.org" not in other["Content-Security-Policy"]
    shown = client.get(PAGE).content.decode()
    assert "https://example.org\nhttp://127.0.0.1:8123" in shown
    assert "/widget.js" in shown


@pytest.mark.parametrize(
    ("name", "typed"),
    [("chat_sites", "*"), ("chat_sites", "https://a.org; script-src *"), ("chat_sites", "http://a.org"),
     ("chat_sites", "\n".join(f"s{n}.org" for n in range(31))), ("whatsapp", "hello")],
)  # fmt: skip
def test_refused_with_its_text(administrator: Any, as_user: Any, name: str, typed: str) -> None:
    said = {**GOOD, "chat_sites": "", "whatsapp": "", name: typed}
    answer = as_user(administrator).post(PAGE, said)
    assert answer.status_code == 422
    assert Centre.objects.get().chat_sites == []
    if "\n" not in typed:
        assert typed in answer.content.decode()
