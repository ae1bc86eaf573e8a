"""What the attendance kept in the portal says of a claim (cases.md, case 5).

An absence without leave, or the circular that names it, forfeits the credit; so does
somebody else's coming. Who attended at least so much of the hours is credited with
the hours attended: approved leave costs no more than itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Any

from portal.completions.models import Completion
from portal.credits.codes import Code

SOURCE = "attendance"
"""Whose facts speak of sessions and hours."""

LEAST = Fraction(5, 6)
"""The share of the hours that must be attended, where `least_attendance` is not set."""

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Attended:
    """One person in all events of a workshop; hours are class hours (学时)."""

    hours: Decimal
    missed: Decimal
    absences: int
    """Sessions missed without leave, and circulars that name the person for one."""
    replaced: bool
    """Whether somebody else came in their place."""

    @property
    def share(self) -> Fraction:
        """What of the hours was attended; all of them where there are none."""
        whole = self.hours + self.missed
        return Fraction(self.hours) / Fraction(whole) if whole else Fraction(1)

    def ground(self, least: Fraction) -> Code | None:
        """Why there is no credit; None where attendance is no obstacle."""
        if self.replaced:
            return Code.NOT_THE_REGISTERED_PERSON
        if self.absences:
            return Code.ABSENT_IN_CIRCULAR
        return Code.BELOW_MIN_ATTENDANCE if self.share < least else None

    def credited(self, hours: Decimal, worth: Decimal) -> tuple[Decimal, Decimal]:
        """The hours less those missed, and so much of the credits, cut to a cent."""
        left = max(hours - self.missed, Decimal(0))
        return left, (worth * left / hours).quantize(CENT, ROUND_DOWN)


def attended(facts: Iterable[Completion]) -> Attended | None:
    """What the standing facts of one person say; None where none is of attendance."""
    found = [fact for fact in facts if fact.source == SOURCE]
    if not found:
        return None

    def total(measure: str) -> Decimal:
        amounts = (fact.measures.get(measure, 0) for fact in found)
        return sum((Decimal(str(one)) for one in amounts), Decimal(0))

    return Attended(
        total("class_hours"),
        total("missed_hours"),
        int(total("absent") + total("in_circular")),
        replaced=total("replaced") > 0,
    )


def least_attendance(settings: Mapping[str, Any]) -> Fraction:
    """The county's share: `"least_attendance": "5/6"`, or a decimal."""
    return Fraction(str(settings.get("least_attendance", LEAST)))
