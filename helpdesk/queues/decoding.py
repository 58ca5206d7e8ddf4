"""Bytes of a mail as text, whatever they say about themselves. Nothing here raises."""

import base64
import binascii
import quopri
import re
from email.message import Message

_WORD = re.compile(r"=\?([\w.:\-]{1,40})(?:\*[\w\-]*)?\?([bBqQ])\?([^?\s]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(=\?)")
_LATIN = {
    "",
    "us-ascii",
    "ascii",
    "iso-8859-1",
    "latin-1",
    "latin1",
    "windows-1252",
    "cp1252",
    "iso-8859-15",
}
"""Charsets that programs name without looking; text that is valid UTF-8 then is UTF-8."""
MAX_HEAD = 20_000


def heads(message: Message) -> dict[str, str]:
    """Heads by their small name, decoded; the same head twice is joined by a space."""
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        shown = words(_eight_bit(str(value))[:MAX_HEAD])
        small = name.lower()
        found[small] = f"{found[small]} {shown}"[:MAX_HEAD] if small in found else shown
    return found


def words(value: str) -> str:
    """Encoded words of a head as text, pieces of one letter put together again."""
    joined = _BETWEEN.sub(r"\1\2", value.replace("\r", " ").replace("\n", " "))
    out: list[str] = []
    position, held, charset = 0, b"", ""
    for word in _WORD.finditer(joined):
        between = joined[position : word.start()]
        if held and (between or word[1].lower() != charset):
            out.append(decoded(held, charset))
            held = b""
        out.append(between)
        held, charset = held + _word_bytes(word), word[1].lower()
        position = word.end()
    if held:
        out.append(decoded(held, charset))
    return "".join([*out, joined[position:]])


def decoded(content: bytes, charset: str) -> str:
    """Text in the charset named, or in the one it is plainly in."""
    charset = charset.strip().strip("'\"").lower()
    tries = ["utf-8", charset] if charset in _LATIN else [charset, "utf-8"]
    for name in tries:
        try:
            return content.decode(name or "ascii")
        except (LookupError, ValueError, RecursionError):
            continue
    fallback = "cp1256" if _looks_arabic(content) else "cp1252"
    return content.decode(fallback, "replace")


def text(part: Message) -> str:
    """The text of a part, soft line ends of `format=flowed` joined."""
    said = decoded(content(part), _parameter(part, "charset")).replace("\r\n", "\n")
    if _parameter(part, "format").lower() == "flowed":
        said = re.sub(r"(?m)^(?!-- $)(.*) \n(?!>| ?\n|-- )", r"\1 ", said)
    return said


def content(part: Message) -> bytes:
    try:
        found = part.get_payload(decode=True)
    except Exception:  # e.g. broken uuencoding
        return b""
    return found if isinstance(found, bytes) else b""


def file_name(part: Message) -> str:
    """The name a part gives itself, decoded; empty when it has none."""
    try:
        return words(_eight_bit(part.get_filename("") or ""))[:500]
    except Exception:  # parameters cut up against every rule
        return ""


def _parameter(part: Message, name: str) -> str:
    try:
        found = part.get_param(name, "")
    except Exception:
        return ""
    return str(found[2] if isinstance(found, tuple) else found or "")


def _word_bytes(word: re.Match[str]) -> bytes:
    piece = word[3].encode("utf-8", "replace")
    if word[2] in "qQ":
        return quopri.decodestring(piece.replace(b"_", b" "), header=False)
    try:
        return base64.b64decode(piece + b"=" * (-len(piece) % 4))
    except (binascii.Error, ValueError):
        return b""


def _eight_bit(value: str) -> str:
    """A head with raw bytes in it, which the parser hands over as lone surrogates."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return decoded(value.encode("utf-8", "surrogateescape"), "")
    return value


def _looks_arabic(content: bytes) -> bool:
    """More bytes where windows-1256 has Arabic letters than where French has its accents."""
    letters = sum(
        b in range(0xC1, 0xE0) or b in (0xE1, 0xE3, 0xE4, 0xE5, 0xE6, 0xEC, 0xED) for b in content
    )
    return letters * 4 > len(content)
