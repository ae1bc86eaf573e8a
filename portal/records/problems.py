"""What can be said about a row of a records sheet: the one list of codes.

`docs/reference/records.md` explains each; `portal.records.words` has the sentences.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

CODES = frozenset(
    {
        "required",
        "cell_not_computed",
        "not_a_number",
        "negative",
        "too_large",
        "too_fine",
        "stage_format",
        "stage_unknown",
        "late_format",
        "time_format",
        "source_format",
        "source_unknown",
        "measure_unknown",
        "measure_not_counted",
        "time_too_far",
        "item_too_long",
        "item_reserved",
        "evidence_too_long",
        "person_unknown",
        "name_differs",
        "school_unknown",
        "school_ambiguous",
        "twice_in_file",
        "twice_and_differs",
        "differs_in_item",
        "over_most",
        "own_records",
        "leader_record",
        "own_marks",
        "changed_meanwhile",
        "marks_not_yours",
        "refused_with",
    }
)


@dataclass(frozen=True)
class RowProblem:
    """What is wrong in one column of one row.

    `row` counts data rows from 1, `line` lines of the sheet as a spreadsheet does.
    `params` go into the sentence.
    """

    row: int
    line: int
    column: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with one mark: a code, and what goes into the sentence."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)
