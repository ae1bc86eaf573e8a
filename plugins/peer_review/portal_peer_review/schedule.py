"""The dates of a peer review, and the phase that they make it be in. Pure.

Dates alone drive the phases, nobody switches them (wants.md, 3 and 4). A date is
given as a day and means the end of that day. One that lies outside the activity's own
time or out of order, as after copying a workshop, is left out.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from portal.api import Settings, Span


class Phase(StrEnum):
    """Where a peer review stands."""

    COMING = "coming"
    SUBMISSION = "submission"
    BETWEEN = "between"
    """Works are in and given out, the assessment has not begun."""
    ASSESSMENT = "assessment"
    EVALUATION = "evaluation"
    """Assessments are in, the results are not out."""
    CLOSED = "closed"


@dataclass(frozen=True)
class Schedule:
    """All dates of one activity, in aware UTC; a phase lasts `[from, until)`."""

    opens: datetime
    submit_until: datetime
    late_until: datetime
    """Until when a late work is taken; `submit_until` where none is."""
    assess_from: datetime
    assess_until: datetime
    results_at: datetime

    def phase(self, now: datetime) -> Phase:
        """The phase at this time."""
        if now < self.opens:
            return Phase.COMING
        if now < self.submit_until:
            return Phase.SUBMISSION
        if now < self.assess_from:
            return Phase.BETWEEN
        if now < self.assess_until:
            return Phase.ASSESSMENT
        return Phase.EVALUATION if now < self.results_at else Phase.CLOSED


def schedule(settings: Settings, span: Span) -> Schedule:
    """The dates that the settings make in the time of the activity.

    Without any, works are taken for half the time and assessed in the other half, and
    the results are out when the assessment ends.
    """
    submit = _end_of_day(settings, "submit_until", span)
    if submit is None or not span.starts < submit < span.ends:
        submit = _half(span)
    begin = _end_of_day(settings, "assess_after", span)
    if begin is None or not submit <= begin < span.ends:
        begin = submit
    end = _end_of_day(settings, "assess_until", span)
    if end is None or not begin < end <= span.ends:
        end = span.ends
    results = _end_of_day(settings, "results_after", span)
    if results is None or results < end:
        results = end
    late = submit + timedelta(days=settings.get("late_days") or 0)
    return Schedule(span.starts, submit, min(late, end), begin, end, results)


def _end_of_day(settings: Settings, name: str, span: Span) -> datetime | None:
    try:
        day = date.fromisoformat(settings.get(name) or "")
    except ValueError:
        return None
    return datetime.combine(day + timedelta(days=1), time.min, span.zone)


def _half(span: Span) -> datetime:
    """The midnight before half of the time, or half of it where that is too short."""
    half = span.starts + (span.ends - span.starts) / 2
    night = datetime.combine(half.astimezone(span.zone).date(), time.min, span.zone)
    return night if night > span.starts else half
