"""Those who lead a workshop are scored by its scheme for leaders, its learners not."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.completions.service import Report, record
from portal.schemes import comparison, queries, reevaluation, service, versions
from portal.schemes.engine.rules import Scores
from portal.schemes.models import SchemeVersion, ScoreSheet
from portal.testing import factories
from portal.testing.fixtures import START, AsUser
from portal.users.models import User
from portal.workshops.models import Workshop


def scheme(points: int, scores: str) -> dict[str, Any]:
    title = {"zh": "考核方案", "en": "Scheme"}
    return {
        "format": 1,
        "title": title,
        "scores": scores,
        "pass_mark": 10,
        "items": [
            {
                "id": "bulletins",
                "title": title,
                "counts": [{"source": "records:leader", "measure": "entries"}],
                "steps": [{"do": "price", "unit": 1, "points": points}],
            }
        ],
    }


@pytest.fixture
def judged(session: Session, workshop: Workshop) -> Workshop:
    """A workshop with a scheme for its learners and another for its leaders."""
    workshop.scheme_version_id = factories.make_scheme(session, scheme(1, "teacher")).id
    workshop.leader_scheme_version_id = factories.make_scheme(
        session, scheme(10, "leader")
    ).id
    session.flush()
    return workshop


def report(session: Session, workshop: Workshop, activity: Any, user: User) -> None:
    record(
        session,
        Report(
            workshop_id=workshop.id,
            activity_id=activity.id,
            user_id=user.id,
            source="records:leader",
            key="one",
            revision=1,
            occurred_at=START,
            title="简报",
            measures={"entries": 1},
        ),
    )


def totals(session: Session, workshop: Workshop, *users: User) -> list[int]:
    """By the lists, the sheets, and what is stored: all must say the same."""
    ids = [user.id for user in users]
    rules, sheets = service.sheets_in(session, workshop, ids)
    _, marks = service.marks_in(session, workshop, ids)
    single = [service.sheet_of(session, workshop, user_id) for user_id in ids]
    assert rules is not None
    assert rules.scores == "teacher"
    assert [sheets[user_id] for user_id in ids] == single
    assert [marks[user_id].total for user_id in ids] == [
        sheets[user_id].total for user_id in ids
    ]
    return [int(sheets[user_id].total) for user_id in ids]


def test_a_fact_of_a_leader_is_worth_what_the_leaders_scheme_says(
    session: Session,
    judged: Workshop,
    activity: Any,
    learner: User,
    group_leader: User,
    workshop_leader: User,
) -> None:
    people = (learner, group_leader, workshop_leader)
    assert totals(session, judged, *people) == [0, 0, 0]
    made = activity("journal")
    for user in people:
        report(session, judged, made, user)
    assert totals(session, judged, *people) == [1, 10, 10]
    stored = {
        row.user_id: (row.scheme_version_id, row.total)
        for row in session.scalars(select(ScoreSheet))
    }
    assert stored == {
        learner.id: (judged.scheme_version_id, 1),
        group_leader.id: (judged.leader_scheme_version_id, 10),
        workshop_leader.id: (judged.leader_scheme_version_id, 10),
    }
    service.rebuild(session, judged)
    assert totals(session, judged, *people) == [1, 10, 10]


def test_a_rebuild_makes_the_sheets_of_leaders_without_facts_too(
    session: Session, judged: Workshop, learner: User, workshop_leader: User
) -> None:
    service.rebuild(session, judged)
    versions = {
        row.user_id: row.scheme_version_id
        for row in session.scalars(select(ScoreSheet))
    }
    assert versions[learner.id] == judged.scheme_version_id
    assert versions[workshop_leader.id] == judged.leader_scheme_version_id


def test_a_leader_who_learns_there_too_is_scored_as_a_learner(
    session: Session, judged: Workshop, activity: Any, group_leader: User
) -> None:
    factories.enrol(session, judged, group_leader)
    report(session, judged, activity("journal"), group_leader)
    assert totals(session, judged, group_leader) == [1]


def test_without_a_scheme_for_leaders_all_are_scored_alike(
    session: Session, judged: Workshop, activity: Any, workshop_leader: User
) -> None:
    judged.leader_scheme_version_id = None
    report(session, judged, activity("journal"), workshop_leader)
    assert totals(session, judged, workshop_leader) == [1]


def test_leaders_may_be_scored_where_learners_are_not(
    session: Session,
    judged: Workshop,
    activity: Any,
    learner: User,
    workshop_leader: User,
) -> None:
    judged.scheme_version_id = None
    made = activity("journal")
    report(session, judged, made, learner)
    report(session, judged, made, workshop_leader)
    rules, sheets = service.sheets_in(session, judged, [learner.id, workshop_leader.id])
    assert rules is None
    assert {user_id: sheet.total for user_id, sheet in sheets.items()} == {
        workshop_leader.id: 10
    }
    assert service.rebuild(session, judged) >= 1


# Nobody writes the rules that they are judged by


@pytest.fixture
def own(session: Session, workshop: Workshop, workshop_leader: User) -> SchemeVersion:
    """A scheme for leaders that a leader wrote for their own workshop."""
    made = versions.new_scheme(
        session,
        document=scheme(100, "leader"),
        workshop=workshop,
        by=workshop_leader.id,
    )
    versions.publish(session, made, by=workshop_leader.id)
    session.commit()
    return made


def test_a_workshops_own_scheme_is_never_offered_for_its_leaders(
    session: Session, own: SchemeVersion, workshop: Workshop
) -> None:
    countys = factories.make_scheme(session, scheme(10, "leader"))

    def offered(scores: Scores) -> list[int]:
        return [each.id for each in queries.choices_for(session, scores, workshop)]

    assert offered(Scores.LEADER) == [countys.id]
    assert offered(Scores.TEACHER) == []
    workshop.leader_scheme_version_id = own.id
    session.flush()
    assert offered(Scores.LEADER) == [countys.id]


def test_a_leader_cannot_have_themself_scored_by_their_own_scheme(
    session: Session,
    own: SchemeVersion,
    workshop: Workshop,
    workshop_leader: User,
    county_officer: User,
    as_user: AsUser,
) -> None:
    address, chosen = f"/workshops/{workshop.id}/leaders", {"version": str(own.id)}
    answers = [
        as_user(each).post(address, data=chosen).status_code
        for each in (workshop_leader, county_officer)
    ]
    assert answers == [403, 422]
    session.expire_all()
    assert workshop.leader_scheme_version_id is None


def test_a_new_version_of_their_own_scheme_does_not_move_to_the_leaders(
    session: Session, own: SchemeVersion, workshop: Workshop, workshop_leader: User
) -> None:
    """Where a workshop got one at all, before it was refused."""
    workshop.leader_scheme_version_id = own.id
    better = versions.draft_version(session, own.scheme, scheme(1000, "leader"))
    versions.publish(session, better, by=workshop_leader.id)
    assert comparison.workshops_behind(session, better) == []
    workshop.scheme_version_id = own.id
    session.flush()
    assert reevaluation.move(session, better, by=workshop_leader.id) == 1
    assert workshop.scheme_version_id == better.id
    assert workshop.leader_scheme_version_id == own.id


def test_a_new_version_of_the_countys_scheme_moves_to_the_leaders(
    session: Session, judged: Workshop
) -> None:
    first = session.get_one(SchemeVersion, judged.leader_scheme_version_id)
    second = versions.draft_version(session, first.scheme, scheme(20, "leader"))
    versions.publish(session, second, by=None)
    assert reevaluation.move(session, second, by=None) == 1
    assert judged.leader_scheme_version_id == second.id
