"""The forms of a page, each with what a browser would send if nothing were touched."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    """Of radio buttons and lists: every value that may be sent."""


def read(page: str) -> dict[str, Form]:
    """By their ids; those without one by their address."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, Form] = {}
        self._here = ""
        self._list = self._area = ""
        """Names of the list and of the text area that are open."""
        self._of = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attributes}
        if tag == "form":
            action = told.get("action", "")
            self._here = told.get("id") or action
            self._form(self._here).action = action
            return
        form, name = self._form(told.get("form") or self._here), told.get("name", "")
        if tag == "option" and self._list:
            value = told.get("value", "")
            form = self._form(self._of)
            form.choices.setdefault(self._list, []).append(value)
            if "selected" in told or self._list not in form.fields:
                form.fields[self._list] = value
        elif not name:
            return
        elif tag == "input":
            self._input(form, name, told)
        elif tag in ("select", "textarea"):
            self._list, self._area = (name, "") if tag == "select" else ("", name)
            self._of = told.get("form") or self._here
            if tag == "textarea":
                form.fields[name] = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            fields = self._form(self._of).fields
            fields[self._area] = (fields[self._area] + data).removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._here = ""
        elif tag == "select":
            self._list = ""
        elif tag == "textarea":
            self._area = ""

    def _form(self, name: str) -> Form:
        return self.forms.setdefault(name, Form(""))

    @staticmethod
    def _input(form: Form, name: str, told: dict[str, str]) -> None:
        kind, value = told.get("type", "text"), told.get("value", "")
        marked = told.get("value", "on")
        if kind in ("submit", "button", "file", "image", "reset"):
            return
        if kind in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(marked)
            if "checked" in told:
                form.fields[name] = marked
            return
        form.fields[name] = value
