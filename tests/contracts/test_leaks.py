"""What is not published changes nothing that leaves the house: no hit, count, facet, suggestion, feed, copy or answer of the API.

The world is read, then secrets are laid in (drafts, unpublished articles, statements nobody is sure of,
sealed, restricted and other people's requests, notes, answers not released), and it is read again.
Each secret has a *bait*, by which one may ask, and a *prize*, which must be seen nowhere. Where nothing
moves by itself, the second reading must be the first, byte for byte.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client

from helpdesk.accounts.actions import keys
from helpdesk.accounts.models import User
from helpdesk.live import pace
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.models import Answer, Ticket
from helpdesk.tickets.rules import Channel, Kind, Level
from knowledge.articles.bundles import exporting, opening
from knowledge.articles.models import Article, Edition, Feedback, Statement, Term, Theme, Version
from knowledge.search import index, query
from tests import make

pytestmark = pytest.mark.django_db
BAIT, PRIZE = "zubraquix", "krolvimesh"
BAIT_AR, PRIZE_AR = "زغبراقص", "كرلفيمش"
SECRET = f"{BAIT} {PRIZE} {BAIT_AR} {PRIZE_AR}"
HIDDEN = "T98-hidden"
WORDS = [
    BAIT, BAIT_AR, "وصل", "récépissé", "جمعية", "banque", "compte", "assemblée", "المكتب", "jam3iya",
    "subvention", "المنحة", "quorum", "98", "T98-hidden", "فرع", "*", "(",
]  # fmt: skip
PAGES = [
    "/", "/fr/", "/library/", "/fr/library/", "/library/theme/A/", "/fr/library/theme/A/",
    "/library/T03-receipt/", "/fr/library/T03-receipt/", "/library/T03-receipt/print/",
    "/library/T03-receipt/v2/", "/fr/library/T03-receipt/v2/", f"/library/{HIDDEN}/",
    f"/fr/library/{HIDDEN}/", f"/library/{HIDDEN}/v1/", f"/library/{HIDDEN}/print/",
    "/library/reviewed/", "/library/texts/", "/library/texts/dahir-1-58-376/", "/library/words/",
    f"/search/?q={BAIT}", f"/fr/search/?q={BAIT}", f"/search/?q={quote(BAIT_AR)}&theme=A",
    f"/ask/question/?about={HIDDEN}", "/follow/?ref=W-2026-000001", "/privacy/", "/outbox/",
]  # fmt: skip
STILL = [
    "/library/changes.atom", "/fr/library/changes.atom", "/library/copy.zip",
    "/api/openapi.json", "/api/v1/themes/", "/api/v1/themes/?lang=fr", "/api/v1/articles/?limit=100",
    "/api/v1/articles/?lang=fr&limit=100", "/api/v1/articles/?theme=A", "/api/v1/articles/T03-receipt/",
    "/api/v1/articles/T03-receipt/?lang=fr", f"/api/v1/articles/{HIDDEN}/",
    "/api/v1/instruments/?limit=100", "/api/v1/instruments/dahir-1-58-376/",
    "/api/v1/instruments/dahir-1-58-376/?lang=fr", "/api/v1/glossary/?limit=100",
    f"/api/v1/search/?q={BAIT}", f"/api/v1/search/?q={quote(BAIT_AR)}", "/api/v1/search/?q=98",
    f"/api/v1/search/?q={quote('وصل')}&theme=A", "/api/v1/requests/", "/api/v1/requests/?state=closed",
]  # fmt: skip
"""Exits where nothing moves by itself."""
WHO = ("visitor", "chama", "partner", "program")


class Ground:
    """People from outside, an organisation's key, the library, and one request of the organisation."""

    def __init__(self) -> None:
        self.centre = make.centre()
        make.library()
        for version in Version.objects.current().filter(edition__article__topic="T03-receipt"):
            Statement.objects.create(  # helps to find, and is read aloud by advisors alone
                version=version, key="z2", section="spoken", rank=991, text=PRIZE, mark="seen"
            )
        self.advisor = make.user("amina", "advisor")
        self.users: dict[str, User] = {
            "chama": make.user("chama", "member"), "partner": make.user("mina", "partner"),
        }  # fmt: skip
        administrator = make.user("nabil", "administrator")
        self.organisation = keys.add_organisation(
            centre=self.centre, by=administrator, at=make.NOW, name_ar="هيئة", name_fr="Organisme",
            contact="",
        )  # fmt: skip
        _row, self.key = keys.make_key(
            self.organisation, scopes=["requests:read", "requests:create"], label="x", by=administrator,
            at=make.NOW, per_minute=6000,
        )  # fmt: skip
        self.own = make.ticket("سؤال الهيئة", channel=Channel.API, organisation=self.organisation)
        self.clients = {who: self._client(who) for who in WHO}

    def _client(self, who: str) -> Client:
        client = Client(raise_request_exception=False)
        if who in self.users:
            client.force_login(self.users[who], backend="django.contrib.auth.backends.ModelBackend")
        if who == "program":
            client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {self.key}"
        return client

    def read(self, who: str, url: str) -> str:
        """All that an exit says, a zip's files unpacked; without what one asked oneself."""
        pace.forget()
        answer = self.clients[who].get(url)
        assert answer.status_code < 500, url
        content = answer.getvalue() if answer.streaming else answer.content
        if content[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                content = b"\n".join(n.encode() + packed.read(n) for n in packed.namelist())
        return f"{answer.status_code} {content.decode('utf-8', 'replace')}"

    def lay_secrets(self) -> None:
        """Everything that is not for outside, with the secret in all its texts."""
        published = Version.objects.current().filter(edition__article__topic="T03-receipt")
        for version in published:
            self._draft(version.edition, number=2)
            Statement.objects.create(
                version=version, key="z1", section="steps", rank=990, text=SECRET, mark="unsure"
            )
            Feedback.objects.create(version=version, useful=False, why=SECRET, at=make.NOW)
        hidden = Article.objects.create(
            topic=HIDDEN, theme=Theme.objects.get(code="A"), asked_rank=0, review_on=make.NOW.date()
        )
        for language in ("ar", "fr"):
            self._draft(Edition.objects.create(article=hidden, language=language), number=1)
        for level in Level:
            asked = make.ticket(SECRET, level=level)
            entry(asked, Kind.NOTE, at=make.NOW, by=self.advisor, text=SECRET)
        make.ticket(SECRET, organisation=self.organisation, level=Level.SEALED)
        entry(self.own, Kind.NOTE, at=make.NOW, by=self.advisor, text=SECRET)
        Answer.objects.create(
            ticket=self.own, state=Answer.State.AWAITING, language="ar", text=SECRET, help="info",
            caution_version="1", four_eyes=True, author=self.advisor, written_at=make.NOW,
        )  # fmt: skip
        Ticket.objects.filter(pk=self.own.pk).update(
            moved_at=self.own.moved_at, last=self.own.last + 9
        )

    def _draft(self, edition: Edition, number: int) -> None:
        made = Version.objects.create(
            edition=edition, number=number, state="draft", title=SECRET, question=SECRET,
            keywords=[SECRET], checked_on=make.NOW.date(), digest="x" * 64, author=self.advisor,
            written_at=make.NOW + timedelta(days=1), changes_advice=True, change_ar=SECRET,
            change_fr=SECRET,
        )  # fmt: skip
        Statement.objects.create(
            version=made, key="s1", section="steps", rank=1, text=SECRET, mark="seen"
        )


@pytest.fixture(scope="module")
def ground(
    django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    from django.conf import settings

    before, settings.DATA_DIR = settings.DATA_DIR, tmp_path_factory.mktemp("leaks")
    with django_db_blocker.unblock(), transaction.atomic():
        from helpdesk.accounts.actions import lay_groups

        lay_groups()
        made = Ground()
        index.rebuild()
        yield made
        transaction.set_rollback(True)
    settings.DATA_DIR = before


def shown(said: str) -> bool:
    return PRIZE in said or PRIZE_AR in said


def suggested(text: str) -> str:
    return json.dumps(
        [repr(hit) for lang in ("ar", "fr") for hit in query.suggest(text, lang=lang)],
        ensure_ascii=False,
    )


def compare(ground: Ground, asked: list[tuple[str, str]], texts: list[str]) -> list[str]:
    """Exits that said something else once the secrets were there, or showed a prize."""
    first = [ground.read(who, url) for who, url in asked]
    hinted = [suggested(text) for text in texts]
    with transaction.atomic():
        ground.lay_secrets()
        index.rebuild()
        leaks = [
            f"{who} {url}"
            for (who, url), before in zip(asked, first, strict=True)
            if (after := ground.read(who, url)) != before or shown(after)
        ]
        leaks += [text for text, said in zip(texts, hinted, strict=True) if suggested(text) != said]
        transaction.set_rollback(True)
    index.rebuild()
    return leaks


@pytest.mark.full
def test_no_exit_of_the_matrix_says_anything_else(ground: Ground):
    """Who × exits where nothing moves by itself; and the suggestions."""
    asked = [(who, url) for who in ("visitor", "program") for url in STILL]
    asked += [(who, url) for who in ("chama", "partner") for url in STILL[::4]]
    assert compare(ground, asked, [BAIT, BAIT_AR, f"{BAIT} récépissé"]) == []


@pytest.mark.full
def test_the_bundle_for_other_centres_says_nothing_else(ground: Ground):
    """The signed file, byte for byte, with a signed article whose drafts, unsure and internal lines grew."""

    def made() -> bytes:
        return exporting.make(opening.Centre("x", "مركز", "Centre"), on=make.NOW.date())

    with transaction.atomic():
        signed = Version.objects.current().filter(edition__article__topic="T03-receipt")
        assert signed.update(
            reviewed_on=make.NOW.date(), reviewer=ground.advisor, bulletin_checked="BO 7455"
        )  # fmt: skip
        first = made()
        assert b"articles/T03-receipt.json" in first
        Term.objects.create(
            fr=[SECRET], state=Term.State.RESTING, made_by=ground.advisor, made_at=make.NOW,
            changed_by=ground.advisor, changed_at=make.NOW,
        )  # fmt: skip
        ground.lay_secrets()
        second = made()
        transaction.set_rollback(True)
    assert second == first


@pytest.mark.full
def test_no_page_shows_a_prize(ground: Ground):
    with transaction.atomic():
        ground.lay_secrets()
        index.rebuild()
        leaks = [
            f"{who} {url}"
            for who in ("visitor", "program")
            for url in [*PAGES, *STILL, f"/api/v1/requests/{ground.own.reference}/"]
            if shown(ground.read(who, url))
        ]
        found = query.search(f"{BAIT} {BAIT_AR}", lang="ar")
        transaction.set_rollback(True)
    index.rebuild()
    assert leaks == []
    assert (found.hits, found.also) == ([], [])


@pytest.mark.full
@pytest.mark.parametrize("seed", range(4))
def test_a_thousand_random_questions_find_nothing_else(ground: Ground, seed: int):
    """Four times 250 pairs of who asks and what is asked, and suggestions."""
    rng = Random(seed)
    asked = [(rng.choice(WHO), _question(rng)) for _ in range(250)]
    texts = [" ".join(rng.choices(WORDS, k=3)) for _ in range(15)]
    assert compare(ground, asked, texts) == []


@pytest.mark.full
def test_the_check_itself_sees_a_leak(ground: Ground):
    """A published secret is seen: the matrix is not blind."""
    with transaction.atomic():
        version = Version.objects.current().get(
            edition__article__topic="T03-receipt", edition__language="ar"
        )
        Statement.objects.filter(version=version, section="steps").update(text=SECRET)
        said = ground.read("visitor", "/api/v1/articles/T03-receipt/")
        transaction.set_rollback(True)
    assert shown(said)


def _question(rng: Random) -> str:
    text = quote(" ".join(rng.choices(WORDS, k=rng.randrange(1, 5))))
    lang, theme = rng.choice(["", "&lang=fr", "&lang=ar"]), rng.choice(["", "&theme=A", "&theme=E"])
    page = f"&page={rng.randrange(1, 9)}&limit={rng.choice([1, 5, 20])}"
    return rng.choice(
        [
            f"/api/v1/search/?q={text}{lang}{theme}&limit={rng.choice([1, 5, 20])}",
            f"/api/v1/search/?q={text}{lang}{theme}",
            f"/api/v1/articles/?x=1{lang}{theme}{page}",
            f"/api/v1/instruments/?x=1{lang}{page}",
            f"/api/v1/requests/?x=1{page}",
            f"/api/v1/themes/?x=1{lang}",
        ]
    )
