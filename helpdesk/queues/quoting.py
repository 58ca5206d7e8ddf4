"""The words of a mail: HTML as plain text, and a reply without what it quotes. Pure functions."""

import html
import re

MAX_HTML = 1024 * 1024
_BLOCKS = {
    "p", "div", "br", "li", "ul", "ol", "tr", "table", "blockquote", "h1", "h2", "h3", "h4", "pre", "hr",
}  # fmt: skip
_HIDDEN = {"script", "style", "title", "noscript", "template", "svg", "math", "object", "iframe"}
_TAG = re.compile(r"<([/!?]?)([a-z][a-z0-9]*)[^<>]*>", re.IGNORECASE)

_WROTE = re.compile(
    r"^\W{0,4}(?:(?:on|le|el|am)\b.{5,200}(?:wrote|a écrit|escribió|schrieb)\s*:"
    r"|(?:في|بتاريخ|يوم).{5,200}كتب.{0,80}:"
    r"|.{0,120}<[^<>\s]+@[^<>\s]+>.{0,40}(?:wrote|a écrit|كتب)\s*:)\s*$",
    re.IGNORECASE,
)
"""The head that mail programs put over what they quote."""
_DIVIDER = re.compile(
    r"^\s*-{2,}\s*(?:original message|message d.origine|message original|الرسالة الأصلية"
    r"|forwarded message|message transféré)\s*-{2,}\s*$",
    re.IGNORECASE,
)
_OUTLOOK = re.compile(r"^\W{0,4}(?:from|de|من)\W{0,3}:\s*\S", re.IGNORECASE)
_OUTLOOK_NEXT = re.compile(
    r"^\W{0,4}(?:sent|date|to|subject|envoyé|à|objet|تاريخ|أرسلت|إلى|الموضوع)\b.{0,20}:",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^-- ?$")


def text_of_html(page: str) -> str:
    """The text that a reader sees, quoted blocks with `> ` before their lines.

    One pass, whatever the nesting: parsers that build the tree take minutes for a deep megabyte.
    The result is plain text; nothing relies on it being free of markup.
    """
    page = _without_comments(page[:MAX_HTML])
    lines, depth, position, hidden = [""], 0, 0, ""
    for tag in _TAG.finditer(page):
        name, closes = tag[2].lower(), bool(tag[1])
        if not hidden:
            lines[-1] += _flat(page[position : tag.start()])
        position = tag.end()
        if hidden:
            hidden = "" if closes and name == hidden else hidden
        elif name in _HIDDEN and not closes:
            hidden = name
        elif name in _BLOCKS:
            if name == "blockquote":
                depth = max(depth + (-1 if closes else 1), 0)
            lines.append("> " if depth else "")
    if not hidden:
        lines[-1] += _flat(page[position:])
    return _few_empty("\n".join(line.strip() for line in lines))


def _without_comments(page: str) -> str:
    first, *rest = page.split("<!--")
    return first + "".join(piece.partition("-->")[2] for piece in rest)


def without_quotes(text: str) -> str:
    """A reply as its writer wrote it: what they answer to and their signature are cut off.

    Words between quoted lines stay. When nothing is left, the whole text stays.
    """
    lines = text.split("\n")
    end = next((i for i in range(len(lines)) if _cut_here(lines, i)), len(lines))
    kept = [line for line in _without_heads(lines[:end]) if not line.lstrip().startswith(">")]
    cut = _few_empty("\n".join(kept))
    return cut or _few_empty("\n".join(line.lstrip("> ") for line in lines))


def without_signature(text: str) -> str:
    """Cut at the line `-- ` that mail programs put before a signature."""
    lines = text.split("\n")
    end = next((i for i, line in enumerate(lines) if i and _SIGNATURE.match(line)), len(lines))
    return _few_empty("\n".join(lines[:end]))


def _cut_here(lines: list[str], i: int) -> bool:
    """From this line on, everything is quoted or a signature.

    A head counts only with a mail address in it or quoted lines after it: people also write
    "on Monday the caïd wrote:" and go on in their own words.
    """
    line = lines[i]
    if len(line) > 400:
        return False
    if _DIVIDER.match(line) or (i and _SIGNATURE.match(line)):
        return True
    if _OUTLOOK.match(line) and "@" in line:
        return any(_OUTLOOK_NEXT.match(later) for later in lines[i + 1 : i + 4])
    head = " ".join(lines[i : i + 2])[:400]  # programs break a long head over two lines
    if not (line.strip() and (_WROTE.match(line) or _WROTE.match(head))):
        return False
    rest = [later.lstrip() for later in lines[i + 1 :] if later.strip()]
    if not any(later.startswith(">") for later in rest):
        return "@" in head
    return all(later.startswith(">") for later in rest[1:])


def _without_heads(lines: list[str]) -> list[str]:
    """Without the heads whose quoted lines stand under them."""
    return [
        line
        for i, line in enumerate(lines)
        if not (
            len(line) <= 400
            and _WROTE.match(line)
            and next((x for x in lines[i + 1 : i + 3] if x.strip()), "").lstrip().startswith(">")
        )
    ]


def _flat(piece: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(piece))


def _few_empty(text: str) -> str:
    return re.sub(r"\n[ \t]*\n(?:[ \t]*\n)+", "\n\n", text).strip()
