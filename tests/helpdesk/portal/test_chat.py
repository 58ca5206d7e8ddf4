"""A visitor's chat over HTTP: begun, written, read, ended; by session, by pass, and by neither."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from helpdesk.centre.models import Centre
from helpdesk.notices.models import Notice
from helpdesk.portal.chat_doors import token_of
from helpdesk.queues import actions as queues
from helpdesk.queues import chats
from helpdesk.queues.actions import be
from helpdesk.queues.models import Presence, Waiting
from helpdesk.tickets.actions import chatting, write
from helpdesk.tickets.chats import Chat
from helpdesk.tickets.models import Ticket
from tests import make

FIRST = "سلام، بدلنا المكتب وما صرحناش، واش كاينة غرامة؟"
FRAME = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def staffed(amina: Any) -> Any:
    be(amina, Presence.State.FREE, at=make.NOW)
    return amina


def begin(client: Client, words: str = FIRST, prefix: str = "", **more: str) -> Ticket:
    said = {"words": words, "key": "k" * 24, "name": "", "language": "ar", **more}
    answer = client.post(f"{prefix}/chat/", said)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Ticket.objects.order_by("pk").last()  # type: ignore[return-value]


def line(client: Client, words: str, number: str, **more: Any) -> Any:
    return client.post(
        "/chat/lines/", {"words": words, "line": number, **more}, HTTP_X_REQUESTED_WITH="fetch"
    )


def frame(key: str = "f" * 30, words: str = FIRST, **more: str) -> dict[str, Any]:
    """A chat begun in the frame: what the page is told."""
    said = {"words": words, "key": key, "language": "ar"}
    answer = Client(enforce_csrf_checks=True).post("/chat/frame/", said, **{**FRAME, **more})
    return {**json.loads(answer.content), "status": answer.status_code}


class TestBegin:
    def test_the_first_line_is_a_ticket_that_waits(self, asker: Client, staffed: Any) -> None:
        ticket = begin(asker, name="فاطمة")
        chat = Chat.objects.get(ticket=ticket)
        assert chat.is_live
        assert ticket.channel == "chat"
        assert str(ticket.person) == "فاطمة"
        waiting = Waiting.objects.get(ticket=ticket)
        assert waiting.channel == "chat"
        assert waiting.due_at - waiting.since == timedelta(seconds=waiting.queue.wait_seconds)
        page = asker.get("/chat/").content.decode()
        assert FIRST in page
        assert ticket.reference in page
        assert 'data-state="waiting"' in page

    def test_sent_twice_it_is_one_and_shows_the_same_code(
        self, asker: Client, staffed: Any
    ) -> None:
        begin(asker)
        first = asker.get("/chat/").context["secret"]
        begin(asker)
        assert Ticket.objects.count() == 1
        assert asker.get("/chat/").context["secret"] == first
        assert len(first.replace(" ", "")) == 16

    def test_the_code_opens_it_elsewhere_and_leads_back_into_the_chat(
        self, asker: Client, staffed: Any
    ) -> None:
        ticket = begin(asker)
        code = asker.get("/chat/").context["secret"]
        other = Client()
        answer = other.post("/follow/", {"reference": ticket.reference, "code": code})
        assert answer["Location"] == "/chat/"
        assert FIRST in other.get("/chat/").content.decode()

    def test_closed_on_a_shared_device_it_is_open_no_more(
        self, asker: Client, staffed: Any
    ) -> None:
        ticket = begin(asker)
        assert "/follow/leaving/" in asker.get("/chat/").content.decode()
        asker.post("/follow/leaving/")
        assert FIRST not in asker.get("/chat/").content.decode()
        assert asker.get("/chat/since/0/").status_code == 403
        assert Chat.objects.get(ticket=ticket).is_live

    def test_put_away_the_code_is_shown_no_more(self, asker: Client, staffed: Any) -> None:
        begin(asker)
        asker.post("/chat/kept/")
        assert asker.get("/chat/").context["secret"] == ""

    def test_nobody_there_it_is_a_written_question(self, asker: Client, amina: Any) -> None:
        ticket = begin(asker)
        chat = Chat.objects.get(ticket=ticket)
        assert chat.turned_why == "nobody"
        waiting = Waiting.objects.get(ticket=ticket, ended_at=None)
        assert waiting.channel == "web"
        assert waiting.due_at == ticket.answer_due_at
        assert asker.get("/chat/").context["secret"]

    def test_hours_over_it_is_a_written_question(self, asker: Client, staffed: Any) -> None:
        with time_machine.travel(make.NOW + timedelta(hours=12)):
            assert not asker.get("/chat/").context["hours"].is_open
            ticket = begin(asker)
        assert Chat.objects.get(ticket=ticket).turned_why == "closed"

    @pytest.mark.parametrize("words", ["", "   ", "ن" * 4001])
    def test_bad_first_lines_keep_their_text(self, asker: Client, words: str) -> None:
        answer = asker.post("/chat/", {"words": words, "key": "k" * 24})
        assert answer.status_code == 422
        assert words.strip() in answer.content.decode()
        assert not Ticket.objects.exists()


class TestLines:
    def test_a_line_has_a_number_and_a_resend_changes_nothing(
        self, asker: Client, staffed: Any
    ) -> None:
        ticket = begin(asker)
        first = line(asker, "سطر", "a" * 24)
        again = line(asker, "سطر آخر", "a" * 24)
        assert first.json() == again.json()
        assert first.json()["number"] == 2
        assert ticket.entries.count() == 2

    def test_lines_of_others_after_a_number(self, asker: Client, staffed: Any) -> None:
        ticket = begin(asker)
        queues.claim(ticket, by=staffed, at=make.NOW)
        chat = Chat.objects.get(ticket=ticket)
        write.note(ticket, "سر بيننا", by=staffed, at=make.NOW)
        chatting.say(chat, "مرحبا", by=staffed, at=make.NOW, language="ar", key="l1")
        news = asker.get("/chat/since/1/")
        text = news.content.decode()
        assert "مرحبا" in text
        assert "أمينة" in text
        assert "سر بيننا" not in text
        assert FIRST not in text
        mark = news.context["talk"].mark
        last = news.context["talk"].last
        assert asker.get(f"/chat/since/{last}/", {"mark": mark}).status_code == 204
        asker.post("/chat/marks/", {"read": str(last)})
        chat.refresh_from_db()
        assert chat.asker_read == last

    def test_read_and_typing_reach_the_asker(self, asker: Client, staffed: Any) -> None:
        ticket = begin(asker)
        queues.claim(ticket, by=staffed, at=make.NOW)
        chat = Chat.objects.get(ticket=ticket)
        chatting.read(chat, Chat.Side.DESK, 1)
        chatting.type_on(chat, Chat.Side.DESK)
        news = asker.get("/chat/since/9/", {"mark": "x"}).content.decode()
        assert 'data-read="1"' in news
        assert "أمينة" in news

    def test_a_line_with_a_file(self, asker: Client, staffed: Any) -> None:
        begin(asker)
        pdf = SimpleUploadedFile("pv.pdf", b"%PDF-1.4\n%%EOF\n")
        assert line(asker, "", "f" * 24, files=pdf).status_code == 200
        page = asker.get("/chat/").content.decode()
        name = page.split("/chat/files/", 1)[1].split("/", 1)[0]
        assert asker.get(f"/chat/files/{name}/").status_code == 200
        assert Client().get(f"/chat/files/{name}/").status_code == 404

    def test_a_file_too_large_or_of_no_kind(self, asker: Client, staffed: Any) -> None:
        ticket = begin(asker)
        for name, content in (("big.pdf", b"%PDF-1.4\n" + b"x" * 10_500_000), ("x.exe", b"MZ")):
            answer = line(asker, "مع ملف", "g" * 24, files=SimpleUploadedFile(name, content))
            assert answer.status_code == 422
            assert answer.json()["error"]
        assert ticket.entries.count() == 1

    def test_without_a_script_a_line_is_a_form(self, asker: Client, staffed: Any) -> None:
        begin(asker)
        answer = asker.post("/chat/lines/", {"words": "سطر", "line": "n" * 24})
        assert answer["Location"] == "/chat/"
        assert "سطر" in asker.get("/chat/").content.decode()

    @pytest.mark.long
    @pytest.mark.parametrize(
        ("words", "status"),
        [("", 422), ("ن" * 4001, 422), ("\x00 \u202e", 422), ("ن" * 1_500_000, 413)],
    )
    def test_bad_lines(self, asker: Client, staffed: Any, words: str, status: int) -> None:
        ticket = begin(asker)
        answer = line(asker, words, "b" * 24)
        assert answer.status_code == status
        assert ticket.entries.count() == 1

    def test_a_refused_line_keeps_its_text(self, asker: Client, staffed: Any) -> None:
        begin(asker)
        text = "كلمة " * 900
        answer = asker.post("/fr/chat/lines/", {"words": text, "line": "x" * 24})
        assert answer.status_code == 422
        assert text.strip() in answer.content.decode()

    def test_after_the_end_no_line(self, asker: Client, staffed: Any) -> None:
        ticket = begin(asker)
        asker.post("/chat/ending/")
        answer = line(asker, "سطر", "e" * 24)
        assert answer.status_code == 409
        assert answer.json()["error"]
        assert 'data-state="ended"' in asker.get("/chat/").content.decode()
        assert Waiting.objects.get(ticket=ticket, ended_at=None).channel == "web"
        assert asker.post("/chat/ending/").status_code == 302


class TestPass:
    def test_a_frame_talks_without_any_cookie(self, asker: Client, staffed: Any) -> None:
        begun = frame()
        assert begun["status"] == 200
        assert "رقم" in begun["html"] or "W-2026" in begun["html"]
        client = Client(enforce_csrf_checks=True)
        with_pass = {"HTTP_X_WASL_CHAT": begun["token"]}
        answer = client.post("/chat/lines/", {"words": "سطر", "line": "p" * 24}, **with_pass)
        assert answer.json()["number"] == 2
        assert "سطر" in client.get("/chat/whole/", **with_pass).content.decode()
        assert client.get("/chat/since/1/", **with_pass).status_code == 200
        assert client.post("/chat/marks/", {"read": "2"}, **with_pass).status_code == 204
        assert client.post("/chat/ending/", **with_pass).status_code == 200
        assert not client.cookies

    def test_the_frame_page_sets_no_cookie(self, asker: Client) -> None:
        for path in ("/chat/frame/", "/fr/chat/frame/"):
            client = Client()
            assert client.get(path).status_code == 200
            assert not client.cookies

    def test_begun_twice_it_is_one(self, asker: Client, staffed: Any) -> None:
        first, again = frame(), frame(words="غير هذا")
        assert Ticket.objects.count() == 1
        number = lambda text: text.split('class="slip"', 1)[1].split("</section>")[0]  # noqa: E731
        assert number(first["html"]) == number(again["html"])

    @pytest.mark.long
    @pytest.mark.parametrize(
        "origin", ["", "null", "https://evil.example", "http://testserver.evil"]
    )
    def test_only_from_our_own_page(self, asker: Client, staffed: Any, origin: str) -> None:
        assert frame(HTTP_ORIGIN=origin)["status"] == 403
        assert not Ticket.objects.exists()

    @pytest.mark.parametrize("key", ["", "short", "x" * 61, "é" * 24])
    def test_a_key_too_easy_to_guess(self, asker: Client, staffed: Any, key: str) -> None:
        assert frame(key)["status"] == 422

    @pytest.mark.long
    @pytest.mark.parametrize(
        "made_up", ["", "x", "a:b:c", "W-2026-000001", "\u202e" * 20, "9" * 5000]
    )
    def test_bad_passes(self, asker: Client, staffed: Any, made_up: str) -> None:
        ticket = begin(asker)
        header = {"HTTP_X_WASL_CHAT": made_up}
        # A page that shows a pass is known by it alone, whatever its session opens.
        assert asker.get("/chat/since/0/", **header).status_code == 403
        assert asker.get("/chat/whole/", **header).status_code == 403
        answer = asker.post("/chat/lines/", {"words": "x", "line": "z" * 24}, **header)
        assert answer.status_code == 403
        assert answer.json()["error"]
        assert ticket.entries.count() == 1

    def test_the_pass_of_another_chat_opens_that_one_only(
        self, asker: Client, staffed: Any
    ) -> None:
        mine, other = frame("m" * 30, "سؤالي"), frame("o" * 30, "سؤال غيري")
        text = asker.get("/chat/whole/", HTTP_X_WASL_CHAT=other["token"]).content.decode()
        assert "سؤال غيري" in text
        assert "سؤالي" not in text
        assert mine["token"] != other["token"]

    def test_from_the_frame_to_a_page_of_our_own(self, asker: Client, staffed: Any) -> None:
        token = frame()["token"]
        own, evil = Client(enforce_csrf_checks=True), {"HTTP_ORIGIN": "https://evil.example"}
        assert own.post("/chat/apart/", {"pass": token}, **evil)["Location"] == "/follow/"
        assert own.post("/chat/apart/", {"pass": "x"}, **FRAME)["Location"] == "/follow/"
        assert own.post("/chat/apart/", {"pass": token}, **FRAME)["Location"] == "/chat/"
        assert FIRST in own.get("/chat/").content.decode()

    def test_a_new_nonce_shuts_every_page_out(self, asker: Client, staffed: Any) -> None:
        ticket = begin(asker)
        chat = Chat.objects.get(ticket=ticket)
        token = token_of(chat)
        Chat.objects.filter(pk=chat.pk).update(nonce="another")
        assert asker.get("/chat/whole/", HTTP_X_WASL_CHAT=token).status_code == 403

    def test_an_old_pass_is_none(self, asker: Client, staffed: Any) -> None:
        token = frame()["token"]
        with time_machine.travel(make.NOW + timedelta(days=3)):
            assert Client().get("/chat/whole/", HTTP_X_WASL_CHAT=token).status_code == 403

    def test_a_form_of_another_site_without_the_header(self, asker: Client, staffed: Any) -> None:
        strict = Client(enforce_csrf_checks=True)
        for path in ("lines", "marks", "ending", "mail", "code", "kept", "rating"):
            assert strict.post(f"/chat/{path}/", {"words": "x"}).status_code == 403, path
        assert strict.post("/chat/", {"words": "x"}).status_code == 403


class TestOthers:
    def test_nobody_else_reads_or_writes(
        self, asker: Client, staffed: Any, cast: Any, as_user: Any
    ) -> None:
        ticket = begin(asker)
        for user in cast.values():
            client = as_user(user)
            assert client.get("/chat/since/0/").status_code == 403
            assert client.get("/chat/whole/").status_code == 403
            assert FIRST not in client.get("/chat/").content.decode()
            assert client.post("/chat/lines/", {"words": "x"}).status_code == 302
        assert ticket.entries.count() == 1


class TestWaysOn:
    def test_by_mail(self, asker: Client, staffed: Any) -> None:
        ticket = begin(asker)
        assert asker.post("/chat/mail/", {"email": "not one"}).status_code == 422
        assert asker.post("/chat/mail/", {"email": "a@example.org"}).status_code == 302
        ticket.refresh_from_db()
        assert (ticket.answer_by, ticket.contact_email) == ("email", "a@example.org")
        assert Notice.objects.get().address == "a@example.org"
        assert "a@example.org" not in asker.get("/chat/").content.decode()

    def test_a_new_code_makes_the_old_one_useless(self, asker: Client, staffed: Any) -> None:
        ticket = begin(asker)
        old = asker.get("/chat/").context["secret"]
        page = asker.post("/chat/code/", {"key": "c" * 20})
        new = page.context["secret"]
        assert new
        assert new != old
        pair = {"reference": ticket.reference}
        assert Client().post("/follow/", {**pair, "code": old}).status_code == 422
        assert Client().post("/follow/", {**pair, "code": new}).status_code == 302
        # The same form again shows nothing and changes nothing.
        assert asker.post("/chat/code/", {"key": "c" * 20}).status_code == 302
        assert Client().post("/follow/", {**pair, "code": new}).status_code == 302

    def test_whatsapp_takes_the_number_of_the_request_only(
        self, asker: Client, staffed: Any
    ) -> None:
        ticket = begin(asker)
        assert "wa.me" not in asker.get("/chat/").content.decode()
        Centre.objects.update(whatsapp="212600000000")
        text = asker.get("/chat/").content.decode()
        link = text.split("https://wa.me/", 1)[1].split('"', 1)[0]
        assert link.startswith("212600000000?text=")
        assert ticket.reference in link

    def test_an_opinion_after_the_end(self, asker: Client, staffed: Any) -> None:
        ticket = begin(asker)
        queues.claim(ticket, by=staffed, at=make.NOW)
        chat = Chat.objects.get(ticket=ticket)
        chatting.say(chat, "مرحبا", by=staffed, at=make.NOW, language="ar", key="l1")
        chats.end(chat, Chat.Side.DESK, by=staffed, at=make.NOW)
        assert "/chat/rating/" in asker.get("/chat/").content.decode()
        asker.post("/chat/rating/", {"score": "5"})
        assert ticket.ratings.get().score == 5


class TestPlace:
    def test_place_and_wait(self, asker: Client, staffed: Any) -> None:
        for n in range(3):
            taken = begin(Client(), key=f"{n}" * 24)
            Waiting.objects.filter(ticket=taken).update(since=make.NOW - timedelta(minutes=4))
            queues.claim(taken, by=staffed, at=make.NOW)
        first = begin(Client(), key="x" * 24)
        Waiting.objects.filter(ticket=first).update(since=make.NOW - timedelta(minutes=1))
        begin(asker)
        talk = asker.get("/chat/").context["talk"]
        assert talk.place.before == 1
        assert talk.place.minutes == 4
