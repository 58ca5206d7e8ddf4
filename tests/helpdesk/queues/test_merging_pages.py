"""Merging at the desk and what its numbers lead to afterwards, for staff and for the asker."""

from typing import Any

import pytest
from django.urls import reverse

from helpdesk.queues import actions as queues
from helpdesk.queues import merging as acts
from helpdesk.queues.mail_in import take_in
from helpdesk.tickets.actions import write
from helpdesk.tickets.models import Merge, Ticket
from helpdesk.tickets.rules import Kind, Level
from tests import make

pytestmark = pytest.mark.django_db
CODES = ("1111222233334444", "5555666677778888")


@pytest.fixture
def asker(centre: Any) -> Any:
    return make.person("فاطمة", number="0661000111")


@pytest.fixture
def pair(asker: Any, amina: Any) -> tuple[Any, Any]:
    found = [
        make.ticket(words, person=asker, with_code=True, code=code)
        for words, code in zip(("سؤال عن الوصل", "نفس السؤال"), CODES, strict=True)
    ]
    queues.claim(found[0], by=amina, at=make.NOW)
    return found[0], found[1]


def to(name: str, pk: int) -> str:
    return reverse(name, args=[pk])


def into(other: Any, **more: Any) -> dict[str, Any]:
    return {"other": other.pk, "way": "into", "same": "on", **more}


def test_suggested_seen_and_done_then_undone(pair: Any, amina: Any, as_user: Any) -> None:
    source, target = pair
    client = as_user(amina)
    url = to("queues:merging", source.pk)
    assert url in client.get(to("tickets:ticket", source.pk)).content.decode()
    assert f"?other={target.pk}" in client.get(url, headers={"HX-Request": "true"}).content.decode()
    page = client.get(url, {"other": target.pk}, headers={"HX-Request": "true"}).content.decode()
    assert 'name="same"' in page
    assert client.post(url, into(target, same="")).status_code == 422
    answer = client.post(url, into(target))
    assert answer["Location"] == to("tickets:ticket", target.pk)
    row = Merge.objects.get()
    page = client.get(to("tickets:ticket", target.pk)).content.decode()
    assert to("queues:undoing", row.pk) in page
    assert source.reference in page
    write.note(target, "بعد الدمج", by=amina, at=make.NOW)
    panel = client.get(to("queues:undoing", row.pk), headers={"HX-Request": "true"})
    assert panel.context["panel"].extra["stay"] == 1
    assert client.post(to("queues:undoing", row.pk))["Location"] == to("tickets:ticket", source.pk)
    assert source.entries.filter(kind=Kind.QUESTION).exists()
    page = client.get(to("tickets:ticket", source.pk)).content.decode()
    assert to("queues:undoing", row.pk) not in page


def test_found_by_its_number_and_the_other_way_round(
    pair: Any, senior: Any, amina: Any, as_user: Any
) -> None:
    source, target = pair
    client, url = as_user(senior), to("queues:merging", source.pk)
    found = client.get(url, {"q": target.reference}, headers={"HX-Request": "true"})
    assert f"?other={target.pk}" in found.content.decode()
    answer = client.post(url, into(target, way="from"))
    assert answer["Location"] == to("tickets:ticket", source.pk)
    assert Ticket.objects.get(pk=target.pk).merged_into_id == source.pk


def test_an_advisor_merges_what_is_theirs(pair: Any, amina: Any, as_user: Any, brahim: Any) -> None:
    source, target = pair
    other = as_user(make.user("houda", "advisor"))
    assert other.get(to("queues:merging", source.pk)).status_code == 403
    assert other.post(to("queues:merging", source.pk), into(target)).status_code == 403
    assert (
        to("queues:merging", source.pk)
        not in other.get(to("tickets:ticket", source.pk)).content.decode()
    )
    # The other way round it would be somebody else's request that ends.
    answer = as_user(amina).post(to("queues:merging", source.pk), into(target, way="from"))
    assert answer.status_code == 409
    assert as_user(brahim).post(to("queues:merging", source.pk), into(target)).status_code == 302


def test_one_that_is_not_open_to_the_reader_is_not_there(
    pair: Any, amina: Any, as_user: Any
) -> None:
    source, target = pair
    Ticket.objects.filter(pk=target.pk).update(level=Level.SEALED)
    client, url = as_user(amina), to("queues:merging", source.pk)
    assert "same" not in client.get(url, {"other": target.pk}).context["panel"].extra
    assert client.post(url, into(target)).status_code == 409
    assert not Merge.objects.exists()


def test_two_persons_are_sent_to_their_merging(pair: Any, amina: Any, as_user: Any) -> None:
    source, target = pair
    other = make.person("أخرى")
    Ticket.objects.filter(pk=target.pk).update(person=other)
    page = as_user(amina).get(to("queues:merging", source.pk), {"other": target.pk})
    link = f"{to('associations:person_merging', source.person_id)}?other={other.pk}"
    assert link in page.content.decode()
    assert as_user(amina).post(to("queues:merging", source.pk), into(target)).status_code == 409


def test_its_number_leads_on_everywhere_at_the_desk(pair: Any, amina: Any, as_user: Any) -> None:
    source, target = pair
    acts.merge(source, target, by=amina, at=make.NOW)
    client = as_user(amina)
    for name in ("tickets:ticket", "tickets:filing", "tickets:thread"):
        assert client.get(to(name, source.pk))["Location"] == to(name, target.pk)
    piece = client.get(to("tickets:closure", source.pk), headers={"HX-Request": "true"})
    assert piece["HX-Redirect"] == to("tickets:ticket", target.pk)
    found = client.get(reverse("queues:search"), {"q": source.reference})
    assert found["Location"] == to("tickets:ticket", target.pk)
    listed = client.get(reverse("queues:list"), {"q": source.reference}).content.decode()
    assert to("tickets:ticket", target.pk) in listed
    assert (
        to("tickets:ticket", source.pk) not in client.get(reverse("queues:list")).content.decode()
    )


def test_an_act_on_the_old_page_is_not_done_unseen(pair: Any, amina: Any, as_user: Any) -> None:
    source, target = pair
    acts.merge(source, target, by=amina, at=make.NOW)
    form = {"outcome": "withdrawn", "help": "info"}
    answer = as_user(amina).post(to("tickets:closure", source.pk), form, follow=True)
    assert answer.redirect_chain[-1][0] == to("tickets:ticket", target.pk)
    assert not Ticket.objects.get(pk=target.pk).is_closed
    assert source.reference in answer.content.decode()


def test_a_text_sent_from_the_old_page_is_kept(pair: Any, amina: Any, as_user: Any) -> None:
    source, target = pair
    acts.merge(source, target, by=amina, at=make.NOW)
    form = {"kind": "note", "language": "ar", "body": "ما كتبته", "base": "1", "key": "k1"}
    answer = as_user(amina).post(to("tickets:entries", source.pk), form)
    assert answer.status_code == 409
    assert "ما كتبته" in answer.content.decode()
    assert to("tickets:entries", target.pk) in answer.content.decode()
    form["base"] = "99"
    assert as_user(amina).post(to("tickets:entries", target.pk), form).status_code == 302
    news = as_user(amina).get(to("tickets:news", source.pk) + "?since=1").content.decode()
    assert to("tickets:ticket", target.pk) in news


def test_the_old_draft_address_keeps_in_the_new_place(pair: Any, amina: Any, as_user: Any) -> None:
    source, target = pair
    acts.merge(source, target, by=amina, at=make.NOW)
    as_user(amina).post(to("tickets:draft", source.pk), {"body": "أكتب", "kind": "note"})
    assert "أكتب" in as_user(amina).get(to("tickets:ticket", target.pk)).content.decode()


def follow(client: Any, ticket: Any, code: str) -> Any:
    form = {"reference": ticket.reference, "code": code}
    return client.post(reverse("portal:follow"), form, follow=True)


def test_both_codes_open_what_goes_on_and_no_notice_of_closing(
    pair: Any, amina: Any, as_user: Any
) -> None:
    source, target = pair
    row = acts.merge(source, target, by=amina, at=make.NOW)
    write.entry(target, Kind.LINE, at=make.NOW, by=amina, text="تابعنا هنا")
    for ticket, code in zip(pair, CODES, strict=True):
        page = follow(as_user(None), ticket, code).content.decode()
        assert target.reference in page
        for words in ("سؤال عن الوصل", "نفس السؤال", "تابعنا هنا"):
            assert words in page
    wrong = follow(as_user(None), target, CODES[0])
    assert wrong.redirect_chain == []
    browser = as_user(None)
    follow(browser, source, CODES[0])
    acts.undo(row, by=amina, at=make.NOW)
    page = browser.get(reverse("portal:follow_ticket")).content.decode()
    assert "نفس السؤال" not in page
    assert source.reference in page


def test_who_writes_from_the_old_page_or_by_mail_is_heard(
    pair: Any, amina: Any, as_user: Any
) -> None:
    source, target = pair
    browser = as_user(None)
    follow(browser, source, CODES[0])
    acts.merge(source, target, by=amina, at=make.NOW)
    browser.post(reverse("portal:follow_message"), {"words": "سطر جديد", "key": "m1"})
    assert target.entries.filter(text="سطر جديد", from_asker=True).exists()
    raw = (
        f"From: f@example.org\r\nTo: reply+{source.reply_token}@localhost\r\nSubject: Re\r\n"
        "Message-ID: <1@example.org>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nردي\r\n"
    )
    from helpdesk.tickets.actions.telling import reply_address

    raw = raw.replace(f"reply+{source.reply_token}@localhost", reply_address(source))
    assert take_in(raw.encode(), at=make.NOW) == "joined"
    assert target.entries.filter(kind=Kind.MAIL, text="ردي").exists()


def test_a_member_opens_their_old_one(chama: Any, amina: Any, as_user: Any) -> None:
    person = chama.person
    one, other = make.ticket("أول سؤال", person=person), make.ticket("ثاني سؤال", person=person)
    acts.merge(one, other, by=amina, at=make.NOW)
    client = as_user(chama)
    page = client.get(reverse("portal:my")).content.decode()
    assert to("portal:my_ticket", one.pk) not in page
    page = client.get(to("portal:my_ticket", one.pk), follow=True).content.decode()
    assert other.reference in page
    Ticket.objects.filter(pk=other.pk).update(person=make.person("غيرها"))
    assert client.get(to("portal:my_ticket", one.pk)).status_code == 404


def test_split_by_ticking(pair: Any, amina: Any, as_user: Any) -> None:
    source, _target = pair
    line = write.entry(source, Kind.LINE, at=make.NOW, text="وسؤال آخر عن المنحة", from_asker=True)
    client, url = as_user(amina), to("queues:splitting", source.pk)
    page = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert f'value="{line.pk}"' in page
    assert client.post(url, {"subject": "المنحة"}).status_code == 422
    answer = client.post(url, {"subject": "المنحة", "entry": [line.pk]})
    new = Ticket.objects.latest("pk")
    assert answer["Location"] == to("tickets:ticket", new.pk)
    assert (new.subject, new.assignee) == ("المنحة", amina)
    row = Merge.objects.get()
    for ticket in (source, new):
        page = client.get(to("tickets:ticket", ticket.pk)).content.decode()
        assert to("queues:undoing", row.pk) in page
    assert new.reference in follow(as_user(None), source, CODES[0]).content.decode()
    assert "المنحة" in follow(as_user(None), new, CODES[0]).content.decode()
    assert client.post(to("queues:undoing", row.pk))["Location"] == to("tickets:ticket", source.pk)
    assert client.get(to("tickets:ticket", new.pk))["Location"] == to("tickets:ticket", source.pk)
