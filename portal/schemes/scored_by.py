"""Which version scores whom in a workshop: its learners, and those who lead it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.workshops.models import Enrolment, Workshop, WorkshopRole

LEADING = (
    WorkshopRole.WORKSHOP_LEADER,
    WorkshopRole.GROUP_LEADER,
    WorkshopRole.TUTOR,
)


@dataclass(frozen=True)
class ScoredBy:
    """The versions of a workshop, and who is scored as a leader."""

    learners: int | None
    leaders: int | None
    leading: frozenset[int] = frozenset()

    def version_of(self, user_id: int) -> int | None:
        """The id of the version that scores this person, if one does."""
        return self.leaders if user_id in self.leading else self.learners

    def parted(self, user_ids: Collection[int]) -> Iterator[tuple[int, list[int]]]:
        """Each version with those of these people whom it scores."""
        leading = [each for each in user_ids if each in self.leading]
        learning = [each for each in user_ids if each not in self.leading]
        if self.learners is not None:
            yield self.learners, learning
        if self.leaders is not None and leading:
            yield self.leaders, leading


def scored_by(session: Session, workshop: Workshop) -> ScoredBy:
    """Who is scored by what.

    Without a scheme for leaders everybody is scored as a learner. A leader who learns
    in the workshop, too, is scored as a learner, for their credit hangs on that.
    """
    learners, leaders = workshop.scheme_version_id, workshop.leader_scheme_version_id
    if leaders is None:
        return ScoredBy(learners, None)
    roles = session.execute(
        select(Enrolment.user_id, Enrolment.role).where(
            Enrolment.workshop_id == workshop.id,
            Enrolment.role.in_([WorkshopRole.LEARNER, *LEADING]),
            Enrolment.removed.is_(False),
        )
    ).all()
    learning = {user_id for user_id, role in roles if role == WorkshopRole.LEARNER}
    leading = {user_id for user_id, role in roles if role != WorkshopRole.LEARNER}
    return ScoredBy(learners, leaders, frozenset(leading - learning))
