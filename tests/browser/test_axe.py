"""Every page in real Chromium, in both languages: axe finds nothing serious, nothing comes from elsewhere,
nothing scrolls sideways at 360 or 1366 px, the page says its language. The full walk opens every address
and looks for texts left in English too.
"""

import tomllib
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from helpdesk.accounts.models import Organisation, Posting, User
from helpdesk.associations.actions import merge_persons
from helpdesk.associations.models import Association, LegalDeadline, Mandate, Person, Phone
from helpdesk.centre.models import Centre
from helpdesk.files.models import StoredFile
from helpdesk.hours.models import Holiday
from helpdesk.portal.organisations.acts import subscribe
from helpdesk.queues.models import Queue, Waiting
from helpdesk.supervision.programme import report
from helpdesk.supervision.programme.freezing import freeze
from helpdesk.tickets.actions.naming import new_code
from helpdesk.tickets.desk_models import Phrase
from helpdesk.tickets.models import Answer, Merge, Ticket
from helpdesk.tickets.recalls import Recall, Recalled
from helpdesk.tickets.rules import State
from helpdesk.upkeep.actions import write_term
from knowledge.articles.models import Version
from knowledge.search.glossary import shipped
from telephony.actions import answer_telephone
from telephony.models import Call, Leg
from tests import make
from tests.browser.laid import Laid, laid
from tests.browser.visiting import Visitor
from tests.contracts.walk import Route, routes

__all__ = ["laid"]
pytestmark = [pytest.mark.browser, pytest.mark.full]
LANGUAGES = pytest.mark.parametrize("language", ["ar", "fr"])
RIGHTS = tomllib.loads((Path(__file__).parents[1] / "contracts" / "rights.toml").read_text())
ROLES = ("visitor", "amina", "brahim", "administrator", "chama", "senior")
"""Who opens a page in the full walk: the first of these whom the rows of rights.toml let in."""
PLAYERS = {"visitor": "", "administrator": "nabil", "senior": "salma"}
DEMO = "portal:demo", "portal:outbox", "portal:tour"


def own_ticket() -> Ticket:
    """A request that Amina has taken, with an answer to show."""
    return (
        Ticket.objects.filter(assignee__username="demo-amina", answers__released_at__isnull=False)
        .exclude(level__gt=1).order_by("pk").first()
    )  # fmt: skip


def a_call() -> int:
    by = User.objects.get(username="demo-amina")
    number = Phone.objects.order_by("pk").first().number
    return answer_telephone(by=by, at=timezone.now(), number=number, key="walk").pk


def a_call_with(**leg: Any) -> int:
    """A call with an end of its advisor in the page."""
    call = Call.objects.get(pk=a_call())
    ours = {"role": Leg.Role.ADVISOR, "made_at": timezone.now(), **leg}
    Leg.objects.update_or_create(call=call, user=call.user, left_at=None, defaults=ours)
    return int(call.pk)


def public(name: str, language: str, /, **values: Any) -> str:
    with override(language):
        return reverse(name, kwargs=values)


def check(visitor: Visitor) -> None:
    visitor.context.close()
    assert visitor.wrong == []


@LANGUAGES
def test_asker_pages(laid: Laid, language: str) -> None:
    visitor = Visitor(laid.enter("", language), language)
    for name, values in (
        ("portal:home", {}), ("articles:library", {}),
        ("articles:article", {"topic": "T03-receipt"}), ("portal:ask", {}), ("portal:follow", {}),
        ("calling:call", {}),
    ):  # fmt: skip
        visitor.go(public(name, language, **values))
    visitor.go(
        public("search:results", language) + "?q=" + ("الوصل" if language == "ar" else "récépissé")
    )
    check(visitor)


@LANGUAGES
def test_desk_pages(laid: Laid, language: str) -> None:
    visitor = Visitor(laid.enter("brahim", language), language)
    visitor.go(reverse("supervision:board"))
    check(visitor)
    visitor = Visitor(laid.enter("amina", language), language)
    for path in (
        reverse("queues:desk"), reverse("queues:list"),
        reverse("tickets:ticket", args=[own_ticket().pk]), reverse("telephony:ring"),
        reverse("telephony:card", args=[a_call()]),
    ):  # fmt: skip
        visitor.go(path)
    check(visitor)


@LANGUAGES
def test_a_request_asked_and_followed(laid: Laid, language: str) -> None:
    """The pages that only exist on the way: the steps of asking, the receipt, the request opened by code."""
    visitor = Visitor(laid.enter("", language), language)
    page = visitor.page
    visitor.go(public("portal:ask", language), whole=True)
    while "/ask/done/" not in page.url:
        _fill(page)
        before = page.url
        page.locator("main form .btns button.btn").first.click()
        page.wait_for_load_state()
        assert page.url != before, page.locator("main").inner_text()
        visitor.look(whole=True)
    ticket = own_ticket()
    code = new_code(ticket, by=ticket.assignee, at=timezone.now(), how="phone", key=f"w:{language}")
    visitor.go(public("portal:follow", language) + f"?ref={ticket.reference}", whole=True)
    page.fill("[name=code]", code)
    page.locator("main form .btns button.btn").first.click()
    page.wait_for_url("**/follow/ticket/")
    visitor.look(whole=True)
    visitor.go(public("portal:follow", language), whole=True)
    page.fill("[name=code]", "1")
    page.locator("main form .btns button.btn").first.click()
    page.wait_for_selector("[aria-invalid=true]")
    visitor.look(whole=True)
    check(visitor)


def _fill(page: Any) -> None:
    """Answer whatever the step asks."""
    for name in ("question", "subject"):
        if page.locator(f"textarea[name={name}]").count():
            page.fill(f"textarea[name={name}]", "حطينا الملف وما عطاونا حتى وصل")
    for choice in ("theme", "who"):
        radios = page.locator(f"[name={choice}]")
        if radios.count() and not page.locator(f"[name={choice}]:checked").count():
            radios.last.check()
    if page.locator("[name=answer_by]").count():
        page.check("[name=answer_by][value=follow]")
    if page.locator("[name=consent]").count():
        page.check("[name=consent]")


def a_merge() -> int:
    """A request that was merged into Amina's and held nothing."""
    ticket = own_ticket()
    double = make.ticket(person=ticket.person, centre=ticket.centre, at=timezone.now())
    Ticket.objects.filter(pk=double.pk).update(
        team=ticket.team, merged_into=ticket, state=State.CLOSED
    )
    row = Merge.objects.create(
        source=double, target=ticket, by=ticket.assignee, at=timezone.now(),
        moved={"entries": []},
    )  # fmt: skip
    return int(row.pk)


def a_recall() -> Recalled:
    """Amina's request, its answer given from a version that a newer one has changed."""
    ticket = own_ticket()
    answer = ticket.answers.filter(released_at__isnull=False).first()
    version = Version.objects.current().order_by("pk").first()
    recall, _made = Recall.objects.get_or_create(
        version=version, defaults={"opened_at": timezone.now()}
    )
    return Recalled.objects.get_or_create(
        recall=recall, ticket=ticket, defaults={"answer": answer}
    )[0]


def a_person_merge() -> int:
    """Who asked Amina's request, noted twice."""
    ticket = own_ticket()
    double = make.person("مكرر")
    return int(merge_persons(double, ticket.person, by=ticket.assignee, at=timezone.now()).pk)


def a_term() -> int:
    """One that the staff keep, with all that its page shows."""
    by = User.objects.get(username="demo-salma")
    given: dict[str, Any] = {
        "ar": ["وصل مرقم"], "fr": ["reçu numéroté"], "darija": ["الروسي"], "latin": ["rossi"],
        "meaning_ar": "", "meaning_fr": "", "is_shown": False, "note": "",
    }  # fmt: skip
    return int(write_term(given, by=by, at=timezone.now()).pk)


def an_organisation() -> int:
    """A body outside that is told of its requests."""
    by = User.objects.get(username="demo-nabil")
    row = Organisation.objects.create(
        centre=Centre.objects.get(), name_ar="جهة شريكة", name_fr="Organisme partenaire",
        contact="technique@organisme.example", added_at=timezone.now(),
    )  # fmt: skip
    url = "https://organisme.example/wasl/"
    subscribe(row, url=url, events=["request.answered"], by=by, at=timezone.now())
    return row.pk


def a_frozen_report() -> int:
    """What a supervisor froze of the newest period that is over."""
    by, now = User.objects.get(username="demo-brahim"), timezone.now()
    found = report.report(by, report.asked_of(by, {}, at=now), at=now)
    return int(freeze(found, centre=Centre.objects.get(), by=by, at=now).pk)


def things() -> dict[str, Callable[[], Any]]:
    """What stands in an address of the demonstration, by route or by namespace."""
    association = Association.objects.filter(mandates__isnull=False).order_by("pk")
    person = Person.objects.filter(phones__isnull=False).order_by("pk")
    return {
        "topic": lambda: "T03-receipt", "letter": lambda: "A",
        "asked:theme code": lambda: "A", "asked:fact code": lambda: "deposit_date",
        "articles:text": lambda: "law-75-00", "articles:paper": lambda: "declaration", "number": lambda: 1, "name": lambda: "question",
        "prompts:prompt name": lambda: "welcome", "installation:step slug": lambda: "staff",
        "tickets:provenance": lambda: Answer.objects.filter(released_at__isnull=False).first().pk,
        "tickets:return": lambda: Answer.objects.awaiting().first().pk,
        "language": lambda: "ar", "editing:preview language": lambda: User.objects.get(username="demo-salma").language,
        "organisations:organisation": an_organisation,
        "upkeep:text_validity": lambda: "law-75-00",
        "upkeep": a_term, "upkeep:entry key": lambda: shipped()[0].key,
        "tickets:recall": lambda: a_recall().recall_id,
        "tickets:recall_sending": lambda: a_recall().recall_id,
        "tickets:recall_closing": lambda: a_recall().recall_id,
        "tickets:recalled": lambda: a_recall().pk,
        "tickets:phrase": lambda: Phrase.objects.first().pk,
        "tickets:dispute": lambda: own_ticket().pk,
        "tickets:deadline": lambda: own_ticket().pk,
        "tickets": lambda: own_ticket().pk, "queues": lambda: own_ticket().pk,
        "telephony": a_call,
        "telephony:receivers": lambda: a_call_with(turn=1, mode=Leg.Mode.ON),
        "telephony:beside": lambda: a_call_with(turn=0, mode=Leg.Mode.CONSULT),
        "associations:mandate_end": lambda: Mandate.objects.first().pk,
        "associations:called": lambda: LegalDeadline.objects.first().pk,
        "associations:person": lambda: person.first().pk,
        "associations:person_facts": lambda: person.first().pk,
        "associations:person_merging": lambda: own_ticket().person_id,
        "associations:person_parting": a_person_merge,
        "queues:undoing": a_merge,
        "associations": lambda: association.first().pk,
        "supervision:assignment": lambda: Waiting.objects.now().first().ticket_id,
        "supervision:frozen": a_frozen_report,
        "supervision:pause": lambda: Queue.objects.first().pk,
        "hours": lambda: Holiday.objects.first().pk,
        "accounts": lambda: User.objects.get(username="demo-amina").pk,
        "posting": lambda: Posting.objects.first().pk,
        "portal:my_ticket": lambda: Ticket.objects.filter(
            person__user__username="demo-chama").first().pk,
        "files": lambda: StoredFile.objects.first().name,
    }  # fmt: skip


def address(route: Route, language: str, known: dict[str, Callable[[], Any]]) -> str:
    """Where the page is in the demonstration."""
    space = route.name.split(":")[0]
    values = {}
    for arg in route.args:
        own = known.get(space if arg == "pk" else arg)
        values[arg] = (known.get(f"{route.name} {arg}") or known.get(route.name) or own)()
    return public(route.name, language, **values)


ELSEWHERE = {
    "files:file", "portal:follow_file", "portal:follow_lines", "portal:ask_pdf", "portal:ask_done",
    "portal:follow_ticket", "supervision:workbook", "supervision:months_workbook", "healthz", "accounts:language",
    "editing:submission", "editing:review", "editing:dropping",
    "bundles:bundle", "bundles:difference", "bundles:waiting", "bundles:signature", "bundles:away",
    "centre:colours", "centre:logo", "installation:sheet",
    "supervision:programme_file", "supervision:frozen_file", "articles:copy", "articles:changes", "articles:paper_blank", "supervision:use_workbook",
}  # fmt: skip
"""No page, or one that another test comes to on its way."""


def walked() -> list[tuple[str, Route]]:
    """(role, route) of every page that may be opened, by role."""
    found = []
    for route in routes():
        row = RIGHTS["routes"].get(route.name, {})
        is_document = route.name.startswith("api:")
        if is_document or route.name in ELSEWHERE or not (route.is_ours and "get" in row):
            continue
        may = RIGHTS["who"][row["get"]]
        role = "visitor" if route.name in DEMO else next((r for r in ROLES if r in may), "")
        if role:
            found.append((role, route))
    return sorted(found, key=lambda pair: ROLES.index(pair[0]))


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("language", "part", "parts"), [("ar", 0, 2), ("ar", 1, 2), ("fr", 0, 3)])
def test_every_page(laid: Laid, language: str, part: int, parts: int) -> None:
    """In Arabic each; in French a third, whose words alone are others (docs/decisions/0037)."""
    known, wrong, seen = things(), [], 0
    for role, pages in groupby(walked()[part::parts], key=lambda pair: pair[0]):
        visitor = Visitor(laid.enter(PLAYERS.get(role, role), language), language)
        for _role, route in pages:
            path = address(route, language, known)
            answer = visitor.context.request.get(path)
            if answer.text().lstrip()[:9].lower() != "<!doctype" and answer.ok:
                continue  # a region that other pages fetch
            visitor.go(path, whole=True)
            seen += 1
        wrong += visitor.wrong
        visitor.context.close()
    assert wrong == []
    assert seen >= 25


LIBRARY = {
    "visitor": ("account_login", "account_signup", "account_reset_password"),
    "nabil": (
        "account_logout", "account_change_password", "account_set_password", "account_reauthenticate",
        "mfa_index", "mfa_activate_totp", "accounts:person",
    ),
}  # fmt: skip


@LANGUAGES
def test_pages_of_the_sign_in(laid: Laid, language: str) -> None:
    wrong = []
    for name in LIBRARY:
        visitor = Visitor(laid.enter("" if name == "visitor" else name, language), language)
        for route in LIBRARY[name]:
            if route == "accounts:person":
                continue
            visitor.page.goto(reverse(route))
            visitor.look(whole=True)
        wrong += visitor.wrong
        visitor.context.close()
    assert wrong == []


@LANGUAGES
def test_error_pages(laid: Laid, language: str) -> None:
    prefix = "/fr" if language == "fr" else ""
    visitor = Visitor(laid.enter("", language), language)
    visitor.go(f"{prefix}/nothing-here/", status=404, whole=True)
    visitor.context.close()
    staff = Visitor(laid.enter("amina", language), language)
    staff.go("/desk/tickets/987654321/", status=404, whole=True)
    staff.go(reverse("accounts:audit"), status=403, whole=True)
    staff.context.close()
    assert visitor.wrong + staff.wrong == []
