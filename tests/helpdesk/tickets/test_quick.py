"""Phrases, tags, putting off, a colleague's draft: what makes the desk quick, through its pages."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from helpdesk.accounts.models import User
from helpdesk.associations.actions import write_name_words
from helpdesk.live.actions import draft_of, save_draft
from helpdesk.live.models import Draft
from helpdesk.queues import actions as queues
from helpdesk.queues import figures
from helpdesk.tickets.actions import phrasing, snoozing, tagging
from helpdesk.tickets.actions.write import entry
from helpdesk.tickets.desk_models import Phrase, Snooze, Tag, Tagging
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.phrases import STARTERS, filled, unknown_placeholders
from helpdesk.tickets.querysets import draft_place
from helpdesk.tickets.rules import Kind
from tests import make

HOUR = timedelta(hours=1)


def mine(user: User, words: str = "سؤال", **fields: Any) -> Ticket:
    return queues.claim(make.ticket(words, **fields), by=user, at=make.NOW)


def turn(user: User, at: datetime = make.NOW) -> list[int]:
    return figures.read(User.objects.get(pk=user.pk), at=at).mine


@pytest.mark.django_db
class TestPhrases:
    def test_every_team_begins_with_a_set(self, centre: Any) -> None:
        assert phrasing.lay_phrases(at=make.NOW) == len(STARTERS) == 12
        assert phrasing.lay_phrases(at=make.NOW) == 0

    def test_no_starter_asks_for_what_nothing_stands_in_for(self) -> None:
        assert not [one for one in STARTERS if unknown_placeholders(f"{one.text_ar} {one.text_fr}")]

    def test_a_name_that_is_not_known_leaves_no_gap(self) -> None:
        text = "Bonjour {name}, demande {reference} {other}."
        assert filled(text, name="Zineb", reference="W-1") == "Bonjour Zineb, demande W-1 {other}."
        assert filled(text, name="", reference="W-1") == "Bonjour, demande W-1 {other}."

    def test_a_word_fetches_the_phrase_filled(self, as_user: Any, amina: User) -> None:
        phrasing.lay_phrases(at=make.NOW)
        ticket = mine(amina, person=make.person("زينب"))
        url, client = reverse("tickets:phrases", args=[ticket.pk]), as_user(amina)
        asked = {"word": "Reçu", "language": "fr"}
        assert ticket.reference in client.get(url, asked).json()["text"]
        assert client.get(url, {"word": "سلام"}).json()["text"].startswith("السلام عليكم زينب،")
        assert client.get(url, {"word": "صفه"}).json()["text"]
        assert client.get(url, {"word": "unknown"}).json()["text"] == ""

    def test_ones_own_comes_before_the_team_s(self, as_user: Any, amina: User) -> None:
        phrasing.lay_phrases(at=make.NOW)
        client = as_user(amina)
        typed = {
            "title_fr": "Salut", "text_fr": "Salut {name} !", "shortcut_fr": ":Bonjour",
            "rank": "5", "keeper": "own",
        }  # fmt: skip
        assert client.post(reverse("tickets:new_phrase"), typed).status_code == 302
        ticket = mine(amina, person=make.person("Zineb"))
        url = reverse("tickets:phrases", args=[ticket.pk])
        found = client.get(url, {"word": "bonjour", "language": "fr"}).json()["text"]
        assert found == "Salut Zineb !"

    def test_a_team_s_phrases_are_for_seniors_and_supervisors(
        self, as_user: Any, amina: User, senior: User
    ) -> None:
        team = make.team()
        typed = {"title_ar": "شكر", "text_ar": "شكرا {nom}", "rank": "5", "keeper": str(team.pk)}
        url, client = reverse("tickets:new_phrase"), as_user(senior)
        refused = client.post(url, typed)
        assert refused.status_code == 422
        assert "{nom}" in refused.content.decode()
        assert client.post(url, {**typed, "text_ar": "شكرا {name}"}).status_code == 302
        phrase = Phrase.objects.get()
        assert phrase.team == team
        # An advisor's form knows no team: what is written is their own.
        as_user(amina).post(url, {**typed, "text_ar": "شكرا"})
        assert Phrase.objects.get(owner=amina).text_ar == "شكرا"
        assert as_user(amina).get(reverse("tickets:phrase", args=[phrase.pk])).status_code == 404

    def test_a_shortcut_is_one_phrase_s_whatever_its_spelling(self, amina: User) -> None:
        def write(word: str) -> Phrase:
            given = dict.fromkeys(phrasing.TEXTS, "") | {
                "title_ar": "x", "text_ar": "x", "shortcut_ar": word, "rank": 1,
            }  # fmt: skip
            return phrasing.write_phrase(None, given, team=None, by=amina, at=make.NOW)

        first = write("صفة")
        with pytest.raises(phrasing.ShortcutTaken):
            write("صفه")
        phrasing.retire_phrase(first, by=amina, at=make.NOW)
        write("صفه")
        with pytest.raises(phrasing.ShortcutTaken):
            phrasing.revive_phrase(first, by=amina, at=make.NOW)

    def test_without_script_a_phrase_goes_to_the_end_of_the_draft(
        self, as_user: Any, amina: User
    ) -> None:
        phrasing.lay_phrases(at=make.NOW)
        ticket = mine(amina)
        save_draft(place=draft_place(ticket.pk), fields={"body": "أول"}, at=make.NOW, user=amina)
        one = Phrase.objects.get(shortcut_ar="تاريخ")
        url = reverse("tickets:phrases", args=[ticket.pk])
        as_user(amina).post(url, {"phrase": str(one.pk)})
        body = draft_of(place=draft_place(ticket.pk), user=amina)["body"]
        assert body == f"أول\n{one.text_ar}"


@pytest.mark.django_db
class TestTags:
    def test_spellings_of_a_word_are_one_tag(self, amina: User) -> None:
        first, second = mine(amina), mine(amina)
        for ticket, name in ((first, "إيداع"), (second, "ايداع"), (second, " #الإيداع")):
            tagging.tag(ticket, name, by=amina, at=make.NOW)
        for name in ("Marché", "MARCHE", "marché"):
            tagging.tag(first, name, by=amina, at=make.NOW)
        names = list(Tag.objects.values_list("name", flat=True).order_by("pk"))
        assert names == ["إيداع", "الإيداع", "Marché"]
        assert first.taggings.count() == 2

    def test_put_on_found_by_and_taken_off(self, as_user: Any, amina: User) -> None:
        ticket, other = mine(amina, "وصل لم يسلم"), mine(amina, "بنك")
        client = as_user(amina)
        client.post(reverse("tickets:tags", args=[ticket.pk]), {"name": "انتخاب"})
        tag = Tag.objects.get()
        page = client.get(reverse("queues:list"), {"tag": tag.pk}).content.decode()
        assert "وصل لم يسلم" in page
        assert f"/desk/tickets/{other.pk}/" not in page.split("<tbody>")[1].split("</tbody>")[0]
        assert 'class="tg"' in page
        assert "انتخاب" in client.get(reverse("tickets:ticket", args=[ticket.pk])).content.decode()
        client.post(reverse("tickets:untag", args=[ticket.pk]), {"tag": tag.pk})
        assert not Tag.objects.exists()

    def test_a_tag_of_another_team_filters_nothing_in(self, as_user: Any, amina: User) -> None:
        foreign = Tag.objects.create(
            team=make.other_team(), name="سري", key="سري", made_at=make.NOW
        )
        page = as_user(amina).get(reverse("queues:list"), {"tag": foreign.pk}).content.decode()
        assert "سري" not in page


@pytest.mark.django_db
class TestPuttingOff:
    def test_it_leaves_the_turn_and_comes_back_at_its_time(self, amina: User) -> None:
        ticket = mine(amina)
        snoozing.snooze(ticket, until=make.NOW + HOUR, base=ticket.last, by=amina, at=make.NOW)
        assert turn(amina) == []
        assert turn(amina, make.NOW + HOUR) == [ticket.pk]

    def test_it_comes_back_at_once_when_the_asker_writes(self, amina: User) -> None:
        ticket = mine(amina)
        snoozing.snooze(ticket, until=make.NOW + 9 * HOUR, base=ticket.last, by=amina, at=make.NOW)
        entry(ticket, Kind.LINE, at=make.NOW, text="زيادة", from_asker=True)
        assert turn(amina) == [ticket.pk]

    def test_what_was_not_read_is_not_put_off(self, as_user: Any, amina: User) -> None:
        ticket = mine(amina)
        base = ticket.last
        entry(ticket, Kind.LINE, at=make.NOW, text="زيادة", from_asker=True)
        url = reverse("tickets:snooze", args=[ticket.pk])
        answer = as_user(amina).post(url, {"when": "morning", "base": base})
        assert answer.status_code == 409
        assert not Snooze.objects.exists()
        assert not ticket.entries.filter(data__about="snooze").exists()

    def test_a_colleague_s_turn_is_not_touched(self, amina: User, senior: User) -> None:
        ticket = mine(amina)
        snoozing.snooze(ticket, until=make.NOW + HOUR, base=ticket.last, by=amina, at=make.NOW)
        queues.pass_on(ticket, to=senior, by=amina, at=make.NOW)
        assert turn(senior) == [ticket.pk]

    def test_the_page_offers_times_of_the_centre_and_wakes(self, as_user: Any, amina: User) -> None:
        ticket, client = mine(amina), as_user(amina)
        url = reverse("tickets:snooze", args=[ticket.pk])
        ticket.refresh_from_db()
        client.post(url, {"when": "morning", "base": ticket.last})
        until = Snooze.objects.get().until
        # Wednesday at nine in Casablanca.
        assert until == datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
        page = client.get(reverse("tickets:ticket", args=[ticket.pk])).content.decode()
        assert reverse("tickets:waking", args=[ticket.pk]) in page
        client.post(reverse("tickets:waking", args=[ticket.pk]))
        assert turn(amina) == [ticket.pk]

    def test_a_day_when_the_centre_is_closed_gives_the_next_opening(
        self, as_user: Any, amina: User
    ) -> None:
        ticket, client = mine(amina), as_user(amina)
        ticket.refresh_from_db()
        url = reverse("tickets:snooze", args=[ticket.pk])
        client.post(url, {"day": "2026-11-28", "hour": "10:00", "base": ticket.last})
        local = timezone.localtime(Snooze.objects.get().until)
        assert (local.day, local.month, local.hour) == (30, 11, 9)
        past = client.post(url, {"day": "2026-11-20", "hour": "10:00", "base": ticket.last})
        assert past.status_code == 422

    def test_those_put_off_are_a_list(self, as_user: Any, amina: User) -> None:
        ticket = mine(amina, "وصل لم يسلم")
        snoozing.snooze(
            ticket, until=timezone.now() + HOUR, base=ticket.last, by=amina, at=make.NOW
        )
        page = as_user(amina).get(reverse("queues:list"), {"only": "put-off"}).content.decode()
        assert "وصل لم يسلم" in page


@pytest.mark.django_db
class TestDraftOfAColleague:
    def test_the_new_owner_sees_it_and_takes_it_up(
        self, as_user: Any, amina: User, senior: User
    ) -> None:
        ticket = mine(amina)
        place = draft_place(ticket.pk)
        fields = {"kind": "answer", "language": "ar", "body": "الجواب الذي بدأته", "help": "advice"}
        save_draft(place=place, fields=fields, at=make.NOW, user=amina)
        client, url = as_user(senior), reverse("tickets:ticket", args=[ticket.pk])
        assert "الجواب الذي بدأته" not in client.get(url).content.decode()
        queues.pass_on(ticket, to=senior, by=senior, at=make.NOW)
        page = client.get(url).content.decode()
        assert "الجواب الذي بدأته" in page
        take = reverse("tickets:take_draft", args=[ticket.pk, amina.pk])
        client.post(take, {"kind": "answer", "body": "كلامي", "language": "ar"})
        own = draft_of(place=place, user=senior)
        assert own["body"] == "كلامي\n\nالجواب الذي بدأته"
        assert own["help"] == "advice"
        assert draft_of(place=place, user=amina) == fields

    def test_notes_and_empty_texts_stay_with_who_writes_them(
        self, as_user: Any, amina: User, senior: User
    ) -> None:
        ticket = mine(senior)
        save_draft(
            place=draft_place(ticket.pk), fields={"kind": "note", "body": "ملاحظتي الخاصة"}, at=make.NOW,
            user=amina,
        )  # fmt: skip
        url = reverse("tickets:ticket", args=[ticket.pk])
        assert "ملاحظتي الخاصة" not in as_user(senior).get(url).content.decode()
        take = reverse("tickets:take_draft", args=[ticket.pk, amina.pk])
        assert as_user(senior).post(take).status_code == 404
        assert Draft.objects.count() == 1


@pytest.mark.django_db
class TestPalette:
    def test_requests_names_and_answers(self, as_user: Any, amina: User) -> None:
        make.library()
        person, group = make.person("زينب"), make.association("جمعية زينب للماء")
        write_name_words(people=[person], associations=[group])
        ticket = mine(amina, "سؤال عن الوصل", person=person, association=group)
        url, client = reverse("queues:palette"), as_user(amina)
        page = client.get(url, {"q": ticket.reference}).content.decode()
        assert reverse("tickets:ticket", args=[ticket.pk]) in page
        page = client.get(url, {"q": "زينب"}).content.decode()
        assert reverse("associations:person", args=[person.pk]) in page
        assert reverse("associations:association", args=[group.pk]) in page
        page = client.get(url, {"q": "الوصل النهائي", "ticket": ticket.pk}).content.decode()
        assert "data-panel" in page
        assert reverse("tickets:article", args=[ticket.pk, "T03-receipt"]) in page

    def test_it_shows_nothing_that_lists_would_not(
        self, as_user: Any, amina: User, senior: User
    ) -> None:
        ticket = make.ticket("سر كبير", level=2)
        page = as_user(amina).get(reverse("queues:palette"), {"q": ticket.reference})
        assert f"/desk/tickets/{ticket.pk}/" not in page.content.decode()

    @pytest.mark.parametrize("text", ["", " ", "ا", "%", "\x00", "ن" * 3000, "' OR 1=1 --"])
    def test_anything_typed_is_answered(self, as_user: Any, amina: User, text: str) -> None:
        assert as_user(amina).get(reverse("queues:palette"), {"q": text}).status_code == 200


def _together(*acts: Callable[[], Any]) -> list[BaseException]:
    gate, wrong = threading.Barrier(len(acts)), list[BaseException]()

    def run(act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            act()
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return wrong


@pytest.mark.django_db(transaction=True)
def test_one_word_from_two_at_once_is_one_tag(amina: User, senior: User) -> None:
    for _ in range(4):
        ticket = make.ticket()
        pk = ticket.pk
        wrong = _together(
            lambda pk=pk: tagging.tag(Ticket.objects.get(pk=pk), "إيداع", by=amina, at=make.NOW),
            lambda pk=pk: tagging.tag(Ticket.objects.get(pk=pk), "ايداع", by=senior, at=make.NOW),
        )
        assert wrong == []
        assert Tag.objects.count() == 1
        assert Tagging.objects.filter(ticket=ticket).count() == 1
        Tag.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_a_line_of_the_asker_at_the_moment_of_putting_off_is_never_slept_over(
    amina: User,
) -> None:
    for _ in range(6):
        ticket = queues.claim(make.ticket(), by=amina, at=make.NOW)
        pk, base = ticket.pk, ticket.last
        wrong = _together(
            lambda pk=pk, base=base: snoozing.snooze(
                Ticket.objects.get(pk=pk), until=make.NOW + HOUR, base=base, by=amina, at=make.NOW
            ),
            lambda pk=pk: entry(
                Ticket.objects.get(pk=pk), Kind.LINE, at=make.NOW, text="x", from_asker=True
            ),
        )
        assert all(isinstance(error, snoozing.JustWrote) for error in wrong), wrong
        assert Ticket.objects.filter(pk=pk).awake(amina, at=make.NOW).exists()
