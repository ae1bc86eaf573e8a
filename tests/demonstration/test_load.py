"""The demonstration in the database: the same for a seed, and something everywhere."""

from collections import Counter
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.activity import SubmissionState
from portal.completions.models import Completion
from portal.credits.models import CreditClaim
from portal.demonstration import logins
from portal.leave.models import Leave, LeaveState
from portal.leave.queries import waiting_count
from portal.notifications.models import Notice, NoticeKind, NoticeReceipt
from portal.organisations.models import Cluster, Organisation
from portal.permissions import actor_for
from portal.roster.models import RosterImport, TransferRequest
from portal.schemes.models import ScoreSheet
from portal.schemes.service import rebuild
from portal.submissions import checks, queries
from portal.submissions.models import (
    Assignment,
    Draft,
    Review,
    Submission,
    SubmissionFile,
    SubmissionVersion,
)
from portal.users import passwords, service
from portal.users.models import User, UserState
from portal.users.throttle import Origin
from portal.workshops.dates import timetable
from portal.workshops.models import (
    Activity,
    Enrolment,
    Extension,
    Workshop,
    WorkshopState,
)
from portal.workshops.queries import learner_ids
from tests.demonstration.conftest import HASHER, NOW, Demonstration, means

pytestmark = pytest.mark.xdist_group("demonstration")
"""One worker loads the county, once for each database."""


@pytest.mark.one_database
def test_the_same_seed_makes_the_same_county(demonstration: Demonstration) -> None:
    assert len(demonstration.first) > 150
    assert demonstration.first == demonstration.second


@pytest.mark.parametrize("state", list(SubmissionState))
def test_every_state_of_a_text_can_be_seen_in_every_workshop(
    demonstration: Demonstration, state: SubmissionState
) -> None:
    for journal in demonstration.journals():
        found = demonstration.session.scalar(
            select(func.count(Submission.id)).where(
                Submission.activity_id == journal.id, Submission.state == state
            )
        )
        assert found


def test_texts_wait_for_every_leader(demonstration: Demonstration) -> None:
    session = demonstration.session
    leaders = session.scalars(
        select(Enrolment)
        .join(Enrolment.workshop)
        .where(
            Enrolment.role.in_(["group_leader", "workshop_leader"]),
            Workshop.state == WorkshopState.OPEN,
            Workshop.follows_id.is_(None),
        )
    ).all()
    assert len(leaders) == 9
    for row in leaders:
        actor = actor_for(session, row.user_id, demonstration.tenant_id)
        queue = queries.queue(session, actor, workshop_id=row.workshop_id)
        assert queue.waiting
        assert queue.held or row.role == "group_leader"


def test_a_group_leader_stands_in_for_the_other(
    demonstration: Demonstration,
) -> None:
    session = demonstration.session
    queue = queries.queue(session, demonstration.actor("group leader"))
    groups = session.scalars(
        select(Enrolment.group_id)
        .where(
            Enrolment.role == "learner",
            Enrolment.workshop_id == demonstration.journals()[0].workshop_id,
            Enrolment.user_id.in_([row.user_id for row in queue.rows]),
        )
        .distinct()
    ).all()
    assert len(groups) == 2


def test_every_standing_occurs_in_the_weekly_checks(
    demonstration: Demonstration, shared_app: Flask
) -> None:
    session = demonstration.session
    kind = means(shared_app).journal
    for journal in demonstration.journals():
        people = learner_ids(session, journal.workshop_id)
        table = timetable(session, [journal], people)
        slots = {person: table.slots(kind, journal, person) for person in people}
        rows = queries.submissions_in(session, [journal.id])
        found: Counter[checks.Standing] = Counter()
        for week in range(6):
            of_week = {person: slots[person][week] for person in people}
            key = of_week[people[0]].key
            found.update(checks.check_slot(key, of_week, rows, at=NOW).people.values())
        assert set(found) == set(checks.Standing)


def test_the_sheets_are_what_a_rebuild_makes_of_the_facts(
    demonstration: Demonstration,
) -> None:
    session = demonstration.session

    def sheets() -> dict[tuple[int, int], tuple[object, ...]]:
        return {
            (row.workshop_id, row.user_id): (row.total, row.qualified, row.sheet)
            for row in session.scalars(select(ScoreSheet))
        }

    stood = sheets()
    with session.begin_nested() as savepoint:
        for workshop in session.scalars(select(Workshop)):
            rebuild(session, workshop)
        rebuilt = sheets()
        savepoint.rollback()
    assert stood
    assert {key: rebuilt[key] for key in stood} == stood


def test_totals_lie_on_both_sides_of_the_pass_mark(
    demonstration: Demonstration,
) -> None:
    qualified = Counter(demonstration.session.scalars(select(ScoreSheet.qualified)))
    assert qualified[True] >= 3
    assert qualified[False] >= 3


def test_everybody_who_is_named_can_log_in(demonstration: Demonstration) -> None:
    session, origin = demonstration.session, Origin("127.0.0.1", "pepper")
    assert len({login.username for login in demonstration.loaded.logins}) == 9
    for login in demonstration.loaded.logins:
        user = service.authenticate(
            session, login.username, login.password, origin, HASHER
        )
        assert user is not None
        assert user.name == login.name


def test_nobody_else_has_the_password_of_the_demonstration(
    demonstration: Demonstration,
) -> None:
    named = {login.username for login in demonstration.loaded.logins}
    others = demonstration.session.scalars(
        select(User).where(User.username.not_in(named))
    ).all()
    states = Counter(user.state for user in others)
    assert states[UserState.ACTIVE]
    assert states[UserState.INVITED]
    for known in {user.password_hash for user in others}:
        assert not passwords.verify(HASHER, known, logins.PASSWORD)


def test_the_teachers_who_are_named_have_what_their_role_says(
    demonstration: Demonstration,
) -> None:
    session = demonstration.session
    journals = [journal.id for journal in demonstration.journals()]

    def states(role: str) -> dict[str, str]:
        rows = queries.submissions_in(
            session, journals, user_id=demonstration.person(role).id
        )
        return {row.slot_key: row.state for row in rows}

    assert "week:2026-W41" not in states("teacher, journal due")
    assert SubmissionState.RETURNED in states("teacher, journal returned").values()


def test_nothing_was_done_after_the_present_moment(
    demonstration: Demonstration,
) -> None:
    latest = [
        demonstration.session.scalar(select(func.max(column)))
        for column in (SubmissionVersion.handed_in_at, Review.at, Review.read_at)
    ]
    assert all(at is not None and at <= NOW for at in latest)


@pytest.mark.parametrize(
    ("model", "fewest"),
    [
        (Cluster, 2),
        (Organisation, 8),
        (RosterImport, 3),
        (TransferRequest, 1),
        (Draft, 1),
        (Extension, 3),
        (SubmissionFile, 1),
    ],
)
def test_there_is_something_of_everything(
    demonstration: Demonstration, model: type[Any], fewest: int
) -> None:
    found = demonstration.session.scalar(select(func.count()).select_from(model))
    assert (found or 0) >= fewest


def test_feedback_is_read_and_unread_and_some_is_answered(
    demonstration: Demonstration,
) -> None:
    reviews = demonstration.session.scalars(select(Review)).all()
    assert any(review.read_at is None for review in reviews)
    assert any(review.answer for review in reviews)
    assert any(review.score is not None for review in reviews)


def test_leave_waits_at_both_steps_and_was_decided_both_ways(
    demonstration: Demonstration,
) -> None:
    session = demonstration.session
    states = set(session.scalars(select(Leave.state)))
    assert {LeaveState.APPROVED, LeaveState.REFUSED} <= states
    for role in ("central school head", "deputy director"):
        assert waiting_count(session, demonstration.actor(role))


def test_notices_are_read_confirmed_and_unread(demonstration: Demonstration) -> None:
    session = demonstration.session
    receipts = session.scalars(select(NoticeReceipt)).all()
    assert any(receipt.confirmed_at for receipt in receipts)
    assert any(receipt.read_at is None for receipt in receipts)
    kinds = set(session.scalars(select(Notice.kind)))
    assert {NoticeKind.NOTICE, NoticeKind.REMINDER, NoticeKind.RETURNED} <= kinds


def test_only_those_were_reminded_who_had_not_handed_in(
    demonstration: Demonstration,
) -> None:
    session = demonstration.session
    for journal in demonstration.journals():
        reminder = session.scalars(
            select(Notice).where(
                Notice.workshop_id == journal.workshop_id,
                Notice.kind == NoticeKind.REMINDER,
            )
        ).one()
        reminded = set(
            session.scalars(
                select(NoticeReceipt.user_id).where(
                    NoticeReceipt.notice_id == reminder.id
                )
            )
        )
        had_handed_in = set(
            session.scalars(
                select(Submission.user_id)
                .join(Submission.versions)
                .where(
                    Submission.activity_id == journal.id,
                    Submission.slot_key == "week:2026-W40",
                    SubmissionVersion.handed_in_at <= reminder.created_at,
                )
            )
        )
        learners = set(learner_ids(session, journal.workshop_id))
        assert reminded == learners - had_handed_in


def test_the_workshop_of_the_last_term_is_put_away(
    demonstration: Demonstration,
) -> None:
    archived = demonstration.session.scalars(
        select(Workshop).where(Workshop.state == WorkshopState.ARCHIVED)
    ).one()
    assert archived.ends_at < NOW.astimezone(UTC)


def test_the_last_term_stands_at_every_step_of_the_credit_path(
    demonstration: Demonstration,
) -> None:
    states = Counter(demonstration.session.scalars(select(CreditClaim.state)))
    once = {"refused", "in_publicity", "recognised", "prechecked", "claimed"}
    assert {state for state, count in states.items() if count == 1} >= once
    assert states["registered"] >= 1


def test_the_logins_are_noted_for_the_owner_only(
    tmp_path: Path, demonstration: Demonstration
) -> None:
    path = logins.write(demonstration.loaded.logins, tmp_path)
    assert '"role": "county officer"' in path.read_text("utf-8")
    assert path.stat().st_mode & 0o077 == 0


def test_two_peer_reviews_have_results_and_one_runs(
    demonstration: Demonstration,
) -> None:
    session = demonstration.session
    peer_reviews = select(Activity).where(Activity.type == "peer_review")
    *finished, running = session.scalars(peer_reviews.order_by(Activity.ends_at))
    told = Counter(
        session.scalars(
            select(Completion.activity_id).where(Completion.source == "peer_review")
        )
    )
    assert all(told[activity.id] >= 5 for activity in finished)
    assert (len(finished), told[running.id]) == (2, 0)
    given = select(Assignment.id).join(
        Submission, Submission.id == Assignment.submission_id
    )
    assert session.scalars(given.where(Submission.activity_id == running.id)).all()
