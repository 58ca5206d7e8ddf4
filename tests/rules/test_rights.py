"""Who may post whom where, and what each role holds: no database."""

import pytest

from helpdesk.accounts.rules import DESK, NAMES, PERMISSIONS, STAFF, Role, may_post


@pytest.mark.parametrize(
    ("reach", "team", "province", "may"),
    [
        ([(1, "")], 1, "", True),
        ([(1, "")], 1, "07.431", True),
        ([(1, "07.431")], 1, "07.431", True),
        ([(1, "07.431")], 1, "", False),
        ([(1, "07.431")], 1, "07.351", False),
        ([(1, "")], 2, "", False),
        ([(2, "07.351"), (1, "07.431")], 1, "07.431", True),
        ([], 1, "", False),
    ],
)
def test_people_are_posted_only_within_ones_own_reach(reach, team, province, may):
    assert may_post(reach, team, province) is may


def test_every_role_has_a_name_and_a_line():
    assert set(PERMISSIONS) == set(NAMES) == set(Role)


def test_members_hold_nothing_and_staff_something():
    assert {role for role, held in PERMISSIONS.items() if held} == STAFF


def test_who_sets_up_reads_no_content():
    held = set(PERMISSIONS[Role.ADMINISTRATOR]) | set(PERMISSIONS[Role.PARTNER])
    assert not [name for name in held if name.startswith(("tickets.", "associations."))]


def test_only_the_desk_handles_requests():
    handling = {role for role, held in PERMISSIONS.items() if "tickets.handle_ticket" in held}
    assert handling == DESK


def test_nobody_releases_who_cannot_handle():
    for held in PERMISSIONS.values():
        if {"tickets.release_answer", "tickets.seal_ticket", "tickets.read_restricted"} & set(held):
            assert "tickets.handle_ticket" in held
