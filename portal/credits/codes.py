"""Why credit is not given: the codes of the worked cases (cases.md, case 5)."""

from collections.abc import Mapping
from enum import StrEnum

from portal.credits.models import CreditCategory


class Code(StrEnum):
    """What is missing or wrong; worded in `portal.credits.words`."""

    # found by the rules
    MISSING_SCHEME = "MISSING_SCHEME"
    MISSING_THEME = "MISSING_THEME"
    MISSING_LECTURER = "MISSING_LECTURER"
    MISSING_PLACE = "MISSING_PLACE"
    NO_EVIDENCE = "NO_EVIDENCE"
    NOT_QUALIFIED = "NOT_QUALIFIED"
    DUPLICATE_EVENT = "DUPLICATE_EVENT"
    # found by people, until attendance is kept in the portal
    BELOW_MIN_ATTENDANCE = "BELOW_MIN_ATTENDANCE"
    ABSENT_IN_CIRCULAR = "ABSENT_IN_CIRCULAR"
    NOT_THE_REGISTERED_PERSON = "NOT_THE_REGISTERED_PERSON"
    OTHER = "OTHER"


BY_PEOPLE = (
    Code.NO_EVIDENCE,
    Code.BELOW_MIN_ATTENDANCE,
    Code.ABSENT_IN_CIRCULAR,
    Code.NOT_THE_REGISTERED_PERSON,
    Code.DUPLICATE_EVENT,
    Code.OTHER,
)
"""The grounds on which an officer may refuse a claim."""

REQUIRED: Mapping[CreditCategory, tuple[Code, ...]] = {
    CreditCategory.SCHOOL_BASED: (
        Code.MISSING_THEME,
        Code.MISSING_LECTURER,
        Code.MISSING_PLACE,
    ),
    CreditCategory.GROUP: (Code.MISSING_LECTURER, Code.MISSING_PLACE),
}
"""What must be said of the training itself before it can be credited (F117)."""
