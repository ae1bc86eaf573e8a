"""Who gains and who loses by a new version, in the workshops that use the scheme.

Worked out before it is decided, as a job, for there may be thousands; nothing is
written but the job's result.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session, defer

from portal.completions.reading import facts_among
from portal.jobs.models import Job, JobState
from portal.jobs.registry import job
from portal.jobs.service import enqueue, progress
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.marks import plain
from portal.schemes.models import SchemeVersion
from portal.schemes.scored_by import scored_by
from portal.schemes.service import mark_of, marks_in, rules_of, zone_of
from portal.schemes.versions import document_digest
from portal.workshops.models import Enrolment, Workshop, WorkshopRole, WorkshopState

COMPARE = "schemes.compare"
STEP = 200
"""People between two signs of life."""

MOVING = (WorkshopState.DRAFT, WorkshopState.OPEN)
"""What is closed keeps the version that it was judged by."""


@dataclass(frozen=True)
class Shift:
    """What the new version means for one person."""

    workshop_id: int
    user_id: int
    before: str
    after: str
    gain: str
    qualified_before: bool | None
    qualified_after: bool | None

    @property
    def differs(self) -> bool:
        """Whether the total is another, or whether they qualify."""
        return self.gain != "0" or self.qualified_before != self.qualified_after


@dataclass(frozen=True)
class Comparison:
    """The effect of a version: how many people were looked at, and whom it changes."""

    people: int
    shifts: tuple[Shift, ...]

    def gaining(self) -> list[Shift]:
        """Those with more marks, who gains most first."""
        return sorted(
            (each for each in self.shifts if Decimal(each.gain) > 0),
            key=lambda each: (-Decimal(each.gain), each.workshop_id, each.user_id),
        )

    def losing(self) -> list[Shift]:
        """Those with fewer marks, who loses most first."""
        return sorted(
            (each for each in self.shifts if Decimal(each.gain) < 0),
            key=lambda each: (Decimal(each.gain), each.workshop_id, each.user_id),
        )

    def newly_qualified(self) -> list[Shift]:
        """Those who qualify now and did not."""
        return [s for s in self.shifts if s.qualified_after and not s.qualified_before]

    def no_longer_qualified(self) -> list[Shift]:
        """Those who qualified and do so no more."""
        return [s for s in self.shifts if s.qualified_before and not s.qualified_after]

    def to_json(self) -> dict[str, Any]:
        """As a job keeps it."""
        return {"people": self.people, "shifts": [asdict(each) for each in self.shifts]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Comparison":
        """Take back what `to_json` gave."""
        return cls(data["people"], tuple(Shift(**each) for each in data["shifts"]))


def workshops_behind(session: Session, version: SchemeVersion) -> Sequence[Workshop]:
    """The workshops, not yet closed, that use another version of the scheme.

    A workshop's own scheme never moves for its leaders, who write it.
    """
    others = select(SchemeVersion.id).where(
        SchemeVersion.scheme_id == version.scheme_id, SchemeVersion.id != version.id
    )
    return session.scalars(
        select(Workshop)
        .where(
            Workshop.state.in_(MOVING),
            or_(
                Workshop.scheme_version_id.in_(others),
                Workshop.leader_scheme_version_id.in_(others)
                if version.scheme.workshop_id is None
                else false(),
            ),
        )
        .order_by(Workshop.id)
    ).all()


def ask(session: Session, version: SchemeVersion, *, by: int | None) -> Job:
    """Have the effect of a version worked out; `compared` then has the answer."""
    args = {"version_id": version.id, "digest": document_digest(version.document)}
    waiting = _jobs(session, version, JobState.QUEUED)
    return waiting[0] if waiting else enqueue(session, COMPARE, args, by=by)


def asked(session: Session, version: SchemeVersion) -> Job | None:
    """The newest job about the version as its document stands now."""
    found = _jobs(session, version, *JobState)
    return found[0] if found else None


def compared(job: Job) -> Comparison | None:
    """What a job found, once it is done."""
    done = job.state == JobState.DONE
    return Comparison.from_json(job.result) if done else None


def _jobs(session: Session, version: SchemeVersion, *states: JobState) -> list[Job]:
    digest = document_digest(version.document)
    rows = session.scalars(
        select(Job)
        .where(
            Job.name == COMPARE,
            Job.state.in_(states),
            Job.tenant_id == session.info.get("tenant_id"),
        )
        .order_by(Job.id.desc())
        .options(defer(Job.result))
    )
    wanted = {"version_id": version.id, "digest": digest}
    return [row for row in rows if row.args == wanted]


@job(COMPARE)
def compare(session: Session, *, version_id: int, digest: str) -> Mapping[str, Any]:
    """Work out what a version means for everybody who is scored by the scheme.

    `digest` names the document that was meant: of one that was changed since, the
    answer would be thrown away.
    """
    behind = [
        (workshop.id, user_ids)
        for version in [session.get_one(SchemeVersion, version_id)]
        for workshop in workshops_behind(session, version)
        if (user_ids := people_of(session, workshop, version))
    ]
    total = sum(len(user_ids) for _, user_ids in behind)
    shifts: list[Shift] = []
    for done, workshop_id, user_ids in _steps(behind):
        progress(session, done, total)
        version = session.get_one(SchemeVersion, version_id)
        workshop = session.get_one(Workshop, workshop_id)
        shifts += shifts_in(session, workshop, version, user_ids)
    found = Comparison(total, tuple(each for each in shifts if each.differs))
    return {**found.to_json(), "digest": digest}


def _steps(
    behind: Sequence[tuple[int, list[int]]],
) -> Iterator[tuple[int, int, list[int]]]:
    done = 0
    for workshop_id, user_ids in behind:
        for start in range(0, len(user_ids), STEP):
            step = user_ids[start : start + STEP]
            yield done, workshop_id, step
            done += len(step)


def people_of(
    session: Session, workshop: Workshop, version: SchemeVersion
) -> list[int]:
    """Whom the scheme scores there: its learners, those who lead it, or both."""
    versions = {each.id for each in version.scheme.versions}
    by = scored_by(session, workshop)
    people = set(by.leading) if by.leaders in versions else set()
    if by.learners in versions:
        people |= set(
            session.scalars(
                select(Enrolment.user_id).where(
                    Enrolment.workshop_id == workshop.id,
                    Enrolment.role == WorkshopRole.LEARNER,
                    Enrolment.removed.is_(False),
                )
            )
        )
    return sorted(people)


def shifts_in(
    session: Session,
    workshop: Workshop,
    version: SchemeVersion,
    user_ids: Sequence[int],
) -> list[Shift]:
    """What the version means for these people, whether it changes anything or not."""
    rules, zone = rules_of(version), zone_of(session, workshop.tenant_id)
    _, before = marks_in(session, workshop, user_ids)
    facts = facts_among(session, workshop.id, user_ids)
    found = []
    for user_id in user_ids:
        was = before[user_id]
        now = mark_of(evaluate(rules, facts[user_id], zone=zone))
        found.append(
            Shift(
                workshop_id=workshop.id,
                user_id=user_id,
                before=was.shown,
                after=now.shown,
                gain=plain(now.total - was.total),
                qualified_before=was.qualified,
                qualified_after=now.qualified,
            )
        )
    return found
