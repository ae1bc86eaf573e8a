"""What stands behind the facts of a claim: the works, and who judged them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.credits.models import CreditClaim
from portal.credits.trace import Trace, TracedFact
from portal.permissions import Actor, Permission, visible
from portal.schemes.engine.sheet import Label
from portal.submissions.models import Review, Submission
from portal.workshops.models import Activity


@dataclass(frozen=True)
class Work:
    """A handed-in work behind a fact, its judgements, and whether one may read it.

    Who checks claims at a school does not read what teachers write: they see that it
    was handed in and judged, by whom and when (promises.md §1.2).
    """

    submission: Submission
    readable: bool

    @property
    def reviews(self) -> list[Review]:
        """The judgements that decided something, the latest first."""
        return [one for one in reversed(self.submission.reviews) if one.decision]


@dataclass(frozen=True)
class Shown:
    """A fact behind a claim, once, with the lines of the sheet that count it."""

    traced: TracedFact
    lines: tuple[Label, ...]


def facts_behind(found: Trace) -> list[Shown]:
    """Every fact of the evidence once, in the order in which things happened."""
    facts = {one.fact.id: one for line in found.lines for one in line.facts}
    return [
        Shown(
            one,
            tuple(
                line.title
                for line in found.lines
                if not line.is_part and one in line.facts
            ),
        )
        for one in sorted(facts.values(), key=lambda one: one.fact.occurred_at)
    ]


Works = Mapping[tuple[int, str], Work]
"""By activity and key, as facts name them."""


def works_behind(
    session: Session, actor: Actor, claim: CreditClaim, found: Trace
) -> Works:
    """The works behind the facts of a claim, as far as they are works."""
    activities = {one.fact.activity_id for line in found.lines for one in line.facts}
    if not activities:
        return {}
    rows = session.scalars(
        select(Submission)
        .where(
            Submission.user_id == claim.user_id,
            Submission.activity_id.in_(activities),
            Submission.handed_in_at.is_not(None),
        )
        .options(selectinload(Submission.reviews).joinedload(Review.reviewer))
    ).all()
    readable = set(
        session.scalars(
            visible(actor, Submission, Permission.READ_SUBMISSIONS)
            .where(Submission.id.in_([row.id for row in rows]))
            .with_only_columns(Submission.id)
        )
    )
    return {
        (row.activity_id, row.slot_key): Work(row, row.id in readable) for row in rows
    }


def activities_behind(
    session: Session, actor: Actor, found: Trace
) -> Mapping[int, Activity]:
    """The activities in which the facts came about that this person may open."""
    ids = {one.fact.activity_id for line in found.lines for one in line.facts}
    rows = session.scalars(
        visible(actor, Activity)
        .where(Activity.id.in_(ids))
        .options(joinedload(Activity.workshop))
    )
    return {row.id: row for row in rows}
