"""What a circular would say: worked out from the marks each time it is asked."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.api import ActivityContext, OrganisationRef, PersonRef
from portal_attendance.marks import marks_of
from portal_attendance.models import Mark, Session, Standing
from portal_attendance.roll import is_guest, roll
from portal_attendance.sessions import sessions_of
from portal_attendance.signing import visitors


class Matter(StrEnum):
    """What a circular says of a person in a session."""

    ABSENT = "absent"
    REPLACED = "replaced"
    """Absent, and somebody else came in their place."""
    LATE = "late"
    EARLY = "early"
    LATE_AND_EARLY = "late_and_early"
    VISITOR = "visitor"
    """Came and was not on the list."""


ABSENT = (Matter.ABSENT, Matter.REPLACED)
"""Who is named so is barred where a rule reads `in_circular`.

The sources' circular is of training missed (通报缺训, features F047, N01), and case 5
refuses credit for absence alone. Who came late or left early is named as well, and
schemes that count it take the measures `arrived_late` and `left_early`: S14 takes half
of an absence for it.
"""

_MATTERS = {
    Standing.ABSENT: Matter.ABSENT,
    Standing.LATE: Matter.LATE,
    Standing.EARLY: Matter.EARLY,
    Standing.LATE_AND_EARLY: Matter.LATE_AND_EARLY,
}


@dataclass(frozen=True)
class Line:
    """One person in one session, to be named."""

    person: PersonRef
    school: OrganisationRef | None
    session: Session
    matter: Matter
    revision: int = 0
    said: str = ""
    """Why a sign-in was refused: for who decides whether somebody else came."""

    @property
    def key(self) -> str:
        """Names the line in a form."""
        return f"{self.session.id}-{self.person.id}"


@dataclass(frozen=True)
class Draft:
    """What the marks say now: whom to name, and how the schools stand."""

    sessions: Sequence[Session]
    lines: Sequence[Line]
    schools: Sequence[Mapping[str, Any]]


def settled_sessions(ctx: ActivityContext) -> Sequence[Session]:
    """The sessions whose list is complete: of others nothing can be published."""
    return [one for one in sessions_of(ctx) if one.settled_at is not None]


def draft(ctx: ActivityContext, session_ids: Collection[int]) -> Draft:
    """What is to be said of these sessions, as far as their lists are complete."""
    sessions = [one for one in settled_sessions(ctx) if one.id in session_ids]
    by_id = {one.id: one for one in sessions}
    marks = marks_of(ctx, sessions)
    refused = _refused(ctx, by_id)
    people = _people(ctx, {user for _, user in marks} | {user for _, user in refused})
    profiles = ctx.profiles(list(people.values()))
    schools = {
        number: profiles[number].school if number in profiles else None
        for number in people
    }
    lines = [
        Line(
            people[user],
            schools[user],
            by_id[session],
            _MATTERS[Standing(mark.standing)],
            mark.revision,
            refused.get((session, user), ""),
        )
        for (session, user), mark in marks.items()
        if Standing(mark.standing) in _MATTERS
    ]
    lines += [
        Line(people[user], schools[user], by_id[session], Matter.VISITOR, said=said)
        for (session, user), said in refused.items()
        if (session, user) not in marks
    ]
    order = list(Matter)
    lines.sort(key=lambda line: (line.session.starts_at, order.index(line.matter)))
    return Draft(sessions, lines, _by_school(marks, schools))


def _refused(
    ctx: ActivityContext, sessions: Mapping[int, Session]
) -> dict[tuple[int, int], str]:
    """Who came for somebody else or was not on the list, and what was said of it.

    Staff and officers who signed in, to try it out, are nobody to be named.
    """
    return {
        (row.session_id, row.user_id): row.reason
        for row in visitors(ctx)
        if row.session_id in sessions
        if row.listed or is_guest(ctx, PersonRef(row.user_id, ""))
    }


def _people(ctx: ActivityContext, user_ids: set[int]) -> dict[int, PersonRef]:
    known = {person.id: person for person in roll(ctx)}
    return {
        number: known.get(number) or ctx.of(PersonRef(number, "")).user
        for number in sorted(user_ids)
    }


def _by_school(
    marks: Mapping[tuple[int, int], Mark],
    schools: Mapping[int, OrganisationRef | None],
) -> Sequence[Mapping[str, Any]]:
    """How often people of each school were due, there, away, on leave: 人次 and 人数.

    Person-times and persons have columns of their own (feature F055).
    """
    counts: dict[tuple[int, str], dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(
            ("due", "attended", "absent", "late", "early", "on_leave"), 0
        )
    )
    away: dict[tuple[int, str], set[int]] = defaultdict(set)
    for (_, user), mark in marks.items():
        school = schools[user]
        key = (school.id, school.name) if school else (0, "")
        standing, found = Standing(mark.standing), counts[key]
        found["due"] += 1
        found["attended"] += standing.attended
        found["absent"] += standing is Standing.ABSENT
        found["late"] += standing.arrived_late
        found["early"] += standing.left_early
        found["on_leave"] += standing is Standing.ON_LEAVE
        if standing is Standing.ON_LEAVE:
            away[key].add(user)
    return [
        {"id": key[0], "name": key[1], **found, "people_on_leave": len(away[key])}
        for key, found in sorted(counts.items(), key=lambda one: one[0][1])
    ]
