"""The wizard: one question a page, nothing lost, one ticket whatever the asker does."""

import re
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from helpdesk.associations.models import Association, Consent, LegalDeadline, Person
from helpdesk.live import pace
from helpdesk.notices.models import Notice
from helpdesk.portal.rules import CONSENT_VERSION
from helpdesk.queues.models import Waiting
from helpdesk.tickets import codes
from helpdesk.tickets.models import Entry, Ticket
from knowledge.search import index
from knowledge.search.models import SearchRecord, SuggestionCount
from tests import make
from tests.helpdesk.portal.conftest import PAGES, QUESTION

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def text_of(page: Any) -> str:
    return page.content.decode()


class TestWay:
    def test_whole_way(self, asker: Client, fill: Any, key: Any) -> None:
        page = fill()
        assert page.status_code == 200
        assert QUESTION in text_of(page)
        answer = asker.post("/ask/check/", {"key": key(page)})
        assert answer["Location"] == "/ask/done/"
        done = text_of(asker.get("/ask/done/"))
        ticket = Ticket.objects.get()
        assert ticket.reference in done
        code = done.split("<b><bdi", 1)[1].split(">", 1)[1].split("<", 1)[0]
        assert codes.matches(code, ticket.secret_hash)
        assert ticket.channel == "web"
        assert ticket.answer_by == "sms"
        assert ticket.province == "07.427"
        assert ticket.association.name_ar == "جمعية الأمل للماء"
        assert ticket.person.name == "فاطمة"
        assert ticket.standing == "office-holder"
        assert ticket.theme.code == "A"
        consent = Consent.objects.get()
        assert (consent.purpose, consent.text_version) == ("contact", CONSENT_VERSION)
        assert Waiting.objects.now().count() == 1
        notice = Notice.objects.get()
        assert (notice.channel, notice.kind) == ("sms", "question-received")
        assert code.replace("\u00a0", "") not in notice.text.replace(" ", "")
        assert not Entry.objects.filter(data__icontains="612345678").exists()

    def test_code_opens_the_follow_page(self, asker: Client, fill: Any, key: Any) -> None:
        asker.post("/ask/check/", {"key": key(fill())})
        done = text_of(asker.get("/ask/done/"))
        code = done.split("<b><bdi", 1)[1].split(">", 1)[1].split("<", 1)[0]
        reference = Ticket.objects.get().reference
        answer = Client().post("/follow/", {"reference": reference, "code": code})
        assert answer["Location"] == "/follow/ticket/"

    def test_french(self, asker: Client, fill: Any, key: Any) -> None:
        page = fill("/fr", question={"question": "Le caïd ne nous donne pas le récépissé"})
        asker.post("/fr/ask/check/", {"key": key(page)})
        assert Ticket.objects.get().language == "fr"
        assert "/fr/ask/" in text_of(asker.get("/fr/ask/done/"))

    def test_anonymous_person_leaves_no_person(self, asker: Client, fill: Any, key: Any) -> None:
        page = fill(
            association={"who": "person", "association": "", "standing": ""},
            answer={"answer_by": "follow", "phone": "", "name": ""},
        )
        asker.post("/ask/check/", {"key": key(page)})
        ticket = Ticket.objects.get()
        assert ticket.person is None
        assert ticket.association is None
        assert not Person.objects.exists()
        assert ticket.entries.first().data["consent"] == CONSENT_VERSION

    def test_founders_get_a_nameless_association(self, asker: Client, fill: Any, key: Any) -> None:
        page = fill(association={"who": "founders", "association": ""})
        asker.post("/ask/check/", {"key": key(page)})
        assert Ticket.objects.get().association.in_formation

    def test_founders_keep_the_name_they_typed(self, asker: Client, fill: Any, key: Any) -> None:
        there = make.association("جمعية الأمل للماء", province="07.427")
        for _ in range(2):
            page = fill(association={"who": "founders"})
            assert "جمعية الأمل للماء" in text_of(page)
            asker.post("/ask/check/", {"key": key(page)})
        one, two = Ticket.objects.all()
        assert one.association == two.association != there, "not the one that exists already"
        assert one.association.name_ar == "جمعية الأمل للماء"
        assert (one.association.legal_status, one.association.stage) == ("in-formation", "idea")
        assert one.association.mandates.get().office == "founder"

    def test_pages_before_are_asked_for(self, asker: Client) -> None:
        assert asker.get("/ask/check/")["Location"] == "/ask/theme/"
        asker.post("/ask/theme/", PAGES["theme"])
        assert asker.get("/ask/check/")["Location"] == "/ask/question/"

    def test_change_leads_back_to_the_check(self, asker: Client, fill: Any) -> None:
        fill()
        assert "then=check" in text_of(asker.get("/ask/check/"))
        answer = asker.post("/ask/theme/", {"theme": "C", "then": "check"})
        assert answer["Location"] == "/ask/check/"

    def test_unknown_page(self, asker: Client) -> None:
        assert asker.get("/ask/nothing/").status_code == 404

    def test_words_searched_in_vain_come_along(self, asker: Client) -> None:
        asker.get("/ask/?q=سؤال نادر")
        assert "سؤال نادر" in text_of(asker.get("/ask/question/"))

    def test_member_asks_as_themselves(
        self, chama: Any, fill: Any, key: Any, asker: Client
    ) -> None:
        asker.force_login(chama, backend="django.contrib.auth.backends.ModelBackend")
        asker.post("/ask/check/", {"key": key(fill())})
        assert Ticket.objects.get().person == chama.person


class TestAnswers:
    def test_suggestions_without_script_and_facts(self, asker: Client) -> None:
        asker.post("/ask/theme/", PAGES["theme"])
        answer = asker.post("/ask/question/", PAGES["question"])
        assert answer["Location"] == "/ask/question/?answers=1#answers"
        page = text_of(asker.get(answer["Location"]))
        assert "/library/T03-receipt/" in page
        assert QUESTION in page
        answer = asker.post("/ask/question/", PAGES["question"])
        assert answer["Location"] == "/ask/facts/"
        assert 'name="fact_deposit_date"' in text_of(asker.get("/ask/facts/"))

    def test_deposit_date_sets_the_clock_going(self, asker: Client, fill: Any, key: Any) -> None:
        fill()
        bad = asker.post("/ask/facts/", {"fact_deposit_date": "مند زمان"})
        assert bad.status_code == 422
        assert "مند زمان" in text_of(bad)
        asker.post("/ask/facts/", {"fact_deposit_date": "٩/٩/٢٠٢٦", "fact_has_final": "no"})
        page = asker.get("/ask/check/")
        assert "9 شتنبر 2026" in text_of(page)
        asker.post("/ask/check/", {"key": key(page)})
        deadline = LegalDeadline.objects.get(rule="final-receipt")
        assert deadline.event_on.isoformat() == "2026-09-09"
        ticket = Ticket.objects.get()
        assert deadline.ticket_id == ticket.pk
        assert dict(ticket.facts.values_list("code", "value"))["deposit_date"] == "2026-09-09"

    def test_papers_to_bring_on_the_slip(self, asker: Client, fill: Any, key: Any) -> None:
        asker.post("/ask/check/", {"key": key(fill())})
        assert 'class="slip"' in text_of(asker.get("/ask/done/"))
        pdf = asker.get("/ask/slip.pdf")
        assert pdf.status_code == 200
        assert pdf.content.startswith(b"%PDF")

    @pytest.mark.parametrize("phone", ["", "05 24 00 11 22"])
    def test_where_to_read_the_answer_stands_on_the_slip(
        self, asker: Client, fill: Any, key: Any, settings: Any, centre: Any, phone: str
    ) -> None:
        settings.PUBLIC_URL = "https://wasl.example.ma"
        type(centre).objects.update(phone_shown=phone)
        asker.post("/fr/ask/check/", {"key": key(fill("/fr"))})
        slip = (
            text_of(asker.get("/fr/ask/done/")).split('class="slip"', 1)[1].split("</section>")[0]
        )
        assert '<bdi class="num" dir="ltr">wasl.example.ma/fr/follow/</bdi>' in slip
        assert '<svg class="qr"' in slip
        assert (f">{phone}</bdi>" in slip) if phone else ("appelez" not in slip)

    def test_without_libpango_the_page_prints(
        self, asker: Client, fill: Any, key: Any, monkeypatch: Any
    ) -> None:
        import sys

        monkeypatch.setitem(sys.modules, "weasyprint", None)
        asker.post("/ask/check/", {"key": key(fill())})
        answer = asker.get("/ask/slip.pdf", follow=True)
        assert answer.redirect_chain == [("/ask/done/", 302)]
        assert 'role="status"' in text_of(answer)


class TestNothingIsLost:
    def test_wrong_page_keeps_its_words(self, asker: Client) -> None:
        page = asker.post(
            "/ask/answer/", {"answer_by": "phone", "phone": "06 12 3", "name": "زهرة"}
        )
        assert page.status_code == 422
        assert "06 12 3" in text_of(page)
        again = text_of(asker.get("/ask/answer/"))
        assert "زهرة" in again
        assert "06 12 3" in again

    def test_long_question_is_shown_whole(self, asker: Client) -> None:
        words = "كلمة " * 25_000
        page = asker.post("/ask/question/", {"question": words})
        assert page.status_code == 422
        assert words.strip() in text_of(page)

    @pytest.mark.parametrize("words", ["a\x00b", "a\ud800b"])
    def test_impossible_letters(self, asker: Client, words: str) -> None:
        body = b"question=" + words.encode("utf-8", "surrogatepass")
        answer = asker.post(
            "/ask/question/", body, content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code in (302, 422)
        assert asker.get("/ask/question/").status_code == 200

    @pytest.mark.long
    @pytest.mark.parametrize("name", list(PAGES))
    def test_nonsense_on_every_page(self, asker: Client, name: str) -> None:
        for value in ("", "x" * 50_000, "[]", "-1", "‮exe", "9" * 400):
            sent = dict.fromkeys(
                ["theme", "question", "who", "association", "province", "commune", "standing",
                 "answer_by", "email", "phone", "name", "consent", "remove"], value,
            )  # fmt: skip
            assert asker.post(f"/ask/{name}/", sent).status_code in (302, 422)
            assert asker.get(f"/ask/{name}/").status_code in (200, 302)

    def test_draft_survives_a_new_session(self, asker: Client) -> None:
        asker.post("/ask/question/", PAGES["question"])
        asker.cookies.pop("sessionid", None)
        assert QUESTION in text_of(asker.get("/ask/question/"))

    def test_another_browser_sees_nothing(self, asker: Client) -> None:
        asker.post("/ask/question/", PAGES["question"])
        assert QUESTION not in text_of(Client().get("/ask/question/"))

    def test_what_the_script_saved_is_shown(self, asker: Client) -> None:
        asker.get("/ask/question/")
        asker.post("/drafts/public:ask-question/", {"question": "نصف سؤال"})
        assert "نصف سؤال" in text_of(asker.get("/ask/question/"))

    def test_the_draft_service_cannot_touch_the_wizard(self, asker: Client) -> None:
        asker.get("/ask/")
        assert asker.post("/drafts/public/ask/", {"files": "x"}).status_code == 404

    def test_csrf_failure_gives_the_words_back(self, centre: Any) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.get("/ask/question/")
        page = strict.post("/ask/question/", PAGES["question"], HTTP_ORIGIN="http://testserver")
        assert page.status_code == 403
        assert QUESTION in text_of(page)

    def test_erasure(self, asker: Client, fill: Any) -> None:
        fill()
        asker.post("/ask/erasure/")
        assert asker.get("/ask/check/")["Location"] == "/ask/theme/"


class TestOnce:
    def test_resent_form_shows_the_same_receipt(self, asker: Client, fill: Any, key: Any) -> None:
        sent = {"key": key(fill())}
        asker.post("/ask/check/", sent)
        first = text_of(asker.get("/ask/done/"))
        asker.post("/ask/check/", sent)
        assert (
            text_of(asker.get("/ask/done/")).split("slip", 1)[1][:900]
            == (first.split("slip", 1)[1][:900])
        )
        assert Ticket.objects.count() == 1
        assert Person.objects.count() == 1
        assert Association.objects.count() == 1

    def test_stolen_key_opens_nothing(self, asker: Client, fill: Any, key: Any) -> None:
        sent = {"key": key(fill())}
        asker.post("/ask/check/", sent)
        stranger = Client()
        assert stranger.post("/ask/check/", sent)["Location"] == "/ask/theme/"
        assert stranger.get("/ask/done/")["Location"] == "/follow/"

    def test_put_away(self, asker: Client, fill: Any, key: Any) -> None:
        asker.post("/ask/check/", {"key": key(fill())})
        answer = asker.post("/ask/putting-away/")
        assert answer["Location"] == f"/follow/?ref={Ticket.objects.get().reference}"
        assert asker.get("/ask/done/").status_code == 302

    def test_two_questions_one_after_another(self, asker: Client, fill: Any, key: Any) -> None:
        asker.post("/ask/check/", {"key": key(fill())})
        asker.post("/ask/check/", {"key": key(fill())})
        assert Ticket.objects.count() == 2

    def test_changed_question_is_looked_at_again(self, asker: Client, fill: Any) -> None:
        fill()
        page = asker.post("/ask/check/", {"key": "another"})
        assert page.status_code == 409
        assert not Ticket.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_both_clicks_at_once(self, asker: Client, fill: Any, key: Any) -> None:
        sent = {"key": key(fill())}
        gate, answers = threading.Barrier(2), []

        def click() -> None:
            twin = Client()
            twin.cookies = asker.cookies.copy()
            gate.wait()
            answers.append(twin.post("/ask/check/", sent))
            answers.append(twin.get("/ask/done/"))
            connection.close()

        threads = [threading.Thread(target=click) for _ in range(2)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        assert Ticket.objects.count() == 1
        assert Person.objects.count() == 1
        reference = Ticket.objects.get().reference
        pages = [text_of(a) for a in answers if a.status_code == 200]
        assert len(pages) == 2
        assert all(reference in page for page in pages)
        codes_shown = {p.split("<b><bdi", 1)[1].split(">", 1)[1].split("<", 1)[0] for p in pages}
        assert len(codes_shown) == 1


class TestFlood:
    def test_honeypot_keeps_the_words(self, asker: Client, fill: Any, key: Any) -> None:
        page = asker.post("/ask/check/", {"key": key(fill()), "website": "http://spam"})
        assert page.status_code == 422
        assert QUESTION in text_of(page)
        assert not Ticket.objects.exists()

    def test_pace_says_when_and_keeps(
        self, asker: Client, fill: Any, key: Any, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr(pace, "ASK", pace.Pace("ask", "1 per hour", "50 per hour"))
        asker.post("/ask/check/", {"key": key(fill())})
        page = asker.post("/ask/check/", {"key": key(fill())})
        assert page.status_code == 429
        assert QUESTION in text_of(page)
        assert Ticket.objects.count() == 1
        assert Client().get("/ask/").status_code == 200

    def test_one_address_is_slowed_not_banned(self, rf: Any) -> None:
        from django.contrib.auth.models import AnonymousUser

        few = pace.Pace("t", "99 per hour", "2 per hour")
        waits = []
        for _ in range(4):
            request = rf.get("/")
            request.user = AnonymousUser()
            waits.append(pace.seconds_to_wait(request, few))
        assert waits[:2] == [0, 0]
        assert 0 < waits[3] <= 3600


class TestPapers:
    def add(self, asker: Client, name: str, content: bytes) -> Any:
        upload = SimpleUploadedFile(name, content, "text/html")
        return asker.post("/ask/papers/", {"file": upload, "add": "1"})

    def test_with_the_question(self, asker: Client, fill: Any, key: Any) -> None:
        assert self.add(asker, "../../etc/وصل.pdf", PDF).status_code == 302
        assert "وصل.pdf" in text_of(asker.get("/ask/papers/"))
        asker.post("/ask/check/", {"key": key(fill())})
        stored = Ticket.objects.get().entries.first().files.get()
        assert stored.shown_name == "وصل.pdf"

    def test_refused_with_reason(self, asker: Client) -> None:
        page = self.add(asker, "x.pdf", b"MZ\x90\x00 an executable")
        assert page.status_code == 422
        assert "x.pdf" in text_of(page)

    def test_too_large(self, asker: Client, settings: Any) -> None:
        settings.FILE_LIMIT = 1000
        assert self.add(asker, "x.pdf", PDF + b"0" * 1001).status_code == 422

    def test_seventh(self, asker: Client) -> None:
        for i in range(6):
            assert self.add(asker, f"{i}.pdf", PDF).status_code == 302
        assert self.add(asker, "7.pdf", PDF).status_code == 422

    def test_take_out(self, asker: Client) -> None:
        self.add(asker, "a.pdf", PDF)
        page = text_of(asker.get("/ask/papers/"))
        name = page.split('name="remove" value="', 1)[1].split('"', 1)[0]
        asker.post("/ask/papers/", {"remove": name})
        assert "a.pdf" not in text_of(asker.get("/ask/papers/"))

    def test_add_without_a_file(self, asker: Client) -> None:
        assert asker.post("/ask/papers/", {"add": "1"}).status_code == 422


class TestBroughtAlong:
    def test_the_article_one_came_from(self, asker: Client, key: Any, fill: Any) -> None:
        page = text_of(asker.get("/ask/?topic=T03-receipt"))
        assert re.findall(r'<input[^>]*value="(.)"[^>]* checked', page) == ["A"]
        assert "ما كتبتموه" not in page, "nothing was written before"
        asker.post("/ask/theme/", {"theme": "A"})
        page = text_of(asker.get("/ask/question/"))
        assert "/library/T03-receipt/" in page
        asker.post("/ask/question/", {"question": "عندي سؤال على هاد الشي"})
        asker.post("/ask/question/", {"question": "عندي سؤال على هاد الشي"})
        assert 'name="fact_deposit_date"' in text_of(asker.get("/ask/facts/"))

    def test_it_is_about_something_else(self, asker: Client) -> None:
        asker.get("/ask/?topic=T03-receipt")
        answer = asker.post("/ask/question/", {"question": "نص مكتوب", "apart": "1"})
        assert answer["Location"] == "/ask/question/"
        page = text_of(asker.get("/ask/question/"))
        assert "/library/T03-receipt/" not in page
        assert "نص مكتوب" in page

    def test_another_theme_leaves_the_article(self, asker: Client) -> None:
        asker.get("/ask/?topic=T03-receipt")
        asker.post("/ask/theme/", {"theme": "D"})
        assert "/library/T03-receipt/" not in text_of(asker.get("/ask/question/"))

    @pytest.mark.long
    @pytest.mark.parametrize("topic", ["", "T99-none", "x" * 500, "\x00"])
    def test_unknown_articles_change_nothing(self, asker: Client, topic: str) -> None:
        page = asker.get("/ask/", {"topic": topic})
        assert page.status_code == 200
        assert "checked" not in text_of(page)

    def test_a_new_search_replaces_one_that_was_never_edited(self, asker: Client) -> None:
        asker.get("/fr/ask/?q=test+mot")
        asker.get("/fr/ask/?q=autre+chose")
        page = text_of(asker.get("/fr/ask/question/"))
        assert "autre chose" in page
        assert "test mot" not in page

    @pytest.mark.parametrize(
        ("choice", "there", "gone"),
        [("add", ["سؤالي", "كلمات جديدة"], []), ("instead", ["كلمات جديدة"], ["سؤالي"]),
         ("keep", ["سؤالي"], ["كلمات جديدة"])],
    )  # fmt: skip
    def test_a_written_question_is_kept_and_the_words_offered(
        self, asker: Client, choice: str, there: list[str], gone: list[str]
    ) -> None:
        asker.post("/ask/theme/", {"theme": "A"})
        asker.post("/ask/question/", {"question": "سؤالي"})
        page = text_of(asker.get("/ask/?q=كلمات جديدة"))
        assert "كلمات جديدة" in page
        assert "سؤالي" in text_of(asker.get("/ask/question/"))
        asker.post("/ask/question/", {"offer": "nonsense"})
        assert 'value="instead"' in text_of(asker.get("/ask/question/"))
        answer = asker.post("/ask/question/", {"offer": choice})
        assert answer["Location"] == "/ask/question/"
        page = text_of(asker.get("/ask/question/"))
        assert all(words in page for words in there)
        assert not any(words in page for words in gone)

    def test_the_search_page_sends_the_question_along(self, asker: Client) -> None:
        page = text_of(asker.get("/search/?q=الوصل النهائي"))
        assert "/ask/?q=%D8%A7%D9%84%D9%88%D8%B5%D9%84" in page
        assert "/fr/ask/?q=zzzzqqq" in text_of(asker.get("/fr/search/?q=zzzzqqq"))


@pytest.mark.long
class TestChosenTheme:
    FUNDS = "وصلتنا منحة من إسبانيا بقيمة 200000 درهم، بماذا نصرح؟"

    @pytest.fixture
    def indexed(self, asker: Client, settings: Any, tmp_path: Path) -> None:
        settings.DATA_DIR = tmp_path
        index.rebuild()

    def ask(self, asker: Client, theme: str, question: str) -> None:
        asker.post("/ask/theme/", {"theme": theme})
        asker.post("/ask/question/", {"question": question})
        asker.post("/ask/question/", {"question": question})

    def papers(self, asker: Client, key: Any) -> str:
        asker.post("/ask/association/", {"who": "person"})
        asker.post("/ask/answer/", {"answer_by": "follow", "consent": "on"})
        asker.post("/ask/check/", {"key": key(asker.get("/ask/check/"))})
        return text_of(asker.get("/ask/done/")).split('class="slip"', 1)[1].split("</section>")[0]

    def test_sent_all_the_same_the_answers_were_passed_over(
        self, asker: Client, key: Any, indexed: None
    ) -> None:
        self.ask(asker, "D", self.FUNDS)
        assert not SearchRecord.objects.missed().exists(), "not sent yet"
        assert 'href="/search/library/' in text_of(asker.get("/ask/question/?answers=1"))
        self.papers(asker, key)
        kept = SearchRecord.objects.missed().get()
        assert (kept.passed, kept.opened, kept.theme, kept.place) == (True, False, "D", "ask")
        shown = SuggestionCount.objects.filter(place="ask")
        passed = set(shown.filter(act="passed").values_list("topic", flat=True))
        assert passed == set(shown.filter(act="shown").values_list("topic", flat=True)) != set()

    def test_foreign_funds_ask_for_date_and_country(
        self, asker: Client, key: Any, indexed: None
    ) -> None:
        self.ask(asker, "D", self.FUNDS)
        page = text_of(asker.get("/ask/facts/"))
        assert 'name="fact_funds_date"' in page
        assert 'name="fact_country"' in page
        assert 'name="fact_call_name"' not in page
        slip = self.papers(asker, key)
        assert "طلب يوقعه الرئيس" not in slip
        assert "لم نجد" not in slip

    def test_a_clear_question_names_its_papers(
        self, asker: Client, key: Any, indexed: None
    ) -> None:
        self.ask(asker, "A", QUESTION)
        assert "الوصل المؤقت، أو أي دليل آخر" in self.papers(asker, key)

    @pytest.mark.parametrize(("theme", "question"), [("G", QUESTION), ("?", "مرحبا عندي سؤال")])
    def test_without_a_clear_article_no_paper_is_named(
        self, asker: Client, key: Any, indexed: None, theme: str, question: str
    ) -> None:
        self.ask(asker, theme, question)
        assert "<li>" not in self.papers(asker, key)

    def test_another_theme_later_asks_for_other_facts(self, asker: Client, indexed: None) -> None:
        self.ask(asker, "E", self.FUNDS)
        asker.post("/ask/theme/", {"theme": "D", "then": "check"})
        assert 'name="fact_funds_date"' in text_of(asker.get("/ask/facts/"))
