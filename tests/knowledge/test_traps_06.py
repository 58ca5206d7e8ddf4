"""What people wrongly believe about branches, unions, status, dissolution, fines and grants."""

import pytest

from tests.knowledge.test_library import SHEETS, about, denies


@pytest.mark.parametrize("topic", ["T06-branches", "T07-federations"])
def test_trap_a_branch_or_a_union_is_declared_not_authorised(topic: str) -> None:
    for lang, words in (("ar", "رخصة|ترخيص|إذن"), ("fr", "autoris|permission|accord préalable")):
        lines = about(words, SHEETS[topic, lang])
        assert lines
        for line in lines:
            assert denies(words, line, lang), line.text


def test_trap_the_circular_on_branches_gets_no_invented_number() -> None:
    for lang, words in (("ar", "دورية"), ("fr", "circulaire")):
        for line in about(words, SHEETS["T06-branches", lang]):
            assert not [sign for sign in line.text if sign.isdigit()], line.text
