"""Made articles and questions, the same in every run."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

from knowledge.search.engines.port import Document
from knowledge.search.folding import is_arabic, words

QUESTIONS = 300
_ROOT = Path(__file__).resolve().parents[2]


def articles(size: int) -> Iterator[Document]:
    """Texts of 80 to 300 words; a few words are frequent, many rare, as in a language."""
    dice = random.Random(1)
    stock = vocabulary()
    for number in range(size):
        lang = ("ar", "fr")[number % 2]
        known = stock[lang]
        weights = [1 / (rank + 5) for rank in range(len(known))]
        text = dice.choices(known, weights, k=dice.randint(80, 300))
        title = dice.choices(known, k=dice.randint(3, 7))
        key = f"b{number // 2}"
        yield Document(f"{key}.{lang}", key, lang, "A", " ".join(title), " ".join(text))


def vocabulary() -> dict[str, list[str]]:
    """Words of the sheets and of the test set by language, and longer ones joined from them."""
    said: dict[str, set[str]] = {"ar": set(), "fr": set()}
    for sheet in (_ROOT / "knowledge" / "articles" / "library").glob("*.md"):
        said[sheet.name.split(".")[-2]].update(words(sheet.read_text(encoding="utf-8")))
    for line in (_ROOT / "tests" / "search" / "assoc-ma" / "docs.jsonl").open(encoding="utf-8"):
        document = json.loads(line)
        said[document["lang"]].update(words(document["text"]))
    dice = random.Random(2)
    stock = {}
    for lang, found in said.items():
        plain = sorted(w for w in found if w.isalpha() and is_arabic(w) == (lang == "ar"))
        dice.shuffle(plain)
        joined = {dice.choice(plain)[:5] + dice.choice(plain)[-4:] for _ in range(20_000)}
        stock[lang] = plain + sorted(joined)
    return stock


def asked(documents: list[Document]) -> Iterator[str]:
    """Questions in words of the articles, one in four with a letter left out."""
    dice = random.Random(3)
    for _ in range(QUESTIONS):
        source = dice.choice(documents).text.split()
        picked = dice.sample(source, dice.randint(3, 6))
        if dice.random() < 0.25:
            longest = max(range(len(picked)), key=lambda at: len(picked[at]))
            word = picked[longest]
            cut = dice.randrange(len(word))
            picked[longest] = word[:cut] + word[cut + 1 :]
        yield " ".join(picked)
