"""How the REST surface refuses: Twilio's code and HTTP status, in its JSON."""

from typing import Any


class Refusal(Exception):
    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def shown(self) -> dict[str, Any]:
        return {
            "code": self.code, "message": self.message, "status": self.status,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
        }  # fmt: skip


def not_found(path: str) -> Refusal:
    return Refusal(404, 20404, f"The requested resource {path} was not found")


def not_in_progress() -> Refusal:
    return Refusal(400, 21220, "Call is not in-progress. Cannot redirect.")


def held() -> Refusal:
    return Refusal(400, 16027, "Cannot coach a participant that is on hold")


def wrong(name: str, value: str) -> Refusal:
    return Refusal(400, 20001, f"Invalid parameter {name}: {value}")


def missing(name: str) -> Refusal:
    return Refusal(400, 21201, f"No '{name}' is specified")


def too_many() -> Refusal:
    return Refusal(429, 20429, "Too Many Requests")


def unauthorized() -> Refusal:
    return Refusal(401, 20003, "Authenticate")
