"""Opens a bundle: first whether it is whole and by whom, then what it says. Nothing is stored here."""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from knowledge.articles.bundles import content, keys, packing
from knowledge.articles.bundles.reader import Reader
from knowledge.articles.bundles.refusals import (
    Altered,
    Damaged,
    Malformed,
    Newer,
    UnknownKey,
    WrongSignature,
)

FORMAT = 1
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
LARGEST_MANIFEST = 512 * 1024
ARTICLE = re.compile(r"articles/(?P<topic>[A-Za-z0-9][A-Za-z0-9_-]{0,39})\.json")


@dataclass(frozen=True)
class Centre:
    """Who made it, in its own words."""

    slug: str
    name_ar: str
    name_fr: str

    def __str__(self) -> str:
        return self.name_fr if get_language() == "fr" else self.name_ar


@dataclass(frozen=True)
class Bundle:
    """`sha` is of the manifest: two files with one `sha` say the same."""

    sha: str
    centre: Centre
    made_on: date
    key: str
    articles: Mapping[str, content.Article]
    texts: Mapping[str, content.Text]
    terms: tuple[content.Term, ...]


def open_bundle(data: bytes, *, trusted: Collection[str]) -> Bundle:
    """What is in a file, believed only when one of the `trusted` keys signed it.

    Raises Damaged, TooLarge, Newer, UnknownKey, WrongSignature, Altered and Malformed.
    """
    files = packing.unpack(data)
    manifest, signature = files.pop(MANIFEST, b""), files.pop(SIGNATURE, b"")
    if not manifest or len(manifest) > LARGEST_MANIFEST:
        raise Damaged
    head = _head(manifest)
    centre, key = _centre(head), _key(head)
    if key not in trusted:
        raise UnknownKey(str(centre), keys.number(key))
    if not keys.is_signed(manifest, signature, key):
        raise WrongSignature
    _as_signed(head, files)
    made_on = head.given_day("date")
    head.nothing_else()
    texts = content.texts(_parsed(content.TEXTS, files.pop(content.TEXTS, b"")))
    terms = content.terms(_parsed(content.TERMS, files.pop(content.TERMS, b"")))
    articles = _articles(files, frozenset(texts))
    return Bundle(_sha(manifest), centre, made_on, key, articles, texts, terms)


def _head(manifest: bytes) -> Reader:
    """The manifest, when it is one and of a format that is known here."""
    read = Reader(MANIFEST, _parsed(MANIFEST, manifest))
    if read.content.get("kind") != "wasl-library":
        raise Damaged
    read.one_of("kind", ["wasl-library"])
    if read.count("format") > FORMAT:
        raise Newer
    return read


def _centre(head: Reader) -> Centre:
    read = head.inner("centre")
    found = Centre(read.text("slug", 50), read.text("name_ar", 200), read.text("name_fr", 200))
    read.nothing_else()
    return found


def _key(head: Reader) -> str:
    try:
        return keys.typed(head.text("key", 64))
    except ValueError:
        raise Malformed(MANIFEST, "key") from None


def _as_signed(head: Reader, files: Mapping[str, bytes]) -> None:
    """Every file is named with its sum, and no other is there."""
    sums = head.inner("files").content
    if strange := sorted(set(sums) ^ set(files)):
        raise Altered(strange[0])
    for name, data in files.items():
        if sums[name] != _sha(data):
            raise Altered(name)


def _articles(files: Mapping[str, bytes], codes: frozenset[str]) -> dict[str, content.Article]:
    found = {}
    for name, data in sorted(files.items()):
        match = ARTICLE.fullmatch(name)
        if match is None:
            raise Malformed(name)
        topic = match["topic"]
        found[topic] = content.article(_parsed(name, data), topic=topic, codes=codes)
    return found


def _parsed(name: str, data: bytes) -> Any:
    try:
        return packing.parse(data)
    except ValueError:
        raise Malformed(name) from None


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
