"""Where the tiny server lives, and how a document begins and ends."""

BASE = "https://centre.example"


def twiml(inside: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'
