"""Who sees and judges what people hand in.

The author always; a leader what was handed in, within the groups they lead, judging
it until the workshop is archived; an officer of the workshop's branch who may read;
somebody it was assigned to, and an expert nothing else. A draft is its author's alone
(promises.md §1.2), and nobody judges their own text.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, false, literal, or_, select, true
from sqlalchemy.orm import Session, aliased, object_session

from portal.activity import Purpose, SubmissionState
from portal.files.models import StoredFile
from portal.files.rules import reached_by
from portal.organisations.models import Organisation
from portal.permissions import Actor, Permission, register
from portal.submissions.models import Assignment, Submission, SubmissionFile
from portal.workshops.models import Activity, Enrolment, Workshop, WorkshopRole
from portal.workshops.rules import states_for

P = Permission

_JUDGING = frozenset({P.REVIEW, P.DECIDE_HELD, P.GIVE_MARKS})
_OPEN_TO_ASSIGNED = frozenset({P.VIEW, P.READ_SUBMISSIONS})
ON_THE_DESK = (Purpose.GUIDANCE, Purpose.MARK)
"""What is judged on the portal's own desk; other purposes are the plugins' own."""


class SubmissionRule:
    """One predicate answers for lists and for a row in hand."""

    def where(self, actor: Actor, permission: Permission) -> ColumnElement[bool]:
        """The submissions with which `actor` may do this."""
        handed_in = Submission.handed_in_at.is_not(None)
        reading = P.READ_SUBMISSIONS if permission is P.VIEW else permission
        given = and_(handed_in, or_(_led(actor, reading), _assigned(actor, permission)))
        mine = Submission.user_id == actor.user_id
        if permission in _JUDGING:
            return and_(~mine, given)
        if permission is P.PARTICIPATE:
            return mine
        return or_(mine, given)

    def allows(self, actor: Actor, permission: Permission, row: Submission) -> bool:
        """The same question about one submission, put to the database."""
        session = object_session(row)
        assert session is not None
        found = select(literal(1)).where(
            Submission.id == row.id, self.where(actor, permission)
        )
        return session.scalar(found) is not None


def _led(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """Work in the workshops, groups and branches where the permission is held.

    Who may judge and not read, as an expert, judges what was assigned.
    """
    needed = {P.VIEW, P.READ_SUBMISSIONS, permission}
    seeing = [g for g in actor.grants if needed <= g.permissions]
    workshops = {g.workshop_id for g in seeing if g.group_id is None} - {None}
    groups = {g.group_id for g in seeing} - {None}
    branches = [g.branch for g in seeing if g.branch]
    ways: list[ColumnElement[bool]] = [false()]
    if workshops:
        ways.append(Activity.workshop_id.in_(sorted(filter(None, workshops))))
    if groups:
        ways.append(
            exists()
            .where(
                Enrolment.workshop_id == Activity.workshop_id,
                Enrolment.user_id == Submission.user_id,
                Enrolment.role == WorkshopRole.LEARNER,
                Enrolment.group_id.in_(sorted(filter(None, groups))),
            )
            # Not left to itself: it would take up another `submission` of its own,
            # and a group leader would reach every text of the county.
            .correlate_except(Enrolment)
        )
    for branch in branches:
        ways.append(
            exists()
            .where(
                Organisation.id == Workshop.organisation_id,
                Organisation.path.startswith(branch, autoescape=True),
            )
            .correlate_except(Organisation)
        )
    # A query that joins activities itself must not take this one's table away.
    within = exists().where(
        Activity.id == Submission.activity_id,
        Workshop.id == Activity.workshop_id,
        Workshop.state.in_(sorted(states_for(permission))),
        or_(*ways),
    )
    return within.correlate_except(Activity, Workshop)


def _assigned(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """Work that was given to the person, as far as the portal's own pages open it.

    Under an alias the author is hidden, and our pages would name them: but for the
    desk, which guides and marks under the alias. Other purposes are the plugins' own.
    """
    if permission in _OPEN_TO_ASSIGNED:
        return _given(actor, Assignment.alias == "")
    if permission is P.REVIEW:
        return and_(_given(actor, _on_the_desk()), _workshop_takes(permission))
    return false()


def _given(actor: Actor, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    given = exists().where(
        Assignment.submission_id == Submission.id,
        Assignment.reviewer_id == actor.user_id,
        Assignment.void_reason == "",
        *conditions,
    )
    # A query of assignments must not take this one's table away.
    return given.correlate_except(Assignment)


def _on_the_desk() -> ColumnElement[bool]:
    return Assignment.purpose.in_([str(purpose) for purpose in ON_THE_DESK])


def _workshop_takes(permission: Permission) -> ColumnElement[bool]:
    within = exists().where(
        Activity.id == Submission.activity_id,
        Workshop.id == Activity.workshop_id,
        Workshop.state.in_(sorted(states_for(permission))),
    )
    return within.correlate_except(Activity, Workshop)


_rule = SubmissionRule()
register(Submission, _rule)


def _leads(actor: Actor) -> ColumnElement[bool]:
    """The handed-in work of others that the person judges without assignment."""
    return and_(
        Submission.handed_in_at.is_not(None),
        Submission.user_id != actor.user_id,
        _led(actor, P.REVIEW),
    )


@dataclass(frozen=True)
class Rights:
    """What a person may say of one work."""

    leads: bool
    """They judge it without having been given it."""
    decides: bool
    given: Sequence[Assignment]
    """What they were given of it to guide or to mark."""


def rights(session: Session, actor: Actor, row: Submission) -> Rights:
    """All of it in one query."""
    mine = and_(
        Assignment.submission_id == Submission.id,
        Assignment.reviewer_id == actor.user_id,
        Assignment.void_reason == "",
        _on_the_desk(),
    )
    found = session.execute(
        select(_leads(actor), _rule.where(actor, P.DECIDE_HELD), Assignment)
        .select_from(Submission)
        .outerjoin(Assignment, mine)
        .where(Submission.id == row.id)
        .order_by(Assignment.id)
    ).all()
    given = [one[2] for one in found if one[2] is not None]
    return Rights(bool(found[0][0]), bool(found[0][1]), given)


def _owed(
    purpose: Purpose | None = None, actor: Actor | None = None
) -> ColumnElement[bool]:
    """Whether somebody, or the person, still has to guide or to mark the work."""
    other = aliased(Assignment)
    return exists().where(
        other.submission_id == Submission.id,
        other.void_reason == "",
        other.settled_at.is_(None),
        other.purpose == purpose
        if purpose
        else other.purpose.in_([str(one) for one in ON_THE_DESK]),
        other.reviewer_id == actor.user_id if actor else true(),
    )


JUDGED_ELSEWHERE: set[str] = set()
"""The types whose works do not wait for a leader: the people there judge them."""


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """The texts that wait for `actor`.

    First for who guides them, then for who marks them; for a leader where nobody was
    asked to, and held ones only for who decides them.
    """
    guiding = _owed(Purpose.GUIDANCE, actor)
    marking = and_(_owed(Purpose.MARK, actor), ~_owed(Purpose.GUIDANCE))
    asked = and_(_rule.where(actor, P.REVIEW), or_(guiding, marking))
    elsewhere = Submission.activity_id.in_(
        select(Activity.id).where(Activity.type.in_(sorted(JUDGED_ELSEWHERE)))
    )
    leading = and_(_leads(actor), ~_owed(), ~elsewhere)
    return or_(
        and_(Submission.state == SubmissionState.HANDED_IN, or_(asked, leading)),
        and_(
            Submission.state == SubmissionState.HELD, _rule.where(actor, P.DECIDE_HELD)
        ),
    )


@reached_by
def files_of_readable_work(actor: Actor) -> ColumnElement[bool]:
    """A handed-in file is opened by whoever may read what it hangs on."""
    return exists().where(
        SubmissionFile.file_id == StoredFile.id,
        SubmissionFile.version_id.is_not(None),
        Submission.id == SubmissionFile.submission_id,
        _rule.where(actor, P.READ_SUBMISSIONS),
    )
