"""While our server is away, a caller's questions are answered before it: every one of them."""

import re

from telephony.providers.twilio.urls import urlpatterns
from tests.server import ROOT

NOT_A_CALLERS_QUESTION = {
    "application", "dialled", "recorded", "room", "sounds", "status", "taped", "text",
}  # fmt: skip
"""Twilio only tells there, or asks for somebody who can call again."""


def test_the_front_server_answers_for_every_question_of_a_caller() -> None:
    told = (ROOT / "config/deploy/nginx.conf").read_text()
    found = re.search(r"location ~ \^/hooks/twilio/\(([a-z|]+)\)/", told)
    assert found
    doors = {str(one.pattern).split("/")[0] for one in urlpatterns}
    assert set(found[1].split("|")) == doors - NOT_A_CALLERS_QUESTION
