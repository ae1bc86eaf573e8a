"""What can be said about a row of a roster: the one list of codes.

`docs/reference/roster.md` explains every code to the people who mend rosters and to
the programs that read `portal roster check --json`; a test compares the two lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class RowStatus(StrEnum):
    """What becomes of a row."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    HELD = "held"
    TRANSFER = "transfer"


class Weight(StrEnum):
    """What a problem does to its row; the heaviest decides."""

    REFUSE = "refuse"
    HOLD = "hold"
    TRANSFER = "transfer"
    WARN = "warn"


STATUS_OF: Mapping[Weight, RowStatus] = {
    Weight.REFUSE: RowStatus.REFUSED,
    Weight.HOLD: RowStatus.HELD,
    Weight.TRANSFER: RowStatus.TRANSFER,
    Weight.WARN: RowStatus.ACCEPTED,
}

CODES: Mapping[str, Weight] = {
    "required": Weight.REFUSE,
    "cell_not_computed": Weight.REFUSE,
    "name_format": Weight.REFUSE,
    "id_number_format": Weight.REFUSE,
    "id_15_digits": Weight.REFUSE,
    "id_length": Weight.REFUSE,
    "id_characters": Weight.REFUSE,
    "id_region": Weight.REFUSE,
    "id_birth_date": Weight.REFUSE,
    "id_check_digit": Weight.REFUSE,
    "id_twice_in_file": Weight.REFUSE,
    "id_truncated": Weight.REFUSE,
    "id_maybe_truncated": Weight.HOLD,
    "sex_unknown": Weight.REFUSE,
    "sex_differs_from_id": Weight.REFUSE,
    "birth_date_format": Weight.REFUSE,
    "birth_date_differs_from_id": Weight.REFUSE,
    "mobile_length": Weight.REFUSE,
    "mobile_format": Weight.REFUSE,
    "mobile_not_free": Weight.REFUSE,
    "mobile_twice_in_file": Weight.WARN,
    "mobile_shared": Weight.WARN,
    "email_format": Weight.REFUSE,
    "email_shared": Weight.WARN,
    "holds_more": Weight.WARN,
    "school_unknown": Weight.REFUSE,
    "school_ambiguous": Weight.REFUSE,
    "school_not_yours": Weight.REFUSE,
    "at_another_school": Weight.TRANSFER,
    "stage_unknown": Weight.REFUSE,
    "stage_is_school_kind": Weight.REFUSE,
    "subject_unknown": Weight.REFUSE,
    "degree_unknown": Weight.REFUSE,
    "title_unknown": Weight.REFUSE,
    "tier_unknown": Weight.REFUSE,
}

NOTES = ("half_width", "blanks_removed", "x_raised", "signs_removed", "alias")
"""How a cell was tidied; a note never changes what becomes of a row."""

FILE_CODES = (
    "roster_not_a_spreadsheet",
    "roster_old_format",
    "roster_encrypted",
    "roster_too_large",
    "roster_too_far",
    "roster_too_many_rows",
    "roster_empty",
    "roster_no_rows",
    "roster_csv_encoding",
    "roster_header_missing",
    "roster_header_unknown",
    "roster_header_missing_and_unknown",
    "roster_header_repeated",
)
"""Why a file as a whole is refused (codes of `portal.errors.Invalid`)."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong or doubtful in one column of a row.

    `params` go into the sentence; none of them holds an ID number (V24).
    """

    column: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def weight(self) -> Weight:
        return CODES[self.code]


@dataclass(frozen=True)
class Note:
    """What was done to a cell before it was taken, so that a person can see it.

    `given` and `taken` are empty for an ID number.
    """

    column: str
    code: str
    given: str = ""
    taken: str = ""
