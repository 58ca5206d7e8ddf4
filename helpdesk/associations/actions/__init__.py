"""What changes about who asks: persons, associations, mandates, consents, deadlines."""

from helpdesk.associations.actions.consents import give_consent, withdraw_consent
from helpdesk.associations.actions.deadlines import (
    drop,
    meet,
    move_mandate_end,
    note_call,
    note_told,
    pass_deadline,
    start_deadline,
)
from helpdesk.associations.actions.finding import (
    appoint,
    association_for,
    being_founded,
    by_number,
    known_association,
    person_for,
)
from helpdesk.associations.actions.merging import NotOne, merge_persons, part_persons
from helpdesk.associations.actions.naming import write_name_words
from helpdesk.associations.actions.stages import change_stage
from helpdesk.associations.actions.writing import (
    CHANGEABLE,
    OF_PERSON,
    add_association,
    add_phone,
    change_association,
    change_person,
    end_mandate,
    hold_office,
    in_formation,
)

__all__ = [
    "CHANGEABLE",
    "OF_PERSON",
    "NotOne",
    "add_association",
    "add_phone",
    "appoint",
    "association_for",
    "being_founded",
    "by_number",
    "change_association",
    "change_person",
    "change_stage",
    "drop",
    "end_mandate",
    "give_consent",
    "hold_office",
    "in_formation",
    "known_association",
    "meet",
    "merge_persons",
    "move_mandate_end",
    "note_call",
    "note_told",
    "part_persons",
    "pass_deadline",
    "person_for",
    "start_deadline",
    "withdraw_consent",
    "write_name_words",
]
