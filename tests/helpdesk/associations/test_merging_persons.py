"""Two rows that were one person: side by side, made one, found by either, parted again."""

from typing import Any

import pytest
from django.urls import reverse

from helpdesk.associations import actions
from helpdesk.associations.models import Person, PersonMerge
from helpdesk.associations.numbers import Number
from helpdesk.queues import actions as queues
from helpdesk.queues import merging as requests
from helpdesk.tickets import finding
from helpdesk.tickets.actions import write
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules import Kind
from tests import make

pytestmark = pytest.mark.django_db


def known(name: str, number: str, **fields: Any) -> Any:
    return actions.person_for(centre=make.centre(), at=make.NOW, name=name, number=number, **fields)


@pytest.fixture
def pair(amina: Any) -> tuple[Any, Any]:
    """Fatima, and once more Fatima by another telephone; each with an office and a request."""
    one = known("فاطمة الزهراء", "0661000111")
    other = known("Fatima Zohra Alami", "0662000222", email="fz@example.org")
    for who, name in ((one, "جمعية الماء"), (other, "جمعية النور")):
        make.mandate(who, make.association(name))
        actions.give_consent(
            who, purpose="contact", text_version="1", language="ar", channel="web", at=make.NOW
        )
        queues.claim(make.ticket(person=who), by=amina, at=make.NOW)
    return one, other


def picture(who: Any) -> Any:
    who = Person.objects.get(pk=who.pk)
    return (
        who.name, who.other_name, who.email, who.user_id, who.merged_into_id,
        [str(phone.number.for_storage()) for phone in who.phones.order_by("pk")],
        list(who.mandates.values_list("pk", flat=True)),
        list(who.consents.values_list("pk", flat=True)),
        sorted(who.tickets.values_list("pk", flat=True)),
        sorted(who.name_words.values_list("word", flat=True)),
    )  # fmt: skip


def test_one_has_all_and_parted_each_has_their_own(pair: Any, amina: Any) -> None:
    one, other = pair
    before = picture(one), picture(other)
    for _again in range(2):
        row = actions.merge_persons(other, one, by=amina, at=make.NOW)
        one.refresh_from_db()
        assert (one.phones.count(), one.mandates.count(), one.tickets.count()) == (2, 2, 2)
        assert (one.name, one.email) == ("فاطمة الزهراء", "fz@example.org")
        assert not Person.objects.get(pk=other.pk).name_words.exists()
        actions.part_persons(row, by=amina, at=make.NOW)
        assert (picture(one), picture(other)) == before


def test_either_name_number_and_address_lead_to_who_goes_on(pair: Any, amina: Any) -> None:
    one, other = pair
    actions.merge_persons(other, one, by=amina, at=make.NOW)
    for text in ("Fatima Alami", "فاطمة", "0662000222"):
        assert finding.people(amina, text) == [one], text
    assert actions.by_number("0662000222", centre=one.centre) == [one]
    assert known("", "", email="fz@example.org") == one
    assert finding.person(amina, str(other.pk)) is None


def test_a_number_that_both_had_is_there_once(pair: Any, amina: Any) -> None:
    one, other = pair
    actions.add_phone(other, Number.parse("0661000111"), at=make.NOW)
    before = picture(one), picture(other)
    row = actions.merge_persons(other, one, by=amina, at=make.NOW)
    assert one.phones.count() == 2
    assert actions.by_number("0661000111", centre=one.centre) == [one]
    actions.part_persons(row, by=amina, at=make.NOW)
    assert (picture(one), picture(other)) == before


def test_a_chain_of_three(pair: Any, amina: Any) -> None:
    one, other = pair
    third = known("ف. الزهراء", "0663000333")
    before = [picture(who) for who in (one, other, third)]
    first = actions.merge_persons(other, one, by=amina, at=make.NOW)
    second = actions.merge_persons(one, third, by=amina, at=make.NOW)
    assert Person.objects.get(pk=other.pk).merged_into_id == third.pk
    with pytest.raises(actions.NotOne):
        actions.part_persons(first, by=amina, at=make.NOW)
    actions.part_persons(second, by=amina, at=make.NOW)
    actions.part_persons(first, by=amina, at=make.NOW)
    assert [picture(who) for who in (one, other, third)] == before


def test_an_account_goes_along_and_two_accounts_stay_two(pair: Any, amina: Any) -> None:
    one, other = pair
    member = make.user("fatima", "member")
    Person.objects.filter(pk=other.pk).update(user=member)
    row = actions.merge_persons(other, one, by=amina, at=make.NOW)
    assert Person.objects.get(user=member) == one
    actions.part_persons(row, by=amina, at=make.NOW)
    assert Person.objects.get(user=member) == other
    Person.objects.filter(pk=one.pk).update(user=make.user("another", "member"))
    with pytest.raises(actions.NotOne):
        actions.merge_persons(other, one, by=amina, at=make.NOW)


def test_requests_merged_across_keep_the_persons_together(pair: Any, amina: Any) -> None:
    one, other = pair
    mine, theirs = one.tickets.get(), other.tickets.get()
    row = actions.merge_persons(other, one, by=amina, at=make.NOW)
    joined = requests.merge(theirs, mine, by=amina, at=make.NOW)
    with pytest.raises(actions.NotOne):
        actions.part_persons(row, by=amina, at=make.NOW)
    requests.undo(joined, by=amina, at=make.NOW)
    actions.part_persons(row, by=amina, at=make.NOW)
    assert Ticket.objects.get(pk=theirs.pk).person_id == other.pk


def test_requests_split_off_keep_the_persons_together(pair: Any, amina: Any) -> None:
    one, other = pair
    theirs = other.tickets.get()
    row = actions.merge_persons(other, one, by=amina, at=make.NOW)
    line = write.entry(theirs, Kind.LINE, at=make.NOW, text="سؤال آخر", from_asker=True)
    theirs.refresh_from_db()
    requests.split(theirs, [line.pk], subject="آخر", by=amina, at=make.NOW)
    with pytest.raises(actions.NotOne):
        actions.part_persons(row, by=amina, at=make.NOW)


def test_once_merged_and_once_parted(pair: Any, amina: Any) -> None:
    one, other = pair
    row = actions.merge_persons(other, one, by=amina, at=make.NOW)
    for again in ((other, one), (one, other), (one, one)):
        with pytest.raises(actions.NotOne):
            actions.merge_persons(*again, by=amina, at=make.NOW)
    actions.part_persons(row, by=amina, at=make.NOW)
    with pytest.raises(actions.NotOne):
        actions.part_persons(row, by=amina, at=make.NOW)


# --- the pages ----------------------------------------------------------------------------------


def to(name: str, pk: int) -> str:
    return reverse(f"associations:{name}", args=[pk])


def test_from_the_persons_page_to_one_person_and_back(pair: Any, amina: Any, as_user: Any) -> None:
    one, other = pair
    actions.add_phone(other, Number.parse("0661000111"), at=make.NOW)
    client = as_user(amina)
    assert to("person_merging", one.pk) in client.get(to("person", one.pk)).content.decode()
    page = client.get(to("person_merging", one.pk)).content.decode()
    assert f"?other={other.pk}" in page  # they share a number
    page = client.get(to("person_merging", one.pk), {"other": other.pk}).content.decode()
    assert "جمعية الماء" in page
    assert "جمعية النور" in page
    assert "0661" not in page
    form = {"other": other.pk, "keep": one.pk}
    assert client.post(to("person_merging", one.pk), form).status_code == 422
    answer = client.post(to("person_merging", one.pk), {**form, "same": "on"})
    assert answer["Location"] == to("person", one.pk)
    assert client.get(to("person", other.pk))["Location"] == to("person", one.pk)
    row = PersonMerge.objects.get()
    assert to("person_parting", row.pk) in client.get(to("person", one.pk)).content.decode()
    assert client.get(to("person_parting", row.pk)).status_code == 200
    assert client.post(to("person_parting", row.pk))["Location"] == to("person", other.pk)
    assert client.post(to("person_parting", row.pk)).status_code == 409


def test_the_other_may_be_the_one_who_goes_on(pair: Any, amina: Any, as_user: Any) -> None:
    one, other = pair
    form = {"other": other.pk, "keep": other.pk, "same": "on"}
    answer = as_user(amina).post(to("person_merging", one.pk), form)
    assert answer["Location"] == to("person", other.pk)
    assert Person.objects.get(pk=one.pk).merged_into_id == other.pk


def test_found_by_name_or_number(pair: Any, amina: Any, as_user: Any) -> None:
    one, other = pair
    for text in ("Fatima", "0662000222"):
        page = as_user(amina).get(to("person_merging", one.pk), {"q": text}).content.decode()
        assert f"?other={other.pk}" in page


def test_with_an_account_a_senior_decides(pair: Any, amina: Any, senior: Any, as_user: Any) -> None:
    one, other = pair
    Person.objects.filter(pk=other.pk).update(user=make.user("fatima", "member"))
    form = {"other": other.pk, "keep": one.pk, "same": "on"}
    assert as_user(amina).post(to("person_merging", one.pk), form).status_code == 409
    assert as_user(senior).post(to("person_merging", one.pk), form).status_code == 302


def test_who_works_on_no_request_of_theirs_may_not(pair: Any, as_user: Any) -> None:
    other = as_user(make.user("else", "advisor"))
    assert other.get(to("person_merging", pair[0].pk)).status_code == 403
