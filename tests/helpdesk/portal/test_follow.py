"""Following by number and code: who gets in, who does not, and what one can do inside."""

import statistics
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from helpdesk.live import pace
from helpdesk.portal import door
from helpdesk.tickets import codes
from helpdesk.tickets.actions import answering
from helpdesk.tickets.models import Entry, Ticket
from helpdesk.tickets.rules import Help, State
from knowledge.articles.models import Instrument, Version
from tests import make

WRONG = "0000 0000 0000 0000"


@pytest.fixture
def asked(centre: Any) -> Any:
    return make.received("لم نتوصل بالوصل النهائي منذ شهرين", with_code=True)


def enter(client: Client, asked: Any, code: str | None = None, **extra: Any) -> Any:
    pair = {"reference": asked.ticket.reference, "code": code or asked.code}
    return client.post("/follow/", pair, **extra)


def inside(asked: Any) -> Client:
    client = Client()
    assert enter(client, asked).status_code == 302
    return client


class TestDoor:
    def test_pair_opens(self, asked: Any) -> None:
        client = Client()
        answer = enter(client, asked)
        assert answer["Location"] == "/follow/ticket/"
        page = client.get("/follow/ticket/")
        assert page.status_code == 200
        assert "لم نتوصل بالوصل النهائي" in page.content.decode()
        assert "no-store" in page["Cache-Control"]

    @pytest.mark.parametrize("spell", ["w-{y}-{n}", "W {y} {n}", "{n}", "٠٠{n}"])
    def test_spellings(self, asked: Any, spell: str) -> None:
        number = spell.format(y=asked.ticket.reference[2:6], n=asked.ticket.pk)
        code = asked.code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        answer = Client().post("/follow/", {"reference": number, "code": code})
        assert answer.status_code == 302

    def test_wrong_pairs_look_alike(self, asked: Any) -> None:
        def body(reference: str) -> str:
            page = Client().post("/follow/", {"reference": reference, "code": WRONG})
            assert page.status_code == 422
            return page.content.decode().replace(reference, "REF")

        def plain(text: str) -> str:
            start = text.index("csrfmiddlewaretoken")
            return text[:start] + text[start + 120 :]

        known, unknown = body(asked.ticket.reference), body("W-2026-999999")
        assert plain(known) == plain(unknown)
        no_code = make.ticket("بلا رمز")
        assert plain(body(no_code.reference)) == plain(unknown)

    @pytest.mark.long
    def test_wrong_pairs_take_the_same_time(self, asked: Any) -> None:
        """Processor time, tried in turn: a busy machine slows both alike; the quickest tries are compared."""
        client, times = Client(), {asked.ticket.reference: [], "W-2026-999999": []}
        for _ in range(20):
            for reference, taken in times.items():
                cache.clear()
                start = time.process_time()
                client.post("/follow/", {"reference": reference, "code": WRONG})
                taken.append(time.process_time() - start)
        known, unknown = (statistics.mean(sorted(taken)[:5]) for taken in times.values())
        assert abs(known - unknown) < max(0.005, 0.25 * min(known, unknown))

    def test_every_wrong_pair_costs_one_hash(self, asked: Any, monkeypatch: Any) -> None:
        hashed: list[str] = []
        real = codes.matches
        monkeypatch.setattr(codes, "matches", lambda *pair: hashed.append("x") or real(*pair))
        for reference in (asked.ticket.reference, "W-2026-999999", "nonsense"):
            Client().post("/follow/", {"reference": reference, "code": WRONG})
        assert len(hashed) == 3

    def test_code_is_never_in_an_address(self, asked: Any) -> None:
        page = Client().get(f"/follow/?ref={asked.ticket.reference}&code={asked.code}")
        text = page.content.decode()
        assert f'value="{asked.ticket.reference}"' in text
        assert f'value="{asked.code}' not in text

    @pytest.mark.parametrize("code", ["", "123", "abcd", "1" * 500, "\x00", "\ud800"])
    def test_bad_codes(self, asked: Any, code: str) -> None:
        client = Client()
        body = f"reference=W-1&code={code}".encode("utf-8", "surrogatepass")
        answer = client.post("/follow/", body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 422

    @pytest.mark.parametrize(
        "reference", ["", "x" * 100_000, "W-2026-" + "9" * 30, "'; --", "\x00"]
    )
    def test_bad_references(self, centre: Any, reference: str) -> None:
        answer = Client().post("/follow/", {"reference": reference, "code": "1" * 16})
        assert answer.status_code == 422

    @pytest.mark.long
    def test_guessing_one_number_is_slow_but_the_holder_gets_in(self, asked: Any) -> None:
        for number in (str(asked.ticket.pk), "999999"):
            cache.set(f"door:n{number}", 500, 60)
            assert door.delay(number) == door.SLOWEST >= 3
        start = time.perf_counter()
        assert enter(Client(), asked, WRONG).status_code == 422
        assert time.perf_counter() - start >= door.SLOWEST
        start = time.perf_counter()
        assert enter(Client(), asked).status_code == 302
        assert time.perf_counter() - start < 5

    def test_one_browser_waits_longer_and_longer(self, asked: Any, monkeypatch: Any) -> None:
        now = [1000.0]
        monkeypatch.setattr(door.time, "time", lambda: now[0])
        monkeypatch.setattr(door.time, "sleep", lambda _: None)
        thief, waits = Client(), []
        thief.get("/follow/")
        for _ in range(door.FREE_TRIES):
            assert enter(thief, asked, WRONG).status_code == 422
        while len(waits) < 8:
            early = enter(thief, asked, WRONG)
            assert early.status_code == 429
            waits.append(int(early["Retry-After"]))
            assert early["Retry-After"] in early.content.decode()
            now[0] += waits[-1]
            assert enter(thief, asked, WRONG).status_code == 422
        assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
        assert enter(thief, asked).status_code == 429, "right or wrong, it comes too early"
        holder = Client()
        holder.get("/follow/")
        assert enter(holder, asked).status_code == 302, "another browser with the right pair"
        now[0] += 60
        assert enter(thief, asked).status_code == 302, "nobody is locked out for good"
        assert enter(thief, asked).status_code == 302

    def test_wrong_pairs_come_too_early_alike(self, asked: Any) -> None:
        statuses = []
        for reference in (asked.ticket.reference, "W-2026-999999"):
            cache.clear()
            client = Client()
            client.get("/follow/")
            pair = {"reference": reference, "code": WRONG}
            statuses.append([client.post("/follow/", pair).status_code for _ in range(7)])
        assert statuses[0] == statuses[1] == [422] * 5 + [429] * 2

    def test_one_address_without_cookies_waits_too(self, asked: Any, monkeypatch: Any) -> None:
        monkeypatch.setattr(door.time, "sleep", lambda _: None)
        for _ in range(door.FREE_OF_ADDRESS):
            assert enter(Client(), asked, WRONG).status_code == 422
        assert enter(Client(), asked, WRONG).status_code == 429
        neighbour = Client()
        neighbour.get("/follow/")
        assert enter(neighbour, asked).status_code == 302, "with a page of ours and no wrong code"

    def test_a_full_door_says_so_and_keeps_what_was_typed(self, asked: Any) -> None:
        for _ in range(door.ROOM_OF_OTHERS):
            door._rooms["strange"].acquire()
        try:
            page = enter(Client(), asked)
            assert page.status_code == 503
            assert page["Retry-After"]
            assert asked.code in page.content.decode()
            holder = Client()
            holder.get("/follow/")  # a browser that came before has a room of its own
            assert enter(holder, asked).status_code == 302
        finally:
            for _ in range(door.ROOM_OF_OTHERS):
                door._rooms["strange"].release()

    def test_who_failed_once_does_not_wait_where_the_holder_waits(self, asked: Any) -> None:
        caller = door.Caller("thief", trusted=True)
        with door.passing(caller, "1"):
            assert door._rooms["good"]._value == door.ROOM - 1
        door.was_wrong(caller, "1")
        with door.passing(caller, "1"):
            assert door._rooms["good"]._value == door.ROOM
            assert door._rooms["known"]._value == door.ROOM_OF_OTHERS - 1

    def test_never_more_than_two_hashes(self) -> None:
        now, most, lock = 0, 0, threading.Lock()

        def one(i: int) -> None:
            nonlocal now, most
            try:
                with door.passing(door.Caller(f"x{i}", trusted=bool(i % 2)), str(i)):
                    with lock:
                        now += 1
                        most = max(most, now)
                    time.sleep(0.05)
                    with lock:
                        now -= 1
            except door.Busy:
                pass

        threads = [threading.Thread(target=one, args=(i,)) for i in range(12)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        assert 0 < most <= door.HASHES_AT_ONCE

    @pytest.mark.django_db(transaction=True)
    def test_holder_gets_in_while_others_guess(self, asked: Any) -> None:
        """A flood of guesses at the very number of the holder, who came to the page before."""
        holder = Client()
        holder.get("/follow/")
        over = threading.Event()
        seen: list[int] = []

        def guess() -> None:
            while not over.is_set():
                seen.append(enter(Client(), asked, WRONG).status_code)
            connection.close()

        threads = [threading.Thread(target=guess) for _ in range(8)]
        [t.start() for t in threads]
        time.sleep(1)
        start = time.perf_counter()
        try:
            while (status := enter(holder, asked).status_code) == 503:
                assert time.perf_counter() - start < 5
        finally:
            over.set()
            [t.join() for t in threads]
        assert status == 302
        assert {429, 503} & set(seen)
        assert set(seen) <= {422, 429, 503}

    def test_made_up_cookie_is_a_stranger(self, asked: Any) -> None:
        client = Client()
        client.cookies["wasl_visitor"] = "x" * 43
        client.get("/follow/")
        assert ":" in client.cookies["wasl_visitor"].value

    def test_time_runs_out_and_words_stay(self, asked: Any) -> None:
        client = inside(asked)
        session = client.session
        session["followed"] = {**session["followed"], "until": "2026-01-01T00:00:00+00:00"}
        session.save()
        answer = client.post("/follow/ticket/messages/", {"words": "كلام طويل"})
        assert answer["Location"] == f"/follow/?ref={asked.ticket.reference}"
        assert not Entry.objects.filter(text="كلام طويل").exists()
        enter(client, asked)
        assert "كلام طويل" in client.get("/follow/ticket/").content.decode()

    def test_without_a_pair_nothing_is_there(self, asked: Any) -> None:
        client = Client()
        assert client.get("/follow/ticket/").status_code == 302
        assert client.get("/follow/ticket/lines/").status_code == 403
        assert client.get("/follow/ticket/files/abc/").status_code == 404
        assert client.post("/follow/ticket/closure/").status_code == 302
        asked.ticket.refresh_from_db()
        assert not asked.ticket.is_closed

    def test_leaving(self, asked: Any) -> None:
        client = inside(asked)
        client.post("/follow/leaving/")
        assert client.get("/follow/ticket/").status_code == 302


class TestInside:
    def test_add_once(self, asked: Any) -> None:
        client = inside(asked)
        for _ in range(2):
            client.post("/follow/ticket/messages/", {"words": "نسيت التاريخ", "key": "k1"})
        assert Entry.objects.filter(text="نسيت التاريخ", from_asker=True, public=True).count() == 1

    def test_empty_and_too_long(self, asked: Any) -> None:
        client = inside(asked)
        page = client.post("/follow/ticket/messages/", {"words": " "})
        assert page.status_code == 422
        words = "ا" * 100_000
        page = client.post("/follow/ticket/messages/", {"words": words})
        assert page.status_code == 422
        assert words in page.content.decode()

    def test_close_then_open_again_by_a_message(self, asked: Any) -> None:
        client = inside(asked)
        client.post("/follow/ticket/closure/")
        client.post("/follow/ticket/closure/")
        ticket = Ticket.objects.get(pk=asked.ticket.pk)
        assert ticket.is_closed
        assert Entry.objects.filter(ticket=ticket, kind="closure").count() == 1
        client.post("/follow/ticket/messages/", {"words": "عاد المشكل"})
        ticket.refresh_from_db()
        assert ticket.state == State.OPEN

    def test_answer_with_article(self, asked: Any, amina: Any) -> None:
        make.library()
        version = Version.objects.current().in_language("ar").filter(
            edition__article__topic="T03-receipt"
        ).first()  # fmt: skip
        answering.answer(
            asked.ticket, "يمكنكم مزاولة النشاط.", by=amina, at=make.NOW + timedelta(hours=1),
            language="ar", help=Help.ADVICE, quotes=[answering.Quote(version)],
        )  # fmt: skip
        client = inside(asked)
        text = client.get("/follow/ticket/").content.decode()
        assert "يمكنكم مزاولة النشاط." in text
        assert "/library/T03-receipt/v1/" in text
        assert "لا تعوض استشارة محام" in text
        assert "1.58.376" in text or "1-58-376" in text

    @pytest.fixture
    def funds(self, asked: Any, amina: Any, brahim: Any) -> Any:
        """An Arabic version that cites the law and the press, given as a whole; its row."""
        make.library()
        version = Version.objects.current().in_language("ar").get(
            edition__article__topic="T04-refusal"
        )  # fmt: skip
        made = answering.answer(
            asked.ticket, "جواب", by=amina, at=make.NOW, language="ar", help=Help.ADVICE,
            quotes=[answering.Quote(version)],
        )  # fmt: skip
        answering.release(made, by=brahim, at=make.NOW)
        return made.given.get()

    def test_the_article_given_is_that_of_its_own_language(self, asked: Any, funds: Any) -> None:
        page = inside(asked).get("/fr/follow/ticket/").content.decode()
        assert 'href="/library/T04-refusal/v1/"' in page
        assert "/fr/library/T04-refusal/v1/" not in page

    @pytest.mark.parametrize("old", [False, True], ids=["new row", "row without kinds"])
    def test_law_is_cited_and_the_press_apart(self, asked: Any, funds: Any, old: bool) -> None:
        names = set(Instrument.objects.filter(kind="source").values_list("name_ar", flat=True))
        lines = [one["text"] for one in funds.citations]
        assert set(lines) & names, "this article cites sources"
        if old:
            bare = [{k: v for k, v in one.items() if k != "kind"} for one in funds.citations]
            type(funds).objects.filter(pk=funds.pk).update(citations=bare)
        text = inside(asked).get("/follow/ticket/").content.decode()
        cited, consulted = text.split("النصوص المعتمدة", 1)[-1].split("المصادر التي", 1)
        for name in names & set(lines):
            assert f">{name}</bdi>" not in cited
            assert f'<bdi lang="ar" dir="rtl">{name}</bdi>' in consulted
        assert "1.58.376" in cited or "1-58-376" in cited

    def test_the_desk_shows_the_law_first(self, asked: Any, funds: Any) -> None:
        shown = asked.ticket.entries.get(kind="answer").data["given"][0]["citations"]
        kinds = {one["text"]: one["kind"] == "source" for one in funds.citations}
        assert [kinds[line] for line in shown] == sorted(kinds[line] for line in shown)

    def test_notes_stay_inside(self, asked: Any, amina: Any) -> None:
        from helpdesk.tickets.actions.write import note

        note(asked.ticket, "سر بين الزملاء", by=amina, at=make.NOW)
        text = inside(asked).get("/follow/ticket/").content.decode()
        assert "سر بين الزملاء" not in text
        assert "Amina" not in text

    def test_lines_only_when_new(self, asked: Any) -> None:
        client = inside(asked)
        assert client.get("/follow/ticket/lines/?since=1").status_code == 204
        assert client.get("/follow/ticket/lines/?since=0").status_code == 200
        assert client.get("/follow/ticket/lines/?since=x").status_code == 200

    def test_asking_lines_does_not_keep_the_door_open(self, asked: Any) -> None:
        client = inside(asked)
        before = client.session["followed"]["until"]
        client.get("/follow/ticket/lines/")
        assert client.session["followed"]["until"] == before

    def test_pace_keeps_the_words(self, asked: Any, monkeypatch: Any) -> None:
        monkeypatch.setattr(pace, "ADD", pace.Pace("add", "1 per hour", "9 per hour"))
        client = inside(asked)
        client.post("/follow/ticket/messages/", {"words": "1"})
        page = client.post("/follow/ticket/messages/", {"words": "الثانية"})
        assert page.status_code == 429
        assert "الثانية" in page.content.decode()
