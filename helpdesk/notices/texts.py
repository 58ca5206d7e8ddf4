"""The words of a notice: `templates/notices/<kind>.<ar|fr>.txt`, three parts between lines of `---`.

First the subject line of a mail, then its text, then the short text of an SMS. Whatever people
typed enters a text cleaned and between isolates; addresses of ours stand on lines of their own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from helpdesk.centre.face import homes
from helpdesk.centre.lines import clean_line, isolated, isolated_ltr
from helpdesk.centre.wording import reader_language

PART = re.compile(r"^---\s*$", re.MULTILINE)
LEFT_TO_RIGHT = {"reference", "number", "time"}
"""Names of a context whose values read from the left in any line."""
LINKS = {"link", "code_link"}
"""Pages of ours: no isolate, which mail programs would take for a part of the address."""
PRIVATE_LEFT_OUT = ("subject", "titles", "name", "association")
"""What a mail about a restricted or sealed ticket does not say."""


@dataclass(frozen=True)
class Words:
    """What goes out: `subject` is empty where the channel has none."""

    subject: str
    text: str


def words(kind: str, *, channel: str, language: str, context: Mapping[str, Any]) -> Words:
    """Render a notice. `private=True` in the context leaves out everything but the link."""
    language = reader_language(language)
    values = dict(context)
    if values.get("private"):
        values = {k: v for k, v in values.items() if k not in PRIVATE_LEFT_OUT}
    ready = {name: _ready(name, value) for name, value in values.items()}
    with translation.override(language):
        rendered = render_to_string(f"notices/{kind}.{language}.txt", ready)
    subject, letter, short = (part.strip() for part in PART.split(rendered, 2))
    if channel == "email":
        return Words(" ".join(subject.split())[:200], _tidy(letter))
    return Words("", " ".join(short.split()))


def _ready(name: str, value: Any) -> Any:
    """A value as templates take it: plain text is not HTML, so nothing is escaped here."""
    if isinstance(value, str) and name in LINKS:
        return mark_safe(clean_line(value, limit=500))
    if isinstance(value, str):
        line = clean_line(value, limit=120)
        if not line:
            return ""
        return mark_safe((isolated_ltr if name in LEFT_TO_RIGHT else isolated)(line))
    if isinstance(value, list | tuple):
        return [_ready(name, item) for item in value]
    if isinstance(value, date | int | float | bool) or value is None:
        return value
    return _ready(name, str(value))


def _tidy(text: str) -> str:
    """No trailing spaces, never more than one empty line: templates leave both behind."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def paragraphs(text: str) -> SafeString:
    """A notice's text as HTML: paragraphs, line ends, and links to this installation only.

    A link in anything else of the text stays text: nobody can send out links in our name.
    """
    blocks = [block for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
    return mark_safe("".join(f"<p>{_linked(block)}</p>" for block in blocks))


def isolates(text: str) -> SafeString:
    """One line as HTML, its isolates as elements: so a page can keep a reference on one line."""
    escaped = str(conditional_escape(text))
    marked = re.sub("\u2066([^\u2066-\u2069]*)\u2069", r'<bdi dir="ltr">\1</bdi>', escaped)
    return mark_safe(re.sub("\u2068([^\u2066-\u2069]*)\u2069", r"<bdi>\1</bdi>", marked))


def _linked(block: str) -> str:
    names = "|".join(re.escape(home) for home in sorted(homes()))
    ours = re.compile(rf"((?:{names})/[^\s\u2066-\u2069<>\"]*)")
    pieces = ours.split(block)
    return "".join(
        format_html('<a href="{}" dir="ltr">{}</a>', piece, piece)
        if index % 2
        else isolates(piece).replace("\n", "<br>")
        for index, piece in enumerate(pieces)
    )


def as_html(*, text: str, subject: str, language: str) -> str:
    """The HTML side of a mail: direction and language said, no style, no picture, no outside host."""
    return render_to_string(
        "notices/letter.html",
        {
            "body": paragraphs(text), "subject": subject, "language": language,
            "direction": "ltr" if language == "fr" else "rtl",
        },
    )  # fmt: skip
