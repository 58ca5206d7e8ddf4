"""Where one contact ends and the next begins."""

import pytest

from helpdesk.tickets.contacts import Said, settled
from helpdesk.tickets.rules import Came, Channel, came_choices, reasons_for


def thread(*kinds: str) -> list[Said]:
    """`+line` is the asker's, `line` ours."""
    return [
        Said(number, kind.lstrip("+"), kind.startswith("+"))
        for number, kind in enumerate(kinds, start=1)
    ]


@pytest.mark.parametrize(
    ("kinds", "found"),
    [
        ((), []),
        (("+question",), []),
        (("+question", "claim", "line"), []),
        (("+question", "answer"), [1]),
        (("+question", "answer", "answer"), [1]),
        (("+question", "answer", "+line"), [1]),
        (("+question", "answer", "+line", "answer"), [1, 3]),
        (("+question", "answer", "+rating", "closure"), [1]),
        (("+question", "answer", "+line", "+closure"), [1]),
        (("+question", "answer", "+line", "line", "closure"), [1, 3]),
        (("call",), [1]),
        (("call", "call"), [1, 2]),
        (("+mail", "+closure"), [1]),
        (("+question", "answer", "+closure", "+line", "reopening", "+line", "answer"), [1, 4]),
    ],
)
def test_a_contact_is_from_what_was_asked_until_it_is_settled(
    kinds: tuple[str, ...], found: list[int]
) -> None:
    assert settled(thread(*kinds)) == found


def test_a_chat_counts_once_we_have_spoken_and_does_not_split_at_its_lines() -> None:
    lines = ("+line", "line", "+line", "line", "+line", "line")
    assert settled(thread("+line"), is_chat=True) == []
    assert settled(thread(*lines), is_chat=True) == [1]
    assert settled(thread(*lines, "closure"), is_chat=True) == [1]
    assert settled(thread(*lines, "closure", "+line", "line"), is_chat=True) == [1, 8]
    assert Channel.CHAT == "chat"


def test_every_score_has_reasons_and_every_theme_ways_to_say_no() -> None:
    assert all(len(reasons_for(score)) == 4 for score in range(1, 6))
    for theme in ("", *"ABCDEFGHIZ"):
        choices = came_choices(theme)
        assert len(set(choices)) == len(choices) <= 6
        assert {Came.DONE, Came.NOT_YET, Came.GAVE_UP} <= set(choices)
