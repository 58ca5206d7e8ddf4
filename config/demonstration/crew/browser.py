"""One browser at the running server, signed in by the demonstration's own entry."""

from typing import Any
from urllib.parse import urlsplit

import requests

PATIENCE = 20
"""Seconds for one page."""


class NoPage(Exception):
    """The server did not answer with the page: it is away, or this person may not see it."""


class Browser:
    """Pages and acts of one person. Every method raises NoPage."""

    def __init__(self, base: str, *, language: str = "fr") -> None:
        self.base, self.language = base.rstrip("/"), language
        self.session = requests.Session()
        self.session.headers["Referer"] = f"{self.base}/"

    def enter(self, role: str, colleague: str = "") -> None:
        """By one click, as on the first page."""
        prefix = "/fr" if self.language == "fr" else ""
        self.page(f"{prefix}/demo/")
        answer = self._ask(
            "POST", f"{prefix}/demo/enter/{role}/", {"colleague": colleague} if colleague else {}
        )
        if answer.status_code != 302 or "/desk/" not in answer.headers.get("Location", ""):
            raise NoPage(f"nobody may enter as {role} {colleague}: is it a demonstration?")

    def page(self, path: str) -> str:
        answer = self._ask("GET", path)
        if answer.status_code != 200:
            raise NoPage(f"{path}: {answer.status_code}")
        return answer.text

    def send(self, path: str, given: dict[str, Any] | None = None) -> int:
        """A form; the status. A redirect is not followed: 302 is done, 422 is shown again."""
        return self._ask("POST", path, given or {}).status_code

    def act(self, path: str, **given: str) -> dict[str, Any] | None:
        """What a page's script asks: the answer, or None when it was refused in words."""
        answer = self._ask("POST", path, given, Accept="application/json")
        if answer.status_code in (404, 409):
            return None
        if answer.status_code != 200:
            raise NoPage(f"{path}: {answer.status_code}")
        found: dict[str, Any] = answer.json()
        return found

    def go(self, path: str, given: dict[str, Any]) -> str:
        """Where a form leads: the path it redirects to, empty when it does not."""
        answer = self._ask("POST", path, given)
        return urlsplit(answer.headers.get("Location", "")).path

    def _ask(
        self, method: str, path: str, given: dict[str, Any] | None = None, **headers: str
    ) -> requests.Response:
        data = None
        if given is not None:
            # Over https the name has a prefix (config/cookies.py); the server is asked by its address alone.
            tokens = [c.value for c in self.session.cookies if c.name.endswith("csrftoken")]
            data = {**given, "csrfmiddlewaretoken": tokens[0] if tokens else ""}
        try:
            answer = self.session.request(
                method, self.base + path, data=data, headers=headers, timeout=PATIENCE,
                allow_redirects=False,
            )  # fmt: skip
        except requests.exceptions.RequestException as broken:
            raise NoPage(f"{path}: {type(broken).__name__}") from broken
        if answer.status_code >= 500:
            raise NoPage(f"{path}: {answer.status_code}")
        return answer
