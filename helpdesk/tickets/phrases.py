"""Ready phrases: how a shortcut is spelled, what stands in for what, and the set to begin with.

No phrase of the set says anything of the law: that comes from articles, with their texts.
"""

import re
from dataclasses import dataclass

from knowledge.search.folding import fold, normalise

PLACEHOLDERS = ("name", "reference")
"""What a phrase may ask for: who asks, and the number of the request."""
_BRACES = re.compile(r"\{([^{}\n]{0,40})\}")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_SPACES = re.compile(r"[ \u00a0]+(?=[،,.:;!؟?])|(?<= ) +")


def shortcut(text: str) -> str:
    """One word as it is kept: without colon, spaces and signs."""
    return "".join(_WORD.findall(text))[:30].lower()


def compared(text: str) -> str:
    """The same as it is compared: `reçu` is `recu`, `صفة` is `صفه`."""
    return fold(normalise(shortcut(text)))


def unknown_placeholders(text: str) -> list[str]:
    """Names in braces that nothing stands in for."""
    return [name for name in _BRACES.findall(text) if name not in PLACEHOLDERS]


def filled(text: str, *, name: str, reference: str) -> str:
    """The phrase for one request; a name that is not known leaves no gap."""
    known = {"name": name, "reference": reference}
    made = _BRACES.sub(lambda match: known.get(match[1], match[0]), text)
    return made if name else _SPACES.sub("", made)


@dataclass(frozen=True)
class Starter:
    shortcut_ar: str
    shortcut_fr: str
    title_ar: str
    title_fr: str
    text_ar: str
    text_fr: str


STARTERS = (
    Starter(
        "سلام", "bonjour", "تحية", "Salutation",
        "السلام عليكم {name}، شكرا على تواصلكم معنا.",
        "Bonjour {name}, merci de nous avoir contactés.",
    ),
    Starter(
        "توصلنا", "reçu", "توصلنا بسؤالكم", "Question reçue",
        "توصلنا بسؤالكم المسجل تحت رقم {reference}، ونحن بصدد دراسته.",
        "Nous avons bien reçu votre question, enregistrée sous le numéro {reference}."
        " Nous l'étudions.",
    ),
    Starter(
        "صفة", "qualité", "السؤال عن الصفة", "Demander la qualité",
        "بأي صفة تتحدثون: عضو في المكتب، منخرط، أو مؤسس؟",
        "À quel titre écrivez-vous : membre du bureau, adhérent ou fondateur ?",
    ),
    Starter(
        "جمعية", "association", "السؤال عن الجمعية", "Demander l'association",
        "ما اسم الجمعية كما هو مكتوب في قانونها الأساسي، وفي أي جماعة يوجد مقرها؟",
        "Quel est le nom de l'association tel qu'il figure dans ses statuts,"
        " et dans quelle commune se trouve son siège ?",
    ),
    Starter(
        "تاريخ", "date", "السؤال عن التاريخ", "Demander la date",
        "في أي يوم وقع ذلك بالضبط؟",
        "À quelle date exacte cela s'est-il passé ?",
    ),
    Starter(
        "وثائق", "pièces", "السؤال عن الوثائق", "Demander les pièces en main",
        "ما هي الوثائق المتوفرة لديكم الآن؟ يكفي ذكرها، ولا حاجة إلى إرسالها.",
        "Quelles pièces avez-vous en main ? Il suffit de les citer, sans les envoyer.",
    ),
    Starter(
        "صورة", "photo", "طلب صورة من وثيقة", "Demander une copie",
        "هل يمكنكم إضافة صورة واضحة من الوثيقة في صفحة تتبع الطلب؟",
        "Pouvez-vous ajouter une photo lisible de la pièce sur la page de suivi ?",
    ),
    Starter(
        "توضيح", "préciser", "طلب توضيح", "Demander une précision",
        "حتى يكون الجواب دقيقا، نحتاج إلى توضيح النقطة التالية:",
        "Pour vous répondre avec précision, il nous manque le point suivant :",
    ),
    Starter(
        "مهلة", "délai", "الجواب يتطلب وقتا", "La réponse demande du temps",
        "يتطلب سؤالكم بعض البحث، وسنعود إليكم بالجواب في أقرب وقت.",
        "Votre question demande une recherche ; nous revenons vers vous dès que possible.",
    ),
    Starter(
        "هاتف", "appel", "اقتراح مكالمة", "Proposer un appel",
        "هل تفضلون أن نتصل بكم هاتفيا؟ المرجو ذكر الوقت المناسب.",
        "Préférez-vous que nous vous appelions ? Indiquez-nous le moment qui vous convient.",
    ),
    Starter(
        "متابعة", "suivi", "كيفية المتابعة", "Comment suivre",
        "يمكنكم متابعة طلبكم رقم {reference} وإضافة ما استجد في صفحة التتبع.",
        "Vous pouvez suivre votre demande {reference} et la compléter sur la page de suivi.",
    ),
    Starter(
        "ختام", "fin", "ختام", "Formule de fin",
        "نبقى رهن إشارتكم لأي سؤال آخر. مع تحيات فريق المواكبة.",
        "Nous restons à votre disposition pour toute autre question."
        " Bien cordialement, l'équipe d'accompagnement.",
    ),
)  # fmt: skip
