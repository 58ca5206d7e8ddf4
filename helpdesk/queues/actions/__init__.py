"""What is done with contacts: received, offered, taken, handled; and what advisors say of themselves."""

from helpdesk.queues.actions.being import STATES, be, come_back, seen, seen_all, step_out
from helpdesk.queues.actions.handling import begin, end_forgotten, end_talk, extend, release, wrap
from helpdesk.queues.actions.offering import assign, decline, drop_vain
from helpdesk.queues.actions.owing import (
    contact,
    end_row,
    home,
    leave_line,
    left_word,
    met,
    not_met,
    owe,
    put_back,
    settle_row,
)
from helpdesk.queues.actions.receiving import Received, choose_among, choose_queue, receive
from helpdesk.queues.actions.setting import set_closed_words, set_hours, set_targets
from helpdesk.queues.actions.steering import end_pause, pause, serve
from helpdesk.queues.actions.taking import claim, give, pass_on

__all__ = [
    "STATES",
    "Received",
    "assign",
    "be",
    "begin",
    "choose_among",
    "choose_queue",
    "claim",
    "come_back",
    "contact",
    "decline",
    "drop_vain",
    "end_forgotten",
    "end_pause",
    "end_row",
    "end_talk",
    "extend",
    "give",
    "home",
    "leave_line",
    "left_word",
    "met",
    "not_met",
    "owe",
    "pass_on",
    "pause",
    "put_back",
    "receive",
    "release",
    "seen",
    "seen_all",
    "serve",
    "set_closed_words",
    "set_hours",
    "set_targets",
    "settle_row",
    "step_out",
    "wrap",
]  # fmt: skip
