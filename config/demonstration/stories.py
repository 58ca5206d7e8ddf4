"""How each sample case went so far: the 25 of `data/cases.toml` and three beside them.

A story may carry a *promise of the demonstration*: something that is always there after a start.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from config.demonstration import sheets
from config.demonstration.sheets import Case
from config.demonstration.telling import Teller
from helpdesk.tickets.rules import Level


class Carries(StrEnum):
    """What a start of the demonstration always shows."""

    NOTHING = ""
    WAITING = "waiting"
    CALL_OWED = "call-owed"
    LATE = "late"
    RELEASE = "release"


@dataclass(frozen=True)
class Story:
    """`opened`: so long before the laying, as in telling.span."""

    slug: str
    case: Case
    opened: str
    tell: Callable[[Teller], None]
    carries: Carries = Carries.NOTHING


def founders_for_water(t: Teller) -> None:
    t.call(t.opened, by="salma", name="الحسن أوبيهي", minutes=11,
           note="ابن الأخ يترجم من تشلحيت. عشرة مؤسسين، الجماعة ثلاث نيعقوب.")  # fmt: skip
    t.facts("salma", "6d", founders_number="10", activity="ماء الشرب في الدوار")


def receipt_late(t: Teller) -> None:
    soon = (t.now + timedelta(minutes=15), t.now + timedelta(minutes=50))
    t.call(t.opened, by="amina", who="president", minutes=7, call_back=soon,
           note="يريد نص رسالة التذكير إلى السلطة المحلية. وعدناه بالاتصال.")  # fmt: skip
    t.facts("amina", "2h50m", deposit_date=t.day(76).isoformat(), has_provisional="yes",
            has_final="no")  # fmt: skip
    t.clock("final-receipt", event=76, by="amina", before="2h50m")


def record_asked(t: Teller) -> None:
    t.call(t.opened, by="amina", who="president", minutes=5)


def no_paper(t: Teller) -> None:
    t.begin(t.opened, by="president", answer_by="email")
    t.claim("amina", "22h")
    t.facts("amina", "21h", deposit_date=t.day(9).isoformat(), has_provisional="no",
            deposit_proof="aucune")  # fmt: skip
    t.clock("provisional-receipt", event=9, by="amina", before="21h")
    t.note("amina", "20h30m", "Dépôt sans preuve : je propose l'huissier. À relire avant l'envoi.")
    t.answer("amina", "1h20m")


def board_not_declared(t: Teller) -> None:
    t.begin(t.opened, by="driss")
    t.claim("amina", "1d5h40m")
    t.line("1d5h38m", "wakha, chokran. lmaktab fih 7 dnas", by="")
    t.line("1d5h36m", "مرحبا. واش تبدل الرئيس حتى هو؟", by="amina")
    t.line("1d5h34m", "la, ghir l katib w amin lmal")
    t.facts("amina", "1d5h30m", change_kind="الكاتب وأمين المال", declared_change="no")
    t.answer("amina", "1d4h", released_by="brahim", after="1d3h")


def branch(t: Teller) -> None:
    t.begin(t.opened, by="chama")


def network(t: Teller) -> None:
    t.call(t.opened, by="salma", who="president", minutes=14,
           note="Modèle de statuts d'union envoyé à relire ensemble lors de la prochaine réunion.")  # fmt: skip


def school_from_lyon(t: Teller) -> None:
    t.begin(t.opened, by="president", answer_by="email")
    t.claim("salma", "4d20h")
    t.note("salma", "4d19h", "Association étrangère : vérifier qui reçoit les fonds au Maroc.")
    t.answer("salma", "4d3h", released_by="brahim", after="3d22h")
    t.line("3d1h", "Merci, c'est clair. Nous revenons vers vous avec les statuts.")
    t.claim("salma", "3d")
    t.close("salma", "2d4h")


def public_utility(t: Teller) -> None:
    t.begin(t.opened, by="president", due="4h")


def president_left(t: Teller) -> None:
    t.call(t.opened, by="amina", who="treasurer", minutes=12,
           note="أمين المال. دفتر الشيكات والخاتم عند الرئيس المستقيل.")  # fmt: skip
    t.side("a", "amina", "1d2h")
    t.level(Level.RESTRICTED, "brahim", "1d1h30m", "خلاف داخل المكتب")
    t.answer("amina", "1d1h")
    t.wait_for_asker("amina", "1d", "نحتاج نسخة من الاستقالة ومن محضر آخر جمع عام.")


def president_himself(t: Teller) -> None:
    t.call(t.opened, by="salma", who="president", minutes=9,
           note="يقول إن الاستقالة لم تقبل. لم نتحدث عن أي اتصال آخر.")  # fmt: skip
    t.side("b", "salma", "7d1h")
    t.level(Level.RESTRICTED, "salma", "7d1h", "خلاف داخل المكتب")


def two_boards(t: Teller) -> None:
    t.begin(t.opened, by="secretary")
    t.claim("salma", "3d2h55m")
    t.level(Level.RESTRICTED, "salma", "3d2h50m", "مكتبان متنازعان")
    t.line("3d2h50m", "واش عندكم نسخة من الوصل ديالكم ومن المحضر؟", by="salma")
    t.line("3d2h45m", "iyeh 3ndna, wakha l okhrin 7ta homa")
    t.answer("salma", "3d", released_by="brahim", after="2d22h")


def dissolving(t: Teller) -> None:
    t.call(t.opened, by="amina", who="president", minutes=10,
           note="سلمنا نموذج محضر الجمع العام الاستثنائي.")  # fmt: skip


def accounts_for_aid(t: Teller) -> None:
    t.begin(t.opened, by="treasurer", answer_by="email")
    t.claim("amina", "11d3h")
    window = (t.at("10d4h"), t.at("10d2h"))
    t.promise("amina", "11d2h", window=window, note="Relire ensemble la liste des pièces.")
    t.keep_promise("amina", "10d3h")
    t.answer("amina", "10d2h30m")
    t.close("amina", "9d")
    t.rate("8d20h", 5, "Réponse claire, avec la liste des pièces.")


def money_from_spain(t: Teller) -> None:
    t.begin(t.opened, by="treasurer", answer_by="email")
    t.claim("salma", "2d6h")
    t.facts("salma", "2d5h", funder="Fondation espagnole", amount="20 000 euros",
            country="Espagne", funds_date=t.day(-6).isoformat())  # fmt: skip
    t.clock("foreign-aid", event=-6, by="salma", before="2d5h")
    t.answer("salma", "2d2h", released_by="brahim", after="1d23h")
    t.rate("1d20h", 4, "")


def agreement_for_aid(t: Teller) -> None:
    t.begin(t.opened, by="secretary")
    t.claim("amina", "3h25m")
    t.line("3h20m", "Bonjour, avez-vous déjà un courrier du ministère ?", by="amina")
    t.line("50m", "Oui, nous l'avons reçu hier, je vous le scanne.")


def hall_for_weddings(t: Teller) -> None:
    t.call(t.opened, by="salma", who="treasurer", minutes=8,
           note="وجهناه إلى إدارة الضرائب بموافقته. توصل بالجواب كتابة.")  # fmt: skip


def online_collection(t: Teller) -> None:
    t.begin(t.opened, by="president")
    t.claim("amina", "5h50m")
    t.line("5h45m", "سلام، شكون غادي يجمع الفلوس، الجمعية ولا العائلة؟", by="amina")
    t.line("5h40m", "ljam3iya, f compte dyalha")
    t.facts("amina", "5h35m", collection_kind="عبر الأنترنت")
    t.answer("amina", "2h10m")


def ramadan_baskets(t: Teller) -> None:
    t.call(
        t.opened, by="amina", who="president", minutes=6, outcome="no-answer-in-base",
        call_back=(t.now + timedelta(hours=20), t.now + timedelta(hours=22)),
        note="وعدناه بالاتصال بعد أن يراجع المشرف ما هو غير مؤكد.",
    )  # fmt: skip
    t.note("brahim", "20h", "أراجع النص مع العمالة قبل أن نجيب.")


def first_employee(t: Teller) -> None:
    t.begin(t.opened, by="president", answer_by="email")


def young_volunteers(t: Teller) -> None:
    t.begin(t.opened, by="secretary")
    t.claim("salma", "7h")
    t.note("salma", "6h40m", "لا مقال عندنا بعد في التطوع. طلبت من إدريس ما عنده من نصوص.")


def id_cards(t: Teller) -> None:
    t.begin(t.opened, by="president")
    t.claim("amina", "1d1h55m")
    t.line("1d1h50m", "Combien de fiches environ, et qui ouvre le fichier ?", by="amina")
    t.line("1d1h40m", "120 fiches, ghir ana w lkatiba")
    t.note("amina", "1d1h", "Je demande à Salma : pas encore d'article sur les données.")


def no_word_from_commune(t: Teller) -> None:
    t.begin(t.opened, by="president")
    t.claim("amina", "1d20h")
    t.clock("information", event=32, by="amina", before="1d19h")
    t.wait_for_asker(
        "amina", "1d18h", "أرسلوا لنا من فضلكم نسخة من الطلب وتاريخ إيداعه، لنعد معكم التظلم."
    )


def petition(t: Teller) -> None:
    t.call(t.opened, by="salma", who="secretary", minutes=5)


def confidential(t: Teller) -> None:
    t.call(t.opened, by="salma", minutes=15, outcome="referred-result-pending", withheld=True,
           note="لم يذكر اسمه. سلمناه رقم الطلب والرمز شفويا. لا إحالة إلا بطلبه.")  # fmt: skip
    t.code("salma", "5d1h")
    t.level(Level.SEALED, "salma", "5d1h", "شبهة في أموال الجمعية، السائل يخاف")


def divorce(t: Teller) -> None:
    t.call(t.opened, by="amina", name="", minutes=3,
           note="وجهناها إلى مكتب المساعدة الاجتماعية بالمحكمة.")  # fmt: skip


def members_ask_accounts(t: Teller) -> None:
    t.begin(t.opened, by="chama", answer_by="email")
    t.claim("amina", "15d20h")
    t.answer("amina", "15d4h")
    t.close("amina", "13d")
    t.rate("12d22h", 5, "جواب واضح، قرأته على المكتب كله.")


def bank_refuses(t: Teller) -> None:
    t.begin(t.opened, by="treasurer")


def _beside(number: int, words: str, subject: str, like: int, **other: object) -> Case:
    """A case that is not among the 25, filled up from one that is."""
    case = replace(sheets.cases()[like], number=number, words=words, subject=subject)
    return replace(case, **other)  # type: ignore[arg-type]


def stories() -> tuple[Story, ...]:
    """All of them, the first opened first."""
    case = sheets.cases()
    president = _beside(
        101, "قالو ليكم راني استاقلت؟ الاستقالة ما تقبلاتش والكاشي باقي عندي بالحق",
        "الرئيس يقول إن استقالته لم تقبل", 10, outcome="referred-result-pending",
    )  # fmt: skip
    accounts = _beside(
        102, "كم سنة نحتفظ بفواتير الجمعية، ومن حقه أن يطلب الاطلاع عليها؟",
        "مدة الاحتفاظ بفواتير الجمعية", 6, topics=("T15-accounting",), help="advice",
        outcome="advice-given-action-by-asker",
    )  # fmt: skip
    bank = _beside(
        103, "البنكة طلبات منا الوصل النهائي باش تحل لينا الحساب، وحنا عندنا غير المؤقت",
        "البنك يطلب الوصل النهائي لفتح الحساب", 2, channel="web", association="rehamna-3",
        topics=("T34-bank", "T03-receipt"),
    )  # fmt: skip
    return (
        Story("accounts", accounts, "16d", members_ask_accounts),
        Story("case-12", case[12], "14d", dissolving),
        Story("case-13", case[13], "11d6h", accounts_for_aid),
        Story("case-16", case[16], "9d", hall_for_weddings),
        Story("case-07", case[7], "8d3h", network),
        Story("president", president, "7d2h", president_himself),
        Story("case-01", case[1], "6d3h", founders_for_water),
        Story("case-24", case[24], "5d2h", confidential),
        Story("case-08", case[8], "5d", school_from_lyon),
        Story("case-25", case[25], "4d6h", divorce),
        Story("case-11", case[11], "3d3h", two_boards),
        Story("case-03", case[3], "2d22h", record_asked),
        Story("case-14", case[14], "2d8h", money_from_spain),
        Story("case-22", case[22], "2d1h", no_word_from_commune),
        Story("case-23", case[23], "1d22h", petition),
        Story("case-05", case[5], "1d6h", board_not_declared),
        Story("case-09", case[9], "1d4h", public_utility, Carries.LATE),
        Story("case-10", case[10], "1d2h30m", president_left),
        Story("case-21", case[21], "1d2h", id_cards),
        Story("case-04", case[4], "23h", no_paper, Carries.RELEASE),
        Story("case-18", case[18], "21h", ramadan_baskets),
        Story("case-20", case[20], "8h", young_volunteers),
        Story("case-17", case[17], "6h", online_collection),
        Story("case-15", case[15], "3h30m", agreement_for_aid),
        Story("case-02", case[2], "3h", receipt_late, Carries.CALL_OWED),
        Story("case-06", case[6], "2h20m", branch, Carries.WAITING),
        Story("case-19", case[19], "55m", first_employee, Carries.WAITING),
        Story("bank", bank, "12m", bank_refuses, Carries.WAITING),
    )
