"""What is done with calls: they arrive, are taken, held, passed on, ended and written down."""

from telephony.actions.beginning import was_opened_by
from telephony.actions.calling import (
    Caller,
    arrive,
    ask_call_back,
    leave_page,
    left_message,
    missed,
    seen,
)
from telephony.actions.desk_line import answer_telephone, centre_of, give_paper, hang_up
from telephony.actions.listening import LISTENING, listen
from telephony.actions.noting import Source, note
from telephony.actions.passing import accept, consult, give_back, hand_over, take_back
from telephony.actions.taking import (
    CallerGone,
    InCall,
    answer,
    end,
    in_call,
    joined,
    set_hold,
    set_mute,
)
from telephony.actions.wrapping import Wrapup, put_off, rest, work_on, wrap_up

__all__ = [
    "LISTENING",
    "Caller",
    "CallerGone",
    "InCall",
    "Source",
    "Wrapup",
    "accept",
    "answer",
    "answer_telephone",
    "arrive",
    "ask_call_back",
    "centre_of",
    "consult",
    "end",
    "give_back",
    "give_paper",
    "hand_over",
    "hang_up",
    "in_call",
    "joined",
    "leave_page",
    "left_message",
    "listen",
    "missed",
    "note",
    "put_off",
    "rest",
    "seen",
    "set_hold",
    "set_mute",
    "take_back",
    "was_opened_by",
    "work_on",
    "wrap_up",
]  # fmt: skip
