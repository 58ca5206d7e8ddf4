"""The signed library bundle: what is in it, what is refused, what becomes of what was taken."""

import json
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from knowledge.articles import access, actions
from knowledge.articles.actions import bundling, reviewing
from knowledge.articles.bundle_models import Bundle, Origin, TrustedKey
from knowledge.articles.bundles import (
    content,
    differences,
    exporting,
    keys,
    opening,
    packing,
    refusals,
)
from knowledge.articles.bundles.differences import Standing
from knowledge.articles.models import (
    Article,
    Edition,
    Instrument,
    Relation,
    Statement,
    Term,
    Theme,
    Upkeep,
    Version,
)
from knowledge.articles.rules import State
from tests import bundles
from tests.make import NOW

pytestmark = pytest.mark.django_db
MAKER = opening.Centre("agadir", "مركز أكادير", "Centre d’Agadir")
DAY = NOW.date()
THEIRS, OURS = "their secret of fifty signs", "our own secret of fifty signs"
LATER = NOW + timedelta(hours=1)
TOPICS = ("T03-receipt", "T33-seat")
DRAFT = "مسودة لا يراها أحد"


@pytest.fixture
def library(db: Any) -> None:
    bundles.lay_small_library()


def sign(reviewer: Any, *topics: str, languages: tuple[str, ...] = ("ar", "fr")) -> None:
    for version in Version.objects.current().filter(
        edition__article__topic__in=topics, edition__language__in=languages
    ):
        reviewing.sign(version, by=reviewer, at=NOW, bulletin="BO 5712")


def theirs(settings: Any, *, on: date = DAY) -> bytes:
    """The bundle of the library as it stands, signed by the other centre."""
    settings.BUNDLE_KEY = THEIRS
    made = exporting.make(MAKER, on=on)
    settings.BUNDLE_KEY = OURS
    return made


@pytest.fixture
def bundle(library: None, senior: Any, settings: Any) -> bytes:
    """Two articles, one of them signed in French only."""
    sign(senior, TOPICS[0])
    sign(senior, TOPICS[1], languages=("fr",))
    return theirs(settings)


@pytest.fixture
def trusted(settings: Any, administrator: Any) -> TrustedKey:
    settings.BUNDLE_KEY = THEIRS
    key = keys.own()
    settings.BUNDLE_KEY = OURS
    return bundling.trust(key, centre="Agadir", by=administrator, at=NOW)[0]


def change(topic: str, language: str, text: str, *, reviewer: Any = None) -> Version:
    """A new version here, of which the first line says something else."""
    edition = Edition.objects.get(article__topic=topic, language=language)
    sheet = exporting.sheet_of(Version.objects.whole().get(pk=edition.current_id))
    first = sheet.sections["in-short"][0]
    sheet.sections["in-short"][0] = type(first)(first.key, first.mark, first.citations, text)
    known = {row.code: row for row in Instrument.objects.all()}
    version = actions.write_version(edition, sheet, known, at=NOW)
    actions.publish(version, at=NOW)
    if reviewer:
        reviewing.sign(version, by=reviewer, at=NOW, bulletin="BO 5712")
    return version


def wipe() -> None:
    """Another centre's database, with no library at all."""
    Edition.objects.update(current=None)
    Upkeep.objects.all().delete()
    Version.objects.all().delete()
    Article.objects.all().delete()
    Relation.objects.all().delete()
    Instrument.objects.all().delete()
    Theme.objects.all().delete()


def taken(row: Bundle, by: Any, *codes: str) -> list[Version]:
    wanted = codes or [one.code for one in differences.rows(bundling.opened(row))]
    return bundling.take(row, set(wanted), by=by, at=LATER)


def rows_by_code(row: Bundle) -> dict[str, Standing]:
    return {one.code: one.standing for one in differences.rows(bundling.opened(row))}


# --- what is in it ------------------------------------------------------------------------------


def test_holds_what_is_published_and_signed_and_nothing_else(
    bundle: bytes, editor: Any, trusted: TrustedKey
):
    found = opening.open_bundle(bundle, trusted=[trusted.key])
    assert {topic: [e.language for e in one.editions] for topic, one in found.articles.items()} == {
        "T03-receipt": ["ar", "fr"], "T33-seat": ["fr"],
    }  # fmt: skip
    cited = {
        place.code for one in found.articles.values() for e in one.editions
        for line in e.sheet.lines() for place in line.citations
    }  # fmt: skip
    assert cited <= set(found.texts)
    assert found.articles["T03-receipt"].editions[0].bulletin == "BO 5712"


def test_says_nothing_that_is_internal(bundle: bytes, senior: Any, editor: Any, settings: Any):
    edition = Edition.objects.get(article__topic="T03-receipt", language="ar")
    Version.objects.create(
        edition=edition, number=9, title=DRAFT, question=DRAFT, checked_on=DAY, digest="x",
        author=editor, written_at=NOW,
    )  # fmt: skip
    version = edition.current
    Statement.objects.create(
        version=version, key="s99", section="watch", rank=99, text=f"{DRAFT} 2", mark="unsure"
    )
    article = edition.article
    reviewing.assign(article, owner=senior, review_on=DAY, by=senior, at=NOW, why=f"{DRAFT} 3")
    assert version is not None
    actions.tell(version, useful=False, why=f"{DRAFT} 4", at=NOW)
    made = theirs(settings)
    assert DRAFT.encode() not in made
    assert senior.username.encode() not in made
    assert senior.name_ar.encode() in made
    assert made == bundle, "nothing of it is in the file, and the same library gives the same bytes"


def test_terms_that_readers_find_go_with_it_without_their_notes(
    bundle: bytes, trusted: TrustedKey, editor: Any, settings: Any
):
    given = {"made_by": editor, "made_at": NOW, "changed_by": editor, "changed_at": NOW}
    shown = Term.objects.create(ar=["وصل"], fr=["récépissé"], is_shown=True, note=DRAFT, **given)
    Term.objects.create(ar=[f"{DRAFT} 2"], **given)
    Term.objects.create(ar=[f"{DRAFT} 3"], is_shown=True, state="resting", **given)
    made = theirs(settings)
    assert DRAFT.encode() not in made
    found = opening.open_bundle(made, trusted=[trusted.key])
    assert [(term.ar, term.fr) for term in found.terms] == [(("وصل",), ("récépissé",))]
    assert differences.new_terms(found) == []
    shown.delete()
    assert differences.new_terms(found) == list(found.terms)


def test_the_same_library_gives_the_same_bytes_and_another_day_another_file(
    bundle: bytes, settings: Any
):
    assert theirs(settings) == bundle
    assert theirs(settings, on=DAY + timedelta(days=1)) != bundle


def test_comes_back_equal_in_a_library_that_was_empty(
    bundle: bytes, trusted: TrustedKey, editor: Any, senior: Any, settings: Any
):
    before = opening.open_bundle(bundle, trusted=[trusted.key])
    wipe()
    row, made = bundling.receive(bundle, by=editor, at=LATER)
    assert made
    assert set(rows_by_code(row).values()) == {Standing.NEW}
    waiting = taken(row, editor)
    assert len(waiting) == 3
    assert access.shelf(language="ar").count() == access.shelf(language="fr").count() == 0
    assert access.texts() == []
    for version in waiting:
        bundling.sign_and_open(version, by=senior, at=LATER, bulletin="BO 5712")
    after = opening.open_bundle(theirs(settings), trusted=[trusted.key])
    assert after.texts == before.texts
    assert {t: _said(a) for t, a in after.articles.items()} == {
        t: _said(a) for t, a in before.articles.items()
    }
    assert bool(access.texts())


def _said(article: content.Article) -> Any:
    """All but who signed when, which is ours to say."""
    return (
        article.theme, article.intake, article.four_eyes, article.force,
        [edition.sheet for edition in article.editions],
    )  # fmt: skip


# --- what is refused, and leaves nothing ----------------------------------------------------------


def resigned(data: bytes, settings: Any, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The bundle with something else in it, well signed by the other centre."""
    files = packing.unpack(data)
    for name in (opening.MANIFEST, opening.SIGNATURE):
        del files[name]
    change(files)
    settings.BUNDLE_KEY = THEIRS
    made = exporting.signed(files, MAKER, on=DAY)
    settings.BUNDLE_KEY = OURS
    return made


def refused(data: bytes, kind: type[Exception], by: Any) -> Exception:
    with pytest.raises(kind) as error:
        bundling.receive(data, by=by, at=NOW)
    assert type(error.value) is kind
    assert not Bundle.objects.exists()
    assert not Origin.objects.exists()
    assert not Version.objects.filter(state=State.REVIEW).exists()
    return error.value


def test_an_unknown_key_says_which_number_to_compare(bundle: bytes, editor: Any):
    error = refused(bundle, refusals.UnknownKey, editor)
    assert sum(sign.isdecimal() for sign in str(error)) == 30


def test_trust_that_ended_opens_nothing_more(bundle: bytes, trusted: TrustedKey, editor: Any):
    row, _ = bundling.receive(bundle, by=editor, at=NOW)
    assert bundling.end_trust(trusted, by=editor, at=LATER)
    row.refresh_from_db()
    with pytest.raises(refusals.UnknownKey):
        taken(row, editor)
    assert not Origin.objects.exists()
    assert bundling.trust(trusted.key, centre="Agadir", by=editor, at=LATER)[1]
    assert not bundling.trust(trusted.key, centre="Agadir", by=editor, at=LATER)[1]


def test_our_own_key_is_nobody_elses(settings: Any, administrator: Any):
    with pytest.raises(bundling.OwnKey):
        bundling.trust(keys.own(), centre="x", by=administrator, at=NOW)


def test_no_byte_may_be_another(bundle: bytes, trusted: TrustedKey):
    """Every part of the file is looked at: heads of the zip, manifest, signature, content, end."""
    chosen = random.Random(8).sample(range(len(bundle)), 60)
    for at in [0, 10, 14, len(bundle) - 1, *chosen]:
        other = bundle[:at] + bytes([bundle[at] ^ 1]) + bundle[at + 1 :]
        with pytest.raises(reviewing.Refused):
            opening.open_bundle(other, trusted=[trusted.key])


def test_cut_off_or_another_kind_of_file(bundle: bytes, trusted: TrustedKey, editor: Any):
    for data in (
        b"", b"PK", bundle[:-1], bundle[: len(bundle) // 2], bundle + b"\0", b"\0" + bundle,
        b"%PDF-1.4", packing.pack({"a.txt": b"x"}), packing.pack({opening.MANIFEST: b"[]"}),
    ):  # fmt: skip
        with pytest.raises(reviewing.Refused):
            bundling.receive(data, by=editor, at=NOW)
    refused(bundle[:-9], refusals.Damaged, editor)
    refused(b"x" * (packing.LARGEST + 1), refusals.TooLarge, editor)


def test_a_forged_signature(bundle: bytes, trusted: TrustedKey, editor: Any):
    files = packing.unpack(bundle)
    files[opening.SIGNATURE] = keys.sign(files[opening.MANIFEST])
    refused(packing.pack(files), refusals.WrongSignature, editor)
    files[opening.SIGNATURE] = b""
    refused(packing.pack(files), refusals.WrongSignature, editor)


def test_a_file_that_was_changed_added_or_taken_out(
    bundle: bytes, trusted: TrustedKey, editor: Any
):
    name = "articles/T03-receipt.json"
    files = packing.unpack(bundle)
    error = refused(packing.pack({**files, name: files[name] + b" "}), refusals.Altered, editor)
    assert name in str(error)
    refused(packing.pack({**files, "articles/T99-x.json": b"{}"}), refusals.Altered, editor)
    del files[name]
    refused(packing.pack(files), refusals.Altered, editor)


def test_a_newer_format_is_said_before_anything_else_is_read(
    bundle: bytes, trusted: TrustedKey, editor: Any
):
    files = packing.unpack(bundle)
    head = json.loads(files[opening.MANIFEST])
    files[opening.MANIFEST] = packing.canonical({**head, "format": 2})
    refused(packing.pack(files), refusals.Newer, editor)


BAD: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no title": lambda a: a["editions"]["fr"].pop("title"),
    "title a number": lambda a: a["editions"]["fr"].update(title=7),
    "title too long": lambda a: a["editions"]["fr"].update(title="x" * 201),
    "a control": lambda a: a["editions"]["fr"].update(title="a\u0000b"),
    "an override": lambda a: a["editions"]["fr"].update(title="a\u202eb"),
    "unsure": lambda a: a["editions"]["fr"]["sections"]["in-short"][0].update(mark="unsure"),
    "another text": lambda a: a["editions"]["fr"]["sections"]["in-short"][0].update(
        cites=[["law-0", ""]]
    ),
    "a key twice": lambda a: a["editions"]["fr"]["sections"]["steps"].append(
        a["editions"]["fr"]["sections"]["steps"][0]
    ),
    "no such day": lambda a: a["editions"]["fr"].update(checked="2026-02-31"),
    "number": lambda a: a["editions"]["fr"].update(number=True),
    "another topic": lambda a: a.update(topic="T01-creation"),
    "another theme": lambda a: a.update(theme="Q"),
    "a stranger's word": lambda a: a.update(extra=1),
    "no editions": lambda a: a.update(editions={}),
    "a third language": lambda a: a["editions"].update(en=a["editions"]["fr"]),
    "a list": lambda a: a.update(force=[]),
}


def test_signed_but_no_article(bundle: bytes, trusted: TrustedKey, editor: Any, settings: Any):
    for what in BAD:
        article = json.loads(packing.unpack(bundle)["articles/T03-receipt.json"])
        BAD[what](article)
        spoilt = {"articles/T03-receipt.json": packing.canonical(article)}
        made = resigned(bundle, settings, lambda files, spoilt=spoilt: files.update(spoilt))
        assert refused(made, refusals.Malformed, editor), what


def test_signed_but_no_json(bundle: bytes, trusted: TrustedKey, editor: Any, settings: Any):
    for data in (
        b"", b"{", b"[" * 100_000, b'{"a":1,"a":2}', b'"\\ud800"', b"NaN", b"9" * 5_000, b"\xff", b"{}",
    ):  # fmt: skip
        made = resigned(
            bundle, settings, lambda files, data=data: files.update({content.TEXTS: data})
        )
        refused(made, refusals.Malformed, editor)


def test_a_name_that_leads_elsewhere(
    bundle: bytes, trusted: TrustedKey, editor: Any, settings: Any
):
    for name in ("../../x.json", "articles/../x.json", "/etc/passwd", "articles/a/b.json"):
        made = resigned(bundle, settings, lambda files, name=name: files.update({name: b"{}\n"}))
        refused(made, refusals.Malformed, editor)


# --- what becomes of what was taken -----------------------------------------------------------------


def test_how_theirs_stands_to_ours(
    bundle: bytes, trusted: TrustedKey, editor: Any, senior: Any, settings: Any
):
    change("T33-seat", "fr", "Le siège est changé là-bas.", reviewer=senior)
    newer = theirs(settings)
    row, _ = bundling.receive(bundle, by=editor, at=NOW)
    assert rows_by_code(row) == {
        "T03-receipt.ar": Standing.SAME, "T03-receipt.fr": Standing.SAME,
        "T33-seat.fr": Standing.OLDER,
    }  # fmt: skip
    edition = Edition.objects.get(article__topic="T33-seat", language="fr")
    Edition.objects.filter(pk=edition.pk).update(current=edition.versions.get(number=1))
    Version.objects.filter(edition=edition, number=2).update(published_at=None)
    second, _ = bundling.receive(newer, by=editor, at=NOW)
    assert rows_by_code(second)["T33-seat.fr"] == Standing.CHANGED
    ours = change("T33-seat", "fr", "Le siège est changé ici.")
    assert rows_by_code(second)["T33-seat.fr"] == Standing.CHANGED
    Version.objects.filter(pk=ours.pk).update(checked_on=date(2030, 1, 1))
    assert rows_by_code(second)["T33-seat.fr"] == Standing.OURS_NEWER
    assert differences.only_here(bundling.opened(second), "ar") == 1


@pytest.fixture
def changed(bundle: bytes, trusted: TrustedKey, editor: Any, senior: Any, settings: Any) -> Bundle:
    """Theirs says something else of the seat, in French."""
    edition = Edition.objects.get(article__topic="T33-seat", language="fr")
    version = change("T33-seat", "fr", "Le siège est changé là-bas.", reviewer=senior)
    data = theirs(settings)
    Edition.objects.filter(pk=edition.pk).update(current=edition.versions.get(number=1))
    Upkeep.objects.filter(version=version).delete()
    version.delete()
    Version.objects.filter(edition=edition).update(state=State.PUBLISHED, retired_at=None)
    return bundling.receive(data, by=editor, at=NOW)[0]


def test_what_is_taken_is_closed_until_somebody_here_signs_it(
    changed: Bundle, editor: Any, senior: Any, client: Client
):
    [version] = taken(changed, editor)
    url = "/fr/library/T33-seat/"
    assert version.state == State.REVIEW
    assert "changé là-bas" not in client.get(url).content.decode()
    assert client.get(f"{url}v{version.number}/").status_code == 404
    with pytest.raises(actions.NotSigned):
        actions.publish(version, at=LATER)
    bundling.sign_and_open(version, by=senior, at=LATER, bulletin="BO 7000")
    page = client.get(url).content.decode()
    assert "changé là-bas" in page
    assert "BO 7000" in page
    origin = Origin.objects.get()
    assert (origin.bundle, origin.number, origin.bulletin_checked) == (changed, 2, "BO 5712")
    with pytest.raises(bundling.OpenedAlready):
        bundling.sign_and_open(version, by=editor, at=LATER, bulletin="BO 7000")
    bundles.lay_small_library(at=LATER)
    assert access.current_version("T33-seat", language="fr") == version, "a sheet never replaces it"


def test_taking_again_changes_nothing(changed: Bundle, bundle: bytes, editor: Any, senior: Any):
    same, made = bundling.receive(bytes(changed.data), by=senior, at=LATER)
    assert (same, made) == (changed, False)
    [version] = taken(changed, editor)
    assert taken(changed, editor) == []
    assert rows_by_code(changed)["T33-seat.fr"] == Standing.WAITING
    bundling.sign_and_open(version, by=senior, at=LATER, bulletin="BO 7000")
    assert taken(changed, editor) == []
    assert rows_by_code(changed)["T33-seat.fr"] == Standing.SAME
    assert Origin.objects.count() == 1
    assert [row.act for row in Upkeep.objects.filter(version=version)][::-1] == ["taken", "signed"]


def test_put_away_is_never_open_and_can_be_taken_again(changed: Bundle, editor: Any, senior: Any):
    [version] = taken(changed, editor)
    bundling.put_away(version, by=senior, at=LATER, why="ليس صحيحا عندنا")
    with pytest.raises(bundling.OpenedAlready):
        bundling.put_away(version, by=senior, at=LATER, why="ليس صحيحا عندنا")
    with pytest.raises(bundling.OpenedAlready):
        bundling.sign_and_open(version, by=senior, at=LATER, bulletin="BO 7000")
    assert not list(Origin.objects.waiting())
    assert rows_by_code(changed)["T33-seat.fr"] == Standing.CHANGED
    assert len(taken(changed, editor)) == 1


def test_a_code_that_is_another_text_here_takes_nothing(changed: Bundle, editor: Any):
    found = bundling.opened(changed)
    [row] = [one for one in differences.rows(found) if one.standing == Standing.CHANGED]
    code = next(
        p.code for line in row.theirs.sheet.lines() for p in line.citations
        if found.texts[p.code].kind != "source"
    )  # fmt: skip
    Instrument.objects.filter(code=code).update(number="99-99")
    assert taken(changed, editor) == []
    [row] = [one for one in differences.rows(found) if one.standing == Standing.CHANGED]
    assert (row.other_text, row.is_takable) == (code, False)


def test_our_validity_and_our_texts_stay_as_they_are(changed: Bundle, editor: Any):
    Article.objects.filter(topic="T33-seat").update(in_force_from=date(2020, 1, 1))
    Instrument.objects.update(short_fr="comme chez nous")
    taken(changed, editor)
    assert Article.objects.get(topic="T33-seat").in_force_from == date(2020, 1, 1)
    assert not Instrument.objects.exclude(short_fr="comme chez nous").exists()
    assert not Instrument.objects.filter(is_waiting=True).exists()


def test_a_fault_on_the_way_leaves_nothing(
    changed: Bundle, editor: Any, monkeypatch: pytest.MonkeyPatch
):
    wipe()

    def broken(*args: Any, **named: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(bundling, "_note", broken)
    with pytest.raises(RuntimeError):
        taken(changed, editor)
    for model in (Article, Edition, Version, Statement, Instrument, Origin):
        assert not model.objects.exists(), model
