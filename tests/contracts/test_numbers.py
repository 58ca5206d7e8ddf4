"""One caller has +212 699 999 901: in no spelling does that number appear on any page, for any role.

Whole numbers are shown by three addresses only, to who may, with a reason, and each time written down.
"""

import io
import logging
import re
import zipfile
from collections.abc import Iterator

import pytest
from django.core import mail
from django.db import transaction
from django.http import HttpResponse

from config.logs import JsonLine
from helpdesk.accounts.models import Audit
from helpdesk.notices.jobs import send_due
from helpdesk.tickets.actions.telling import tell_asker
from helpdesk.tickets.models import Ticket
from tests.contracts.test_rights import ROWS, WHO
from tests.contracts.walk import Route, routes
from tests.contracts.world import CANARY, ROLES, World

pytestmark = pytest.mark.django_db
REVEALING = ("tickets:number", "associations:number", "associations:number_to_call")
OURS = [route for route in routes() if route.is_ours and route.name in ROWS]
PLAIN_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
TAIL = CANARY[-9:]
"""What every spelling of the number ends in."""


def shows_number(text: str) -> bool:
    """In any digits, with any separators, marks of direction or tags between them."""
    bare = re.sub(r"<[^>]*>|&\w+;|[^\w<>&;]+|_+", "", text.translate(PLAIN_DIGITS))
    raw = re.sub(r"[\W_]+", "", text.translate(PLAIN_DIGITS))
    return TAIL in bare or TAIL in raw


@pytest.mark.parametrize(
    "spelling",
    [CANARY, "0699999901", "06 99 99 99 01", "06-99-99-99-01", "+212 699-999901",
     "٠٦٩٩٩٩٩٩٠١", "<b>06</b> 99\u00a099&nbsp;99 01", "\u206606 99 99 99 01\u2069", "tel:+212699999901"],
)  # fmt: skip
def test_the_detector_sees_it(spelling: str):
    assert shows_number(f"x {spelling} y")


def texts(response: HttpResponse) -> Iterator[str]:
    """The body as text, a workbook's parts one by one, and every header."""
    yield str(dict(response.items()))
    body = response.getvalue() if response.streaming else response.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            for name in book.namelist():
                yield book.read(name).decode("utf-8", "replace")
    else:
        yield body.decode("utf-8", "replace")


def visits(route: Route) -> Iterator[tuple[str, dict[str, str]]]:
    row = ROWS[route.name]
    if "get" in row:
        yield "get", {}
        yield "get", {"HX-Request": "true"}
    if "post" in row and route.name not in REVEALING:
        yield "post", {}


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_no_page_shows_it(world: World, role: str):
    shown = []
    for route in OURS:
        for method, headers in visits(route):
            if role not in WHO[ROWS[route.name][method]]:
                continue
            url, form = route.url(**world.values(route, "own")), {}
            if method == "post":
                form = world.form(route)
            with transaction.atomic():
                response = getattr(world.client(role), method)(url, form, headers=headers)
                if any(shows_number(text) for text in texts(response)):
                    shown.append(f"{method} {url} {headers}")
                transaction.set_rollback(True)
    assert shown == []


@pytest.mark.parametrize("name", REVEALING)
def test_whoever_sees_it_whole_is_written_down(world: World, name: str):
    """With the reason typed, or on the list of calls to make with the deadline that gives it."""
    route = next(route for route in OURS if route.name == name)
    url = route.url(**world.values(route, "own"))
    reason = "معاودة الاتصال بطلب منه"
    if name != "associations:number_to_call":
        for form in ({}, {"reason": ""}, {"reason": " "}):
            response = world.client("brahim").post(url, form)
            assert not any(shows_number(text) for text in texts(response)), "not without a reason"
    before = Audit.objects.filter(act="revealed-number").count()
    assert before == 0
    response = world.client("brahim").post(url, {"reason": reason}, follow=True)
    assert any(shows_number(text) for text in texts(response))
    row = Audit.objects.get(act="revealed-number")
    assert row.user == world.users["brahim"]
    assert row.reason == reason or row.reason.startswith("call-about-delay ")
    again = world.client("brahim").get(url if "get" in ROWS[name] else "/desk/")
    assert not any(shows_number(text) for text in texts(again)), "shown once"


def test_no_line_of_the_log_tells_it(world: World):
    book = io.StringIO()
    handler = logging.StreamHandler(book)
    handler.setFormatter(JsonLine())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        client = world.client("amina", raise_request_exception=False)
        for query in (CANARY, "0699999901"):
            client.get("/desk/search/", {"q": query})
            client.get("/desk/calls/", {"number": query})
            client.post("/desk/calls/", {"number": query})
            client.post("/account/login/", {"login": query, "password": query})
            client.get(f"/no/such/page/{query}/")
        logging.getLogger("wasl").warning("called %s", CANARY)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert book.getvalue()
    lines = [line for line in book.getvalue().splitlines() if shows_number(line)]
    assert lines == []


def test_no_mail_tells_it(world: World):
    ticket = world.things["own"]["ticket"]
    Ticket.objects.filter(pk=ticket.pk).update(answer_by="email")
    ticket.refresh_from_db()
    kinds = ("question-received", "answer-given", "line-added", "ticket-closed")
    for kind in kinds:
        tell_asker(ticket, kind, at=world.now, key=f"canary:{kind}")
    send_due(at=world.now)
    assert len(mail.outbox) == len(kinds)
    for letter in mail.outbox:
        assert not shows_number(letter.message().as_string() + letter.body + letter.subject)
