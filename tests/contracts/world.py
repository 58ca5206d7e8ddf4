"""One small world with something at every address, laid once for a whole module of tests.

`own` things belong to Chama's association, in the first team, on Amina's desk; `other` things to
another team and another centre; the `sealed` request is Chama's too, and only Salma is named for it.
"""

from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from helpdesk.accounts.actions import lay_groups
from helpdesk.accounts.models import ApiKey, Organisation, Team, User
from helpdesk.associations.models import LegalDeadline, PersonMerge, Phone
from helpdesk.associations.numbers import Number
from helpdesk.centre.models import Centre, Logo
from helpdesk.files.actions import store
from helpdesk.hours.models import Holiday, Ramadan
from helpdesk.live.actions import save_draft
from helpdesk.notices.models import Subscription
from helpdesk.queues.models import Queue
from helpdesk.supervision.models import DeskNotice, FrozenPeriod, RetentionRule
from helpdesk.supervision.periods import period
from helpdesk.supervision.programme import counting, report
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.desk_models import Phrase
from helpdesk.tickets.models import Answer, Grant, Merge, Promise, Ticket
from helpdesk.tickets.querysets import draft_place
from helpdesk.tickets.recalls import Recall, Recalled
from helpdesk.tickets.rules import Kind, Level
from knowledge.articles.actions.bundling import take
from knowledge.articles.models import Term, Version
from knowledge.search.glossary import shipped
from telephony.models import Call, Leg
from tests import bundles, make
from tests.contracts.walk import Route

CANARY = "+212699999901"
ROLES = (
    "visitor", "amina", "brahim", "senior", "editor", "partner", "administrator", "chama", "driss",
)  # fmt: skip
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
UNKNOWN = 987_654_321


class World:
    """The people, a signed-in session for each, and the object an address names, by scope."""

    def __init__(self) -> None:
        lay_groups()
        self.now = timezone.now()
        self.centre = make.centre()
        make.library()
        self.users: dict[str, User] = {
            "amina": make.user("amina", "advisor"),
            "brahim": make.user("brahim", "supervisor"),
            "senior": make.user("salma", "senior"),
            "editor": make.user("idriss", "editor"),
            "partner": make.user("mina", "partner"),
            "administrator": make.user("nabil", "administrator"),
            "chama": make.user("chama", "member"),
            "driss": make.user("driss", "member"),
        }
        Logo.objects.create(centre=self.centre, png=b"\x89PNG", digest="logo-of-world")
        self._others()
        self.things: dict[str, dict[str, Any]] = {
            "own": self._lay("own", self.users["chama"], self.users["amina"]),
            "other": self._lay("other", None, self.stranger),
        }
        self.things["sealed"] = {**self.things["own"], **self._sealed()}
        self._bring_a_bundle()
        RetentionRule.objects.create(
            centre=self.centre, kind="contacts", proposed_days=400, proposed_at=self.now,
            proposed_by=self.users["editor"],
        )  # fmt: skip
        self.sessions = {name: self._session(name) for name in self.users}

    def _bring_a_bundle(self) -> None:
        """Of another centre; one of its articles was taken and waits. The library is everybody's."""
        key, bundle = bundles.came("T03-receipt", by=self.users["administrator"], at=self.now)
        [waiting] = take(bundle, {"T03-receipt.fr"}, by=self.users["editor"], at=self.now)
        for things in self.things.values():
            things |= {"trusted_key": key, "bundle": bundle, "waiting": waiting}

    def _others(self) -> None:
        self.abroad = Centre.objects.create(
            slug="other", name_ar="مركز آخر", name_fr="Autre centre"
        )
        self.foreign_team = Team.objects.create(centre=self.abroad, name_ar="آخر", name_fr="Autre")
        Queue.objects.create(team=self.foreign_team, name_ar="آخر", name_fr="Autre")
        self.stranger = make.user("zakaria", "advisor", of=self.foreign_team)

    def _lay(self, scope: str, member: User | None, advisor: User) -> dict[str, Any]:
        is_own = scope == "own"
        centre = self.centre if is_own else self.abroad
        person = make.person(f"شخص {scope}", user=member)
        phone = Phone.objects.create(
            person=person, number=Number.parse(CANARY), last_used_at=self.now
        )
        association = make.association(f"جمعية {scope}", centre=centre)
        if not is_own:
            person.centre = centre
            person.save()
        mandate = make.mandate(person, association, source="PV")
        ticket = self._ticket(scope, person, association, advisor)
        deadline = LegalDeadline.objects.create(
            association=association, rule="provisional-receipt", event_on=date(2026, 9, 1),
            due_on=timezone.localdate() - timedelta(days=1), citation="x", mark="seen",
            state="passed", opened_at=self.now,
        )  # fmt: skip
        return {
            "person_merge": PersonMerge.objects.create(
                source=make.person(f"مكرر {scope}", merged_into=person), target=person, by=advisor,
                at=self.now, moved={"rows": {}, "filled": [], "account": None, "redirects": []},
            ),
            "person": person, "phone": phone, "association": association, "mandate": mandate,
            "deadline": deadline, "user": advisor, "posting": advisor.postings.first(),
            "queue": Queue.objects.filter(team__centre=centre).first(),
            "notice": DeskNotice.objects.create(
                team=make.team() if is_own else self.foreign_team, text_ar="إعلان", by=advisor,
                starts_at=self.now - timedelta(days=9), ends_at=self.now + timedelta(days=9), written_at=self.now,
            ),
            "holiday": Holiday.objects.create(
                day=date(2027, 5, 1 + is_own), name_ar="عيد", name_fr="Fête"
            ),
            "ramadan": Ramadan.objects.create(
                starts_on=date(2028 + is_own, 1, 20), ends_on=date(2028 + is_own, 2, 18)
            ),
            "call": self._call(scope, advisor, ticket["ticket"]),
            "phrase": Phrase.objects.create(
                team=make.team() if is_own else self.foreign_team, title_ar="تحية",
                text_ar="السلام عليكم", changed_at=self.now,
            ),
            "term": Term.objects.create(
                fr=[f"mot {scope}"], latin=[f"klma {scope}"], made_by=advisor, made_at=self.now,
                changed_by=advisor, changed_at=self.now,
            ),
            "frozen": self._frozen(centre, advisor),
            "colleague": self._colleague(ticket["ticket"], is_own=is_own),
            **self._organisation(scope, centre, advisor),
            **ticket,
        }  # fmt: skip

    def _frozen(self, centre: Centre, by: User) -> FrozenPeriod:
        """The programme report of a month in which nothing came, with one file of it."""
        asked = report.Asked(centre.pk, period("month", date(2026, 9, 1)))
        empty = counting.sections([], counting.Library(), asked.period)
        content = report.Report(asked, self.now, counting.RULES, empty, "x").content
        made = FrozenPeriod.objects.create(
            centre=centre, kind="month", first=asked.period.first, frozen_at=self.now, frozen_by=by,
            content=content, rules=counting.RULES, facts_digest="x", content_digest="x",
        )  # fmt: skip
        made.files.create(language="ar", format="xlsx", sha256="x", content=b"x")
        return made

    def _organisation(self, scope: str, centre: Centre, by: User) -> dict[str, Any]:
        """One that holds a key and is told of what moves."""
        made = Organisation.objects.create(
            centre=centre, name_ar=f"هيئة {scope}", name_fr=f"Organisme {scope}", added_at=self.now
        )
        held = ApiKey.objects.create(
            organisation=made, label="x", prefix=scope, secret_hash="x", made_at=self.now,
            made_by=by,
        )  # fmt: skip
        row = Subscription.objects.create(
            organisation=made, url="https://hooks.example.org/", made_at=self.now, made_by=by,
            told_until=self.now,
        )  # fmt: skip
        return {"organisation": made, "api_key": held, "subscription": row}

    def _call(self, scope: str, advisor: User, ticket: Ticket) -> Call:
        """One under way, of the advisor, about their request."""
        call = make.call(advisor, number=CANARY, key=f"call:{scope}", at=self.now, ticket=ticket)
        Leg.objects.create(
            call=call, role=Leg.Role.ADVISOR, user=advisor, turn=call.turn, made_at=self.now
        )
        return call

    def _colleague(self, ticket: Ticket, *, is_own: bool) -> User:
        """Somebody who began an answer before the ticket came to its assignee."""
        found = self.users["brahim"] if is_own else self.users["senior"]
        save_draft(
            place=draft_place(ticket.pk), user=found, at=self.now,
            fields={"kind": "answer", "body": "جواب"},
        )  # fmt: skip
        return found

    def _ticket(self, scope: str, person: Any, association: Any, advisor: User) -> dict[str, Any]:
        ticket = make.ticket(
            centre=self.abroad if scope == "other" else self.centre, person=person,
            association=association, contact_number=Number.parse(CANARY), answer_by="phone",
            contact_email="asker@example.org",
        )  # fmt: skip
        team = self.foreign_team if scope == "other" else make.team()
        Ticket.objects.filter(pk=ticket.pk).update(
            assignee=advisor, team=team, state="open",
            level=Level.SEALED if scope == "sealed" else Level.ORDINARY,
        )  # fmt: skip
        ticket.refresh_from_db()
        line = entry(
            ticket, Kind.LINE, at=self.now, text="سؤال ثان", from_asker=True, language="ar"
        )
        stored = store(f"{scope}.pdf", PDF, at=self.now)
        line.files.add(stored)
        promise = Promise.objects.create(
            ticket=ticket, window_from=self.now, window_until=self.now + timedelta(hours=2),
            owed_by=advisor, made_by=advisor, made_at=self.now,
        )  # fmt: skip
        awaiting = self._answer(ticket, advisor, Answer.State.AWAITING)
        recall, _made = Recall.objects.get_or_create(
            version=Version.objects.current().order_by("pk").first(),
            defaults={"opened_at": self.now},
        )
        return {
            "ticket": ticket,
            "file": stored,
            "promise": promise,
            "recall": recall,
            "recalled": Recalled.objects.create(recall=recall, ticket=ticket, answer=awaiting),
            "awaiting": awaiting,
            "returned": self._answer(ticket, advisor, Answer.State.RETURNED),
            "merge": self._merge(ticket, advisor),
            "grant": Grant.objects.create(
                ticket=ticket, user=self.users["senior"], given_by=self.users["brahim"],
                given_at=self.now, reason="x",
            ),
        }  # fmt: skip

    def _merge(self, ticket: Ticket, advisor: User) -> Merge:
        """A request that was merged into this one and held nothing."""
        double = make.ticket(centre=ticket.centre, person=ticket.person)
        Ticket.objects.filter(pk=double.pk).update(
            team=ticket.team, level=ticket.level, state="closed", merged_into=ticket
        )
        if ticket.level == Level.SEALED:
            Grant.objects.create(
                ticket=double, user=self.users["senior"], given_by=advisor, given_at=self.now,
                reason="x",
            )  # fmt: skip
        moved = {
            "was": {"state": "open", "outcome": "", "closed_at": None}, "entries": [],
            "ratings": [], "rows": {}, "deadlines": [], "redirects": [], "fields": {},
        }  # fmt: skip
        return Merge.objects.create(
            source=double, target=ticket, by=advisor, at=self.now, moved=moved
        )

    def _sealed(self) -> dict[str, Any]:
        own = self.things["own"]
        return self._ticket("sealed", own["person"], own["association"], self.users["brahim"])

    def _answer(self, ticket: Ticket, author: User, state: str) -> Answer:
        return Answer.objects.create(
            ticket=ticket, state=state, language="ar", text="جواب", help="info",
            caution_version="1", four_eyes=True, author=author, written_at=self.now,
        )  # fmt: skip

    def _session(self, name: str) -> str:
        client = Client()
        client.force_login(self.users[name], backend="django.contrib.auth.backends.ModelBackend")
        client.get("/desk/me/")
        return client.cookies["sessionid"].value

    def client(self, role: str, **kept: Any) -> Client:
        """A browser of its own for every request: one visit never changes the next."""
        client = Client(**kept)
        if role != "visitor":
            client.cookies["sessionid"] = self.sessions[role]
        return client

    def form(self, route: Route) -> dict[str, Any]:
        """The least that a form needs before it asks who is sending it."""
        if route.name == "tickets:quotes":
            return {"version": Version.objects.filter(published_at__isnull=False).first().pk}
        return FORMS.get(route.name, {})

    def values(self, route: Route, scope: str) -> dict[str, Any]:
        """What stands in the address. `unknown` names nothing that exists."""
        return {name: self._value(route.name, name, scope) for name in route.args}

    def _value(self, route: str, name: str, scope: str) -> Any:
        plain = PLAIN.get(f"{route} {name}", PLAIN.get(name))
        if plain is not None:
            return plain
        kind = KINDS.get((route, name)) or KINDS.get((route.split(":")[0], name))
        if kind is None:
            raise AssertionError(f"{route}: say in tests/contracts/world.py what <{name}> is")
        if scope == "unknown":
            return "0" * 32 if kind == "file" else UNKNOWN
        thing = self.things[scope][kind]
        return thing.name if kind == "file" else thing.pk


FORMS: dict[str, dict[str, Any]] = {
    "tickets:refusal": {"topic": "T03-receipt"},
    "tickets:person": {"nobody": "1"},
    "tickets:association": {"none": "1"},
    "upkeep:term_state": {"state": "resting"},
}
PLAIN: dict[str, Any] = {
    "centre:colours colour": "0e6b5b",
    "centre:logo digest": "logo-of-world",
    "installation:step slug": "centre",
    "installation:mail_none way": "out",
    "installation:sheet kind": "associations",
    "topic": "T03-receipt", "number": 1, "place": "test:1", "role": "advisor", "key": "abc",
    "asked:theme code": "A", "asked:theme_place code": "B", "asked:theme_withdrawal code": "B",
    "asked:fact code": "deposit_date", "asked:fact_place code": "receipt_date", "asked:fact_withdrawal code": "receipt_date",
    "letter": "A", "code": "dahir-1-58-376", "uidb36": "1", "portal:ask_step name": "question",
    "articles:paper code": "statutes", "articles:paper_blank code": "statutes",
    "tickets:paper code": "statutes", "telephony:paper code": "statutes", "language": "ar",
    "form": "docx", "format": "xlsx", "retention:confirmation kind": "contacts", "retention:refusal kind": "contacts", "link": 1, "side": "offer", "part": 1,
    "reference": "W-2026-000001", "rest": "nothing",
    "tries": 1, "twilio:enter name": "room", "twilio:sound name": "0" * 32,
    "twilio:dialled label": "label", "twilio:taped pk": 1, "twilio:agree chosen": 1,
    "upkeep:entry key": shipped()[0].key, "upkeep:entry_rest key": shipped()[0].key,
    "prompts:prompt name": "welcome", "prompts:taking_back name": "welcome", "prompts:taking_back pk": 1,
}  # fmt: skip
"""What in an address is no object of somebody's."""

KINDS = {
    ("tickets", "pk"): "ticket",
    ("queues", "pk"): "ticket",
    ("upkeep", "pk"): "term",
    ("queues:undoing", "pk"): "merge",
    ("queues:queue", "pk"): "queue",
    ("queues:hours", "pk"): "queue",
    ("queues:targets", "pk"): "queue",
    ("queues:closed", "pk"): "queue",
    ("hours:ramadan", "pk"): "ramadan",
    ("tickets:grant_end", "pk"): "grant",
    ("tickets:take_draft", "colleague"): "colleague",
    ("tickets:phrase", "pk"): "phrase",
    ("tickets:phrase_retirement", "pk"): "phrase",
    ("tickets:attempts", "pk"): "promise",
    ("tickets:recall", "pk"): "recall",
    ("tickets:recall_sending", "pk"): "recall",
    ("tickets:recall_closing", "pk"): "recall",
    ("tickets:recalled", "pk"): "recalled",
    ("tickets:release", "pk"): "awaiting",
    ("tickets:return", "pk"): "awaiting",
    ("tickets:take_up", "pk"): "returned",
    ("tickets:provenance", "pk"): "awaiting",
    ("telephony", "pk"): "call",
    ("public_line", "pk"): "call",
    ("telephony:call_now", "pk"): "promise",
    ("telephony:call_asker", "pk"): "ticket",
    ("telephony:call_person", "pk"): "person",
    ("telephony:call_person", "phone"): "phone",
    ("desk_line", "pk"): "call",
    ("associations", "pk"): "association",
    ("associations:deadline_end", "pk"): "deadline",
    ("associations:mandate_end", "pk"): "mandate",
    ("associations:person", "pk"): "person",
    ("associations:person_facts", "pk"): "person",
    ("associations:phones", "pk"): "person",
    ("associations:person_merging", "pk"): "person",
    ("associations:person_parting", "pk"): "person_merge",
    ("associations:number", "pk"): "person",
    ("associations", "phone"): "phone",
    ("associations:called", "pk"): "deadline",
    ("associations:number_to_call", "pk"): "deadline",
    ("bundles", "pk"): "bundle",
    ("bundles", "version"): "waiting",
    ("bundles:key_end", "pk"): "trusted_key",
    ("hours", "pk"): "holiday",
    ("accounts", "pk"): "user",
    ("accounts", "posting"): "posting",
    ("supervision:assignment", "pk"): "ticket",
    ("supervision:gap_draft", "pk"): "ticket",
    ("supervision:serving", "pk"): "user",
    ("supervision:pause", "pk"): "queue",
    ("supervision:opening", "pk"): "queue",
    ("supervision:notice_end", "pk"): "notice",
    ("supervision:putting_away", "pk"): "notice",
    ("supervision:frozen", "pk"): "frozen",
    ("supervision:frozen_file", "pk"): "frozen",
    ("portal:my_ticket", "pk"): "ticket",
    ("portal:follow_file", "name"): "file",
    ("portal:chat_file", "name"): "file",
    ("files", "name"): "file",
    ("organisations", "pk"): "organisation",
    ("organisations", "held"): "api_key",
    ("organisations", "row"): "subscription",
}
