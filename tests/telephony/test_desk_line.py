"""The desk line: a telephone rings, the number is typed, the card becomes a record."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from helpdesk.associations.actions import add_association, hold_office
from helpdesk.queues.models import Handling
from helpdesk.tickets.models import Entry, Promise, Ticket
from knowledge.articles import advising
from knowledge.search.models import SuggestionCount
from telephony import actions, suggesting
from telephony.models import Call
from telephony.rules import Recognition, ends_ticket, recognition
from tests import make

WORDS = "حطيت الملف عند القايد هادي شهرين ونص ومازال ما عطاونا والو"


def ring(client: Any, number: str = "0612345678", key: str = "k1") -> Call:
    response = client.post(reverse("telephony:ring"), {"number": number, "key": key})
    assert response.status_code == 302, response.content.decode()[:2000]
    return Call.objects.get(key=key)


def said(**changed: str) -> dict[str, str]:
    return {
        "person": "", "ticket": "new", "words": WORDS, "language": "ary", "theme": "A",
        "province": "07.427", "standing": "office-holder", "help": "advice",
        "outcome": "advice-given-action-by-asker", **changed,
    }  # fmt: skip


def test_recognition_counts_who_shares_the_number() -> None:
    assert recognition(0, withheld=True) == Recognition.WITHHELD
    assert recognition(0, withheld=False) == Recognition.UNKNOWN
    assert recognition(1, withheld=False) == Recognition.KNOWN
    assert recognition(3, withheld=False) == Recognition.PERHAPS


def test_an_outcome_ends_the_ticket_unless_something_is_owed() -> None:
    assert ends_ticket("solved-first-contact", promised=False)
    assert not ends_ticket("solved-first-contact", promised=True)
    assert not ends_ticket("waiting-asker-documents", promised=False)
    assert not ends_ticket("", promised=False)


def test_a_call_leaves_an_entry_and_its_handling(amina: Any, as_user: Any) -> None:
    make.library()
    client = as_user(amina)
    call = ring(client)
    assert client.post(reverse("telephony:end", args=[call.pk])).status_code == 302
    response = client.post(reverse("telephony:card", args=[call.pk]), said())
    assert response.status_code == 302, response.content.decode()[:3000]
    ticket = Ticket.objects.get()
    call.refresh_from_db()
    assert call.ticket == ticket
    assert call.wrapped_at
    entry = ticket.entries.get(kind="call")
    assert entry.text == WORDS
    assert entry.data["help"] == "advice"
    assert "0612345678" not in str(entry.data)
    handling = Handling.objects.get()
    assert (handling.user, handling.channel, handling.outcome) == (
        amina, "phone", "advice-given-action-by-asker",
    )  # fmt: skip
    assert ticket.assignee == amina
    assert ticket.is_closed
    assert ticket.theme.code == "A"


def test_the_same_ring_twice_is_one_call(amina: Any, as_user: Any) -> None:
    client = as_user(amina)
    assert ring(client) == ring(client)
    assert Call.objects.count() == 1


def test_a_call_wrapped_up_twice_is_one_record(amina: Any, as_user: Any) -> None:
    make.library()
    client = as_user(amina)
    call = ring(client)
    for _ in range(2):
        client.post(reverse("telephony:card", args=[call.pk]), said())
    assert Ticket.objects.count() == 1
    assert Handling.objects.count() == 1
    assert Entry.objects.filter(kind="call").count() == 1


def test_a_known_caller_is_named_and_the_number_stays_masked(amina: Any, as_user: Any) -> None:
    make.person("خديجة", number="0612345678")
    client = as_user(amina)
    call = ring(client, "٠٦١٢٣٤٥٦٧٨")
    page = client.get(reverse("telephony:card", args=[call.pk])).content.decode()
    assert "خديجة" in page
    assert "12345678" not in page


def test_a_shared_telephone_offers_everybody_who_used_it(amina: Any, as_user: Any) -> None:
    for name in ("خديجة", "سعيد"):
        make.person(name, number="0612345678")
    client = as_user(amina)
    call = ring(client)
    page = client.get(reverse("telephony:card", args=[call.pk])).content.decode()
    assert "خديجة" in page
    assert "سعيد" in page


def test_a_withheld_number_is_a_full_call(amina: Any, as_user: Any) -> None:
    make.library()
    client = as_user(amina)
    call = ring(client, "")
    assert not call.number
    assert client.post(reverse("telephony:card", args=[call.pk]), said()).status_code == 302
    ticket = Ticket.objects.get()
    assert not ticket.contact_number


def test_a_bad_number_is_explained_and_kept(amina: Any, as_user: Any) -> None:
    response = as_user(amina).post(reverse("telephony:ring"), {"number": "06 12", "key": "k"})
    assert response.status_code == 422
    assert "06 12" in response.content.decode()
    assert not Call.objects.exists()


def test_a_missing_outcome_keeps_all_that_was_typed(amina: Any, as_user: Any) -> None:
    make.library()
    client = as_user(amina)
    call = ring(client)
    response = client.post(reverse("telephony:card", args=[call.pk]), said(outcome="", note="مهم"))
    assert response.status_code == 422
    again = client.get(reverse("telephony:card", args=[call.pk])).content.decode()
    assert WORDS in again
    assert "مهم" in again


def test_a_call_back_owed_keeps_the_ticket_open(amina: Any, as_user: Any) -> None:
    make.library()
    client = as_user(amina)
    call = ring(client)
    client.post(reverse("telephony:card", args=[call.pk]), said(call_back="2h"))
    promise = Promise.objects.get()
    assert promise.window_until - promise.window_from == timedelta(hours=2)
    assert promise.owed_by == amina
    assert not Ticket.objects.get().is_closed


def test_a_window_that_ends_before_it_begins_is_refused(amina: Any, as_user: Any) -> None:
    make.library()
    client = as_user(amina)
    call = ring(client)
    window = {
        "call_back": "window", "call_back_day": "2126-01-05", "call_back_from": "11:00",
        "call_back_until": "10:00",
    }  # fmt: skip
    response = client.post(reverse("telephony:card", args=[call.pk]), said(**window))
    assert response.status_code == 422
    assert not Promise.objects.exists()


def test_a_second_call_joins_the_open_ticket_chosen(amina: Any, as_user: Any) -> None:
    make.library()
    person = make.person("خديجة", number="0612345678")
    first = make.ticket(person=person)
    client = as_user(amina)
    call = ring(client)
    client.post(
        reverse("telephony:card", args=[call.pk]),
        said(person=str(person.pk), ticket=str(first.pk), outcome="waiting-asker-documents"),
    )
    assert Ticket.objects.count() == 1
    assert [e.kind for e in first.entries.all()][:2] == ["question", "call"]


def test_the_draft_waits_when_the_advisor_frees_herself(amina: Any, as_user: Any) -> None:
    client = as_user(amina)
    call = ring(client)
    client.post(reverse("telephony:end", args=[call.pk]), {**said(), "later": "1"})
    call.refresh_from_db()
    assert call.ended_at
    assert not call.wrapped_at
    assert WORDS in client.get(reverse("telephony:card", args=[call.pk])).content.decode()


def test_suggestions_come_with_the_line_to_read(amina: Any, as_user: Any) -> None:
    make.library()
    client = as_user(amina)
    call = ring(client)
    page = client.get(
        reverse("telephony:suggestions", args=[call.pk]), {"words": WORDS, "language": "ary"}
    ).content.decode()
    assert "/library/T03-receipt/" in page
    assert 'class="tx"' in page


@pytest.mark.parametrize("who", ["editor", "partner", "administrator", "chama"])
def test_others_have_no_desk_line(cast: Any, as_user: Any, who: str) -> None:
    client = as_user(cast[who])
    assert client.get(reverse("telephony:ring")).status_code == 403


def test_a_call_of_somebody_else_is_not_there(amina: Any, senior: Any, as_user: Any) -> None:
    call = ring(as_user(amina))
    assert as_user(senior).get(reverse("telephony:card", args=[call.pk])).status_code == 404


def test_hanging_up_twice_keeps_the_first_time(amina: Any, now: Any) -> None:
    call = actions.answer_telephone(by=amina, at=now, number=None, key="k")
    actions.hang_up(call, at=now + timedelta(minutes=3))
    actions.hang_up(call, at=now + timedelta(minutes=9))
    assert call.seconds == 180


def test_facts_have_the_field_of_their_shape_and_what_cannot_be_read_stays(
    amina: Any, as_user: Any
) -> None:
    make.library()
    client = as_user(amina)
    call = ring(client)
    url = reverse("telephony:card", args=[call.pk])
    facts = {"fact_deposit_date": "شهر تسعة", "fact_has_provisional": "no", "fact_bank_name": "بنك"}
    response = client.post(url, said(**facts))
    assert response.status_code == 422
    page = response.content.decode()
    assert 'type="text" name="fact_deposit_date" value="شهر تسعة"' in page
    assert '<select name="fact_has_provisional"' in page
    assert client.post(url, said(**facts | {"fact_deposit_date": "09/09/2026"})).status_code == 302
    kept = dict(Ticket.objects.get().facts.values_list("code", "value"))
    assert kept == {"deposit_date": "2026-09-09", "has_provisional": "no", "bank_name": "بنك"}


def test_what_was_suggested_told_and_did_not_fit_is_counted(amina: Any, as_user: Any) -> None:
    make.library()
    offers = suggesting.offered(WORDS, "ar", given={}).offers
    told, aside = offers[0], offers[1]
    client = as_user(amina)
    card = reverse("telephony:card", args=[ring(client).pk])
    ticks = {f"given_{told.version}": "on", f"refused_{aside.version}": "on"}
    unfinished = client.post(card, said(**ticks, outcome="")).content.decode()
    assert f'name="refused_{aside.version}" form="card" checked' in unfinished
    assert client.post(card, said(**ticks)).status_code == 302
    rows = SuggestionCount.objects.filter(place="call").values_list("act", "topic")
    assert sorted(rows) == sorted(
        [("inserted", told.topic), ("refused", aside.topic), *(("shown", o.topic) for o in offers)]
    )
    assert Ticket.objects.get().refused_suggestions.get().topic == aside.topic


def test_an_article_told_stands_in_the_record_with_its_version_and_citations(
    amina: Any, as_user: Any
) -> None:
    make.library()
    version = advising.current(["T03-receipt"])["T03-receipt", "ar"]
    client = as_user(amina)
    call = ring(client)
    typed = said(**{f"given_{version.pk}": "on", "given_x": "on", "given_99999999": "on"})
    client.post(reverse("telephony:end", args=[call.pk]), typed)
    card = client.get(reverse("telephony:card", args=[call.pk])).content.decode()
    assert f'name="given_{version.pk}" form="card" checked' in card
    client.post(reverse("telephony:card", args=[call.pk]), typed)
    ticket = Ticket.objects.get()
    (given,) = ticket.entries.get(kind="call").data["given"]
    assert (given["topic"], given["version"], given["language"]) == (
        "T03-receipt", version.number, "ar",
    )  # fmt: skip
    assert given["citations"]
    assert given["statements"]
    assert {one["statement"] for one in given["frozen"]} <= set(given["statements"])
    page = client.get(reverse("tickets:ticket", args=[ticket.pk])).content.decode()
    assert version.title in page
    assert f"/library/T03-receipt/v{version.number}/" in page


def test_the_theme_follows_the_answers_until_somebody_chooses(amina: Any, as_user: Any) -> None:
    make.library()
    client = as_user(amina)
    url = reverse("telephony:suggestions", args=[ring(client).pk])

    def field(**asked: str) -> str:
        page = client.get(url, {"words": WORDS, "language": "ary", **asked}).content.decode()
        return page[page.index("<select") :] if "<select" in page else ""

    clear = field()
    assert 'id="id_theme" hx-swap-oob="true"' in clear
    assert "selected" in clear
    theme = clear[: clear.index('" selected')].rsplit('"', 1)[1]
    assert field(theme=theme, preset=theme)
    assert not field(theme="Z")
    assert not field(theme="Z", preset=theme)
    assert not field(theme="", preset=theme)


def test_the_theme_is_clear_when_the_second_agrees_or_is_far_behind() -> None:
    assert suggesting._clear_theme([]) == ""
    assert suggesting._clear_theme([(1.0, "A")]) == "A"
    assert suggesting._clear_theme([(1.0, "A"), (0.95, "B")]) == ""
    assert suggesting._clear_theme([(1.0, "A"), (0.95, "A"), (0.9, "B")]) == "A"
    assert suggesting._clear_theme([(1.0, "A"), (0.5, "B")]) == "A"


def test_the_name_and_the_association_of_a_caller_are_isolated(amina: Any, as_user: Any) -> None:
    person = make.person("الحسن", number="0612345678")
    association = add_association(
        centre=make.centre(), at=make.NOW, name_ar="جمعية", name_fr="Association Dar"
    )
    hold_office(person, association, office="president", at=make.NOW)
    client = as_user(amina)
    page = client.get(reverse("telephony:card", args=[ring(client).pk])).content.decode()
    assert "<bdi>الحسن</bdi> · " in page
    assert "<bdi>جمعية</bdi>" in page
